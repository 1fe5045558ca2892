"""How a number was counted, and a stage opened: pages of their own, and in the drawer."""

import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fullfunnel.analytics.views.asking import ask, ask_long
from fullfunnel.analytics.views.behind import people_of
from fullfunnel.analytics.views.frame import csv_file
from fullfunnel.crm.pipelines import must_sell
from fullfunnel.journeys.stages.question import TOUCHES, WORKED
from fullfunnel.stages.asked import BY, Shown, days_shown, question_of, read_shown
from fullfunnel.stages.page import joint as joints
from fullfunnel.stages.page import opened
from fullfunnel.stages.page.explained import ALSO, Explained, explained
from fullfunnel.stages.page.missing import missing_in
from fullfunnel.stages.page.rules_now import rules_now
from fullfunnel.stages.page.why import Asked, lines_of
from fullfunnel.workspaces.scope import EVERYONE, MemberRequest, allow

Json = dict[str, Any]
# Of those who are still in a stage so many are named.
FIRST = 5


@allow(EVERYONE)
@require_safe
def why(request: MemberRequest) -> HttpResponse:
    """Say how a number was counted: `stage`, `outcome`, `group` or `nogroup`."""
    shown = chosen_group(request, read_shown(request.GET))
    question, rules, stage = question_of(shown, request.workspace), rules_now(request.workspace), asked_stage(request)
    asked = ask_long(request, question)
    context: Json = {"workspace": request.workspace, "asked": asked, "stage": stage, "shown": shown}
    context["question_json"] = json.dumps(question, indent=2, ensure_ascii=False)
    context["back"] = f"{reverse('stages:home', args=[request.workspace.slug])}?{shown.link()}"
    if asked.answer and (stage.unit == "people" or "deals" in asked.answer):
        days = days_shown(shown, request.workspace)
        number = Asked(stage, request.GET.get("outcome", ""), days, request.workspace.timezone, shown.filters)
        context["parts"] = lines_of(number, asked.answer, rules)
        context["rules_version"] = asked.answer["rules"]
    return render(request, "stages/page/why.html", context)


@allow(EVERYONE)
@require_safe
def stage(request: MemberRequest) -> HttpResponse:
    """Open a stage: what it is, who is in it, what is at work there, and what is missing."""
    shown, found = read_shown(request.GET), asked_stage(request)
    question = question_of(shown, request.workspace)
    asked = ask_long(request, question)
    context: Json = {"workspace": request.workspace, "asked": asked, "stage": found, "shown": shown}
    context["why"] = why_url(request, query_of(shown, found.stage))
    if asked.answer and (found.unit == "people" or "deals" in asked.answer):
        context |= _who(request, shown, found, asked.answer) | _book(request, shown, found)
        if found.unit == "people":
            context |= _at_work(request, shown, found, asked.answer)
    return render(request, "stages/page/stage.html", context)


def _link(request: MemberRequest, shown: Shown, stage: str) -> opened.Link:
    here = reverse("stages:people", args=[request.workspace.slug])

    def link(other: str, outcome: str) -> str:
        who = urlencode({"stage": other or stage} | ({} if outcome == "reached" else {"outcome": outcome}))
        return f"{here}?{'&'.join(part for part in (shown.link(), who) if part)}"

    return link


def _who(request: MemberRequest, shown: Shown, stage: Explained, answer: Json) -> Json:
    """Return who is in a stage; of people with the first who still may go on."""
    parts = opened.parts_of(stage.stage, answer, _link(request, shown, stage.stage))
    context: Json = {"parts": parts, "total": sum(part.count for part in parts)}
    pending = next((part for part in parts if part.name == "pending"), None)
    if pending and pending.count:
        question = question_of(shown, request.workspace) | {"show": "people", "stage": stage.stage, "limit": FIRST}
        listed = ask_long(request, question | {"outcome": "pending"})
        context |= {"pending": pending}
        context["people"] = people_of(request.workspace, listed.answer["people"]) if listed.answer else []
    return context


def _at_work(request: MemberRequest, shown: Shown, stage: Explained, answer: Json) -> Json:
    question = question_of(shown, request.workspace) | {"show": "work", "stage": stage.stage}
    asked = ask_long(request, question)
    if not asked.answer:
        return {"work_waits": asked.waiting}
    row = next((row for row in answer["marketing"] if row["stage"] == stage.stage), {"pending": 0})
    work = asked.answer
    return {
        "work": opened.work_of(work, _link(request, shown, stage.stage)),
        "more": work["more"],
        "missing": missing_in(stage.stage, work, row["pending"], request.workspace.slug),
    }


