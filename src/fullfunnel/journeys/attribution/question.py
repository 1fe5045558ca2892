"""Reading an attribution question: its JSON (docs/spec/questions.md) into an `Attribution`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fullfunnel.core.suggest import did_you_mean
from fullfunnel.events.conditions import Condition
from fullfunnel.journeys.attribution.models import NAMES
from fullfunnel.journeys.questions.fields import Canonical, Fields, read_breakdown, read_period
from fullfunnel.journeys.questions.shapes import DAY, Breakdown, Period, Question, Step
from fullfunnel.journeys.questions.steps import read_step, refuse_segment

FIELDS = ("kind", "conversion", "touches", "by", "models", "lookback", "half_life", "milestones", "bootstrap", "limit")
SHARED = ("where", "breakdown", "period", "people")
OF = ("event", "person")
BY = ("channel", "channel_group", "source", "medium", "campaign", "content", "term", "referrer", "landing_page")
LOOKBACK, HALF_LIFE = 90 * DAY, 7 * DAY
MAX_DRAWS, MAX_VALUES = 1_000, 100
# The two moments that W and Z reward, as a CRM tells them (events/names.py).
LEAD, OPPORTUNITY = ("lead_captured", "lead_handed_over"), ("deal_created",)


@dataclass(frozen=True)
class Attribution(Question):
    """Which touch earned the conversion. `touches` None: the beginning of each session. `lookback` None is no limit; spans are µs.

    `value`: the conversion's property that holds its money; `where`: whom it is about; `limit`: values beyond are "(other)".
    """

    kind = "attribution"

    conversion: Step
    lead: Step
    opportunity: Step
    value: str | None = None
    touches: Step | None = None
    by: str = "channel"
    models: tuple[str, ...] = NAMES
    lookback: int | None = LOOKBACK
    half_life: int = HALF_LIFE
    bootstrap: int = 200
    limit: int = 12
    where: tuple[Condition, ...] = ()
    breakdown: Breakdown | None = None
    period: Period = field(default_factory=Period)


def read_attribution(given: Mapping[str, Any], canonical: Canonical, timezone: str) -> Attribution:
    """The attribution that `given` asks for; QuestionError where it cannot be read."""
    fields = Fields(given, "", FIELDS + SHARED)
    refuse_segment(fields)
    conversion, value = _conversion(fields, canonical)
    lead, opportunity = _milestones(fields, canonical)
    touches = fields.given.get("touches")
    half_life = fields.span("half_life", HALF_LIFE)
    if not half_life:
        raise fields.refuse("half_life", 'must be longer than nothing, such as {"value": 7, "unit": "day"}')
    return Attribution(
        conversion=conversion,
        lead=lead,
        opportunity=opportunity,
        value=value,
        touches=None if touches is None else read_step(touches, "touches", canonical, of=OF),
        by=fields.choice("by", BY, "channel"),
        models=_models(fields),
        lookback=fields.span("lookback", LOOKBACK),
        half_life=half_life,
        bootstrap=fields.whole("bootstrap", 200, 0, MAX_DRAWS),
        limit=fields.whole("limit", 12, 1, MAX_VALUES),
        where=fields.where(of=("person",)),
        breakdown=read_breakdown(fields, ("event", "person", "company"), 0),
        period=read_period(fields, timezone),
    )


def _conversion(fields: Fields, canonical: Canonical) -> tuple[Step, str | None]:
    given = fields.given.get("conversion")
    if given is None:
        raise fields.refuse("conversion", 'is needed: the event to be earned, such as "deal_won"')
    if not isinstance(given, Mapping):
        return read_step(given, "conversion", canonical, of=OF), None
    inner = Fields(given, "conversion", ("event", "where", "label", "value"))
    value = inner.text("value") if given.get("value") is not None else ""
    step = {name: one for name, one in given.items() if name != "value"}
    return read_step(step, "conversion", canonical, of=OF), value or None


def _milestones(fields: Fields, canonical: Canonical) -> tuple[Step, Step]:
    inner = Fields(fields.given.get("milestones") or {}, "milestones", ("lead", "opportunity"))

    def step(name: str, default: tuple[str, ...]) -> Step:
        given = inner.given.get(name, {"event": list(default)})
        return read_step(given, inner.at(name), canonical, of=OF)

    return step("lead", LEAD), step("opportunity", OPPORTUNITY)


def _models(fields: Fields) -> tuple[str, ...]:
    """The models asked for, in their usual order."""
    if fields.given.get("models") is None:
        return NAMES
    asked = fields.some("models", len(NAMES), "names of models")
    for at, name in enumerate(asked):
        if name not in NAMES:
            raise fields.refuse(f"models[{at}]", f"is not known; use: {', '.join(NAMES)}{did_you_mean(name, NAMES)}")
    return tuple(name for name in NAMES if name in asked)
