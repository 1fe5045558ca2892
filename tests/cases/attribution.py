"""Paths and how often they converted -> conversions by channel, from MTA's own tests of its rule models."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from tests.cases import Outcome, Row, Unknown, each, one_of, only

ROW = ("name", "kind", "source", "input", "expected")
MODELS = ("first_touch", "last_touch", "linear", "position_based")
# (first, last) of a position-based model, in per cent -> our name for it.
POSITIONS = {(40, 40): "u_shaped", (20, 60): "j_shaped", (60, 20): "inverse_j"}
TOLERANCE = 1e-12


def run(rows: Iterable[Row]) -> Iterator[Outcome]:
    return each(rows, check)


def check(row: Row) -> tuple[str, str]:
    only(row, ROW, "the row")
    one_of(row["kind"], ["attribution_paths"], "the kind")
    given = row["input"]
    only(given, ("journeys", "model", "params"), "input")
    paths = [(journey["path"], journey["conversions"], 1) for journey in given["journeys"]]
    credits = earned(model_of(given["model"], given["params"] or {}), paths)
    wrong = {
        value: (credits.get(value, 0), expected)
        for value, expected in row["expected"].items()
        if abs(credits.get(value, 0) - expected) > TOLERANCE
    }
    others = set(credits) - set(row["expected"])
    return (f"(ours, expected): {wrong}; not expected: {others}" if wrong or others else ""), ""


def model_of(name: str, params: dict[str, Any]) -> str:
    """Our name for a model. Unknown: one that we do not have."""
    one_of(name, MODELS, "the model")
    only(params, ("first", "last", "share", "note"), "params")
    if name != "position_based":
        return name
    weights = (params.get("first", 40), params.get("last", 40))
    if weights not in POSITIONS:
        raise Unknown(f"position-based with {weights[0]} and {weights[1]} %: fullfunnel has {sorted(POSITIONS)}")
    return POSITIONS[weights]


def weights(
    model: str,
    n: int,
    *,
    ages: Sequence[float] | None = None,
    direct: Sequence[int] = (),
    lead: int = -1,
    opportunity: int = -1,
    half_life: int | None = None,
) -> list[float]:
    """What each of n touches earns, as parts of 1. ages: days before the conversion; half_life: µs, a week by default."""
    from fullfunnel.journeys.attribution.models import RULES
    from fullfunnel.journeys.attribution.weights import MAX_PLACES, decay, halved, stand_out
    from fullfunnel.journeys.questions.shapes import DAY

    found, days = np.empty(n), np.array(ages if ages is not None else range(n, 0, -1)) * DAY
    if model == "time_decay":
        decay(halved(days[:-1] - days[1:], half_life or 7 * DAY), found, n)
    else:
        others = [place for place in range(n) if place not in direct] or [n - 1]
        places, own = np.empty(MAX_PLACES, np.int64), np.empty(MAX_PLACES)
        few, rest = stand_out(RULES.index(model), n, others[-1], lead, opportunity, places, own)
        found[:] = rest
        found[places[:few]] = own[:few]
    return [float(weight) for weight in found / found.sum()]


def earned(model: str, journeys: Iterable[tuple[Sequence[str], int, int]]) -> dict[str, float]:
    """Conversions by value. journeys: (path, how often, 1 when it converted)."""
    found: dict[str, float] = {}
    for path, count, converted in journeys:
        for value, part in zip(path, weights(model, len(path)), strict=True):
            found[value] = found.get(value, 0) + part * count * converted
    return found