def _book(request: MemberRequest, shown: Shown, stage: Explained) -> Json:
    asked = ask_long(request, question_of(shown, request.workspace) | {"show": "book"})
    if not asked.answer:
        return {}
    name = "opportunity" if stage.stage == "customer" else stage.stage
    what = {"handed_over": "hand-overs that wait", "opportunity": "open deals"}.get(name, "people")
    return {
        "chart": opened.chart_of(asked.answer, name, what),
        "book_said": opened.book_said(asked.answer, name),
        "book_of": what,
        "book_csv": f"{reverse('stages:book-csv', args=[request.workspace.slug])}?{shown.link()}",
    }


@allow(EVERYONE)
@require_safe
def book_csv(request: MemberRequest) -> HttpResponse:
    """Write the book of every stage as a file, of all and of each group: a row for each day."""
    shown = read_shown(request.GET)
    question = question_of(shown, request.workspace) | {
        "show": "book",
        "breakdown": {"property": shown.by, "limit": 12},
    }
    return csv_file(ask(request, question), opened.book_rows, "book-of-stages")


def asked_stage(request: MemberRequest) -> Explained:
    """Return the stage that the address names, the first where it names none."""
    name = request.GET.get("stage", "")
    if name == "opportunity" and request.GET.get("outcome") == "won":
        name = "customer"
    return explained(name if name in ALSO else "awareness", request.workspace.sells, rules_now(request.workspace))


def chosen_group(request: MemberRequest, shown: Shown) -> Shown:
    """Return what is shown, narrowed to the row of the table that the address names."""
    if "nogroup" in request.GET:
        return Shown(**{**vars(shown), shown.by: "-"})
    return Shown(**{**vars(shown), shown.by: request.GET["group"][:200]}) if "group" in request.GET else shown


def why_url(request: MemberRequest, query: str) -> str:
    return f"{reverse('stages:why', args=[request.workspace.slug])}?{query}"


def stage_url(request: MemberRequest, query: str) -> str:
    return f"{reverse('stages:stage', args=[request.workspace.slug])}?{query}"


def query_of(shown: Shown, stage: str) -> str:
    return "&".join(part for part in (shown.link(), urlencode({"stage": stage})) if part)


@allow(EVERYONE)
@require_safe
def joint(request: MemberRequest) -> HttpResponse:
    """Show both teams the joint: quality by source, rejections by reason, what leads in sales read; `reason` lists its rows."""
    must_sell(request.workspace)
    shown = read_shown(request.GET)
    rejected = list(joints.rejected_of(request.workspace, days_shown(shown, request.workspace)))
    context: Json = {"workspace": request.workspace, "shown": shown, "split": BY[shown.by]}
    if reason := request.GET.get("reason", ""):
        rows = [row for row in rejected if (row.reason or joints.UNSAID) == reason]
        things = [{"hand_over": row, "person": row.person, "at": row.handed_over_at} for row in rows]
        return render(request, "stages/page/rejected.html", context | {"reason": reason, "things": things})
    context |= _quality(request, shown, joints.reasons_of(rejected))
    context["chart"] = joints.reasons_chart(rejected, request.workspace.timezone)
    return render(request, "stages/page/joint.html", context)


def _quality(request: MemberRequest, shown: Shown, reasons: list[tuple[str, int]]) -> Json:
    """Return the sources of leads, and what leads read, where both are counted."""
    question = question_of(shown, request.workspace)
    asked = ask_long(request, question | {"breakdown": {"property": shown.by, "limit": 25}})
    if not asked.answer:
        return {"asked": asked, "reasons": reasons}
    read = ask_long(request, question | {"show": "work", "stage": "handed_over"})
    return {
        "asked": asked,
        "reasons": reasons,
        "sources": joints.sources_of(asked.answer),
        "said": joints.sentence_of(asked.answer, reasons),
        "read": [row for row in read.answer["work"] if row["kind"] == "page"] if read.answer else [],
    }


def touched_by(request: MemberRequest, stage: str, outcome: str) -> Json:
    """Return the part of a list's question that says what touched its people: `touch` (a kind) and `touched` (its name)."""
    kind, value = request.GET.get("touch", ""), request.GET.get("touched", "")[:500]
    if kind not in TOUCHES or stage not in WORKED or outcome not in ("reached", "went_on"):
        return {}
    return {"touch": {"kind": kind, "value": value}}
