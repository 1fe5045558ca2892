"""Settings, Rules of the funnels: versions, a stage's rule with its conditions, the last year under a draft, adopting it."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fullfunnel.analytics.views.asking import Asked, ask_long
from fullfunnel.analytics.views.behind import people_of
from fullfunnel.core.pages import Page, asked_page, row_id, tell
from fullfunnel.core.refused import Refused
from fullfunnel.journeys.stages.rule_set import set_json
from fullfunnel.stages import rule_actions as actions
from fullfunnel.stages.rules import page, preview, words
from fullfunnel.stages.rules.checks import everybody
from fullfunnel.stages.rules.editing import edited
from fullfunnel.stages.rules.kept import read_version
from fullfunnel.stages.rules.models import RuleVersion
from fullfunnel.workspaces.scope import ADMINS, EVERYONE, MemberRequest, allow

Json = dict[str, Any]


@allow(EVERYONE)
@require_safe
def rules(request: MemberRequest) -> HttpResponse:
    """Show what holds, or `version`; `stage` is opened."""
    shown = page.shown_version(request.workspace, row_id(request.GET.get("version")) or None)
    if shown is None:
        raise Http404("no such version")
    context = page.context_of(request.workspace, shown, request.GET.get("stage", ""))
    may_change = request.may(ADMINS)
    context |= {"section": "rules", "may_change": may_change, "may_edit": may_change and shown.is_draft}
    return render(request, "stages/rules/page.html", context)


@allow(ADMINS)
@require_POST
def draft(request: MemberRequest) -> HttpResponse:
    """Begin a draft, from the version `based_on` or from what holds."""
    based_on = row_id(request.POST.get("based_on")) or None
    made = actions.draft_rules(request.workspace, based_on=based_on, by=request.member)
    if tell(request, made, "A draft: nothing moves until it is adopted.") and isinstance(made, RuleVersion):
        return _back(request, made.number)
    return _back(request, based_on)


@allow(ADMINS)
@require_POST
def change(request: MemberRequest, number: int) -> HttpResponse:
    """Change a draft by a form of the editor."""
    row = _version(request, number)
    read = read_version(row)
    said = edited(read, request.POST) if read else Refused("This program cannot read the rules of this draft.")
    if not isinstance(said, Refused):
        changed = actions.change_rules(row, rules=set_json(said), by=request.member)
        tell(request, changed, "Kept in the draft.")
    else:
        tell(request, said, "")
    return _back(request, number)


@allow(ADMINS)
@require_POST
def adopt(request: MemberRequest, number: int) -> HttpResponse:
    """Adopt a draft, or an older version again."""
    note = request.POST.get("note", "")
    done = actions.adopt_rules(_version(request, number), note=note, by=request.member)
    tell(
        request,
        done,
        lambda row: f"Version {row.number} holds. The past is counted by it; what happens now sets things off.",
    )
    return _back(request, number if isinstance(done, Refused) else None)


@allow(ADMINS)
@require_POST
def discard(request: MemberRequest, number: int) -> HttpResponse:
    done = actions.discard_rules(_version(request, number), by=request.member)
    tell(request, done, "The draft is thrown away.")
    return _back(request, number if isinstance(done, Refused) else None)


def _version(request: MemberRequest, number: int) -> RuleVersion:
    rows = RuleVersion.objects.filter(workspace=request.workspace).select_related("workspace")
    return get_object_or_404(rows, number=number)


def _back(request: MemberRequest, number: int | None) -> HttpResponse:
    said = {"version": number, "stage": request.POST.get("stage", "")}
    query = urlencode({name: value for name, value in said.items() if value})
    address = reverse("stages:rules", args=[request.workspace.slug])
    return redirect(f"{address}?{query}" if query else address)


@allow(EVERYONE)
@require_safe
def last_year(request: MemberRequest, number: int) -> HttpResponse:
    """Show the last year under a version beside what holds; its progress while it is counted."""
    shown = page.shown_version(request.workspace, number)
    if shown is None:
        raise Http404("no such version")
    asked = ask_long(request, preview.preview_question(request.workspace, shown))
    context: Json = {"asked": asked, "workspace": request.workspace, "shown": shown, "number": number}
    if answer := asked.answer:
        differ = words.differences(shown.base, shown.rules)
        people = reverse("stages:rules-movers", args=[request.workspace.slug, number])
        context |= {"figures": preview.figures_of(answer), "rows": preview.stage_rows(answer), "answer": answer}
        context |= {"movers": preview.movers_of(answer, people), "months": preview.months_of(answer)}
        context |= {"said": preview.in_one_sentence(answer, differ), "all_gone": f"{people}?from=handed_over&to=-"}
        context["everybody"] = _everybody(shown, answer)
    return render(request, "stages/rules/_preview.html", context)


def _everybody(shown: page.Shown, answer: Json) -> list[tuple[str, str, str]]:
    """Return what is said of alternatives that match everybody: the stage's title, the alternative in words, the remark."""
    found = []
    for remark in everybody(shown.rules, answer["alternatives"], answer["came"]):
        stage = shown.rules.stage(remark.stage)
        if stage is not None:
            found.append((words.TITLES[remark.stage], words.parts_words(stage)[remark.at], remark.said))
    return found


@allow(EVERYONE)
@require_safe
def movers(request: MemberRequest, number: int) -> HttpResponse:
    """List who moves under a version from one stage to another; `from` handed_over: who would not have been handed over."""
    shown = page.shown_version(request.workspace, number)
    if shown is None:
        raise Http404("no such version")
    stages = tuple(_stage(request.GET.get(name, "")) for name in ("from", "to"))
    asked, of_page = _ask_movers(request, shown, stages)
    titles = tuple(words.TITLES[one] if one else "not counted" for one in stages)
    context: Json = {"asked": asked, "workspace": request.workspace, "number": number, "titles": titles}
    if answer := asked.answer:
        context |= {"people": people_of(request.workspace, answer["people"]), "total": answer["total"]}
        context["page"] = of_page.of(answer["total"])
    return render(request, "stages/rules/movers.html", context)


def _ask_movers(request: MemberRequest, shown: page.Shown, stages: tuple[str | None, ...]) -> tuple[Asked, Page]:
    of_page = asked_page(request)
    question = preview.preview_question(request.workspace, shown)
    question |= {"show": "people", "limit": of_page.size, "offset": of_page.offset, "from": stages[0], "to": stages[1]}
    return ask_long(request, question), of_page


def _stage(text: str) -> str | None:
    return text if text in words.TITLES and text != "prospect" else None
