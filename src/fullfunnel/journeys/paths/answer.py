"""What came after, or before: the nodes and links of a paths answer, depth by depth, as docs/spec/questions.md describes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nsmallest
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.core import clock
from fullfunnel.core.suggest import did_you_mean, quoted
from fullfunnel.events.conditions import QuestionError
from fullfunnel.journeys.answers.groups import OTHER, ranked
from fullfunnel.journeys.answers.people_lists import people_json
from fullfunnel.journeys.buckets import MAX_ROWS
from fullfunnel.journeys.datasets.file import dataset_of_rows
from fullfunnel.journeys.folds.gather import Longs, taken
from fullfunnel.journeys.folds.step_matching import StepMatching, codes_of_groups
from fullfunnel.journeys.paths.fold import NO_LIMIT, Trails, Walk, called, trails
from fullfunnel.journeys.questions.shapes import LinkList, NodeList, Paths, Step
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

Json = dict[str, Any]
# What the node is called behind which (or before which, backwards) nothing came.
ENDS = {"after": "(end)", "before": "(start)"}


@dataclass(frozen=True)
class Names:
    """What nodes are called, by code; `hidden`: the codes of those that are called as our own nodes, and count as other."""

    texts: list[str]
    hidden: NDArray[np.int64]
    end: str


@dataclass(frozen=True)
class Level:
    """One depth: the names of its nodes, by count, and for each path the place of its node among them (-1: it had ended before)."""

    names: list[str]
    counts: list[int]
    places: NDArray[np.int8]


def answer_paths(question: Paths, dataset: "Dataset", watch: Watch) -> Json:
    """The nodes and links of all paths, and again by group, as JSON of docs/spec/questions.md. `watch` may end it."""
    sought = StepMatching(dataset.index(), (question.anchor, question.nodes), dataset)
    found, names = _trails(question, sought, watch)
    if question.people_list:
        return _people(question, question.people_list, sought, found, names, dataset)
    answer: Json = {"kind": "paths", "direction": question.direction, "depth": question.depth}
    answer |= _drawn(question, found.nodes, found.gaps, names)
    if question.breakdown:
        column = codes_of_groups(question.breakdown, sought.index, dataset, found.row, found.unit)
        values, places = ranked(column, question.breakdown.limit)
        rows, groups = len(answer["nodes"]) + len(answer["links"]), list[Json]()
        for value, members in zip(values, _members(places, len(values)), strict=True):
            watch.check()
            groups.append({"value": value} | _drawn(question, found.nodes[:, members], found.gaps[:, members], names))
            rows += len(groups[-1]["nodes"]) + len(groups[-1]["links"])
            _refuse_too_many(rows)
        answer["groups"] = groups
    return answer | {"data_until": clock.from_us(dataset.facts.data_until).isoformat().replace("+00:00", "Z")}


def _people(
    question: Paths, asked: NodeList | LinkList, sought: StepMatching, found: Trails, names: Names, dataset: "Dataset"
) -> Json:
    """Whose path has a node or a link, of everybody or of a group."""
    members = np.arange(len(found.unit))
    if asked.group and question.breakdown:
        column = codes_of_groups(question.breakdown, sought.index, dataset, found.row, found.unit)
        values, places = ranked(column, question.breakdown.limit)
        members = np.flatnonzero(places == (values.index(asked.group[0]) if asked.group[0] in values else -1))
    # Of a group that is none nobody is listed, as everywhere.
    if len(members) or not asked.group:
        nodes = found.nodes[:, members]
        members = members[
            _on_link(question, asked, nodes, names)
            if isinstance(asked, LinkList)
            else _at_node(_level_at(question, nodes, asked.node_depth, names), asked.node, "node", asked.node_depth)
        ]
    moments = taken((sought.index.parts[0].time, sought.index.parts[1].time), found.row[members])
    return people_json("paths", "people", sought.index.units[found.unit[members]], moments, asked, dataset)


def _level_at(question: Paths, nodes: NDArray[np.int32], depth: int, names: Names) -> Level:
    alive = nodes[depth - 1] >= 0 if depth else np.ones(nodes.shape[1], np.bool_)
    return _level(nodes[depth], alive, names, question.top)


def _at_node(level: Level, name: str, field: str, depth: int) -> NDArray[np.bool_]:
    """Which paths have the node of that name there. QuestionError where there is none."""
    if name not in level.names:
        hint = "use one that its nodes name" if level.names else "no path comes so far"
        said = f"is no node at depth {depth} of this question; {hint}{did_you_mean(name, level.names)}"
        raise QuestionError(field, said)
    return np.asarray(level.places == level.names.index(name), np.bool_)


def _on_link(question: Paths, asked: LinkList, nodes: NDArray[np.int32], names: Names) -> NDArray[np.bool_]:
    """Which paths go from one node to the other."""
    depths = (asked.depth - 1, asked.depth) if question.direction == "after" else (asked.depth, asked.depth - 1)
    start, end = (_level_at(question, nodes, depth, names) for depth in depths)
    from_start = _at_node(start, asked.start, "from", depths[0])
    both = from_start & _at_node(end, asked.end, "to", depths[1])
    if not both.any():
        linked = [end.names[place] for place in np.unique(end.places[from_start]).tolist() if place >= 0]
        hint = f"use one that its links name{did_you_mean(asked.end, linked)}"
        raise QuestionError("to", f"is no node that a path reaches from {quoted(asked.start)} at that depth; {hint}")
    return np.asarray(both, np.bool_)


def _trails(question: Paths, sought: StepMatching, watch: Watch) -> tuple[Trails, Names]:
    period = question.period
    walk = Walk(
        -NO_LIMIT if period.start is None else period.start,
        NO_LIMIT if period.end is None else period.end,
        NO_LIMIT if question.window is None else question.window,
        question.direction == "after",
        question.collapse_repeats,
    )
    naming, texts = called(sought.index, question.by)
    end = ENDS[question.direction]
    names = Names(texts, np.array([at for at, text in enumerate(texts) if text in (OTHER, end)], np.int64), end)

    def fold(begin: int, end: int) -> Trails:
        return trails(sought.gather(begin, end), sought.allowed, walk, naming, question.depth)

    parts = sought.each_portion(watch, fold)
    if not parts:
        none, depth = np.empty(0, np.int64), question.depth
        return Trails(none, none, np.empty((depth + 1, 0), np.int32), np.empty((depth, 0), np.int64)), names
    unit, row, nodes, gaps = zip(*parts, strict=True)
    return Trails(*(np.concatenate(one) for one in (unit, row)), *(np.hstack(one) for one in (nodes, gaps))), names


def _members(places: Longs, many: int) -> Iterator[Longs]:
    """The paths of each group."""
    order = np.argsort(places, kind="stable")
    yield from np.split(order, np.searchsorted(places[order], np.arange(1, many))) if many else ()


def _refuse_too_many(rows: int) -> None:
    if rows > MAX_ROWS:
        raise QuestionError(
            "breakdown.limit",
            f"this would be more than {MAX_ROWS:,} nodes and links; ask for fewer groups, names ('top') or a smaller depth",
        )


def _drawn(question: Paths, nodes: NDArray[np.int32], gaps: NDArray[np.int64], names: Names) -> Json:
    """Units, nodes and links of these paths."""
    levels, alive = list[Level](), np.ones(nodes.shape[1], np.bool_)
    for codes in nodes:
        levels.append(_level(codes, alive, names, question.top))
        alive = codes >= 0
    shown = [
        {"depth": depth, "name": name, "count": count}
        for depth, level in enumerate(levels)
        for name, count in zip(level.names, level.counts, strict=True)
    ]
    links = list[Json]()
    for depth in range(1, len(levels)):
        found = _links(depth, levels[depth - 1], levels[depth], gaps[depth - 1], names.end)
        links += (
            found if question.direction == "after" else [one | {"from": one["to"], "to": one["from"]} for one in found]
        )
    return {"units": nodes.shape[1], "nodes": shown, "links": links}


def _level(codes: NDArray[np.int32], alive: NDArray[np.bool_], names: Names, top: int) -> Level:
    there = codes[codes >= 0]
    present, sizes = _sizes(there, len(names.texts))
    best = _largest(present, np.where(np.isin(present, names.hidden), 0, sizes), names.texts, top)
    listed = [(names.texts[present[at]], int(sizes[at])) for at in best]
    rest, ended = len(there) - sum(count for _, count in listed), int(alive.sum()) - len(there)
    listed += [(OTHER, rest)] if rest else []
    listed += [(names.end, ended)] if ended else []
    place_of = np.full(len(names.texts) + 1, len(best), np.int8)
    place_of[present[best]] = np.arange(len(best))
    places = place_of[codes]
    places[codes < 0] = np.where(alive[codes < 0], len(listed) - 1, -1)
    return Level([name for name, _ in listed], [count for _, count in listed], places)


def _sizes(codes: NDArray[np.int32], names: int) -> tuple[Longs, Longs]:
    """The codes that are there, and how often."""
    if len(codes) * 8 < names:
        present, sizes = np.unique(codes, return_counts=True)
        return present.astype(np.int64), sizes.astype(np.int64)
    counts = np.bincount(codes, minlength=names)
    found = np.flatnonzero(counts)
    return found, counts[found]


def _largest(present: Longs, sizes: Longs, texts: list[str], top: int) -> list[int]:
    """The places in `present` of the largest, equal ones by name; of size 0: none."""
    least = int(np.partition(sizes, len(sizes) - top)[len(sizes) - top]) if len(sizes) > top else 1
    candidates = np.flatnonzero(sizes >= max(least, 1)).tolist()
    return nsmallest(top, candidates, key=lambda at: (-sizes[at], texts[present[at]]))


def _links(depth: int, near: Level, far: Level, gaps: NDArray[np.int64], end: str) -> list[Json]:
    """The links away from the anchor between two depths, the most frequent first; times of those between two events."""
    width, both = max(len(far.names), 1), far.places >= 0
    keys = near.places[both].astype(np.int16) * width + far.places[both]
    spans = gaps[both][np.argsort(keys, kind="stable")]
    counts, rows, low = np.bincount(keys), list[Json](), 0
    for key, count in enumerate(counts.tolist()):
        if count:
            a, b = near.names[key // width], far.names[key % width]
            median = None if b == end else _median(spans[low : low + count])
            rows.append({"depth": depth, "from": a, "to": b, "count": count, "seconds": {"median": median}})
            low += count
    return sorted(rows, key=lambda row: (-row["count"], row["from"], row["to"]))


def _median(spans: NDArray[np.int64]) -> float:
    """In seconds."""
    low, high = (len(spans) - 1) // 2, len(spans) // 2
    parted = np.partition(spans, (low, high))
    return (int(parted[low]) + int(parted[high])) / 2_000_000


def warm() -> None:
    """Has the folds compiled: Numba keeps them beside the code."""
    dataset = dataset_of_rows([{"person": "a", "event": "seen", "timestamp": 0}])
    answer_paths(Paths(anchor=Step(("seen",))), dataset, Watch())
