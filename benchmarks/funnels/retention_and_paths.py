"""Retention and paths for the benchmark: random questions, the best SQL for ClickHouse that was found, and whether both say the same.

ClickHouse has less to do: weeks of UTC by division, no other zone; every name of a path by itself, nothing put together as "(other)".
"""

import random
from typing import Any

from funnels.made import BEGIN, DAY, NAMES

Json = dict[str, Any]
WEEK = 7 * DAY
# 1970 began on a Thursday; weeks begin on Monday.
MONDAY = 4 * DAY
SETTINGS = "SETTINGS max_threads = 2, optimize_aggregation_in_order = {}"


def random_retention(chance: random.Random) -> Json:
    """Who came back in the eight weeks after: one frequent event after another."""
    start, comeback = chance.sample(NAMES[:12], 2)
    return {"kind": "retention", "start": start, "return": comeback, "by": "week", "periods": 8}


def retention_by_arrays(question: Json, *, in_order: bool = True) -> str:
    """[cohort (weeks since the first Monday of 1970), size, those who came back in period 0, 1, …]."""
    start, comeback, periods = question["start"], question["return"], question["periods"]
    back = ", ".join(f"countIf(has(weeks, cohort + {k}))" for k in range(periods + 1))
    weeks = f"arrayMap(t -> intDiv(t - {MONDAY}, {WEEK}), arrayFilter(t -> t >= first, times)) AS weeks"
    return f"""SELECT cohort, count(), {back} FROM (SELECT intDiv(first - {MONDAY}, {WEEK}) AS cohort, {weeks} FROM (
        SELECT minIf(time, name = '{start}') AS first, groupArrayIf(time, name = '{comeback}') AS times
        FROM events WHERE name IN ('{start}', '{comeback}') GROUP BY person) WHERE first > 0)
        GROUP BY cohort ORDER BY cohort {SETTINGS.format(int(in_order))}"""


def retention_by_join(question: Json, *, in_order: bool = True) -> str:
    """The same with the first starts joined to the returns, and a bit for each period."""
    start, comeback, periods = question["start"], question["return"], question["periods"]
    back = ", ".join(f"countIf(bitTest(back, {k}))" for k in range(periods + 1))
    firsts = f"SELECT person, min(time) AS first FROM events WHERE name = '{start}' GROUP BY person"
    k = f"intDiv(time - {MONDAY}, {WEEK}) - intDiv(first - {MONDAY}, {WEEK})"
    returns = f"""SELECT person, groupBitOr(bitShiftLeft(toUInt64(1), {k})) AS back FROM events INNER JOIN ({firsts}) AS f USING (person)
        WHERE name = '{comeback}' AND time >= first AND {k} <= {periods} GROUP BY person"""
    return f"""SELECT intDiv(first - {MONDAY}, {WEEK}) AS cohort, count(), {back} FROM ({firsts}) AS g LEFT JOIN ({returns}) AS r
        USING (person) GROUP BY cohort ORDER BY cohort {SETTINGS.format(int(in_order))}"""


def same_retention(answer: Json, rows: list[list[int]]) -> bool:
    """Whether every cohort has the same size, and every period that has begun the same count."""
    meant = {MONDAY + row[0] * WEEK: row[1:] for row in rows}
    said: dict[int, list[int]] = {}
    first = MONDAY + (BEGIN - MONDAY) // WEEK * WEEK
    cohorts = list(dict.fromkeys(row["cohort"] for row in answer["rows"]))
    for row in answer["rows"]:
        said.setdefault(first + cohorts.index(row["cohort"]) * WEEK, [row["size"]]).append(row["count"])
    # Cells that have not begun are not listed.
    return {at: cells for at, cells in said.items() if cells[0]} == {at: meant[at][: len(said[at])] for at in meant}


def random_paths(chance: random.Random) -> Json:
    """The four events after a frequent one, twenty names at each depth."""
    return {"kind": "paths", "anchor": chance.choice(NAMES[:12]), "depth": 4, "top": 20}


def paths_by_arrays(question: Json, *, in_order: bool = True) -> str:
    """[depth, from, to ('' is the end), count, median µs]. Rows come in order of time, so that nothing is sorted."""
    depth = question["depth"]
    # Careful: only in order of the table do the arrays stay in order; in_order is what it takes.
    return f"""SELECT step.1, step.2, step.3, count(), quantileExactInclusive(0.5)(step.4) FROM (
        SELECT arrayJoin(arrayMap(d -> (d, nodes[d], if(d < length(nodes), nodes[d + 1], ''), times[d + 1] - times[d]),
            range(1, least(length(nodes), {depth}) + 1))) AS step FROM (
        SELECT arrayFilter((n, p) -> n != p, names, arrayPushFront(arrayPopBack(names), '')) AS nodes,
            arrayFilter((t, n, p) -> n != p, ts, names, arrayPushFront(arrayPopBack(names), '')) AS times FROM (
        SELECT arraySlice(groupArray(toString(name)) AS all, indexOf(all, '{question["anchor"]}') AS a) AS names,
            arraySlice(groupArray(time), a) AS ts, a > 0 AS has_anchor FROM events GROUP BY person) WHERE has_anchor))
        GROUP BY step {SETTINGS.format(int(in_order))}""".replace("GROUP BY step ", "GROUP BY step.1, step.2, step.3 ")


def paths_by_join(question: Json) -> str:
    """The same, but that only what comes after the first anchor is put into arrays; these must be sorted (equal times by name)."""
    firsts = f"SELECT person, min(time) AS first FROM events WHERE name = '{question['anchor']}' GROUP BY person"
    source = f"(SELECT person, time, name FROM events INNER JOIN ({firsts}) AS f USING (person) WHERE time >= first)"
    arrays = (
        "(SELECT arraySort(groupArray((time, name))) AS both, arrayMap(x -> toString(x.2), both) AS all, both.1 AS at"
    )
    arrays = f"{arrays} FROM {source} GROUP BY person)"
    sql = paths_by_arrays(question, in_order=False).replace("groupArray(toString(name)) AS all", "all")
    return sql.replace("groupArray(time)", "at").replace("FROM events GROUP BY person", f"FROM {arrays}")


def same_paths(answer: Json, rows: list[list[Any]]) -> bool:
    """Whether all links between names that are listed have the same count and median."""
    meant = {(depth, a, b or "(end)"): (count, median) for depth, a, b, count, median in rows}
    listed = [row for row in answer["links"] if "(other)" not in (row["from"], row["to"])]
    for row in listed:
        count, median = meant[row["depth"], row["from"], row["to"]]
        if count != row["count"] or (row["to"] != "(end)" and abs(median / 1e6 - row["seconds"]["median"]) > 1e-6):
            return False
    return len(listed) > 0 and sum(row["count"] for row in answer["links"]) == sum(count for count, _ in meant.values())
