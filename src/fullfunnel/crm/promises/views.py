"""The page of promises: how fast we are, what both sides promised and kept, and who waits too long."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fullfunnel.core import clock
from fullfunnel.core.pages import csv_of
from fullfunnel.crm.models import HandOver
from fullfunnel.crm.pipelines import must_sell
from fullfunnel.crm.promises import page
from fullfunnel.crm.promises.loading import MOST, Loaded, channels_of, left_out, load
from fullfunnel.crm.promises.speed import summary_of
from fullfunnel.workspaces.scope import ADMINS, EVERYONE, MemberRequest, allow


@allow(EVERYONE)
@require_safe
def promises(request: MemberRequest) -> HttpResponse:
    """Show the figures of a period, and the promises of four months."""
    must_sell(request.workspace)
    period, loaded = _asked(request)
    context = _figures(request, period, loaded) | {
        "is_empty": not HandOver.objects.filter(workspace=request.workspace).exists(),
        "periods": [*page.PERIODS.items(), (page.CUSTOM, "From … to …")],
        "period": period.key,
        "first": period.first.isoformat(),
        "last": page.last_day(period, request.workspace, clock.now()).isoformat(),
        "promise": page.working(loaded.rules.answer_minutes * 60),
        "months": [page.month_words(month) for month in period.months],
        "promises": page.promises_of(loaded, period.months, clock.now()),
        "limit": MOST if loaded.is_more else None,
        "may_change": request.may(ADMINS),
    }
    return render(request, "crm/promises/page.html", context)


def _figures(request: MemberRequest, period: page.Period, loaded: Loaded) -> dict[str, Any]:
    """Return what the page says of the period alone."""
    now, measured = clock.now(), page.of_period(period, loaded.measured)
    rows, late = page.rows_of(measured), page.late_of(loaded, measured, now)
    return {
        "days": page.days_words(period, request.workspace, now),
        "summary": summary_of([each.speed for each in measured]),
        "rows": rows,
        "most": max(row.bar.count for row in rows),
        "sellers": page.groups_by(measured, page.seller),
        "late": late[: page.MOST_LATE],
        "late_count": len(late),
        "left_out": left_out(request.workspace, period.first, period.end, now),
    }


@allow(EVERYONE)
@require_safe
def channels(request: MemberRequest) -> HttpResponse:
    """Say the same by channel: the stream is asked after the page stands."""
    must_sell(request.workspace)
    period, loaded = _asked(request)
    measured = page.of_period(period, loaded.measured)
    found = channels_of(request.workspace, measured)
    groups = page.groups_by(measured, lambda each: found[each.row.pk] or "Not known")
    return render(request, "crm/promises/_groups.html", {"groups": groups, "what": "Channel"})


@allow(EVERYONE)
@require_safe
def promises_file(request: MemberRequest) -> HttpResponse:
    """The hand-overs of the period as CSV, the newest first."""
    must_sell(request.workspace)
    period, loaded = _asked(request)
    measured = page.of_period(period, loaded.measured)
    return csv_of("promises", page.HEADER, page.csv_rows(measured, channels_of(request.workspace, measured)))


def _asked(request: MemberRequest) -> tuple[page.Period, Loaded]:
    now = clock.now()
    period = page.asked_period(request.GET.dict(), request.workspace, now)
    return period, load(request.workspace, period.load_from, now)
