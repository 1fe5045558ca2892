"""Groups of a few people say who they are: from whoever does not see everybody they are kept. Pure."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
FEWEST = 5
SIZES = ("count", "size", "units", "people", "conversions", "value")


def without_small_groups(answer: Json) -> Json:
    """Return the answer without groups of fewer than five; its totals stay. The answer itself is not changed."""
    found = dict(answer)
    if isinstance(answer.get("groups"), list):
        found["groups"] = [group for group in answer["groups"] if _size(group) >= FEWEST]
    rows = answer.get("rows")
    if isinstance(rows, list) and any(isinstance(row, dict) and "group" in row for row in rows):
        sizes: dict[Any, float] = {}
        for row in rows:
            sizes[row.get("group")] = max(sizes.get(row.get("group"), 0), _size(row))
        found["rows"] = [row for row in rows if sizes[row.get("group")] >= FEWEST]
    return found


def _size(group: Any) -> float:
    """Return the largest number of those that say how many a group holds, wherever in it."""
    return max(_numbers(group), default=0)


def _numbers(within: Any) -> Iterator[float]:
    if isinstance(within, list):
        for each in within:
            yield from _numbers(each)
    elif isinstance(within, dict):
        for name, value in within.items():
            if name in SIZES and isinstance(value, int | float):
                yield value
            elif isinstance(value, dict | list):
                yield from _numbers(value)
