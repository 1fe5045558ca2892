"""Judge clauses over one journey: pure Python, and the truth that faster folds are compared with."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo

from fullfunnel.core import clock
from fullfunnel.events.conditions.clause import (
    ALL,
    ANY_OF,
    BEFORE,
    DAYS,
    ME,
    SESSIONS,
    TIMES,
    WEEKS,
    Clause,
    Dated,
    DaysAgo,
    Group,
    Happening,
    Has,
)
from fullfunnel.events.conditions.condition import Condition
from fullfunnel.events.conditions.evaluate import truths


def first_moment(has: Has, journey: Sequence[Happening], zone: tzinfo, *, not_before: int | None = None) -> int | None:
    """Return when the journey (in order of time) first had it, in µs; None when it never did.

    `not_before`: moments before it do not count as that time, though their events count towards it.
    """
    kept = [one for one in journey if serves(has, one)]
    groups: dict[Hashable, list[Happening]] = defaultdict(list)
    for one in kept:
        if not has.each or one.properties.get(has.each):
            groups[one.properties.get(has.each) if has.each else None].append(one)
    found = (_first(has, group, zone, not_before) for group in groups.values())
    return min((moment for moment in found if moment is not None), default=None)


def _first(has: Has, group: list[Happening], zone: tzinfo, not_before: int | None) -> int | None:
    # The last time that each session, day or value was met, the latest last.
    latest: dict[Hashable, int] = {}
    for number, one in enumerate(group):
        key = _key(has, one, number, zone)
        if key is None:
            continue
        latest.pop(key, None)
        latest[key] = one.at
        if len(latest) < has.least or (not_before is not None and one.at < not_before):
            continue
        earliest = list(latest.values())[-has.least]
        if has.within is None or one.at - earliest <= has.within:
            return one.at
    return None


def serves(has: Has, one: Happening) -> bool:
    """Return whether this event is one that `has` counts."""
    if one.name not in has.events:
        return False
    return all(_is_true(condition, one.properties.get(condition.property)) for condition in has.where)


def _key(has: Has, one: Happening, number: int, zone: tzinfo) -> Hashable | None:
    if has.count == TIMES:
        return number
    if has.count == SESSIONS:
        return None if one.session < 0 else one.session
    if has.count in (DAYS, WEEKS):
        day = clock.from_us(one.at).astimezone(zone).date()
        return day if has.count == DAYS else day - timedelta(days=day.weekday())
    return one.properties.get(has.value) or None


def _is_true(condition: Condition, text: str | None) -> bool:
    return bool(truths(condition, [text] if text else [])[0])


def holds(clause: Clause, traits: Mapping[str, str], journey: Sequence[Happening], zone: tzinfo) -> bool:
    """Return whether a bound clause is true of a person with these texts (moments as ISO 8601) and this journey."""
    if isinstance(clause, Condition):
        return _is_true(clause, traits.get(clause.property))
    if isinstance(clause, Dated):
        return _is_then(clause, traits.get(clause.property), zone)
    if isinstance(clause, Has):
        begins = start_of(clause.since, zone) if isinstance(clause.since, str) else None
        return first_moment(clause, [one for one in journey if begins is None or one.at >= begins], zone) is not None
    found = [holds(one, traits, journey, zone) for one in clause.of]
    return all(found) if clause.op == ALL else any(found) == (clause.op == ANY_OF)


def _is_then(clause: Dated, text: str | None, zone: tzinfo) -> bool:
    if not text or not isinstance(clause.day, str):
        return False
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    at = clock.to_us(moment if moment.tzinfo else moment.replace(tzinfo=zone))
    begins = start_of(clause.day, zone)
    return at < begins if clause.op == BEFORE else at >= begins


def start_of(day: str, zone: tzinfo) -> int:
    """Return when a day (ISO) begins in a zone, in µs."""
    return clock.to_us(datetime.combine(date.fromisoformat(day), time(), zone))


def bound(clause: Clause, *, me: str, today: date) -> Clause:
    """Return the clause with @me and relative days replaced. `me`: how the one who asks is called; `today`: in their zone."""
    if isinstance(clause, Group):
        return Group(clause.op, tuple(bound(one, me=me, today=today) for one in clause.of))
    if isinstance(clause, Dated):
        return Dated(clause.property, clause.op, _bound_day(clause.day, today))
    if isinstance(clause, Has):
        since = _bound_day(clause.since, today) if clause.since is not None else None
        where = tuple(_bound_condition(one, me) for one in clause.where)
        return replace(clause, where=where, since=since)
    return _bound_condition(clause, me)


def _bound_day(day: str | DaysAgo, today: date) -> str:
    return day if isinstance(day, str) else (today - timedelta(days=day.days)).isoformat()


def _bound_condition(condition: Condition, me: str) -> Condition:
    operands = tuple(me if operand == ME else operand for operand in condition.operands)
    return Condition(condition.property, condition.op, operands, condition.of)
