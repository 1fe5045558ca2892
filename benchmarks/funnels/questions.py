"""Random questions of the benchmark: as JSON for us, and as the best SQL for ClickHouse that was found."""

import random
from typing import Any

from funnels.made import DAY, NAMES, UNTIL, VALUES

SETTINGS = "SETTINGS max_threads = 2, optimize_aggregation_in_order = 1"


def random_funnel(chance: random.Random, steps: int = 5) -> dict[str, Any]:
    """Five steps, the first ones of frequent names, within 1 to 30 days."""
    found: list[str] = []
    for k in range(steps):
        found.append(chance.choice([name for name in NAMES[k * 3 : k * 3 + 8] if name not in found]))
    return {
        "kind": "funnel",
        "steps": [{"event": name} for name in found],
        "window": {"value": chance.choice([1, 3, 7, 14, 30]), "unit": "day"},
    }


def with_filters(question: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The same with a condition on an event in two of its steps."""
    steps = [dict(step) for step in question["steps"]]
    steps[0]["where"] = [{"property": "device", "op": "in", "value": chance.sample(VALUES["device"][:3], 2)}]
    steps[1]["where"] = [{"property": "plan", "op": "!=", "value": chance.choice(VALUES["plan"])}]
    return question | {"steps": steps}


def _condition(step: dict[str, Any]) -> str:
    """A step as SQL."""
    parts = [f"name = '{step['event']}'"]
    for where in step.get("where", []):
        values = VALUES[where["property"]]
        wanted = where["value"] if isinstance(where["value"], list) else [where["value"]]
        codes = ", ".join(str(values.index(value)) for value in wanted)
        parts.append(f"{where['property']} {'NOT IN' if where['op'] == '!=' else 'IN'} ({codes})")
    return " AND ".join(parts)


def _window(question: dict[str, Any]) -> int:
    return int(question["window"]["value"]) * DAY


def _named(question: dict[str, Any]) -> str:
    return "name IN (" + ", ".join(f"'{step['event']}'" for step in question["steps"]) + ")"


def counts_sql(question: dict[str, Any], *, in_order: bool = True) -> str:
    """How many came to each step and no further."""
    steps = ", ".join(_condition(step) for step in question["steps"])
    return f"""SELECT level, count() FROM (SELECT windowFunnel({_window(question)})(time, {steps}) AS level
        FROM events WHERE {_named(question)} GROUP BY person) WHERE level > 0 GROUP BY level
        SETTINGS max_threads = 2, optimize_aggregation_in_order = {int(in_order)}"""


def groups_sql(question: dict[str, Any], *, in_order: bool = True) -> str:
    """The same by the first device of a person's matching events."""
    steps = ", ".join(_condition(step) for step in question["steps"])
    return f"""SELECT value, level, count() FROM (SELECT windowFunnel({_window(question)})(time, {steps}) AS level,
        argMin(device, time) AS value FROM events WHERE {_named(question)} GROUP BY person) WHERE level > 0
        GROUP BY value, level SETTINGS max_threads = 2, optimize_aggregation_in_order = {int(in_order)}"""


def _summed(question: dict[str, Any]) -> str:
    """What is asked of the rows (level, open, t1…tn) of people: level, count, pending, and median, p90, mean of each step."""
    n = len(question["steps"])
    spans = ", ".join(
        f"quantilesExactInclusiveIf(0.5, 0.9)(t{k} - t{k - 1}, level >= {k}), avgIf(t{k} - t{k - 1}, level >= {k})"
        for k in range(2, n + 1)
    )
    counts = ", ".join(f"countIf(level = {k}), countIf(level = {k} AND open)" for k in range(1, n + 1))
    return f"SELECT {counts}, {spans}"


def by_arrays(question: dict[str, Any], *, in_order: bool = True) -> str:
    """The whole answer, linear in the events: arrays in order of time, the latest start carried along from step to step."""
    n, window = len(question["steps"]), _window(question)
    step = "multiIf(" + ", ".join(f"{_condition(one)}, {k}" for k, one in enumerate(question["steps"], 1)) + ", 0)"
    lines = ["arrayMap((t, s) -> if(s = 1, t, 0), ts, ss) AS v1, arrayFill(x -> x > 0, v1) AS s1"]
    for k in range(2, n + 1):
        lines.append(
            f"arrayMap((t, s, b) -> if(s = {k} AND b > 0 AND t - b <= {window}, b, 0), ts, ss, s{k - 1}) AS v{k}, "
            f"arrayFill(x -> x > 0, v{k}) AS s{k}"
        )
    level = "multiIf(" + ", ".join(f"s{k}[-1] > 0, {k}" for k in range(n, 1, -1)) + ", 1) AS level"
    start = "multiIf(" + ", ".join(f"level = {k}, s{k}[-1]" for k in range(n, 1, -1)) + ", s1[-1]) AS t1"
    times = ", ".join(f"if(level >= {k}, ts[indexOf(v{k}, t1)], 0) AS t{k}" for k in range(2, n + 1))
    return f"""{_summed(question)} FROM (SELECT {", ".join(lines)}, {level}, {start}, {times},
        s1[-1] + {window} > {UNTIL} AS open FROM (SELECT arraySort(groupArray((time, {step}))) AS both,
        both.1 AS ts, both.2 AS ss FROM events WHERE {_named(question)} GROUP BY person) WHERE s1[-1] > 0)
        SETTINGS max_threads = 2, optimize_aggregation_in_order = {int(in_order)}"""


def by_windows(question: dict[str, Any]) -> str:
    """The whole answer by window functions: the same, the latest start carried along by running maxima."""
    n, window = len(question["steps"]), _window(question)
    step = "multiIf(" + ", ".join(f"{_condition(one)}, {k}" for k, one in enumerate(question["steps"], 1)) + ", 0)"
    over = "OVER (PARTITION BY person ORDER BY time, step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    rows = f"SELECT person, time, {step} AS step, if(step = 1, time, 0) AS v FROM events WHERE {_named(question)}"
    rows = f"SELECT person, time, step, v, max(v) {over} AS s FROM ({rows})"
    for k in range(2, n + 1):
        value = f"if(step = {k}, if(s > 0 AND time - s <= {window}, s, 0), v)"
        own = f"if(step = {k}, {value}, 0)"
        rows = f"SELECT person, time, step, {value} AS v, {own} AS o, max(o) {over} AS s FROM (SELECT person, time, step, v, s FROM ({rows}))"
    times = ", ".join(f"minIf(time, step = {k}) AS t{k}" for k in range(2, n + 1))
    each = f"SELECT person, v AS t1, max(step) AS level, {times} FROM ({rows}) WHERE v > 0 GROUP BY person, v"
    best = "tuple(" + ", ".join(f"t{k}" for k in range(1, n + 1)) + ")"
    stand = f"SELECT argMax({best}, (level, t1)) AS b, max(level) AS furthest, max(t1) + {window} > {UNTIL} AS open FROM ({each}) GROUP BY person"
    columns = ", ".join(f"b.{k} AS t{k}" for k in range(1, n + 1))
    return f"{_summed(question)} FROM (SELECT furthest AS level, open, {columns} FROM ({stand})) {SETTINGS}"
