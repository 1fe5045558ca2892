"""The overview: a funnel at a glance, how many come, and what arrives now."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fullfunnel.analytics.arriving import history_arriving, latest_events
from fullfunnel.analytics.forms.link import read_period, write_fields, write_period
from fullfunnel.analytics.forms.question import from_question, to_question
from fullfunnel.analytics.forms.state import FunnelFields
from fullfunnel.analytics.lines import lines_of
from fullfunnel.analytics.pictures import picture
from fullfunnel.analytics.views.asking import Asked, Json, ask_long, suggestion
from fullfunnel.analytics.views.frame import page_url
from fullfunnel.analytics.views.saved import pinned_question
from fullfunnel.core import clock
from fullfunnel.core.numbers import change, number
from fullfunnel.events.backups.standing import standing
from fullfunnel.events.models import EventName, Refusal
from fullfunnel.journeys.questions.periods import PRESETS, PeriodFields, days_of, previous_days, zone_of
from fullfunnel.journeys.questions.words import funnel_sentence, period_words
from fullfunnel.workspaces.models import Source, Workspace
from fullfunnel.workspaces.scope import ADMINS, EDITORS, EVERYONE, MemberRequest, allow
from fullfunnel.workspaces.sight import hides

SHOWN = {key: words for key, words in PRESETS.items() if key not in ("all", "custom")}
LATEST, REFUSED = 6, 5


@allow(EVERYONE)
def overview(request: MemberRequest) -> HttpResponse:
    """The page itself; before the first event it says what will be here and how to begin."""
    period = shown_period(request)
    context: dict[str, Any] = {"workspace": request.workspace, "presets": SHOWN, "period": period}
    # For those who may tell whoever runs the server.
    context["backup_warning"] = standing(Path(settings.DATA_DIR)).warning if request.may(ADMINS) else ""
    if not has_events(request.workspace):
        source = Source.objects.filter(workspace=request.workspace, kind=Source.Kind.WEB).first()
        origin = request.build_absolute_uri("/").rstrip("/")
        return render(request, "analytics/overview_empty.html", context | {"source": source, "origin": origin})
    context |= now_context(request) | {"rows": None, "query": urlencode(write_period(period))}
    # The figures come after the page, so that it is there at once; without JavaScript a link asks for the whole.
    if request.GET.get("whole"):
        context |= figures_of(request, period)
    return render(request, "analytics/overview.html", context)


@allow(EVERYONE)
def figures(request: MemberRequest) -> HttpResponse:
    """The funnel, the trend and the sentence, as a fragment for the page."""
    context = {"workspace": request.workspace} | figures_of(request, shown_period(request))
    return render(request, "analytics/_figures.html", context)


def has_events(workspace: Workspace) -> bool:
    return EventName.objects.filter(workspace=workspace).exists()


def shown_period(request: HttpRequest) -> PeriodFields:
    """The period of the address; a trend needs two ends, so all time and free dates fall back to the default."""
    period = read_period(request.GET)
    return period if period.preset in SHOWN else PeriodFields(zone=period.zone)


def figures_of(request: MemberRequest, period: PeriodFields) -> Json:
    """The numbers of the page: the trend with its previous period, and the funnel; or `waiting` for the first that takes its time."""
    zone = period.zone or request.workspace.timezone
    today = clock.now().astimezone(zone_of(zone)).date()
    # What is shown here has two ends, so it has days.
    days = days_of(period.preset, today) or (today, today)
    before = previous_days(*days)
    by = "week" if (days[1] - days[0]).days > 120 else "day"
    title, fields = glance(request.workspace, period)
    questions = [trend_question(span, zone, by) for span in (days, before)]
    questions += [people_question(span, zone) for span in (days, before)]
    asked = [ask_long(request, question) for question in questions]
    funnel = None
    if fields.is_complete():
        funnel = ask_long(request, to_question(fields, clock.now(), request.workspace.timezone), fields)
    waiting = next((one.waiting for one in [*asked, funnel] if one and one.waiting), None)
    if waiting is not None:
        figures_url = page_url(request, "figures")
        return {"waiting": waiting, "again": f"{figures_url}?{urlencode(write_period(period))}"}
    visits, visits_before, people, people_before = (one.answer for one in asked)
    counts = people_in(people), people_in(people_before)
    return {
        "trend": lines_of(visits, visits_before) if visits and visits_before else None,
        "sentence": sentence(*counts, period.preset, zone_days=(days[1] - days[0]).days + 1),
        "funnel_title": title,
        **funnel_figures(request, fields, funnel),
    }


def trend_question(days: tuple[date, date], zone: str, by: str) -> Json:
    return {
        "kind": "trend",
        "series": [{"event": "*", "measure": "people"}, {"event": "*", "measure": "events"}],
        "by": by,
        "period": {"from": days[0].isoformat(), "to": days[1].isoformat(), "timezone": zone},
    }


def people_question(days: tuple[date, date], zone: str) -> Json:
    """How many people did anything in these days; a person who came on two days is one."""
    return {
        "kind": "funnel",
        "steps": [{"event": "*"}],
        "entries": "first",
        "period": {"from": days[0].isoformat(), "to": days[1].isoformat(), "timezone": zone},
    }


def people_in(answer: Json | None) -> int | None:
    return answer["steps"][0]["count"] if answer else None


def sentence(now: int | None, before: int | None, preset: str, zone_days: int) -> str:
    """What the page says today."""
    if now is None:
        return "The numbers could not be counted in time."
    said = f"{number(now)} {'person' if now == 1 else 'people'} came {period_words(preset, {})}"
    if not before:
        return said + "."
    return f"{said}, {change(now, before, f'the {zone_days} days before').words}."


def glance(workspace: Workspace, period: PeriodFields) -> tuple[str, FunnelFields]:
    """The pinned question, in the page's period, or a suggestion; with its title."""
    pinned = pinned_question(workspace)
    fields = from_question(pinned.question, pinned.preset, workspace.timezone) if pinned else suggestion(workspace)
    return pinned.name if pinned else "Funnel", replace(fields, period=period)


def funnel_figures(request: MemberRequest, fields: FunnelFields, asked: Asked | None) -> Json:
    if asked is None or asked.answer is None:
        return {"rows": [], "funnel_message": asked.message if asked else ""}
    people_url = page_url(request, "funnel-people")
    link = write_fields(fields)
    return {
        "rows": picture(asked.question, asked.answer | {"groups": []}, people_url, link),
        "funnel_sentence": funnel_sentence(asked.question, asked.answer, fields.period.preset),
        "link": link,
    }


@allow(EVERYONE)
def now(request: MemberRequest) -> HttpResponse:
    """What arrives now, as a fragment; the overview asks for it every few seconds. An empty one waits for its `first` event."""
    if request.GET.get("first"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"} if has_events(request.workspace) else {})
    return render(request, "analytics/_now.html", {"workspace": request.workspace} | now_context(request))


def now_context(request: MemberRequest) -> Json:
    workspace, day = request.workspace, clock.now() - timedelta(days=1)
    refused = Refusal.objects.filter(workspace=workspace)
    latest = latest_events(workspace, LATEST)
    return {
        "events": latest,
        "history": history_arriving(workspace, latest),
        "refusals": refused.order_by("-received_at", "-pk")[:REFUSED],
        "refused_today": refused.filter(received_at__gte=day).count(),
        # They hold whatever somebody sent, passwords too.
        "shows_bodies": request.may(EDITORS) and not hides(),
    }
