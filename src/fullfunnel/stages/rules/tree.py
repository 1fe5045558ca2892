"""Change the clause of a rule at a place: add, replace, take away, join. A place is the numbers of the groups on the way. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fullfunnel.events.conditions import Clause, Group

Place = tuple[int, ...]


@dataclass(frozen=True)
class Row:
    """A line of the editor: a group (`clause` is one) or a condition. place: ""  is the rule itself; depth counts groups above."""

    place: str
    depth: int
    clause: Clause
    is_first: bool
    op: str

    @property
    def is_group(self) -> bool:
        return isinstance(self.clause, Group)


def read_place(text: str) -> Place | None:
    """Return the place that an address says, "0.2"; None where it says none."""
    parts = text.split(".") if text else []
    return tuple(map(int, parts)) if all(part.isdecimal() and len(part) < 4 for part in parts) else None


def rows_of(clause: Clause) -> Iterator[Row]:
    """Yield the lines of a rule, groups before what is in them."""
    root = clause if isinstance(clause, Group) else Group("any", (clause,))
    yield from _rows(root, (), 0, is_first=True, op="")


def _rows(clause: Clause, place: Place, depth: int, *, is_first: bool, op: str) -> Iterator[Row]:
    yield Row(".".join(map(str, place)), depth, clause, is_first, op)
    if isinstance(clause, Group):
        for at, one in enumerate(clause.of):
            yield from _rows(one, (*place, at), depth + 1, is_first=at == 0, op=clause.op)


def found_at(clause: Clause, place: Place) -> Clause | None:
    """Return what stands at a place; None: nothing does."""
    if not place:
        return clause
    root = clause if isinstance(clause, Group) else Group("any", (clause,))
    return found_at(root.of[place[0]], place[1:]) if place[0] < len(root.of) else None


def changed(clause: Clause, place: Place, new: Clause | None) -> Clause | None:
    """Return the rule with something else at a place, None takes it away; None where nothing is left of it."""
    if not place:
        return new
    root = clause if isinstance(clause, Group) else Group("any", (clause,))
    if place[0] >= len(root.of):
        return clause
    parts = [changed(one, place[1:], new) if at == place[0] else one for at, one in enumerate(root.of)]
    left = tuple(part for part in parts if part is not None)
    if len(left) == 1:
        return left[0]
    return replace(root, of=left) if left else None


def added(clause: Clause, place: Place, new: Clause) -> Clause:
    """Return the rule with one more condition in the group at a place."""
    at = found_at(clause, place)
    group = at if isinstance(at, Group) else Group("any", (at,) if at else ())
    return changed(clause, place, replace(group, of=(*group.of, new))) or new


def joined_with(clause: Clause, place: Place, new: Clause) -> Clause:
    """Return the rule where what stands at a place needs another condition as well."""
    at = found_at(clause, place)
    if at is None:
        return clause
    parts = at.of if isinstance(at, Group) and at.op == "all" else (at,)
    return changed(clause, place, Group("all", (*parts, new))) or new


def with_op(clause: Clause, place: Place, op: str) -> Clause:
    """Return the rule whose group at a place is any or all of its conditions."""
    at = found_at(clause, place)
    return changed(clause, place, replace(at, op=op)) or clause if isinstance(at, Group) else clause
