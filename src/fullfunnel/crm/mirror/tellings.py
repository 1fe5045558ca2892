"""What another program's events say of a deal, folded in the order of their time into the deal as it is. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from fullfunnel.core.pages.amounts import exact_amount
from fullfunnel.core.refused import Refused
from fullfunnel.crm.details import read_day
from fullfunnel.events.event import Event
from fullfunnel.events.names import (
    DEAL_CHANGED,
    DEAL_CREATED,
    DEAL_LOST,
    DEAL_REOPENED,
    DEAL_STAGE_CHANGED,
    DEAL_WON,
)
from fullfunnel.events.values import currency_code

CREATED, MOVED, CHANGED, WON, LOST, REOPENED = "created", "moved", "changed", "won", "lost", "reopened"
KINDS = {
    DEAL_CREATED: CREATED,
    DEAL_STAGE_CHANGED: MOVED,
    DEAL_CHANGED: CHANGED,
    DEAL_WON: WON,
    DEAL_LOST: LOST,
    DEAL_REOPENED: REOPENED,
}
OPEN = "open"
# What we read -> the properties that programs say it by, likeliest first.
WORDS = {
    "name": ("name", "deal_name", "title"),
    "stage": ("to", "stage", "stage_name"),
    "pipeline": ("pipeline",),
    "owner": ("owner", "owner_email"),
    "amount": ("amount", "value"),
    "closes_on": ("closes_on", "close_date", "expected_close_date"),
    "reason": ("reason", "lost_reason"),
    "competitor": ("competitor",),
    "said_by": ("said_by",),
    "lead_id": ("lead_id",),
}
LONGEST = 200


@dataclass(frozen=True)
class Telling:
    """One event about a deal; at in µs. said: texts by the words above, and currency."""

    event_id: str
    at: int
    seq: int
    kind: str
    said: Mapping[str, str]


@dataclass(frozen=True)
class Stage:
    """A row of PipelineStage, by its id."""

    id: int
    kind: str = OPEN


@dataclass(frozen=True)
class Stages:
    """A source's pipeline: where deals begin, are won and are lost, and its stages by their names in lower case."""

    first: Stage
    won: Stage
    lost: Stage
    by_name: Mapping[str, Stage]


@dataclass(frozen=True)
class Figures:
    """A deal as a telling left it."""

    stage: Stage
    amount: Decimal | None = None
    currency: str = ""
    closes_on: date | None = None
    stage_since: int = 0
    decided_at: int | None = None


@dataclass(frozen=True)
class Step:
    """A telling with the stage that it came from, and what is so since."""

    telling: Telling
    came_from: Stage | None
    now: Figures


@dataclass
class Story:
    """All that was told of a deal. texts: the latest of each word."""

    steps: list[Step]
    opened_at: int
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def now(self) -> Figures:
        return self.steps[-1].now


def telling_of(event: Event) -> Telling | None:
    """Return what an event says of its deal; None for one that says nothing of its state."""
    kind = KINDS.get(event.name)
    return None if kind is None else Telling(event.event_id, event.occurred_at, event.seq, kind, said_by_event(event))


def said_by_event(event: Event) -> dict[str, str]:
    """Return the words that an event says, as short texts; absent is not empty."""
    said = {}
    for word, properties in WORDS.items():
        if text := next((event.properties[name] for name in properties if event.properties.get(name)), ""):
            said[word] = text.strip()[:LONGEST]
    if "amount" not in said and event.revenue:
        said["amount"] = event.revenue
    if code := currency_code(event.currency or ""):
        said["currency"] = code
    return said


def story_of(tellings: Sequence[Telling], stages: Stages) -> Story:
    """Fold what was told of one deal, in any order, at least one."""
    ordered = sorted(tellings, key=lambda each: (each.at, each.seq))
    story = Story([], ordered[0].at)
    figures: Figures | None = None
    for telling in ordered:
        before, figures = figures, _after(figures, telling, stages, story)
        came_from = before.stage if before and before.stage != figures.stage else None
        story.steps.append(Step(telling, came_from, figures))
        story.texts |= telling.said
        if telling.kind == REOPENED or (before and before.stage.kind == LOST and figures.stage.kind != LOST):
            story.texts = {word: text for word, text in story.texts.items() if word not in ("reason", "competitor")}
    created = next((each.at for each in ordered if each.kind == CREATED), ordered[0].at)
    story.opened_at = created
    return story


def _after(figures: Figures | None, telling: Telling, stages: Stages, story: Story) -> Figures:
    figures = figures or Figures(stages.first, stage_since=telling.at)
    stage = _stage_after(figures.stage, telling, stages, story)
    said = telling.said
    new = replace(
        figures,
        amount=_amount(said.get("amount")) if "amount" in said else figures.amount,
        currency=said.get("currency", figures.currency),
        closes_on=_day(said.get("closes_on")) if "closes_on" in said else figures.closes_on,
    )
    if stage == figures.stage:
        return new
    decided = telling.at if stage.kind != OPEN else None
    return replace(new, stage=stage, stage_since=telling.at, decided_at=decided)


def _stage_after(stage: Stage, telling: Telling, stages: Stages, story: Story) -> Stage:
    if telling.kind in (WON, LOST):
        return stages.won if telling.kind == WON else stages.lost
    if named := stages.by_name.get(telling.said.get("stage", "").lower()):
        return named
    if telling.kind == REOPENED:
        was_open = [step.now.stage for step in story.steps if step.now.stage.kind == OPEN]
        return was_open[-1] if was_open else stages.first
    return stage


def _amount(text: str | None) -> Decimal | None:
    try:
        amount = exact_amount(Decimal(text or "none"))
    except InvalidOperation:
        return None
    return None if isinstance(amount, Refused) else amount


def _day(text: str | None) -> date | None:
    try:
        return read_day(text)
    except ValueError:
        return None
