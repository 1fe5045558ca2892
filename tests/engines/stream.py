"""A world made of plain rows, for the tests of the engines: `Row` in, a Dataset out."""

from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import numpy as np

from fullfunnel.core import clock
from fullfunnel.events.event import ACTORS
from fullfunnel.events.store.journeys import Column, Index, Part
from fullfunnel.journeys.datasets.dataset import Dataset
from fullfunnel.journeys.folds.companies import by_company
from fullfunnel.journeys.folds.deals import by_deal
from fullfunnel.journeys.funnel import fold as funnel
from fullfunnel.journeys.funnel.answer import answer_funnel
from fullfunnel.journeys.questions.reading import parse


@dataclass(frozen=True)
class Row:
    """One event: `at` in microseconds; rows stand in the order of their arrival."""

    person: str
    event: str
    at: int
    properties: dict[str, str] = field(default_factory=dict)
    session: str | None = None
    actor: str = "person"
    company: str | None = None
    deal: str | None = None


def microseconds(moment: str | float) -> int:
    """A timestamp as files have it: ISO 8601, or epoch seconds or (from 1e11) milliseconds."""
    if isinstance(moment, str):
        return clock.to_us(datetime.fromisoformat(moment))
    return round(moment * 1_000) if abs(moment) >= 1e11 else round(moment * 1_000_000)


class Stream:
    """Rows that `dataset` makes a Dataset of, folded in portions of about `chunk` rows."""

    workspace_id = 0
    timezone = "UTC"

    def __init__(
        self,
        rows: list[Row],
        people: dict[str, dict[str, str]] | None = None,
        *,
        until: int | None = None,
        chunk: int = 10**9,
        companies: dict[str, dict[str, str]] | None = None,
        identities: int = 2,
    ):
        self.identities = identities
        self.companies = companies or {}
        self.rows, self.traits, self.chunk = rows, people or {}, chunk
        self.names = list(dict.fromkeys(row.person for row in rows))
        self.data_until = until if until is not None else max((row.at for row in rows), default=0)

    @property
    def dataset(self) -> Dataset:
        names = SimpleNamespace(
            canonical=str,
            of_units=self.units_named,
            of_people=self.people_named,
            person_called=self.person_called,
            event_properties=self.event_properties,
        )
        traits = SimpleNamespace(
            of_people=self.person_column,
            of_their_companies=self.company_column,
            of_companies=self.trait_of_companies,
            names=self.trait_names,
        )
        return Dataset(self, self.index, names, traits, self.unseen, None)

    def index(self, count: str = "people") -> Index:
        """All journeys at once: the later half of the arrivals lies in the delta, each person has `identities`."""
        index = self._people_index()
        if count == "companies":
            known = self._units("companies")
            today = [self.traits.get(name, {}).get("company") for name in self.names]
            said = _pair(index.column("@company"))
            numbers = np.array([known.index(text) for text in index.column("@company")[0].values], np.int64)
            return by_company(
                index, said, numbers, np.array([known.index(one) if one else -1 for one in today], np.int64)
            )
        if count == "deals":
            return by_deal(index, _pair(index.column("@deal")), len(index.column("@deal")[0].values))
        return index

    def _units(self, count: str) -> list[str]:
        if count == "deals":
            return sorted({row.deal for row in self.rows if row.deal})
        named = {row.company for row in self.rows} | {traits.get("company") for traits in self.traits.values()}
        return sorted(one for one in named if one)

    def trait_of_companies(self, trait, companies) -> Column:
        return _column([self.companies.get(self._units("companies")[one], {}).get(trait) for one in companies])

    def units_named(self, count, units) -> list[str]:
        return (
            self.people_named(units) if count not in ("companies", "deals") else [self._units(count)[u] for u in units]
        )

    def _people_index(self) -> Index:
        place = {name: at for at, name in enumerate(self.names)}
        late = len(self.rows) // 2
        # (part, slice, time, seq, row): a slice is what one of the person's identities did.
        own = sorted(
            (seq >= late, (place[row.person], seq % self.identities), row.at, seq, row)
            for seq, row in enumerate(self.rows)
        )
        names = sorted({row.event for row in self.rows})
        sessions: dict[tuple[str, str], int] = {}
        numbers = {
            seq: -1 if row.session is None else sessions.setdefault((row.person, row.session), len(sessions))
            for *_, seq, row in own
        }
        parts = tuple(_part([one for one in own if one[0] == is_late], names, numbers) for is_late in (False, True))
        slices = []
        for identity in sorted({one[1] for one in own}):
            for part in (0, 1):
                rows = [at for at, one in enumerate([o for o in own if o[0] == part]) if one[1] == identity]
                if rows:
                    slices.append((identity[0], rows[0], rows[-1] + 1, part))
        units, low, high, part = (np.array([one[k] for one in slices], np.int64) for k in range(4))
        first = np.searchsorted(units, np.arange(len(self.names) + 1)).astype(np.int64)

        def column(name: str) -> tuple[Column, Column]:
            named = {"@company": lambda row: row.company, "@deal": lambda row: row.deal}
            whole = _column([named.get(name, lambda row: row.properties.get(name))(row) for *_, row in own])
            base = len(self.rows[:late])
            return Column(whole.codes[:base], whole.values), Column(whole.codes[base:], whole.values)

        ids = np.arange(len(self.names), dtype=np.int64)
        return Index(parts, names, ids, first, low, high, part.astype(np.uint8), units, column)

    def person_column(self, trait, units) -> Column:
        return _column([self.traits.get(self.names[unit], {}).get(trait) for unit in units])

    def company_column(self, trait, units) -> Column:
        people = [self.traits.get(self.names[unit], {}) for unit in units]
        return _column(
            [
                traits.get(f"company.{trait}") or self.companies.get(traits.get("company"), {}).get(trait)
                for traits in people
            ]
        )

    def people_named(self, units) -> list[str]:
        return [self.names[unit] for unit in units]

    def person_called(self, name) -> int | None:
        return self.names.index(name) if name in self.names else None

    def event_properties(self, names) -> list[str]:
        return sorted({name for row in self.rows for name in row.properties})

    def trait_names(self) -> tuple[list[str], list[str]]:
        return (
            sorted({name for traits in self.traits.values() for name in traits}),
            sorted({name for traits in self.companies.values() for name in traits}),
        )

    def unseen(self, kind, names) -> tuple[list[str], list[str]]:
        # Random questions name what few worlds have.
        return [], []

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        with patch.object(funnel, "ROWS_AT_ONCE", self.chunk):
            return answer_funnel(parse(question), self.dataset)

    def counts(self, question: dict[str, Any]) -> list[int]:
        return [step["count"] for step in self.ask(question)["steps"]]


def _pair(columns):
    return columns[0].codes, columns[1].codes


def _part(own, names, sessions) -> Part:
    return Part(
        np.array([at for _, _, at, _, _ in own], np.int64),
        np.array([seq for *_, seq, _ in own], np.int64),
        np.array([names.index(row.event) for *_, row in own], np.uint16),
        np.array([ACTORS.index(row.actor) for *_, row in own], np.uint8),
        np.array([sessions[seq] for *_, seq, _ in own], np.int64),
    )


def _column(texts: list[str | None]) -> Column:
    values = sorted({text for text in texts if text})
    return Column(np.array([values.index(text) if text else -1 for text in texts], np.int32), values)
