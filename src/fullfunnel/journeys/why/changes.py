"""What would have changed it. Each change is a changed question, answered by the fold for this one unit: nothing is guessed.

A span is looked for among the times that lie between the unit's own events, the smallest first; it is told only when the fold
says that it is enough and that the next smaller one is not.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fullfunnel.core import clock
from fullfunnel.core.texts import dates
from fullfunnel.journeys.questions.shapes import Funnel, Matcher, Period
from fullfunnel.journeys.watch import Watch
from fullfunnel.journeys.why.entries import entries_of
from fullfunnel.journeys.why.facts import Facts
from fullfunnel.journeys.why.one import OneUnit
from fullfunnel.journeys.why.standing import Row, rows_of
from fullfunnel.journeys.why.voice import Voice, in_units, unit_of
from fullfunnel.journeys.why.walks import Entry

MAX_TRIED = 24


@dataclass(frozen=True)
class Change:
    """A changed question under which the unit comes further: what was changed to which value, and the last step (from 0) then."""

    change: str
    value: Any
    question: Funnel
    reached: int
    sentence: str


class Asker:
    """Asks the fold how far the unit comes when the question is changed; `row`: where it stands now, None for nowhere."""

    def __init__(self, question: Funnel, one: OneUnit, facts: Facts, row: Row | None, watch: Watch) -> None:
        self.question, self.one, self.facts, self.row, self.watch = question, one, facts, row, watch
        self.voice = Voice(question)
        self.needed = row.weight(question)[0] if row else 0

    def reached(self, changed: Funnel) -> int | None:
        """The last step (from 0) then reached; None when the unit does not come further than now."""
        rows = rows_of(changed, self.one, self.watch)
        if self.row is not None and changed.count in ("sessions", "entries"):
            rows = [row for row in rows if row.entered == self.row.entered]
        rows = [row for row in rows if row.weight(changed)[0] > self.needed]
        return max((max(row.times) for row in rows), default=None)

    def further(self, changed: Funnel) -> list[tuple[Entry, int, int]]:
        """The entries that come further by the changed question: (entry, the step before, the step: places)."""
        walked = entries_of(changed, self.facts, self.one.dataset.facts.data_until, check=self.watch.check)
        found = []
        for entry in walked.entries:
            needed = [place for place in sorted(entry.at) if not changed.steps[place].optional]
            if len(needed) > self.needed:
                place = needed[self.needed]
                found.append((entry, max((one for one in entry.at if one < place), default=place), place))
        return found

    def then(self, reached: int) -> str:
        return f"it would have reached {self.voice.step(reached)}"


def changes_of(question: Funnel, one: OneUnit, facts: Facts, row: Row | None, watch: Watch) -> list[Change]:
    """Every single change of the question that takes the unit further, the most telling kinds first."""
    asker = Asker(question, one, facts, row, watch)
    makers = (_window, _within, _without_exclusions, _without_conditions, _period, _held, _plainer)
    return [change for make in makers for change in make(asker)]


def _window(asker: Asker) -> Iterator[Change]:
    question, voice = asker.question, asker.voice
    if question.window is None:
        return
    found = [
        (entry.moments.times[entry.at[place]] - entry.entered, place)
        for entry, _, place in asker.further(replace(question, window=None))
    ]
    for span, place in _larger(found, question.window):
        enough = _enough(asker, question.window, span, lambda size: replace(question, window=size))
        if enough:
            count, unit, size, reached = enough
            said = f"{in_units(count, unit)} would have been enough: the window is {_spoken(question.window)}"
            said += f" and {voice.step(place)}, came {voice.span(span)} after the entry began."
            value = {"value": count, "unit": unit, "seconds": span / 1_000_000}
            yield Change("window", value, replace(question, window=size), reached, said)
            return


def _within(asker: Asker) -> Iterator[Change]:
    for at, step in enumerate(asker.question.steps):
        if step.within is not None:
            yield from _within_step(asker, at, step.within)


def _within_step(asker: Asker, at: int, within: int) -> Iterator[Change]:
    question, voice = asker.question, asker.voice

    def changed(size: int | None) -> Funnel:
        steps = list(question.steps)
        steps[at] = replace(steps[at], within=size)
        return replace(question, steps=tuple(steps))

    found = []
    for entry, _, _ in asker.further(changed(None)):
        before = max((place for place in entry.at if place < at), default=None)
        if at in entry.at and before is not None:
            found.append((entry.moments.times[entry.at[at]] - entry.moments.times[entry.at[before]], at))
    for span, _ in _larger(found, within):
        if enough := _enough(asker, within, span, changed):
            count, unit, size, reached = enough
            said = f"{in_units(count, unit)} for {voice.step(at)}, would have been enough: it must follow within"
            said += f" {_spoken(within)} and came {voice.span(span)} after the step before."
            value = {"step": at + 1, "value": count, "unit": unit, "seconds": span / 1_000_000}
            yield Change("within", value, changed(size), reached, said)
            return


def _larger(found: list[tuple[int, int]], now: int) -> list[tuple[int, int]]:
    """Spans that are larger than the one asked for, the smallest first."""
    return sorted({span: place for span, place in found if span > now}.items())[:MAX_TRIED]


def _enough(asker: Asker, now: int, span: int, changed: Any) -> tuple[float, str, int, int] | None:
    """(so many, units, in µs, the step then reached), in the unit of the span asked for, when it is the smallest that takes the unit
    further; else None."""
    if asker.reached(changed(span)) is None or asker.reached(changed(span - 1)) is not None:
        return None
    unit, size = unit_of(now)
    if now % size or size > span:
        size = 1
    count = -(-span // size)
    reached = asker.reached(changed(count * size))
    if reached is None or ((count - 1) * size > now and asker.reached(changed((count - 1) * size)) is not None):
        return None
    return (count, unit, count * size, reached) if size > 1 else (span / 1_000_000, "second", span, reached)


def _spoken(span: int) -> str:
    unit, size = unit_of(span)
    return in_units(span / size, unit)


def _without_exclusions(asker: Asker) -> Iterator[Change]:
    question = asker.question
    for x in range(len(question.exclude)):
        changed = replace(question, exclude=(*question.exclude[:x], *question.exclude[x + 1 :]))
        if (reached := asker.reached(changed)) is not None:
            said = f"Without the exclusion of {asker.voice.exclusion(x)} {asker.then(reached)}."
            yield Change("exclude", {"exclude": x + 1}, changed, reached, said)


def _without_conditions(asker: Asker) -> Iterator[Change]:
    question, voice = asker.question, asker.voice
    for at, step in enumerate(question.steps):
        for place, condition in enumerate(step.where):
            changed = _with_step(question, at, where=(*step.where[:place], *step.where[place + 1 :]))
            if (reached := asker.reached(changed)) is not None:
                subject = condition.property.replace("_", " ")
                said = f"Without the condition on {subject} in {voice.step(at)}, {asker.then(reached)}."
                yield Change("where", {"step": at + 1, "property": condition.property}, changed, reached, said)
        if step.first_ever:
            changed = _with_step(question, at, first_ever=False)
            if (reached := asker.reached(changed)) is not None:
                said = f"If {voice.step(at)}, need not be the first ever, {asker.then(reached)}."
                yield Change("first_ever", {"step": at + 1}, changed, reached, said)


def _with_step(question: Funnel, at: int, **fields: Any) -> Funnel:
    steps: list[Matcher] = list(question.steps)
    steps[at] = replace(steps[at], **fields)
    return replace(question, steps=tuple(steps))  # type: ignore[arg-type]


def _period(asker: Asker) -> Iterator[Change]:
    """The nearest day from which, or until which, the period would have to reach."""
    question, period = asker.question, asker.question.period
    zone = ZoneInfo(period.timezone)
    if period.start is not None:
        entries = asker.further(replace(question, period=replace(period, start=None)))
        days = {_day(entry.entered, zone) for entry, _, _ in entries if entry.entered < period.start}
        for day in sorted(days, reverse=True)[:MAX_TRIED]:
            longer = replace(period, start=_midnight(day, zone))
            if (said := _longer(asker, longer, f"began on {_spoken_day(day)}")) is not None:
                yield replace(said, value={"from": day.isoformat()})
                break
    if period.end is not None:
        entries = asker.further(replace(question, period=replace(period, end=None)))
        moments = {entry.moments.times[entry.at[place]] for entry, _, place in entries}
        moments |= {entry.entered for entry, _, _ in entries}
        days = {_day(moment, zone) for moment in moments if moment >= period.end}
        for day in sorted(days)[:MAX_TRIED]:
            longer = replace(period, end=_midnight(day + timedelta(days=1), zone))
            if (said := _longer(asker, longer, f"went on until {_spoken_day(day)}")) is not None:
                yield replace(said, value={"to": day.isoformat()})
                break


def _longer(asker: Asker, period: Period, how: str) -> Change | None:
    changed = replace(asker.question, period=period)
    reached = asker.reached(changed)
    if reached is None:
        return None
    return Change("period", None, changed, reached, f"If the period {how}, {asker.then(reached)}.")


def _day(moment: int, zone: ZoneInfo) -> date:
    return clock.from_us(moment).astimezone(zone).date()


def _midnight(day: date, zone: ZoneInfo) -> int:
    return clock.to_us(datetime(day.year, day.month, day.day, tzinfo=zone))


def _spoken_day(day: date) -> str:
    return dates.day(day)


def _held(asker: Asker) -> Iterator[Change]:
    hold = asker.question.hold
    for name in hold:
        changed = replace(asker.question, hold=tuple(one for one in hold if one != name))
        if (reached := asker.reached(changed)) is not None:
            said = f"If {name.replace('_', ' ')} need not stay the same, {asker.then(reached)}."
            yield Change("hold", {"property": name}, changed, reached, said)


def _plainer(asker: Asker) -> Iterator[Change]:
    """The rules of the whole funnel, each made milder."""
    question = asker.question
    milder: list[tuple[str, Any, Funnel, str]] = []
    if question.order == "strict":
        changed = replace(question, order="ordered")
        milder.append(("order", "ordered", changed, "If other events may come between the steps,"))
    if question.order != "any" and not any(step.optional or step.within is not None for step in question.steps):
        milder.append(("order", "any", replace(question, order="any"), "If the steps may come in any order,"))
    if question.entries == "first" and question.count != "entries":
        milder.append(
            ("entries", "best", replace(question, entries="best"), "If any entry counts, not only the first,")
        )
    if not question.late_conversions:
        changed = replace(question, late_conversions=True)
        milder.append(("late_conversions", True, changed, "If conversions after the period count,"))
    told: set[str] = set()
    for change, value, changed, said in milder:
        # What a small change does, a larger one of the same kind need not be told for.
        if change not in told and (reached := asker.reached(changed)) is not None:
            then = "it would have completed more steps" if changed.order == "any" else asker.then(reached)
            told.add(change)
            yield Change(change, value, changed, reached, f"{said} {then}.")
