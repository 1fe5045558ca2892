"""One series of a trend in SQL that every engine understands alike. Time zones are worked out here, not by the engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np

from fullfunnel.core import clock
from fullfunnel.events.conditions import property_text, to_sql, truths
from fullfunnel.events.event import PERSON
from fullfunnel.events.store.dialects import Dialect
from fullfunnel.events.store.journeys import Units
from fullfunnel.events.store.slices import distinct
from fullfunnel.events.times import FIRST_US, LAST_US
from fullfunnel.events.values import number_text
from fullfunnel.journeys.buckets import SECOND, Span
from fullfunnel.journeys.datasets.dataset import Dataset
from fullfunnel.journeys.questions.shapes import ANY, Series, Trend
from fullfunnel.journeys.watch import Watch

# What counts as a number: up to 15 digits before the point, so that 38 digits hold the sum of any 100 million of them.
AMOUNT = r"^[+-]?([0-9]{1,15}([.][0-9]*)?|[.][0-9]+)$"
SHARES = {"median": 0.5, "p90": 0.9}
Group = str | None
Value = int | float | str | None


@dataclass(frozen=True)
class Size:
    """How many events a group has, and when its first and last were (µs)."""

    events: int
    first: int
    last: int


class SelectedPeople:
    """The people that a series is about, as the table `units`: filtered by what they are, and split by it."""

    def __init__(self, trend: Trend, series: Series, dataset: Dataset, units: Units) -> None:
        conditions = [one for one in (*trend.where, *series.where) if one.of == "person"]
        breakdown = trend.breakdown if trend.breakdown and trend.breakdown.of != "event" else None
        self._all = units
        self.is_needed = bool(conditions or breakdown)
        self.values: list[str] = []
        if not self.is_needed:
            return
        ids = distinct(self._all.units)
        self._allowed = np.ones(ids.size, np.bool_)
        for condition in conditions:
            column = dataset.traits.of_people(condition.property, ids)
            self._allowed &= truths(condition, column.values)[column.codes]
        self._rows = np.searchsorted(ids, self._all.units)
        self._codes = np.full(ids.size, -1, np.int32)
        if breakdown:
            column = (dataset.traits.of_people if breakdown.of == "person" else dataset.traits.of_their_companies)(
                breakdown.property, ids
            )
            self._codes, self.values = column.codes, column.values

    def units(self, places: Sequence[int]) -> Units:
        """Identity -> unit_id = person * width(places) + place, where places[code] is the place of a value and places[-1] of none."""
        if not self.is_needed:
            return self._all
        kept = self._allowed[self._rows]
        rows = self._rows[kept]
        found = np.array(places, np.int64)[self._codes[rows]]
        return Units(self._all.identities[kept], rows * width(places) + found, f"{self._all.version} chosen")


def width(places: Sequence[int]) -> int:
    """How many places there can be: 0 to the highest."""
    return max(places) + 1


class Counting:
    """One series asked of a dataset: which events, which people, split how. Each question is one SQL statement."""

    lists_people = False

    def __init__(self, trend: Trend, series: Series, dataset: Dataset, watch: Watch) -> None:
        self.series, self._trend, self._dataset, self._watch = series, trend, dataset, watch
        # An event of a contact unknown is an event, but nobody.
        is_of_people = self.lists_people or series.measure == "people"
        self._chosen = SelectedPeople(
            trend, series, dataset, dataset.facts.people if is_of_people else dataset.facts.owners
        )
        breakdown = trend.breakdown
        self._by_event = breakdown.property if breakdown and breakdown.of == "event" else None
        nothing: dict[str, Value] = {"events": 0, "people": 0, "sum": "0"}
        self.nothing = nothing.get(series.measure)

    def sizes(self) -> dict[Group, Size]:
        """The size of every group that is there; without a breakdown, of the one group None."""
        values, joins = [*self._chosen.values, None], self._chosen.is_needed
        places = range(len(values))

        def write(d: Dialect) -> str:
            part = property_text(self._by_event, d) if self._by_event else f"unit_id % {len(places)}" if joins else "0"
            return (
                "SELECT part, count(*) AS events, min(occurred_at) AS first_at, max(occurred_at) AS last_at "
                f"FROM (SELECT {part} AS part, occurred_at {self._from(d, joins)}) AS selected GROUP BY part"
            )

        rows = self._ask(write, self._values(), self._chosen.units(places) if joins else None)
        return {
            row["part"] if self._by_event else values[row["part"]]: Size(
                row["events"], _us(row["first_at"]), _us(row["last_at"])
            )
            for row in rows
        }

    def measured(self, spans: Sequence[Span], groups: Sequence[Group]) -> dict[tuple[datetime, int, int], Value]:
        """(beginning on the wall, span for hours, place of the group) -> value; what is in none of `groups` has the last place."""
        place = {group: at for at, group in enumerate(groups)}
        places = [place.get(value, len(groups)) for value in [*self._chosen.values, None]]
        by, joins = self._trend.by, self._chosen.is_needed or self.series.measure == "people"

        def write(d: Dialect) -> str:
            if self._by_event:
                part = _place_sql(property_text(self._by_event, d), place)
            else:
                part = f"unit_id % {width(places)}" if self._chosen.is_needed else "0"
            inner = (
                f"SELECT {d.truncated(by, _wall_sql(spans))} AS wall, {_span_sql(spans) if by == 'hour' else '0'} AS span, "
                f"{part} AS part, {'unit_id' if joins else '0'} AS unit, {self._amount(d)} AS amount {self._from(d, joins)}"
            )
            return f"SELECT wall, span, part, {self._measure(d)} FROM ({inner}) AS selected GROUP BY wall, span, part"

        bounds = [_naive(span.end) for span in spans[:-1]]
        texts = [group for group in groups if group is not None] if self._by_event else []
        values = [*bounds, *(bounds if by == "hour" else []), *texts, *self._values()]
        rows = self._ask(write, values, self._chosen.units(places) if joins else None)
        return {(_wall(row["wall"]), row["span"], row["part"]): self._value(row) for row in rows}

    def _ask(self, write: Any, values: list[Any], units: Units | None) -> list[dict[str, Any]]:
        return self._dataset.sql(write, values, units=units, watch=self._watch)

    def _from(self, d: Dialect, joins: bool) -> str:
        """FROM and WHERE. The values of its question marks are those of `_values`."""
        conditions, _ = self._conditions(d)
        joined = " JOIN units ON units.identity_id = events.identity_id" if joins else ""
        return f"FROM events{joined} WHERE {' AND '.join(conditions)}"

    def _values(self) -> list[Any]:
        return self._conditions(Dialect())[1]

    def _conditions(self, d: Dialect) -> tuple[list[str], list[Any]]:
        series, period = self.series, self._trend.period
        conditions, values = [f"workspace_id = {int(self._dataset.facts.workspace_id)}"], list[Any]()
        if ANY in series.events:
            conditions.append(f"actor = {d.text(PERSON)}")
        else:
            conditions.append(f"name IN ({', '.join('?' for _ in series.events)})")
            values += series.events
        for sign, moment in ((">=", period.start), ("<", period.end)):
            if moment is not None:
                conditions.append(f"occurred_at {sign} ?")
                values.append(_naive(min(max(moment, FIRST_US), LAST_US)))
        for condition in (*self._trend.where, *series.where):
            if condition.of == "event":
                sql, bound = to_sql(condition, d)
                conditions.append(sql)
                values += bound
        return conditions, values

    def _amount(self, d: Dialect) -> str:
        if self.series.property is None:
            return "NULL"
        text = property_text(self.series.property, d)
        # The cast stands outside, so that it never meets a text that is no number.
        return f"CAST(CASE WHEN {d.matches(text, d.text(AMOUNT))} THEN {text} END AS DECIMAL(38, 15))"

    def _measure(self, d: Dialect) -> str:
        measure = self.series.measure
        if measure in SHARES:
            return f"{d.quantile(SHARES[measure], 'CAST(amount AS DOUBLE)')} AS value"
        if measure in ("sum", "mean"):
            return "sum(amount) AS value, count(amount) AS amounts"
        return "count(DISTINCT unit) AS value" if measure == "people" else "count(*) AS value"

    def _value(self, row: dict[str, Any]) -> Value:
        measure, value = self.series.measure, row["value"]
        if value is None or measure not in ("sum", "mean"):
            return self.nothing if value is None else _written(value)
        total = Decimal(value)
        return number_text(total) if measure == "sum" else float(total / row["amounts"])


def _written(value: int | float) -> int | float:
    """What lies between 0.1 and 0.2 is 0.15, and not 0.15000000000000002: as many digits as a float holds of any decimal."""
    return float(f"{value:.15g}") if isinstance(value, float) else value


def _place_sql(text: str, place: dict[Group, int]) -> str:
    rest = len(place)
    named = [at for group, at in place.items() if group is not None]
    cases = "".join(f" WHEN ? THEN {at:d}" for at in named)
    found = f"CASE {text}{cases} ELSE {rest:d} END" if named else f"{rest:d}"
    return f"CASE WHEN {text} IS NULL THEN {place.get(None, rest):d} ELSE {found} END"


def _wall_sql(spans: Sequence[Span]) -> str:
    """occurred_at on the clock of the zone; a question mark for the end of every span but the last."""

    def moved(span: Span) -> str:
        seconds = span.offset // SECOND
        return f"occurred_at {'-' if seconds < 0 else '+'} INTERVAL {abs(seconds):d} SECOND"

    cases = "".join(f" WHEN occurred_at < ? THEN {moved(span)}" for span in spans[:-1])
    return f"CASE{cases} ELSE {moved(spans[-1])} END" if cases else moved(spans[-1])


def _span_sql(spans: Sequence[Span]) -> str:
    cases = "".join(f" WHEN occurred_at < ? THEN {at:d}" for at in range(len(spans) - 1))
    return f"CASE{cases} ELSE {len(spans) - 1:d} END" if cases else "0"


def _naive(moment: int) -> datetime:
    return clock.from_us(moment).replace(tzinfo=None)


def _us(moment: datetime) -> int:
    return clock.to_us(moment.replace(tzinfo=UTC))


def _wall(moment: date) -> datetime:
    # Engines differ: truncating to days gives a date or a moment.
    return datetime.fromisoformat(moment.isoformat()).replace(tzinfo=None)
