"""Traits as they were when the step before was reached: what somebody only told later would explain everything, and nothing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.journeys import Column, Index
from fullfunnel.journeys.drop_off.behaviours import Behaviours
from fullfunnel.journeys.drop_off.comparison import Comparison
from fullfunnel.journeys.folds.gather import codes_at


@dataclass(frozen=True)
class Changes:
    """Every change of a trait of the units of both sides, by unit and time. unit: the unit's place; is_before: at or before the moment
    at which the step before was reached; trait: codes of `names`."""

    unit: NDArray[np.int64]
    is_before: NDArray[np.bool_]
    trait: NDArray[np.int32]
    names: list[str]
    old: Column
    new: Column


def changes_of(sides: Comparison, happened: Behaviours, index: Index) -> Changes:
    """The changes in the stream, with their values."""
    unit, time, row = happened.changes
    trait, old, new = (
        (index.column(name)[0].values, codes_at(index.column(name), row)) for name in ("trait", "old", "new")
    )
    is_before = time <= sides.before[unit]
    return Changes(unit, is_before, trait[1], trait[0], Column(old[1], old[0]), Column(new[1], new[0]))


def as_it_was(today: Column, name: str, changes: Changes) -> Column:
    """A trait of each unit at the moment of the step before: the new value of the last change until then, else the old one of the
    first change after it, else today's."""
    if name not in changes.names:
        return today
    own = np.flatnonzero(changes.trait == changes.names.index(name))
    texts = dict.fromkeys([*today.values, *changes.old.values, *changes.new.values])
    texts.pop("", None)
    values = list(texts)
    codes = _recoded(today, values)[today.codes]
    after, before = own[~changes.is_before[own]], own[changes.is_before[own]]
    unit, first = np.unique(changes.unit[after], return_index=True)
    codes[unit] = _recoded(changes.old, values)[changes.old.codes[after[first]]]
    # The last of each unit: the first of the list read backwards.
    unit, last = np.unique(changes.unit[before][::-1], return_index=True)
    codes[unit] = _recoded(changes.new, values)[changes.new.codes[before[::-1][last]]]
    return Column(codes, values)


def _recoded(column: Column, values: list[str]) -> NDArray[np.int32]:
    """The new code of each code, the last one that of no value."""
    places = {text: at for at, text in enumerate(values)}
    return np.array([places.get(text, -1) for text in column.values] + [-1], np.int32)
