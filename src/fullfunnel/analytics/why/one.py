"""A world of one unit, so that the same fold that answers for all is asked of this one alone, as often as need be."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from fullfunnel.analytics.folds.gather import codes_at, taken
from fullfunnel.events.store.journeys import Column, Index, Journeys, Part, no_part

if TYPE_CHECKING:
    from fullfunnel.analytics.world import World


class OneUnit:
    """A world as it is, but for its journeys: those of `unit` only, copied once."""

    def __init__(self, world: "World", index: Index, at: int) -> None:
        self._world, self._whole = world, index
        self.unit = index.units[at : at + 1]
        slices = range(int(index.first[at]), int(index.first[at + 1]))
        rows = [np.arange(index.low[s], index.high[s]) ^ (0 if index.part[s] == 0 else -1) for s in slices]
        row = np.concatenate(rows) if rows else np.empty(0, np.int64)
        order = np.lexsort((self._of("seq", row), self._of("time", row)))
        self._row = row[order]
        self.part = Part(*(self._of(name, self._row) for name in Part._fields))
        self._owner = index.owner[slices.start : slices.start + 1]
        self._columns: dict[str, Column] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world, name)

    def _of(self, name: str, rows: NDArray[np.int64]) -> NDArray[Any]:
        base, delta = self._whole.parts
        return taken((getattr(base, name), getattr(delta, name)), rows)

    def column(self, name: str) -> Column:
        """A property of the unit's events, in their order."""
        if name not in self._columns:
            pair = self._whole.column(name)
            codes = codes_at(pair, self._row)
            here, places = np.unique(codes, return_inverse=True)
            known = [pair[0].values[code] for code in here if code >= 0]
            self._columns[name] = Column((places - (len(here) - len(known))).astype(np.int32), known)
        return self._columns[name]

    @property
    def names(self) -> list[str]:
        return self._whole.names

    def index(self) -> Index:
        one, none = np.zeros(1, np.int64), Column(np.empty(0, np.int32), [])
        ends = one + len(self.part.time)

        def column(name: str) -> tuple[Column, Column]:
            found = self.column(name)
            return found, Column(none.codes, found.values)

        parts = (self.part, no_part())
        return Index(
            parts, self.names, self.unit, np.array([0, 1]), one, ends, one.astype(np.uint8), self._owner, column
        )

    def journeys(self, columns: Sequence[str]) -> Iterator[Journeys]:
        part = self.part
        yield Journeys(
            units=self.unit,
            offsets=np.array([0, len(part.time)], np.int64),
            time=part.time,
            seq=part.seq,
            name=part.name.astype(np.int32),
            names=self.names,
            actor=part.actor,
            session=part.session,
            columns={name: self.column(name) for name in columns},
        )


def world_of_one(world: "World", unit: int) -> OneUnit | None:
    """The world of the unit with this id; None when it has no events."""
    index = world.index()
    at = np.flatnonzero(index.units == unit)
    return OneUnit(world, index, int(at[0])) if len(at) else None


def as_world(one: OneUnit) -> "World":
    """For who asks: it has every door of a world, most of them the whole world's own."""
    return cast("World", one)
