"""The board of a pipeline: a column for each stage, with exact counts and sums; what is drawn of each is 50 cards."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse

from fullfunnel.core import clock
from fullfunnel.core.numbers import number
from fullfunnel.core.pages.board import DRAWN, Board, Column
from fullfunnel.core.sql import checked
from fullfunnel.crm.deals.cards import cards_of
from fullfunnel.crm.deals.wanted import Wanted, today
from fullfunnel.crm.deals.words import sums_words
from fullfunnel.crm.models import Deal, Pipeline, PipelineStage, StageKind
from fullfunnel.crm.models.deals import LISTED
from fullfunnel.crm.reading import (
    ColumnSum,
    column_deals,
    column_sums,
    deals_in_stages,
    decided_deals,
    past_close,
)

# Won and Lost show what was decided lately; asked for by its state, a column shows all.
LATELY = timedelta(days=90)
DRAWN_FOLDED = 10
CARD = "crm/deals/_card.html"
RELATED = ("company", "owner", "lost_reason")
# What no card shows is not read.
UNREAD = ("company__traits", "company__vouched_traits", "need", "bant_text", "lost_text")


@dataclass(frozen=True)
class Figures:
    """What deals come to: how many, and their amounts by currency."""

    count: int
    sums: dict[str, Decimal]

    @classmethod
    def of(cls, held: Iterable[ColumnSum]) -> "Figures":
        count, sums = 0, dict[str, Decimal]()
        for each in held:
            count += each.count
            sums[each.currency] = sums.get(each.currency, Decimal(0)) + each.amount
        return cls(count, sums)


Held = dict[int, list[ColumnSum]]


def board_of(want: Wanted, pipeline: Pipeline, held: Held, only: Collection[str] = ()) -> Board:
    """Return the board with the columns that are asked for, open ones first. only: of other stages nothing is read."""
    stages = shown_stages(want, pipeline)
    columns = [
        Column(stage.public_id, stage.name, 0)
        if only and stage.public_id not in only
        else column_of(want, stage, Figures.of(held.get(stage.pk, ())))
        for stage in stages
    ]
    return Board("deals", f"Deals of {pipeline.name} by stage", CARD, columns)


def shown_stages(want: Wanted, pipeline: Pipeline) -> list[PipelineStage]:
    """Return the stages in their order, Won and Lost at the end; of a state that is asked for only its own."""
    stages = sorted(pipeline.stages.all(), key=lambda each: (each.kind != StageKind.OPEN, each.place, each.pk))
    return [stage for stage in stages if want.state not in StageKind.values or stage.kind == want.state]


def deals_in(want: Wanted, stage: PipelineStage) -> QuerySet[Deal]:
    """Return the deals of a column: decided ones the latest first, open ones in no order."""
    if stage.kind == StageKind.OPEN:
        return want.among(column_deals(stage).order_by())
    deals = decided_deals(stage.pipeline, stage.kind, since(want, stage.kind))
    return want.among(deals.filter(checked("stage", stage.pk)))


def since(want: Wanted, kind: str) -> datetime | None:
    """Return from when on a column shows what was decided; None: all of it."""
    return None if want.state == kind else clock.now() - LATELY


def held_in(want: Wanted, pipeline: Pipeline, stages: Iterable[PipelineStage]) -> Held:
    """Return what stages (by their id) hold: exact, over all deals of each column."""
    found: Held = {}
    for kind in StageKind.values:
        mine = [stage for stage in stages if stage.kind == kind]
        if kind == StageKind.OPEN:
            deals = deals_in_stages(pipeline, mine)
        elif since(want, kind):
            deals = decided_deals(pipeline, kind, since(want, kind))
        else:
            deals = deals_in_stages(pipeline, mine).filter(state=kind)
        held = column_sums(want.among(deals)) if mine else {}
        found |= {stage.pk: held.get(stage.pk, []) for stage in mine}
    return found


def column_of(want: Wanted, stage: PipelineStage, figures: Figures) -> Column:
    """Return a column with its first cards."""
    is_folded = stage.kind != StageKind.OPEN and want.state != stage.kind
    drawn = DRAWN_FOLDED if is_folded else DRAWN
    deals = ordered(deals_in(want, stage), stage, 0, drawn)
    more = more_url(want, stage, DRAWN) if figures.count > len(deals) and not is_folded else ""
    sums = sums_words(figures.sums.items())
    return Column(
        key=stage.public_id,
        name=stage.name,
        count=figures.count,
        cards=cards_of(deals, want.workspace.slug, want.query(on="board")),
        sums=f"{sums} in {LATELY.days} days".strip() if is_folded else sums,
        more_url=more,
        is_folded=is_folded,
    )


def board_without_cards(want: Wanted, pipeline: Pipeline) -> Board:
    """Return where a card may be moved to, for cards that are drawn later."""
    columns = [Column(stage.public_id, stage.name, 0) for stage in shown_stages(want, pipeline)]
    return Board("deals", "", CARD, columns)


def more_url(want: Wanted, stage: PipelineStage, after: int) -> str:
    """Return the address of the cards that follow the first `after`."""
    here = reverse("crm:more-deals", args=[want.workspace.slug, stage.public_id])
    return f"{here}?{want.query(after=str(after))}"


def ordered(rows: QuerySet[Deal], stage: PipelineStage, after: int, most: int) -> list[Deal]:
    """Return `most` deals from number `after` on: by next step, those without one last, then who waits longest."""
    rows = rows.select_related(*RELATED).defer(*UNREAD)
    if stage.kind != StageKind.OPEN:
        return list(rows[after : after + most])
    # Two questions, for the index knows no "NULL last".
    dated = rows.exclude(next_step_on=None).order_by("next_step_on", "stage_since", "pk")
    found = list(dated[after : after + most])
    if len(found) == most:
        return found
    before = after + len(found) if found or not after else dated.count()
    rest = rows.filter(next_step_on=None).order_by("stage_since", "pk")
    start = max(0, after - before)
    return found + list(rest[start : start + most - len(found)])


@dataclass(frozen=True)
class Summary:
    """The sentence of the page. Each part is open deals: (words, query of the list behind them)."""

    count: int
    sums: str
    parts: list[tuple[str, str]]


def summary_of(want: Wanted, pipeline: Pipeline, held: Held) -> Summary:
    """Return how many are open, what they are worth, and what is missing. held: of the board, which may show other stages."""
    stages = [stage for stage in pipeline.stages.all() if stage.kind == StageKind.OPEN]
    held = held if all(stage.pk in held for stage in stages) else held_in(want, pipeline, stages)
    mine = [each for stage in stages for each in held[stage.pk] if each.state == StageKind.OPEN]
    figures = Figures.of(mine)
    rows = want.among(Deal.objects.filter(LISTED, workspace=want.workspace, pipeline=pipeline, state=StageKind.OPEN))
    steps = rows.filter(next_step="", next_step_on=None).count()
    late = want.among(past_close(pipeline, today())).count()
    parts = (
        [(f"{number(steps)} {'has' if steps == 1 else 'have'} no next step", want.query(state="open", step="none"))]
        if steps
        else []
    )
    if late:
        parts.append(
            (
                f"{number(late)} {'is' if late == 1 else 'are'} past their close date",
                want.query(state="open", close="past"),
            )
        )
    return Summary(figures.count, sums_words(figures.sums.items()).replace(" · ", " and "), parts)
