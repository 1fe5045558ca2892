"""A line beside the one of the period before, as SVG paths: for pages that must be there at once, without a chart library."""

from dataclasses import dataclass
from typing import Any

from fullfunnel.core.numbers import number

WIDTH, HEIGHT = 600.0, 120.0


@dataclass(frozen=True)
class Hover:
    """A bucket's column, which says its values under the mouse."""

    x: float
    width: float
    said: str


@dataclass(frozen=True)
class Strokes:
    """Paths in a box of WIDTH by HEIGHT. `dotted`: the piece to a last bucket that is not whole. `top` is the value at the top."""

    line: str
    dotted: str
    before: str
    top: int
    first: str
    last: str
    hovers: list[Hover]


def strokes(words: list[str], values: list[Any], before: list[Any], *, incomplete_last: bool) -> Strokes:
    """From values (None: no data, there the line is broken) to paths."""
    top = ceiling(max([value or 0 for value in [*values, *before]], default=0))
    step = WIDTH / max(len(words) - 1, 1)
    whole = len(values) - 1 if incomplete_last and len(values) > 1 else len(values)
    hovers = [
        Hover(round(max(at - 0.5, 0) * step, 1), round(step, 1), _said(words[at], values[at], past))
        for at, past in enumerate([*before, *[None] * (len(values) - len(before))][: len(values)])
    ]
    return Strokes(
        line=path(values[:whole], step, top),
        dotted=path([None] * (whole - 1) + values[whole - 1 :], step, top) if whole < len(values) else "",
        before=path(before, step, top),
        top=top,
        first=words[0] if words else "",
        last=words[-1] if words else "",
        hovers=hovers,
    )


def ceiling(largest: float) -> int:
    """The next round number: 1, 2 or 5 with zeros, and what lies halfway."""
    size = 1
    while True:
        for factor in (1, 1.5, 2, 3, 4, 5, 7.5):
            if factor * size >= largest and factor * size == int(factor * size):
                return int(factor * size)
        size *= 10


def path(values: list[Any], step: float, top: int) -> str:
    """ "M0 60L10 30": a piece for each run of values; a value alone is a short dash."""
    drawn, is_open = [], False
    for at, value in enumerate(values):
        if value is None:
            is_open = False
            continue
        x, y = at * step, HEIGHT - value / top * HEIGHT
        drawn.append(f"{'L' if is_open else 'M'}{x:.1f} {y:.1f}")
        is_alone = not is_open and (at + 1 == len(values) or values[at + 1] is None)
        drawn += ["h2"] if is_alone else []
        is_open = True
    return "".join(drawn)


def _said(when: str, value: Any, past: Any) -> str:
    said = f"{when}: {'no data' if value is None else number(value)}"
    return said if past is None else f"{said}, {number(past)} in the period before"
