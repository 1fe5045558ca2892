"""Read a question about returns: its JSON (docs/spec/questions.md) into a `Returns`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fullfunnel.journeys.attribution.models import ADD_UP, NAMES
from fullfunnel.journeys.attribution.question import LOOKBACK
from fullfunnel.journeys.questions.fields import Canonical, Fields, read_period
from fullfunnel.journeys.questions.people_lists import PIECE, lists_people
from fullfunnel.journeys.questions.shapes import Period, Question
from fullfunnel.journeys.questions.steps import refuse_segment
from fullfunnel.journeys.stages.question import (
    HANDED_OVER,
    OF_DEALS,
    OF_HAND_OVERS,
    OF_PEOPLE,
    OPPORTUNITY,
    STAGES,
    StageList,
)

FIELDS = ("kind", "by", "model", "models", "count", "lookback", "period", "compare", "stage", "outcome")
BY = ("channel", "channel_group", "campaign")
COUNTS = ("people", "companies")


@dataclass(frozen=True)
class Returns(Question):
    """What came back. model: who earned a win leads by it; models: the others. count: whose touches earn, a person's or all of a
    company.

    lookback: µs; None is no limit. compare: another period beside it.
    """

    kind = "returns"

    by: str = "channel"
    model: str = "first_touch"
    models: tuple[str, ...] = ()
    count: str = "people"
    lookback: int | None = LOOKBACK
    period: Period = field(default_factory=Period)
    compare: Period | None = None
    people_list: StageList | None = None


def read_returns(given: Mapping[str, Any], canonical: Canonical, timezone: str) -> Returns:
    """Return the question that `given` asks; QuestionError where it cannot be read."""
    fields = Fields(given, "", FIELDS + PIECE)
    refuse_segment(fields)
    model = fields.choice("model", NAMES, "first_touch")
    asked = tuple(fields.some("models", len(NAMES), "names of models")) if given.get("models") is not None else ()
    for at, name in enumerate(asked):
        if name not in ADD_UP:
            raise fields.refuse(f"models[{at}]", f"must be one whose credits add up: {', '.join(sorted(ADD_UP))}")
    compared = (
        read_period(Fields({"period": given["compare"]}, "compare", ("period",)), timezone)
        if given.get("compare")
        else None
    )
    return Returns(
        by=fields.choice("by", BY, "channel"),
        model=model,
        models=tuple(dict.fromkeys((model, *asked))),
        count=fields.choice("count", COUNTS, "people"),
        lookback=fields.span("lookback", LOOKBACK),
        period=read_period(fields, timezone),
        compare=compared,
        people_list=_list(fields) if lists_people(fields) else None,
    )


def _list(fields: Fields) -> StageList:
    """The people of a row, at a stage: `group` is the row's value."""
    stage = fields.choice("stage", STAGES, STAGES[0])
    outcomes = {HANDED_OVER: OF_HAND_OVERS, OPPORTUNITY: OF_DEALS}.get(stage, OF_PEOPLE)
    limit, offset = fields.whole("limit", 100, 0, 1_000_000), fields.whole("offset", 0, 0, 2**53)
    return StageList(fields.group("group"), limit, offset, stage, fields.choice("outcome", outcomes, outcomes[0]))
