"""What stands in the builder's controls, as texts: also what is half typed. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from fullfunnel.journeys.questions.periods import PeriodFields

MAX_STEPS, MAX_PARTS = 20, 20
UNITS = ("minute", "hour", "day", "week", "month")


@dataclass(frozen=True)
class ConditionFields:
    property: str = ""
    op: str = "="
    value: str = ""
    of: str = "event"

    def __bool__(self) -> bool:
        return bool(self.property)


@dataclass(frozen=True)
class StepFields:
    events: tuple[str, ...] = ("",)
    label: str = ""
    conditions: tuple[ConditionFields, ...] = ()
    optional: bool = False
    first_ever: bool = False
    within: str = ""
    within_unit: str = "day"

    def __bool__(self) -> bool:
        return any(self.events)


@dataclass(frozen=True)
class ExclusionFields:
    events: tuple[str, ...] = ("",)
    conditions: tuple[ConditionFields, ...] = ()
    start: str = "1"
    end: str = ""
    effect: str = "drop"

    def __bool__(self) -> bool:
        return any(self.events)


Owner = TypeVar("Owner", StepFields, ExclusionFields)
Item = TypeVar("Item")


@dataclass(frozen=True)
class BreakdownFields:
    property: str = ""
    of: str = "event"
    attribution: str = "first"
    step: str = "1"
    limit: str = "25"


@dataclass(frozen=True)
class FunnelFields:
    """The whole builder. `window_unit` "none" is no limit; `hold` is a list as people type one."""

    steps: tuple[StepFields, ...] = (StepFields(), StepFields())
    exclusions: tuple[ExclusionFields, ...] = ()
    order: str = "ordered"
    count: str = "people"
    entries: str = "best"
    window: str = "14"
    window_unit: str = "day"
    breakdown: BreakdownFields = field(default_factory=BreakdownFields)
    period: PeriodFields = field(default_factory=PeriodFields)
    late_conversions: bool = True
    hold: str = ""

    def asked_steps(self) -> list[int]:
        """Positions of the steps that name an event: the others are still being typed and are not asked."""
        return [position for position, step in enumerate(self.steps) if step]

    def asked_exclusions(self) -> list[int]:
        return [position for position, exclusion in enumerate(self.exclusions) if exclusion]

    def is_complete(self) -> bool:
        return bool(self.asked_steps())


def edited(fields: FunnelFields, do: str) -> FunnelFields:
    """The builder after one press: `do` is "verb:position[:part]", such as "up:2" or "add-condition:0".

    Positions count from 0; a press that means nothing (an old page, a hand-made URL) changes nothing.
    """
    verb, _, rest = do.partition(":")
    try:
        places = [int(place) for place in rest.split(":") if place]
    except ValueError:
        return fields
    if verb in LIST_EDITS:
        return LIST_EDITS[verb](fields, *places) if len(places) == WANTS.get(verb, 0) else fields
    of_exclusion, verb = verb.startswith("x-"), verb.removeprefix("x-")
    if verb not in PART_EDITS or not places:
        return fields
    if of_exclusion:
        return replace(fields, exclusions=_part_edited(fields.exclusions, verb, places))
    return replace(fields, steps=_part_edited(fields.steps, verb, places))


def _part_edited(owners: tuple[Owner, ...], verb: str, places: list[int]) -> tuple[Owner, ...]:
    """The steps (or exclusions) with a name or condition of the one at places[0] added or removed."""
    part = places[1] if len(places) > 1 else 0
    return tuple(
        replace(owner, **PART_EDITS[verb](owner, part)) if at == places[0] else owner for at, owner in enumerate(owners)
    )


def _move(fields: FunnelFields, start: int, end: int) -> FunnelFields:
    if not (0 <= start < len(fields.steps) and 0 <= end < len(fields.steps)):
        return fields
    steps = list(fields.steps)
    steps.insert(end, steps.pop(start))
    return replace(fields, steps=tuple(steps))


def _add_step(fields: FunnelFields) -> FunnelFields:
    return replace(fields, steps=(*fields.steps, StepFields())) if len(fields.steps) < MAX_STEPS else fields


def _remove_step(fields: FunnelFields, position: int) -> FunnelFields:
    left = without(fields.steps, position)
    return replace(fields, steps=left or (StepFields(),))


def _add_exclusion(fields: FunnelFields) -> FunnelFields:
    if len(fields.exclusions) >= MAX_PARTS:
        return fields
    return replace(fields, exclusions=(*fields.exclusions, ExclusionFields()))


def _remove_exclusion(fields: FunnelFields, position: int) -> FunnelFields:
    return replace(fields, exclusions=without(fields.exclusions, position))


def without(items: tuple[Item, ...], position: int) -> tuple[Item, ...]:
    return tuple(item for place, item in enumerate(items) if place != position)


LIST_EDITS: dict[str, Callable[..., FunnelFields]] = {
    "up": lambda fields, at: _move(fields, at, at - 1),
    "down": lambda fields, at: _move(fields, at, at + 1),
    "move": _move,
    "add-step": _add_step,
    "remove-step": _remove_step,
    "add-exclusion": _add_exclusion,
    "remove-exclusion": _remove_exclusion,
}
WANTS = {"up": 1, "down": 1, "move": 2, "remove-step": 1, "remove-exclusion": 1}
PART_EDITS: dict[str, Callable[[Any, int], dict[str, Any]]] = {
    "add-name": lambda owner, _: {"events": (*owner.events, "")[:MAX_PARTS]},
    "remove-name": lambda owner, part: {"events": without(owner.events, part) or ("",)},
    "add-condition": lambda owner, _: {"conditions": (*owner.conditions, ConditionFields())[:MAX_PARTS]},
    "remove-condition": lambda owner, part: {"conditions": without(owner.conditions, part)},
}
