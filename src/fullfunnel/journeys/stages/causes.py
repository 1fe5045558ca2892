"""Which events of a journey made a rule true at a moment. Pure."""

from collections.abc import Sequence
from datetime import tzinfo

from fullfunnel.events.conditions import Clause, Group, Happening, Has, first_moment, serves
from fullfunnel.journeys.stages.rule import Stage

MOST = 10


def causes_of(stage: Stage, journey: Sequence[Happening], at: int, zone: tzinfo) -> list[int]:
    """Return the places of the events that made a stage reached at a moment (µs), in order; none where a later stage did.

    journey: in order of time, kinds of pages replaced in the rule. The latest MOST of them.
    """
    for clause in (stage.rule, stage.late):
        if clause is not None and (found := _made_at(clause, journey, at, zone)):
            return sorted(found)[-MOST:]
    return []


def _made_at(clause: Clause, journey: Sequence[Happening], at: int, zone: tzinfo) -> set[int]:
    """Return what made a clause true at exactly this moment."""
    if isinstance(clause, Has):
        return _served(clause, journey, at) if first_moment(clause, journey, zone, not_before=at) == at else set()
    if not isinstance(clause, Group):
        return set()
    if clause.op == "any":
        return next((found for one in clause.of if (found := _made_at(one, journey, at, zone))), set())
    parts = [_made_until(one, journey, at) for one in clause.of]
    whole = set[int]().union(*parts)
    return whole if all(parts) and any(journey[place].at == at for place in whole) else set()


def _made_until(clause: Clause, journey: Sequence[Happening], at: int) -> set[int]:
    """Return what made a clause true at a moment or before."""
    if isinstance(clause, Has):
        return _served(clause, journey, at)
    if not isinstance(clause, Group):
        return set()
    parts = [_made_until(one, journey, at) for one in clause.of]
    if clause.op == "any":
        return next((part for part in parts if part), set())
    return set[int]().union(*parts) if all(parts) else set()


def _served(has: Has, journey: Sequence[Happening], at: int) -> set[int]:
    """Return the events that count towards it: the first where one is enough, else all within its span."""
    places = [place for place, one in enumerate(journey) if one.at <= at and serves(has, one)]
    if has.least == 1:
        return set(places[:1])
    begins = None if has.within is None else at - has.within
    return {place for place in places if begins is None or journey[place].at >= begins}
