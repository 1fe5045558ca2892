"""Linear attribution for the benchmark: random questions, the best SQL for ClickHouse that was found, and whether both say the same."""

import random
from typing import Any

from funnels.made import BEGIN, DAY, NAMES, VALUES

Json = dict[str, Any]
NOBODY = 255
MOST_TOUCHES = 100
# Times are counted from here, so that none is below 0 when a look-back is taken from it.
EPOCH = BEGIN - 40 * DAY


def random_attribution(chance: random.Random) -> Json:
    """Linear, by channel, the touches of 7 to 30 days: a frequent event before a rarer one."""
    touch, conversion = chance.choice(NAMES[:6]), chance.choice(NAMES[6:16])
    return {
        "kind": "attribution",
        "conversion": conversion,
        "touches": touch,
        "models": ["linear"],
        "lookback": {"value": chance.choice([7, 14, 30]), "unit": "day"},
        "bootstrap": 0,
    }


def linear_by_sums(question: Json) -> str:
    """[channel (NOBODY: none), conversions]: linear in the events, whatever one person has of them.

    A conversion gives each touch from `low` to `high` one part of n: that is +1/n at the first and -1/n after the last, and a touch
    earned the running sum. Events are packed into whole numbers (time or place, kind, value), which sort fastest. What came before
    what is the table's order: so only aggregation in order of the table is right.
    """
    lookback = question["lookback"]["value"] * DAY
    touch, conversion = question["touches"], question["conversion"]
    # Bit 4: a touch, the bits below: its channel.
    key = f"toInt64((time - {EPOCH}) * 256 + if(name = '{touch}', 16 + channel, 0))"
    people = f"""SELECT groupArray({key}) AS both FROM events WHERE name IN ('{touch}', '{conversion}')
        GROUP BY person HAVING countIf(name = '{conversion}') > 0"""
    placed = f"""SELECT arrayFilter(k -> bitTest(k, 4), both) AS touches,
        arrayFilter((c, k) -> NOT bitTest(k, 4), arrayCumSum(k -> toInt64(bitTest(k, 4)), both), both) AS highs,
        arraySort(arrayConcat(touches, arrayMap(k -> k - {lookback * 256}, arrayFilter(k -> NOT bitTest(k, 4), both)))) AS back,
        arrayFilter((c, k) -> NOT bitTest(k, 4), arrayCumSum(k -> toInt64(bitTest(k, 4)), back), back) AS lows FROM ({people})"""
    # (place, 0: from here on, 1: no more, 2: the touch itself) and n or the channel.
    within = f"least(h - l, {MOST_TOUCHES})"
    far = f"(l, h) -> h - l > {MOST_TOUCHES}, lows, highs"
    marks = f"""SELECT arrayCount((l, h) -> h = l, lows, highs) AS nobody, arraySort(arrayConcat(
        arrayMap((l, h) -> (l + 1) * 1024 + {within}, lows, highs),
        arrayMap((l, h) -> (h + 1) * 1024 + 256 + {within}, lows, highs),
        arrayMap(l -> (l + 2) * 1024 + 256 + {MOST_TOUCHES}, arrayFilter({far})),
        arrayMap(h -> (h - {MOST_TOUCHES - 2}) * 1024 + {MOST_TOUCHES}, arrayFilter((h, l) -> h - l > {MOST_TOUCHES}, highs, lows)),
        arrayMap((k, at) -> toInt64(at) * 1024 + 512 + bitAnd(k, 15), touches, arrayEnumerate(touches)))) AS marks FROM ({placed})"""
    part = "multiIf(bitTest(m, 9) OR bitAnd(m, 255) = 0, 0., bitTest(m, 8), -1 / bitAnd(m, 255), 1 / bitAnd(m, 255))"
    earned = f"""SELECT arrayJoin(arrayPushFront(arrayFilter(x -> bitTest(x.1, 9), arrayZip(marks,
        arrayCumSum(m -> {part}, marks))), (toInt64({512 + NOBODY}), toFloat64(nobody)))) AS one FROM ({marks})"""
    return f"""SELECT bitAnd(one.1, 255), sum(one.2) FROM ({earned}) GROUP BY 1
        SETTINGS max_threads = 2, optimize_aggregation_in_order = 1"""


def same_linear(answer: Json, rows: list[list[Any]]) -> bool:
    """Whether each channel has as many conversions (to a millionth of all), and as many have no touch."""
    meant = {None if code == NOBODY else VALUES["channel"][code]: float(earned) for code, earned in rows}
    said = {row["value"]: row["conversions"] for row in answer["rows"]}
    near = 1e-6 * max(answer["conversions"], 1)
    return all(abs(said.get(value, 0) - meant.get(value, 0)) <= near for value in {*said, *meant})
