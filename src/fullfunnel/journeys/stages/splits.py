"""What people, hand-overs and deals are split and chosen by: their person's first session, and their seller."""

from functools import cached_property
from typing import NamedTuple

import numpy as np

from fullfunnel.events.store.journeys import Column, Index
from fullfunnel.journeys.datasets.dataset import Sellers
from fullfunnel.journeys.folds.gather import Longs, codes_at
from fullfunnel.journeys.stages.figures import Funnels
from fullfunnel.journeys.stages.moves import NO_ROW
from fullfunnel.journeys.stages.question import MAX_VALUES

SELLER = "seller"


class OfEach(NamedTuple):
    """The value of each person, hand-over and deal; their columns share `values`."""

    people: Column
    hand_overs: Column
    deals: Column


class Splits:
    """The values by which a dataset's funnels can be split (question.BY), each read when it is first asked for."""

    def __init__(self, index: Index, found: Funnels, sellers: Sellers) -> None:
        self._index, self._found, self._sellers = index, found, sellers
        self._known: dict[str, OfEach] = {}
        self._order = np.argsort(found.moves.unit)
        self._units = found.moves.unit[self._order]

    def values(self, name: str) -> list[str]:
        """Return the values that some person has, the most frequent first."""
        column = self.of_each(name).people
        sizes = np.bincount(column.codes + 1, minlength=len(column.values) + 1)[1:]
        order = np.lexsort((np.arange(len(sizes)), -sizes))[:MAX_VALUES]
        return [column.values[at] for at in order.tolist() if sizes[at]]

    def of_each(self, name: str) -> OfEach:
        if name not in self._known:
            self._known[name] = self._by_seller if name == SELLER else self._by_session(name)
        return self._known[name]

    def _by_session(self, name: str) -> OfEach:
        """Return what the first session of each person says; a hand-over and a deal have that of their person."""
        column, rows = self._index.column(name), self._found.moves.row
        codes, is_known = np.full(len(rows), -1, np.int32), rows != NO_ROW
        codes[is_known] = codes_at(column, rows[is_known])
        if "" in column[0].values:
            codes[codes == column[0].values.index("")] = -1
        people = Column(codes, column[0].values)
        things = (self._found.hand_overs, self._found.deals)
        return OfEach(
            people, *(self._of_units(people, np.array([one.person for one in some], np.int64)) for some in things)
        )

    def _of_units(self, column: Column, units: Longs) -> Column:
        """Return the same of the people of hand-overs or deals, who may be unknown or left out."""
        at = np.minimum(np.searchsorted(self._units, units), max(len(self._units) - 1, 0))
        if not len(self._units):
            return Column(np.full(len(units), -1, np.int32), column.values)
        codes = np.where(self._units[at] == units, column.codes[self._order[at]], np.int32(-1))
        return Column(codes.astype(np.int32), column.values)

    @cached_property
    def _by_seller(self) -> OfEach:
        """Return the owners. A person has that of their latest hand-over or deal."""
        owners = self._sellers.load()
        values = sorted(set(owners.values()))
        places = {name: at for at, name in enumerate(values)}
        given = [places.get(owners.get(one.lead, ""), -1) for one in self._found.hand_overs]
        sold = [places.get(owners.get(one.name, ""), -1) for one in self._found.deals]
        told = [(one.at, one.person, code) for one, code in zip(self._found.hand_overs, given, strict=True)]
        told = sorted(told + [(one.at, one.person, code) for one, code in zip(self._found.deals, sold, strict=True)])
        latest = {person: code for _, person, code in told if code >= 0}
        people = [latest.get(unit, -1) for unit in self._found.moves.unit.tolist()] if latest else []
        codes = np.array(people, np.int32) if latest else np.full(len(self._found.moves.unit), -1, np.int32)
        return OfEach(
            Column(codes, values),
            *(Column(np.array(some, np.int32), values) for some in (given, sold)),
        )
