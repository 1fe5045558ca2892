"""Both funnels on one page, its file, and the people behind each of its numbers."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fullfunnel.analytics.views.asking import Asked, ask, ask_long
from fullfunnel.analytics.views.behind import people_of, unseen
from fullfunnel.analytics.views.frame import csv_file
from fullfunnel.analytics.views.overview import has_events
from fullfunnel.core.numbers import duration, number
from fullfunnel.core.pages import asked_page
from fullfunnel.journeys.stages import question as asking
from fullfunnel.stages import asked as address
from fullfunnel.stages.asked import Shown, page_question, question_of, read_shown
from fullfunnel.stages.page.composing import cards_of, more_figures
from fullfunnel.stages.page.spend import spend_of
from fullfunnel.stages.page.switch import worded
from fullfunnel.stages.page.views import query_of, touched_by, why_url
from fullfunnel.stages.picture import picture_of
from fullfunnel.stages.table import csv_rows, group_columns, group_rows, stage_rows
from fullfunnel.stages.things import deals_of, hand_overs_of
from fullfunnel.stages.words import MEANINGS, OUTCOMES, TITLES, amounts, people, sentence
from fullfunnel.workspaces.models import Sells
from fullfunnel.workspaces.scope import EVERYONE, MemberRequest, allow

Json = dict[str, Any]
OF_PEOPLE = {
    "reached": "Reached it",
    "went_on": "Went on",
    "pending": "Still may",
    "lost": "Gone quiet",
    "skipped": "Skipped it",
    "now": "There now",
    "alone": "Bought alone",
    "former": "Customers no more",
}
OF_CUSTOMERS = ("alone", "former")
OF_PROSPECTS = {"reached": "Reached it"}
OF_DEALS = {"reached": "All", "won": "Won", "lost": "Lost", "open": "Open"}
OF_HAND_OVERS = {"reached": "All", **{name: words.capitalize() for name, words in OUTCOMES.items()}}
UNITS = {"handed_over": ("hand-over", "hand-overs"), "opportunity": ("deal", "deals")}
# How the list of deals says a state.
STATES = {"reached": "any", "won": "won", "lost": "lost", "open": "open"}


@allow(EVERYONE)
@require_safe
def home(request: MemberRequest) -> HttpResponse:
    """Show both funnels; of a shop the marketing funnel alone. Before the first event the overview says how to begin."""
    if not has_events(request.workspace):
        return redirect("analytics:overview", request.workspace.slug)
    shown = read_shown(request.GET)
    asked = ask_long(request, page_question(shown, request.workspace))
    context = _controls(request, shown, asked)
    if asked.answer:
        context |= figures(request, shown, asked.answer)
    return render(request, "stages/both.html", context)


def _controls(request: MemberRequest, shown: Shown, asked: Asked) -> Json:
    values = asked.answer["values"] if asked.answer else {}
    is_shop = request.workspace.sells == Sells.ONLINE
    offered = [name for name in address.BY if name != "seller" or not is_shop]
    return {
        "workspace": request.workspace,
        "is_shop": is_shop,
        "shown": shown,
        "asked": asked,
        "days": address.days_shown(shown, request.workspace),
        "periods": address.PERIODS,
        "everybody": shown.link(**dict.fromkeys(address.BY, "")),
        "choices": [_choice(shown, name, values.get(name, [])) for name in offered],
        "splits": [(address.BY[by], shown.link(by=by), by == shown.by) for by in offered],
        "views": []
        if is_shop
        else [(words, shown.link(view=view), view == shown.view) for view, words in address.VIEWS.items()],
        "split": address.BY[shown.by],
        "split_many": address.PLURALS[shown.by].capitalize(),
    }


def _choice(shown: Shown, name: str, values: list[str]) -> Json:
    """Return a list to choose from: the values that there are, those without one, and what the address names."""
    chosen = getattr(shown, name)
    options = [(value, value) for value in values] + [(address.WITHOUT, "(not known)")]
    options += [] if chosen in ("", *dict(options)) else [(chosen, chosen)]
    title, many = address.BY[name], address.PLURALS[name]
    return {"name": name, "title": title, "many": many, "chosen": chosen, "options": options}


def figures(request: MemberRequest, shown: Shown, answer: Json) -> Json:
    """Return what the template shows of an answer."""
    here = reverse("stages:people", args=[request.workspace.slug])

    def link(stage: str, outcome: str) -> str:
        who = {"stage": stage} | ({} if outcome == "reached" else {"outcome": outcome})
        return f"{here}?{'&'.join(part for part in (shown.link(), urlencode(who)) if part)}"

    answered = answer.get("hand_overs", {}).get("seconds_to_answer")
    spend = spend_of(shown, request.workspace, address.days_shown(shown, request.workspace))
    picture = worded(picture_of(answer, link), answer, shown.view, spend)
    return more_figures(request, shown, answer, spend) | {
        "sentence": sentence(answer),
        "picture": picture,
        "cards": cards_of(request, shown, picture),
        "stage_page": reverse("stages:stage", args=[request.workspace.slug]),
        "costs": any(track.cost for track in picture.tracks),
        "rows": stage_rows(answer, link),
        "columns": group_columns(answer),
        "groups": group_rows(answer, link, "(not known)"),
        "waiting_url": link("handed_over", "waiting"),
        "waiting": answer.get("hand_overs", {}).get("waiting", 0),
        "first_answer": duration(answered["median"]) if answered else "",
        "open_value": amounts(answer["deals"]["open_value"]) if "deals" in answer else "",
        "csv": f"{reverse('stages:csv', args=[request.workspace.slug])}?{shown.link()}",
        "until": answer["data_until"],
    }


@allow(EVERYONE)
@require_safe
def table_csv(request: MemberRequest) -> HttpResponse:
    """Write the numbers of the page as a file."""
    asked = ask(request, page_question(read_shown(request.GET), request.workspace))
    return csv_file(asked, csv_rows, "both-funnels")


@allow(EVERYONE)
@require_safe
def who(request: MemberRequest) -> HttpResponse:
    """List the people behind a number: `stage`, `outcome`, `group` or `nogroup`, and `page` (from 1)."""
    shown, page, wanted = read_shown(request.GET), asked_page(request), _wanted(request)
    question = question_of(shown, request.workspace) | _group(request, shown)
    question |= {"show": "people", "limit": page.size, "offset": page.offset}
    question |= touched_by(request, wanted.stage, wanted.outcome)
    asked = ask_long(request, question | {"stage": wanted.stage, "outcome": wanted.outcome})
    context: Json = {"workspace": request.workspace, "asked": asked, "wanted": wanted}
    context |= {"meaning": MEANINGS[wanted.stage], "outcomes": _outcomes(request, wanted)}
    context["back"] = f"{reverse('stages:home', args=[request.workspace.slug])}?{shown.link()}"
    context["in_deals"] = _in_deals(request, shown, wanted)
    context["why"] = why_url(request, request.GET.urlencode() or query_of(shown, wanted.stage))
    if asked.answer:
        context |= _listed(request, asked, wanted) | {"page": page.of(asked.answer["total"])}
    return render(request, "stages/people.html", context)


@dataclass(frozen=True)
class Wanted:
    """Which list the address asks for. outcomes: those that this stage has, with their words."""

    stage: str
    outcome: str
    outcomes: dict[str, str]

    @property
    def title(self) -> str:
        return f"{TITLES[self.stage]}: {self.outcomes[self.outcome].lower()}"

    @property
    def counts(self) -> str:
        return UNITS[self.stage][1] if self.stage in UNITS else "people"


def _wanted(request: MemberRequest) -> Wanted:
    stage = request.GET.get("stage", "")
    stage = stage if stage in TITLES else "awareness"
    outcomes = {"handed_over": OF_HAND_OVERS, "opportunity": OF_DEALS, "prospect": OF_PROSPECTS}.get(stage, OF_PEOPLE)
    outcome = request.GET.get("outcome", "")
    return Wanted(stage, outcome if outcome in outcomes else asking.REACHED, outcomes)


def _group(request: MemberRequest, shown: Shown) -> Json:
    if "group" not in request.GET and "nogroup" not in request.GET:
        return {}
    value = None if "nogroup" in request.GET else request.GET["group"]
    return {"breakdown": {"property": shown.by, "limit": 12}, "group": value}


def _listed(request: MemberRequest, asked: Asked, wanted: Wanted) -> Json:
    assert asked.answer  # noqa: S101
    total, rows = asked.answer["total"], asked.answer["people"]
    if wanted.counts == "people":
        seen = people_of(request.workspace, rows)
        told = {"people": seen, "unseen": unseen(len(seen), len(rows))}
        return told | {"total": total, "counted": people(total)}
    one, many = UNITS[wanted.stage]
    found = (deals_of if wanted.counts == "deals" else hand_overs_of)(request.workspace, rows)
    return {
        "things": found,
        "unseen": unseen(len(found), len(rows)),
        "total": total,
        "counted": f"{number(total)} {one if total == 1 else many}",
    }


def _in_deals(request: MemberRequest, shown: Shown, wanted: Wanted) -> str:
    """Return the address of the list of deals that has the same; "" where it cannot say it: of some, or of a group."""
    if wanted.counts != "deals" or shown.filters or {"group", "nogroup"} & set(request.GET):
        return ""
    query = {"state": STATES[wanted.outcome]}
    if days := address.days_shown(shown, request.workspace):
        until = (days[1] + timedelta(days=1)).isoformat()
        opened = [("since", days[0].isoformat()), ("before", until)]
        query["where"] = json.dumps([{"property": "opened", "op": op, "value": day} for op, day in opened])
    return f"{reverse('crm:deal-list', args=[request.workspace.slug])}?{urlencode(query)}"


def _outcomes(request: MemberRequest, wanted: Wanted) -> list[tuple[str, str, bool]]:
    """Return words, address, and whether it is what is shown."""
    found = []
    for name, words in wanted.outcomes.items():
        if name in OF_CUSTOMERS and wanted.stage != "conversion":
            continue
        query = request.GET.copy()
        query.pop("page", None)
        query["outcome"] = name
        found.append((words, f"{request.path}?{query.urlencode()}", name == wanted.outcome))
    return found
