"""The channel group as a column of a journeys index: one look at each dictionary-coded column, and the rules once for each combination. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fullfunnel.capture.own_channels.naming import TOLD, name_touches
from fullfunnel.capture.own_channels.rules import Rule
from fullfunnel.events.conditions import CHANNEL_GROUP, Condition, truths
from fullfunnel.events.store.journeys import Column, Index

Columns = Callable[[str], tuple[Column, Column]]
Ints = NDArray[np.int64]
# Combinations are found by a table of marks up to here, by sorting beyond.
MAX_MARKS = 1 << 26


def needed(rules: Sequence[Rule]) -> list[str]:
    """Return the properties that must be known."""
    return list(dict.fromkeys([*TOLD, *(condition.property for rule in rules for condition in rule.where)]))


def grouped(rules: Sequence[Rule], column: Columns) -> tuple[Column, Column]:
    """Return the channel group as a column of base and delta; -1 for events that are no touch."""
    pairs = {name: column(name) for name in needed(rules)}
    kinds = {name: _Kinds(name, pair[0].values, rules) for name, pair in pairs.items()}
    index: dict[str, int] = {}
    base, delta = (_part({name: pair[at].codes for name, pair in pairs.items()}, kinds, rules, index) for at in (0, 1))
    values = list(index)
    return Column(base, values), Column(delta, values)


def with_groups(index: Index, version: int, rules: Sequence[Rule]) -> Index:
    """Return the index with the property CHANNEL_GROUP, worked out when it is first asked for."""
    wanted, kept = needed(rules), index.kept

    def column(name: str) -> tuple[Column, Column]:
        if name != CHANNEL_GROUP:
            return index.column(name)
        if (CHANNEL_GROUP, version) not in kept:
            kept[CHANNEL_GROUP, version] = grouped(rules, index.column)
        found: tuple[Column, Column] = kept[CHANNEL_GROUP, version]
        return found

    def is_coded(name: str) -> bool:
        return index.is_coded(name) if name != CHANNEL_GROUP else all(index.is_coded(one) for one in wanted)

    return replace(index, column=column, is_coded=is_coded)


class _Kinds:
    """The values of a property as far as the rules tell them apart. of_code: the kind of each code, at the end of none."""

    def __init__(self, name: str, values: Sequence[str], rules: Sequence[Rule]) -> None:
        self.values = values
        asked = dict.fromkeys(one for rule in rules for one in rule.where if one.property == name)
        found: dict[Condition, NDArray[np.bool_]] = {one: truths(one, values) for one in asked}
        if name in TOLD:
            # Each value is a kind of its own; kind 0 has none.
            self.of_code = np.array([*(at + 1 if value else 0 for at, value in enumerate(values)), 0], np.int64)
            self.count = len(values) + 1
            self.truths = {one: np.roll(held, 1) for one, held in found.items()}
            return
        told = np.array([*found.values()], np.bool_).reshape(len(found), len(values) + 1)
        alike, self.of_code = np.unique(told, axis=1, return_inverse=True)
        self.of_code = self.of_code.reshape(-1).astype(np.int64)
        self.count = alike.shape[1]
        self.truths = dict(zip(found, alike, strict=True))


def _part(
    codes: dict[str, NDArray[np.int32]], kinds: dict[str, _Kinds], rules: Sequence[Rule], index: dict[str, int]
) -> NDArray[np.int32]:
    """Return the code of each row's group; new names go into `index`."""
    group = np.full(len(codes["channel"]), -1, np.int32)
    # Most events are no touches.
    touches = np.flatnonzero(codes["channel"] >= 0)
    if not len(touches):
        return group
    place, combinations = np.zeros(len(touches), np.int64), dict[str, Ints]()
    size = 1
    for name, one in kinds.items():
        place *= one.count
        place += one.of_code[codes[name][touches]]
        place, found = _compact(place, size * one.count)
        combinations = {other: held[found // one.count] for other, held in combinations.items()}
        combinations[name] = found % one.count
        size = len(found)
    group[touches] = _named(combinations, kinds, rules, index)[place]
    return group


def _compact(key: Ints, size: int) -> tuple[Ints, Ints]:
    """Return the keys as places among those that are there, and these."""
    if size > MAX_MARKS:
        found, places = np.unique(key, return_inverse=True)
        return places.reshape(-1), found
    mark = np.zeros(size, np.bool_)
    mark[key] = True
    found = np.flatnonzero(mark)
    places = np.empty(size, np.int64)
    places[found] = np.arange(len(found))
    return places[key], found


def _named(
    combinations: dict[str, Ints], kinds: dict[str, _Kinds], rules: Sequence[Rule], index: dict[str, int]
) -> NDArray[np.int32]:
    """Return the code of each combination's group."""
    held = {
        condition: truth[combinations[name]] for name, one in kinds.items() for condition, truth in one.truths.items()
    }
    told = {name: [_value(kinds[name], kind) for kind in combinations[name].tolist()] for name in TOLD}
    named = name_touches(rules, told, held)
    return np.array([index.setdefault(name, len(index)) if name else -1 for name in named], np.int32)


def _value(kinds: _Kinds, kind: int) -> str:
    return kinds.values[kind - 1] if kind else ""
