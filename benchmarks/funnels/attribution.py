"""Linear attribution for the benchmark: random questions, the best SQL for ClickHouse that was found, and whether both say the same.

ClickHouse has less to do: it does not know in which order events of one moment came in, and leaves a touch at the conversion's own moment
out, where we count it when it came first. That is one in ten thousand here, and `same_linear` allows for it.
"""

import random
from typing import Any

from funnels.made import DAY, NAMES, VALUES

Json = dict[str, Any]
SETTINGS = "SETTINGS max_threads = 2, optimize_aggregation_in_order = {}"
NOBODY = 255
MOST_TOUCHES = 100


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


def linear_by_arrays(question: Json, *, in_order: bool = True) -> str:
    """[channel (NOBODY: none), conversions, how many conversions begin with it]."""
    lookback = question["lookback"]["value"] * DAY
    touch, conversion = question["touches"], question["conversion"]
    people = f"""SELECT arraySort(groupArrayIf((time, channel), name = '{touch}')) AS touches,
        arrayJoin(groupArrayIf(time, name = '{conversion}')) AS at
        FROM events WHERE name IN ('{touch}', '{conversion}') GROUP BY person"""
    if in_order:
        # In order of the table nothing needs to be sorted.
        people = people.replace(
            "arraySort(groupArrayIf((time, channel), name = '" + touch + "'))",
            f"groupArrayIf((time, channel), name = '{touch}')",
        )
    return _summed(
        f"SELECT arrayFilter(t -> t.1 < at AND t.1 >= at - {lookback}, touches).2 AS own FROM ({people})", in_order
    )


def _summed(source: str, in_order: bool) -> str:
    kept = f"if(length(own) > {MOST_TOUCHES}, arrayPushFront(arraySlice(own, -{MOST_TOUCHES - 1}), own[1]), own)"
    return f"""SELECT channel, sum(part) FROM (SELECT {kept} AS kept, 1 / greatest(length(kept), 1) AS part,
        arrayJoin(if(empty(kept), [toUInt8({NOBODY})], kept)) AS channel FROM ({source}))
        GROUP BY channel {SETTINGS.format(int(in_order))}"""


def same_linear(answer: Json, rows: list[list[Any]]) -> bool:
    """Whether there are as many conversions, and each channel has as many of them (to a thousandth of all)."""
    meant = {None if code == NOBODY else VALUES["channel"][code]: float(earned) for code, earned in rows}
    said = {row["value"]: row["conversions"] for row in answer["rows"]}
    whole = answer["conversions"]
    if abs(sum(meant.values()) - whole) > 1e-6 * max(whole, 1):
        return False
    return all(abs(said.get(value, 0) - meant.get(value, 0)) <= whole / 1_000 + 1 for value in {*said, *meant})
