"""Paths laid out as a Sankey diagram: nodes in columns, flows between them. Pure; pixels of a drawing WIDTH wide."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from fullfunnel.core.numbers import number

Json = dict[str, Any]
WIDTH, NODE, LABEL, GAP, ROOM = 820, 10, 130, 20, 340
LETTER = 6.1
MAX_LINKS, MIN_NAMES = 30, 3
END, START, OTHER = "(end)", "(start)", "(other)"
LAST = (OTHER, END, START)


@dataclass
class Node:
    """A box: where it stands, how high it is. `depth` 0 is the anchor."""

    depth: int
    name: str
    count: int
    x: float = 0.0
    y: float = 0.0
    height: float = 0.0
    room: float = LABEL
    left: float = field(default=0.0, repr=False)
    right: float = field(default=0.0, repr=False)

    @property
    def text_x(self) -> float:
        return round(self.x + NODE + 4, 1)

    @property
    def text_y(self) -> float:
        return round(self.y + self.height / 2, 1)

    def fitting(self, words: str) -> str:
        """So much of the words as has room beside the box, with the count behind them."""
        letters = max(int((self.room - NODE - 8) / LETTER) - len(number(self.count)) - 1, 3)
        return words if len(words) <= letters else f"{words[: letters - 1]}…"


@dataclass(frozen=True)
class Flow:
    """A ribbon between two boxes: `d` is an SVG path, `width` its stroke."""

    start: Node
    end: Node
    count: int
    d: str
    width: float


@dataclass(frozen=True)
class Sankey:
    width: int
    height: int
    nodes: list[Node]
    flows: list[Flow]
    left_out: int


def folded(links: list[Json], direction: str) -> tuple[Counter[tuple[int, str, str]], int]:
    """At most MAX_LINKS flows (depth, name farther from the anchor, nearer): small names become "(other)", down to MIN_NAMES
    at a depth; then the thinnest flows are left out. The second value is how many steps of people those are."""
    plain: Counter[tuple[int, str, str]] = Counter()
    for link in links:
        far, near = (link["to"], link["from"]) if direction == "after" else (link["from"], link["to"])
        plain[link["depth"], far, near] += link["count"]
    merged = plain
    for keep in range(20, MIN_NAMES - 1, -1):
        if len(merged) <= MAX_LINKS:
            return merged, 0
        merged = _merged(plain, _largest(plain, keep))
    kept = Counter(dict(merged.most_common(MAX_LINKS)))
    return kept, merged.total() - kept.total()


def _largest(plain: Counter[tuple[int, str, str]], keep: int) -> set[tuple[int, str]]:
    sizes: dict[int, Counter[str]] = {}
    for (depth, far, near), count in plain.items():
        sizes.setdefault(depth, Counter())[far] += 0 if far in LAST else count
        if depth == 1:
            sizes.setdefault(0, Counter())[near] += 0 if near in LAST else count
    return {(depth, name) for depth, names in sizes.items() for name, _ in names.most_common(keep)}


def _merged(plain: Counter[tuple[int, str, str]], kept: set[tuple[int, str]]) -> Counter[tuple[int, str, str]]:
    def name_of(depth: int, name: str) -> str:
        return name if name in LAST or (depth, name) in kept else OTHER

    merged: Counter[tuple[int, str, str]] = Counter()
    for (depth, far, near), count in plain.items():
        merged[depth, name_of(depth, far), name_of(depth - 1, near)] += count
    return merged


def sankey(nodes: list[Json], links: list[Json], direction: str) -> Sankey:
    """The drawing of an answer's nodes and links. Empty when there is nothing to draw."""
    flows, left_out = folded(links, direction)
    columns = _columns(nodes, flows)
    depth = max((node.depth for node in columns), default=0)
    whole = sum(node.count for node in columns if node.depth == 0) or 1
    tallest = max((sum(1 for node in columns if node.depth == at) for at in range(depth + 1)), default=1)
    scale = ROOM / whole
    _place(columns, depth, direction, scale)
    places = {(node.depth, node.name): node for node in columns}
    drawn = [
        _flow(places[at, far], places[at - 1, near], count, scale, direction)
        for (at, far, near), count in sorted(flows.items(), key=lambda row: _order(row, places))
    ]
    height = max([node.y + node.height for node in columns], default=0) + GAP / 2
    return Sankey(WIDTH, round(max(height, tallest * GAP)), columns, drawn, left_out)


def _columns(nodes: list[Json], flows: Counter[tuple[int, str, str]]) -> list[Node]:
    """The boxes: what a flow touches by its name, the rest of each depth together."""
    drawn = {(depth, far) for depth, far, _ in flows} | {(depth - 1, near) for depth, _, near in flows}
    drawn |= {(0, node["name"]) for node in nodes if not flows}
    sizes: Counter[tuple[int, str]] = Counter()
    for node in nodes:
        place = (node["depth"], node["name"])
        if place not in drawn:
            place = (node["depth"], OTHER)
        sizes[place] += node["count"]
    listed = [Node(depth, name, count) for (depth, name), count in sizes.items()]
    return sorted(listed, key=lambda node: (node.depth, node.name in LAST, node.name == END, -node.count, node.name))


def _place(columns: list[Node], depth: int, direction: str, scale: float) -> None:
    """Sets x, y and height: the anchor left with `after`, right with `before`."""
    step = (WIDTH - NODE - LABEL) / max(depth, 1)
    below: dict[int, float] = {}
    for node in columns:
        place = node.depth if direction == "after" else depth - node.depth
        node.x, node.room = round(place * step, 1), step if place < depth else LABEL
        node.height = round(max(node.count * scale, 2), 1)
        node.y = round(below.get(node.depth, GAP / 2), 1)
        node.left = node.right = node.y
        # Room for the name beside a thin box.
        below[node.depth] = node.y + max(node.height, GAP - 4) + 8


def _order(row: tuple[tuple[int, str, str], int], places: dict[tuple[int, str], Node]) -> tuple[int, float, float]:
    (depth, far, near), _ = row
    return depth, places[depth - 1, near].y, places[depth, far].y


def _flow(far: Node, near: Node, count: int, scale: float, direction: str) -> Flow:
    width = max(count * scale, 1)
    start, end = (near, far) if direction == "after" else (far, near)
    y1, y2 = start.right + width / 2, end.left + width / 2
    start.right += width
    end.left += width
    x1, x2 = start.x + NODE, end.x
    half = (x1 + x2) / 2
    d = f"M{x1:.1f} {y1:.1f}C{half:.1f} {y1:.1f} {half:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    return Flow(start, end, count, d, round(width, 1))
