"""The inbox: the list, and beside it one hand-over. On a phone one of both."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fullfunnel.core.pages import first_or_asked
from fullfunnel.core.pages.lists import PAGE_SIZE
from fullfunnel.crm.inbox import tabs
from fullfunnel.crm.inbox.away import away_of
from fullfunnel.crm.inbox.rows import rows_of, shown
from fullfunnel.crm.inbox.sheet import sheet_of
from fullfunnel.crm.models import HandOver
from fullfunnel.people.timeline import first_channels
from fullfunnel.workspaces.scope import ADMINS, EDITORS, EVERYONE, MemberRequest, allow
from fullfunnel.workspaces.sight import visible

RECORD = "inbox-record"


@allow(EVERYONE)
@require_safe
def inbox(request: MemberRequest) -> HttpResponse:
    """Show who waits, and the first of them."""
    return page_of(request)


@allow(EVERYONE)
@require_safe
def record(request: MemberRequest, hand_over_id: str) -> HttpResponse:
    """Show a hand-over beside the list; alone where htmx asks for it."""
    one = asked_hand_over(request, hand_over_id)
    if request.headers.get("HX-Target") == RECORD:
        return render(request, "crm/inbox/_record.html", record_context(request, one))
    return page_of(request, one)


@allow(EVERYONE)
@require_safe
def came_from(request: MemberRequest) -> HttpResponse:
    """Say by which channel these hand-overs' people first came: the stream is asked after the list stands."""
    ids = request.GET.get("ids", "")[:2_000].split(",")[:PAGE_SIZE]
    found = visible(HandOver.objects.filter(workspace=request.workspace, public_id__in=ids))
    rows = list(found.select_related("person"))
    channels = first_channels(request.workspace.pk, [row.person for row in rows])
    places = [(row.public_id, channels.get(row.person_id, "")) for row in rows]
    place = "sheet-from" if request.GET.get("sheet") else "from"
    return render(request, "crm/inbox/_came_from.html", {"found": places, "place": place})


def asked_hand_over(request: MemberRequest, hand_over_id: str) -> HandOver:
    """Return the hand-over that the address names; 404 for another workspace's, and one that the member does not see."""
    found = seen_hand_over(request, hand_over_id)
    if found is None:
        raise Http404("no such lead in this workspace, or not for you to see")
    return found


def seen_hand_over(request: MemberRequest, hand_over_id: str) -> HandOver | None:
    """Return a hand-over, if the member sees it: given to somebody else, it may be hidden from who gave it."""
    rows = visible(HandOver.objects.filter(workspace=request.workspace, public_id=hand_over_id))
    return shown(rows).select_related("workspace").first()


def page_of(request: MemberRequest, chosen: HandOver | None = None) -> HttpResponse:
    """Render the page with `chosen`, or with the first of its list."""
    asked = asked_tab(request)
    rows, columns = tabs.sorted_by(tabs.hand_overs_of(asked["tab"], request.member), asked["tab"], asked["sort"])
    found, refused = first_or_asked(shown(rows), columns, request.GET.get("cursor", ""))
    one = chosen or (found.rows[0] if found.rows else None)
    context = {
        "rows": rows_of(found.rows),
        "page": found,
        "refused": refused,
        "is_record": chosen is not None,
        "away": away_of(request.workspace),
        "may_share_out": request.may(ADMINS),
        "sorts": {name: label for name, (label, _) in tabs.SORTS.items()},
        "is_empty": not found.rows and not HandOver.objects.filter(workspace=request.workspace).exists(),
    }
    context |= record_context(request, one) if one else counted(request)
    return render(request, "crm/inbox/page.html", context)


def asked_tab(request: MemberRequest) -> dict[str, str]:
    """Return which tab the address asks for, in which order."""
    tab, sort = request.GET.get("tab", ""), request.GET.get("sort", "")
    return {
        "tab": tab if tab in tabs.LABELS else tabs.MINE,
        "sort": sort if sort in tabs.SORTS else tabs.NEWEST,
    }


def counted(request: MemberRequest) -> dict[str, Any]:
    """Return what the head says: the tabs with their counts, and what stays in the address when one moves on."""
    asked, counts = asked_tab(request), tabs.counts_of(request.member)
    kept = {"tab": asked["tab"], "sort": asked["sort"], "cursor": request.GET.get("cursor", "")}
    return asked | {
        "workspace": request.workspace,
        "counts": counts,
        "tabs": [(tab, label, counts[tab]) for tab, label in tabs.LABELS.items()],
        "kept": urlencode({name: value for name, value in kept.items() if value}),
        "may_act": request.may(EDITORS),
        "nav": {"name": "crm:inbox", "count": tabs.said_to_wait(request.member)},
    }


def record_context(request: MemberRequest, one: HandOver) -> dict[str, Any]:
    """Return what the record shows."""
    (row,) = rows_of([one])
    return counted(request) | {"chosen": row, "sheet": sheet_of(row, request.member)}
