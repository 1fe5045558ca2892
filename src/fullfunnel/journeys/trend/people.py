"""Who is counted in one bucket of a trend: the people of one series, or of a group of it, in SQL."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from fullfunnel.events.conditions import property_text
from fullfunnel.events.store.dialects import Dialect
from fullfunnel.events.store.slices import distinct
from fullfunnel.journeys.answers.people_lists import Json, people_rows_json
from fullfunnel.journeys.questions.shapes import BucketList
from fullfunnel.journeys.trend.sql import Counting, Group, _place_sql, _us, width


class BucketPeople(Counting):
    """A series of a trend whose period is one bucket."""

    lists_people = True

    def people(self, asked: BucketList, groups: Sequence[Group]) -> Json:
        """The piece that is asked for, by the first event of each in the bucket."""
        place = {group: at for at, group in enumerate(groups)}
        places = [place.get(value, len(groups)) for value in [*self._chosen.values, None]]
        own = place.get(asked.group[0], len(groups)) if asked.group else 0
        wanted = f"WHERE part = {own:d}" if asked.group else ""

        def each(d: Dialect) -> str:
            part = f"unit_id % {width(places)}" if self._chosen.is_needed else "0"
            if self._by_event:
                part = _place_sql(property_text(self._by_event, d), place)
            inner = f"SELECT {part} AS part, unit_id AS unit, occurred_at {self._from(d, joins=True)}"
            return f"SELECT unit, min(occurred_at) AS first_at FROM ({inner}) AS selected {wanted} GROUP BY unit"

        def piece(d: Dialect) -> str:
            order = f"ORDER BY first_at, unit LIMIT {asked.limit:d} OFFSET {asked.offset:d}"
            return f"SELECT unit, first_at FROM ({each(d)}) AS listed {order}"

        texts: list[Any] = [group for group in groups if group is not None] if self._by_event else []
        values, chosen = texts + self._values(), self._chosen.units(places)
        rows = self._ask(piece, values, chosen)
        total = self._ask(lambda d: f"SELECT count(*) AS total FROM ({each(d)}) AS listed", values, chosen)[0]["total"]
        units = np.array([row["unit"] for row in rows], np.int64)
        if self._chosen.is_needed:
            units = distinct(self._dataset.facts.people.units)[units // width(places)]
        entered = np.array([_us(row["first_at"]) for row in rows], np.int64)
        return people_rows_json("trend", "people", units, entered, total, self._dataset)
