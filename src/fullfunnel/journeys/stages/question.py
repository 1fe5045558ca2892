"""Read a question about stages: its JSON (docs/spec/questions.md) into a `Stages`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fullfunnel.events.conditions import QuestionError
from fullfunnel.journeys.questions.fields import Canonical, Fields, read_breakdown, read_period
from fullfunnel.journeys.questions.people_lists import PIECE, read_piece
from fullfunnel.journeys.questions.shapes import Breakdown, Listed, Period, Question
from fullfunnel.journeys.questions.steps import refuse_segment
from fullfunnel.journeys.stages import deals, ledger
from fullfunnel.journeys.stages.rule import LADDER, PROSPECT
from fullfunnel.journeys.stages.rule_set import RuleSet, read_set
from fullfunnel.journeys.stages.rules import RULES

# Of the first session ever, but for the seller: the owner of a hand-over or deal.
BY = ("channel", "campaign", "device", "country", "seller")
FIELDS = (
    "kind", "sells", "rules", "against", *BY, "breakdown", "period", "compare", "people", "stage", "outcome", "touch",
    "from", "to",
)  # fmt: skip
HANDED_OVER, OPPORTUNITY = "handed_over", "opportunity"
STAGES = (*LADDER, PROSPECT, HANDED_OVER, OPPORTUNITY)
MOVED = (*LADDER, HANDED_OVER)
REACHED, WENT_ON, PENDING, LOST = ("reached", "went_on", "pending", "lost")
NOW, FORMER = "now", "former"
# What may be listed of a stage of people, of the joint, of deals.
OF_PEOPLE = (REACHED, WENT_ON, PENDING, LOST, "skipped", "alone", NOW, FORMER)
OF_HAND_OVERS, OF_DEALS = (REACHED, *ledger.OUTCOMES), (REACHED, *deals.OUTCOMES)
SHOWS = ("rows", "people", "book", "work")
# What touches somebody; stages in which they can be touched.
TOUCHES = ("page", "form", "campaign", "webinar", "activity", "message")
WORKED = (*LADDER, PROSPECT)
MAX_VALUES = 50
MAX_NUMBER = 2**31


@dataclass(frozen=True)
class StageList(Listed):
    """The people behind a number: of a stage, with an outcome; of two sets of rules, from one stage to another, None: no stage."""

    stage: str = LADDER[0]
    outcome: str = REACHED
    moved_from: str | None = None
    moved_to: str | None = None
    # Only who was touched by it while they stood in the stage: a kind of shows.work.KINDS, and its name.
    touch: tuple[str, str] | None = None


@dataclass(frozen=True)
class Stages(Question):
    """How many reached each stage in a period. sells: "" as the dataset does; channel to seller: see BY, () any.

    rules: the number of a version, or said whole; None: those adopted. against: others that they are compared with.

    compare: another period, counted beside it.
    """

    kind = "stages"

    sells: str = ""
    rules: int | RuleSet | None = None
    against: int | RuleSet | None = None
    period: Period = field(default_factory=Period)
    compare: Period | None = None
    channel: tuple[str | None, ...] = ()
    campaign: tuple[str | None, ...] = ()
    device: tuple[str | None, ...] = ()
    country: tuple[str | None, ...] = ()
    seller: tuple[str | None, ...] = ()
    breakdown: Breakdown | None = None
    people_list: StageList | None = None
    # book, work, or "" for the counts; work is of a stage.
    show: str = ""
    stage: str = LADDER[0]


def read_stages(given: Mapping[str, Any], canonical: Canonical, timezone: str) -> Stages:
    """Return the question that `given` asks; QuestionError where it cannot be read."""
    fields = Fields(given, "", FIELDS + PIECE)
    refuse_segment(fields)
    breakdown = read_breakdown(fields, ("event",), 0)
    show = fields.choice("show", SHOWS, "rows")
    is_list = show == "people"
    beside = {"people": (), "work": ("outcome", "touch")}.get(show, ("stage", "outcome", "touch"))
    if name := next((name for name in beside if fields.has(name)), None):
        raise fields.refuse(name, 'is not known here; it says which people "show": "people" lists')
    if breakdown and breakdown.property not in BY:
        raise fields.refuse("breakdown.property", f"must be one of: {', '.join(BY)}")
    return Stages(
        sells=fields.choice("sells", ("", *RULES), ""),
        rules=read_rules(fields, "rules"),
        against=_against(fields, is_list=is_list),
        period=read_period(fields, timezone),
        compare=_compared(fields, timezone),
        channel=_values(fields, "channel"),
        campaign=_values(fields, "campaign"),
        device=_values(fields, "device"),
        country=_values(fields, "country"),
        seller=_values(fields, "seller"),
        breakdown=breakdown,
        people_list=_people_list(fields) if is_list else None,
        show="" if show in ("rows", "people") else show,
        stage=fields.choice("stage", (*WORKED, HANDED_OVER), LADDER[0]) if show == "work" else LADDER[0],
    )


def read_rules(fields: Fields, name: str) -> int | RuleSet | None:
    """Return the rules that a field names: the number of a version or a draft, or rules as JSON."""
    given = fields.given.get(name)
    if given is None or (isinstance(given, int) and not isinstance(given, bool) and 0 < given < MAX_NUMBER):
        return given
    if not isinstance(given, Mapping):
        raise fields.refuse(name, "must be the number of a version or a draft, or rules as an object")
    try:
        return read_set(given, number=0)
    except QuestionError as error:
        raise QuestionError(error.field.replace("rules", name, 1), error.message) from None


def _against(fields: Fields, *, is_list: bool) -> int | RuleSet | None:
    against = read_rules(fields, "against")
    beside = ("breakdown", "compare", *BY) if against is not None else ()
    if name := next((name for name in beside if fields.has(name)), None):
        raise fields.refuse(name, "cannot be asked where rules are compared")
    wanted = against is not None and is_list
    if name := next((name for name in ("from", "to") if fields.has(name) and not wanted), None):
        raise fields.refuse(name, 'is known with "against" and "show": "people" only')
    return against


def _compared(fields: Fields, timezone: str) -> Period | None:
    if fields.given.get("compare") is None:
        return None
    try:
        return read_period(Fields({"period": fields.given["compare"]}, "", ("period",)), timezone)
    except QuestionError as error:
        raise QuestionError(error.field.replace("period", "compare", 1), error.message) from None


def _values(fields: Fields, name: str) -> tuple[str | None, ...]:
    value = fields.given.get(name)
    if name not in fields.given or value == []:
        return ()
    values = value if isinstance(value, list) else [value]
    if len(values) > MAX_VALUES or not all(one is None or isinstance(one, str) for one in values):
        raise fields.refuse(name, f"must be a text, or a list of at most {MAX_VALUES} texts; null is those without one")
    return tuple(values)


def _people_list(fields: Fields) -> StageList:
    stage = fields.choice("stage", STAGES, LADDER[0])
    outcomes = {HANDED_OVER: OF_HAND_OVERS, OPPORTUNITY: OF_DEALS}.get(stage, OF_PEOPLE)
    moved = [None if fields.given.get(name) is None else fields.choice(name, MOVED, "") for name in ("from", "to")]
    outcome, touch = fields.choice("outcome", outcomes, REACHED), _touch(fields)
    if touch and (stage not in WORKED or outcome not in (REACHED, WENT_ON)):
        raise fields.refuse("touch", f"goes with a stage of people and the outcome {REACHED} or {WENT_ON}")
    return StageList(
        **read_piece(fields), stage=stage, outcome=outcome, moved_from=moved[0], moved_to=moved[1], touch=touch
    )


def _touch(fields: Fields) -> tuple[str, str] | None:
    if fields.given.get("touch") is None:
        return None
    inner = Fields(fields.given["touch"], "touch", ("kind", "value"))
    return inner.choice("kind", TOUCHES, TOUCHES[0]), inner.text("value")
