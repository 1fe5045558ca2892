"""Numba: each unit's path from its anchor: the nodes beside it, one after the other, and how far apart they were. O(matching events)."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.folds.gather import Gathered, Longs, still
from fullfunnel.journeys.folds.ties import compiled
from fullfunnel.journeys.questions.shapes import ANY, Naming

ANCHOR, NODE = 1, 2
NO_LIMIT = 2**62


class Walk(NamedTuple):
    """How a path is walked: the anchor's period (µs, end excluded), the window (µs), and whether from the first anchor on or from the last back."""

    start: int
    end: int
    window: int
    forward: bool
    collapse: bool


class Called(NamedTuple):
    """What a node is called: the code of a property's value where its event's name has `by_value`, else by_name[name]. Of each part."""

    codes: tuple[NDArray[np.int32], NDArray[np.int32]]
    names: tuple[NDArray[np.uint16], NDArray[np.uint16]]
    by_value: NDArray[np.bool_]
    by_name: NDArray[np.int32]


class Trails(NamedTuple):
    """The paths of the units that have an anchor. unit: its place in the index; row: its anchor, as in Index.

    nodes: int32[depth + 1, n], the name of the node at each depth, the anchor's first; -1: the path has ended before.
    gaps: int64[depth, n], µs between the nodes at depths d and d + 1.
    """

    unit: Longs
    row: Longs
    nodes: NDArray[np.int32]
    gaps: NDArray[np.int64]


def called(index: Index, naming: Naming | None) -> tuple[Called, list[str]]:
    """How nodes are called, and the names by their code. An event's name that is a value too has that value's code."""
    names = (still(index.parts[0].name), still(index.parts[1].name))
    if naming is None:
        nothing = still(np.empty(0, np.int32))
        by_name = np.arange(max(len(index.names), 1), dtype=np.int32)
        return Called((nothing, nothing), names, np.zeros(len(by_name), np.bool_), by_name), index.names
    base, delta = index.column(naming.property)
    values, places = list(base.values), dict.fromkeys(index.names, -1)
    places |= {value: at for at, value in enumerate(base.values) if value in places}
    for name, at in places.items():
        if at < 0:
            places[name] = len(values)
            values.append(name)
    by_value = np.array([ANY in naming.events or name in naming.events for name in index.names] or [False])
    by_name = np.array([places[name] for name in index.names] or [0], np.int32)
    # The empty text is no value, as everywhere.
    codes = [_without(column.codes, values.index("") if "" in base.values else -1) for column in (base, delta)]
    return Called((still(codes[0]), still(codes[1])), names, by_value, by_name), values


def _without(codes: NDArray[np.int32], empty: int) -> NDArray[np.int32]:
    return codes if empty < 0 else np.where(codes == empty, np.int32(-1), codes)


def trails(found: Gathered, allowed: Longs, walk: Walk, names: Called, depth: int) -> Trails:
    """The path of every unit with an anchor, `depth` nodes deep."""
    n = len(found.offsets) - 1
    unit, row = np.empty(n, np.int64), np.empty(n, np.int64)
    nodes, gaps = np.full((n, depth + 1), -1, np.int32), np.zeros((n, depth), np.int64)
    n = _fold(found, allowed, walk, names, unit, row, nodes, gaps)
    # Each depth is counted by itself: in one piece.
    return Trails(unit[:n], row[:n], np.ascontiguousarray(nodes[:n].T), np.ascontiguousarray(gaps[:n].T))


@compiled
def _fold(found, allowed, walk, names, unit, row, nodes, gaps):
    n = np.int64(0)
    for u in range(found.offsets.shape[0] - 1):
        may = allowed[found.begin + u]
        low, high = found.offsets[u], found.offsets[u + 1]
        at = _anchor(found, walk, low, high) if may & ANCHOR else np.int64(-1)
        if at >= 0:
            unit[n], row[n] = found.begin + u, found.row[at]
            _follow(
                found, at, low if may & NODE else at, high if may & NODE else at + 1, walk, names, nodes[n], gaps[n]
            )
            n += 1
    return n


@compiled
def _anchor(found, walk, low, high):
    """The first anchor of the period, or backwards the last; -1: none."""
    for step in range(high - low):
        i = low + step if walk.forward else high - 1 - step
        if found.bits[i] & ANCHOR and walk.start <= found.time[i] < walk.end:
            return i
    return np.int64(-1)


@compiled
def _follow(found, at, low, high, walk, names, nodes, gaps):
    """Writes the path of the anchor at `at`."""
    way, d = (1 if walk.forward else -1), 0
    last = found.time[at]
    nodes[0] = _code(names, found.row[at])
    i = at + way
    while low <= i < high and d < gaps.shape[0]:
        if found.bits[i] & NODE:
            if abs(found.time[i] - found.time[at]) > walk.window:
                break
            code = _code(names, found.row[i])
            if not walk.collapse or code != nodes[d]:
                gaps[d] = abs(found.time[i] - last)
                d += 1
                nodes[d] = code
                last = found.time[i]
        i += way


@compiled
def _code(names, row):
    if row >= 0:
        name = names.names[0][row]
        code = names.codes[0][row] if names.by_value[name] else np.int32(-1)
    else:
        name = names.names[1][~row]
        code = names.codes[1][~row] if names.by_value[name] else np.int32(-1)
    return code if code >= 0 else names.by_name[name]
