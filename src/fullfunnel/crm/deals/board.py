"""The board of a pipeline: a column for each stage, with exact counts and sums; what is drawn of each is 50 cards."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse

from fullfunnel.core import clock
from fullfunnel.core.pages.board import DRAWN, Board, Column
from fullfunnel.crm.deals.cards import cards_of
from fullfunnel.crm.deals.wanted import Wanted, today
from fullfunnel.crm.deals.words import sums_words
from fullfunnel.crm.models import Deal, Pipeline, PipelineStage, StageKind

# Won and Lost show what was decided lately; asked for by its state, a column shows all.
LATELY = timedelta(days=90)
DRAWN_FOLDED = 10
CARD = "crm/deals/_card.html"
RELATED = ("company", "owner", "lost_reason")


@dataclass
class Figures:
    """Of the deals in a stage: how many, and what they are worth by currency."""

    count: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)


def board_of(want: Wanted, pipeline: Pipeline, only: Collection[str] = ()) -> Board:
    """Return the board with the columns that are asked for, open ones first. only: of other stages nothing is read."""
    stages = shown_stages(want, pipeline)
    read = [stage for stage in stages if not only or stage.public_id in only]
    figures = figures_of(want, read)
    columns = [
        column_of(want, stage, figures.get(stage.pk, Figures()))
        if stage in read
        else Column(stage.public_id, stage.name, 0)
        for stage in stages
    ]
    return Board("deals", f"Deals of {pipeline.name} by stage", CARD, columns)


def shown_stages(want: Wanted, pipeline: Pipeline) -> list[PipelineStage]:
    """Return the stages in their order, Won and Lost at the end; of a state that is asked for only its own."""
    stages = sorted(pipeline.stages.all(), key=lambda each: (each.kind != StageKind.OPEN, each.place, each.pk))
    return [stage for stage in stages if want.state not in StageKind.values or stage.kind == want.state]


def deals_in(want: Wanted, stage: PipelineStage) -> QuerySet[Deal]:
    """Return the deals of a column, in no order."""
    return _lately(want, rows_of(want).filter(stage=stage), stage.kind)


def rows_of(want: Wanted) -> QuerySet[Deal]:
    """Return the deals that are asked for, whatever their state: a column is a stage."""
    return want.deals() if want.state == "" else _without_state(want).deals()


def _without_state(want: Wanted) -> Wanted:
    return replace(want, state="", stage=None)


def _lately(want: Wanted, rows: QuerySet[Deal], kind: str) -> QuerySet[Deal]:
    if kind == StageKind.OPEN:
        return rows
    rows = rows.filter(state=kind)
    return rows if want.state == kind else rows.filter(decided_at__gte=clock.now() - LATELY)


def figures_of(want: Wanted, stages: Iterable[PipelineStage]) -> dict[int, Figures]:
    """Return the figures of stages by their id: exact, over all deals of each column."""
    found: dict[int, Figures] = {}
    for kind in StageKind.values:
        mine = [stage.pk for stage in stages if stage.kind == kind]
        rows = _lately(want, rows_of(want).filter(stage__in=mine), kind)
        counted = rows.order_by().values_list("stage_id", "currency").annotate(Count("pk"), Sum("amount"))
        for stage_id, currency, count, total in counted if mine else ():
            one = found.setdefault(stage_id, Figures())
            one.count += count
            if total:
                one.sums[currency] = total
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
    rows = rows.select_related(*RELATED)
    if stage.kind != StageKind.OPEN:
        return list(rows.order_by("-decided_at", "-pk")[after : after + most])
    # Two questions, for the index knows no "NULL last".
    dated = rows.exclude(next_step_on=None).order_by("next_step_on", "stage_since", "pk")
    found = list(dated[after : after + most])
    if len(found) == most:
        return found
    before = after + len(found) if found else dated.count()
    rest = rows.filter(next_step_on=None).order_by("stage_since", "pk")
    start = max(0, after - before)
    return found + list(rest[start : start + most - len(found)])


@dataclass(frozen=True)
class Summary:
    """The sentence of the page. Each part is open deals: (words, query of the list behind them)."""

    count: int
    sums: str
    parts: list[tuple[str, str]]


def summary_of(want: Wanted, pipeline: Pipeline) -> Summary:
    """Return how many are open, what they are worth, and what is missing."""
    rows = _without_state(want).deals().filter(pipeline=pipeline, state=StageKind.OPEN).order_by()
    counted = list(rows.values_list("currency").annotate(Count("pk"), Sum("amount")))
    steps = rows.filter(next_step="", next_step_on=None).count()
    late = rows.filter(closes_on__lt=today()).count()
    parts = (
        [(f"{steps:,} {'has' if steps == 1 else 'have'} no next step", want.query(state="open", step="none"))]
        if steps
        else []
    )
    if late:
        parts.append(
            (f"{late:,} {'is' if late == 1 else 'are'} past their close date", want.query(state="open", close="past"))
        )
    sums = sums_words((currency, total) for currency, _, total in counted)
    return Summary(sum(count for _, count, _ in counted), sums.replace(" · ", " and "), parts)
