"""A file as a dataset: read once into arrays, then folded like a workspace's journeys, or asked in SQL."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.conditions import COMPANY, DEAL
from fullfunnel.events.event import ACTORS
from fullfunnel.events.sessions import number_sessions
from fullfunnel.events.store.dialects import Dialect
from fullfunnel.events.store.journeys import Column, Index, Part, Units, no_part
from fullfunnel.events.store.slices import distinct
from fullfunnel.journeys.datasets.dataset import (
    COMPANIES_TRAIT,
    EVENT,
    MAX_OFFERED,
    PEOPLES_TRAIT,
    Dataset,
    Selling,
    frequent_traits,
)
from fullfunnel.journeys.datasets.file_rows import Coded, Loaded, Reading
from fullfunnel.journeys.watch import Watch

# A file has no companies of their own: these words all mean the name that its rows give.
_COMPANY_NAMES = ("company", "name", "id", "key")


class FileEvents:
    """The events of a file as arrays: the facts, indexes and SQL of its dataset. Events of the same person and time keep the
    order in which they were read."""

    workspace_id = 0
    timezone = "UTC"
    selling = Selling()

    def rules_called(self, number: int) -> None:
        """A file has no versions of rules."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        unit, time = np.array(loaded.people.codes, np.int64), np.array(loaded.time, np.int64)
        self._order = np.lexsort((time, unit))  # stable: equal times stay in the order of arrival
        self._unit, self._time = unit[self._order], time[self._order]
        self._name = np.array(loaded.names.codes, np.int32)[self._order]
        self._actor = np.array(loaded.actor, np.uint8)[self._order]
        given = self._spread(loaded.session).astype(np.int64)
        self._session = number_sessions(self._unit, self._time, self._actor, given)
        self._columns = {
            "@name": Column(self._name, list(loaded.names.index)),
            "@actor": Column(self._actor.astype(np.int32), list(ACTORS)),
        }
        self._people = list(loaded.people.index)

    @property
    def data_until(self) -> int:
        return int(self._time.max(initial=0)) if self._time.size else 0

    @property
    def people(self) -> Units:
        ids = distinct(self._unit)
        return Units(ids, ids, "file")

    @property
    def owners(self) -> Units:
        return self.people

    def index(self, count: str = "people") -> Index:
        if count == "companies":
            from fullfunnel.journeys.folds.companies import by_company

            known, today = self.company_numbers, self.companies()
            index, said = self._people_index(), self._coded(self.loaded.company)
            numbers = np.array([known[text] for text in said.values], np.int64)
            own = np.array([known.get(today.get(int(unit), ""), -1) for unit in index.units], np.int64)
            return by_company(index, (said.codes, np.empty(0, np.int32)), numbers, own)
        if count == "deals":
            from fullfunnel.journeys.folds.deals import by_deal

            said = self._coded(self.loaded.deal)
            return by_deal(self._people_index(), (said.codes, np.empty(0, np.int32)), len(said.values))
        return self._people_index()

    def _people_index(self) -> Index:
        starts = np.flatnonzero(np.diff(self._unit, prepend=-1)).astype(np.int64)
        units = self._unit[starts]
        first = np.arange(len(starts) + 1, dtype=np.int64)
        part = Part(self._time, self._order, self._name.astype(np.uint16), self._actor, self._session)
        high = np.append(starts[1:], self._unit.size)[: len(starts)]

        def column(name: str) -> tuple[Column, Column]:
            found = self._column(name)
            return found, Column(np.empty(0, np.int32), found.values)

        names = self._columns["@name"].values
        base = np.zeros(len(starts), np.uint8)
        return Index((part, no_part()), names, units, first, starts, high, base, units, column)

    def sql(
        self,
        write: Callable[[Dialect], str],
        values: Sequence[Any] = (),
        *,
        units: Units | None = None,
        watch: Watch | None = None,
    ) -> list[dict[str, Any]]:
        from fullfunnel.journeys.datasets.file_sql import ask_file

        arrays = {"seq": self._order, "time": self._time, "unit": self._unit}
        return ask_file(arrays, self._column, units, write, values, watch or Watch())

    @cached_property
    def company_numbers(self) -> dict[str, int]:
        """Every company that an event or a person names, numbered."""
        named = [*self.loaded.company.index, *self.companies().values()]
        return {text: number for number, text in enumerate(dict.fromkeys(named))}

    def companies(self) -> dict[int, str]:
        """The company of each person: what its own row says, else what its latest event says."""
        column = self._coded(self.loaded.company)
        said = np.flatnonzero(column.codes >= 0)
        named = dict(zip(self._unit[said].tolist(), (column.values[code] for code in column.codes[said]), strict=True))
        for person, traits in self.loaded.traits.items():
            if (company := traits.get("company")) and person in self.loaded.people.index:
                named[self.loaded.people.index[person]] = company
        return named

    def _column(self, name: str) -> Column:
        if name not in self._columns:
            named = {COMPANY: self.loaded.company, DEAL: self.loaded.deal}.get(name)
            self._columns[name] = self._coded(named or self.loaded.properties.get(name, Coded()))
        return self._columns[name]

    def _coded(self, coded: Coded) -> Column:
        return Column(self._spread(coded), list(coded.index))

    def _spread(self, coded: Coded) -> NDArray[np.int32]:
        codes = np.full(len(self.loaded.time), -1, np.int32)
        codes[np.array(coded.rows, np.int64)] = np.array(coded.codes, np.int32)
        return codes[self._order]


