"""All deals: the board of a pipeline, and the list with its file."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fullfunnel.core.pages import Heading, asked_list, csv_of, whole_number
from fullfunnel.core.pages.board import DRAWN
from fullfunnel.crm.deals import board as boards
from fullfunnel.crm.deals.cards import cards_of
from fullfunnel.crm.deals.conditions import NAMES
from fullfunnel.crm.deals.rows import HEADER, csv_rows
from fullfunnel.crm.deals.wanted import Wanted, today, wanted
from fullfunnel.crm.models import PipelineStage, StageKind
from fullfunnel.people.views.filters import Bar, bar_of
from fullfunnel.workspaces.scope import EDITORS, EVERYONE, MemberRequest, allow

HEADINGS = (
    Heading("Deal"),
    Heading("Stage"),
    Heading("Amount", "-amount", is_number=True),
    Heading("Closes", "closes_on"),
    Heading("Next step", "next_step_on"),
    Heading("Owner"),
    Heading("Opened", "-opened_at", is_number=True),
)


def on_board(want: Wanted) -> Wanted:
    """Return what is asked for with the pipeline that the board shows: the first of our own, unless one is named."""
    own = [pipeline for pipeline in want.pipelines if pipeline.source_id is None]
    return replace(want, pipeline=want.pipeline or next(iter([*own, *want.pipelines]), None))


@allow(EVERYONE)
@require_safe
def board(request: MemberRequest) -> HttpResponse:
    """The board of the pipeline that the address names; htmx asks for it again after something changed in the drawer."""
    want = on_board(wanted(request))
    context = frame_of(request, want)
    if want.pipeline:
        held = boards.held_in(want, want.pipeline, boards.shown_stages(want, want.pipeline))
        context["board"] = boards.board_of(want, want.pipeline, held)
        context["summary"] = boards.summary_of(want, want.pipeline, held)
    return render(request, "crm/deals/board.html", context)


def frame_of(request: MemberRequest, want: Wanted) -> dict[str, Any]:
    """What the board and the list have in common: the filter, and the way from one to the other."""
    slug = request.workspace.slug
    return {
        "want": want,
        "owners": want.owners(),
        "may_act": request.may(EDITORS),
        "board_url": f"{reverse('crm:deals', args=[slug])}?{want.query(stage='', step='', close='', q='', where='')}",
        "list_url": f"{reverse('crm:deal-list', args=[slug])}?{want.query()}",
        "list_page": reverse("crm:deal-list", args=[slug]),
        "new_url": reverse("crm:new-deal", args=[slug]),
    }


@allow(EVERYONE)
@require_safe
def more(request: MemberRequest, stage_id: str) -> HttpResponse:
    """The next 50 cards of a column."""
    rows = PipelineStage.objects.filter(workspace=request.workspace).select_related("pipeline")
    stage, want = get_object_or_404(rows, public_id=stage_id), on_board(wanted(request))
    after = whole_number(request.GET.get("after"), default=DRAWN, least=0, most=1_000_000)
    deals = boards.ordered(boards.deals_in(want, stage), stage, after, DRAWN + 1)
    board = boards.board_without_cards(want, stage.pipeline)
    context = {
        "board": board,
        "column": next(each for each in board.columns if each.key == stage.public_id),
        "cards": cards_of(deals[:DRAWN], request.workspace.slug, want.query(on="board")),
        "more_url": boards.more_url(want, stage, after + DRAWN) if len(deals) > DRAWN else "",
    }
    return render(request, "core/_cards.html", context)


@allow(EVERYONE)
@require_safe
def deal_list(request: MemberRequest) -> HttpResponse:
    """The list: open deals, unless the address asks for others."""
    want = on_list(request)
    listing = asked_list(
        request,
        want.deals().prefetch_related("company", "owner", "stage"),
        HEADINGS,
        sort="-opened_at",
        id="deal-list",
        label="Deals",
        row_template="crm/deals/_row.html",
        csv=f"{reverse('crm:deals-csv', args=[request.workspace.slug])}?{want.query()}",
        searches="Search deals by name",
    )
    context = frame_of(request, want) | {"listing": listing, "states": StageKind.choices, "today": today()}
    context["bar"] = conditions_of(want)
    return render(request, "crm/deals/list.html", context)


def conditions_of(want: Wanted) -> Bar:
    """Return the bar of conditions above the list."""
    kept = dict(parse_qsl(want.query(where="")))
    return bar_of(
        want.workspace,
        want.filters,
        url=reverse("crm:deal-list", args=[want.workspace.slug]),
        link=lambda text: want.query(where=text),
        kept=kept,
        about="What the deal says",
        fields=NAMES,
    )


def on_list(request: MemberRequest) -> Wanted:
    """Return what the address asks for, open deals unless it says a state."""
    want = wanted(request)
    return want if want.state else replace(want, state=StageKind.OPEN)


@allow(EVERYONE)
@require_safe
def deals_file(request: MemberRequest) -> HttpResponse:
    """The deals of the list as CSV, the latest first."""
    rows = on_list(request).deals().prefetch_related("company", "owner", "stage", "pipeline", "lost_reason")
    return csv_of("deals", HEADER, csv_rows(rows.order_by("-opened_at", "-pk").iterator(1_000)))