class FileNames:
    """See dataset.Names."""

    def __init__(self, events: FileEvents) -> None:
        self._events, self._loaded = events, events.loaded
        self._people = list(self._loaded.people.index)

    def canonical(self, name: str) -> str:
        return name

    def of_units(self, count: str, units: NDArray[np.int64]) -> list[str]:
        if count in ("companies", "deals"):
            known = list(self._events.company_numbers if count == "companies" else self._loaded.deal.index)
            return [known[unit] for unit in units]
        return self.of_people(units)

    def of_people(self, units: NDArray[np.int64]) -> list[str]:
        return [self._people[unit] for unit in units]

    def person_called(self, name: str) -> int | None:
        return self._loaded.people.index.get(name)

    def event_properties(self, names: Sequence[str]) -> list[str]:
        return list(self._loaded.properties)[:MAX_OFFERED]

    def unknown(self, kind: str, names: Sequence[str]) -> tuple[list[str], list[str]]:
        seen: Collection[str] = self._loaded.names.index if kind == EVENT else self._loaded.properties
        if kind in (PEOPLES_TRAIT, COMPANIES_TRAIT):
            seen = self._traits if kind == PEOPLES_TRAIT else _COMPANY_NAMES
        missing = [name for name in names if name not in seen] if self._loaded.names.index else []
        return missing, list(seen) if missing else []

    @cached_property
    def _traits(self) -> dict[str, None]:
        return dict.fromkeys(chain.from_iterable(self._loaded.traits.values()))


class FileTraits:
    """See dataset.Traits."""

    def __init__(self, events: FileEvents, names: FileNames) -> None:
        self._events, self._loaded, self._names = events, events.loaded, names

    def of_people(self, trait: str, units: NDArray[np.int64]) -> Column:
        return _coded_texts([self._loaded.traits.get(name, {}).get(trait) for name in self._names.of_people(units)])

    def of_their_companies(self, trait: str, units: NDArray[np.int64]) -> Column:
        named = self._events.companies() if trait in _COMPANY_NAMES else {}
        return _coded_texts([named.get(int(unit)) for unit in units])

    def of_companies(self, trait: str, companies: NDArray[np.int64]) -> Column:
        return _coded_texts(
            self._names.of_units("companies", companies) if trait in _COMPANY_NAMES else [None] * len(companies)
        )

    def names(self) -> tuple[list[str], list[str]]:
        return frequent_traits(self._loaded.traits.values()), ["company"] if self._loaded.company.index else []


def _coded_texts(texts: Sequence[str | None]) -> Column:
    index: dict[str, int] = {}
    codes = [index.setdefault(text, len(index)) if text else -1 for text in texts]
    return Column(np.array(codes, np.int32), list(index))


def dataset_of_file(loaded: Loaded) -> Dataset:
    """Return the dataset of what was read of files."""
    events = FileEvents(loaded)
    names = FileNames(events)
    return Dataset(events, events.index, names, FileTraits(events, names), names.unknown, events.sql)


def dataset_of_rows(events: Iterable[Mapping[str, Any]], people: Iterable[Mapping[str, Any]] = ()) -> Dataset:
    """A dataset of events and people given as dicts (as lines of JSON would be). ValueError for one that is none."""

    def refuse(line: int, reason: str) -> None:
        raise ValueError(f"row {line} {reason}")

    loaded = Loaded()
    loaded.add_events(((line, dict(row)) for line, row in enumerate(events, 1)), Reading(), refuse)
    loaded.add_people(((line, dict(row)) for line, row in enumerate(people, 1)), "person", refuse)
    return dataset_of_file(loaded)
