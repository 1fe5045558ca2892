"""A funnel over time: of those who began in each bucket, how many came to the last step."""

from itertools import groupby
from json import dumps
from typing import Any

from fullfunnel.analytics.pictures import MAX_GROUPS, NO_VALUE
from fullfunnel.analytics.presenters.buckets import bucket_words
from fullfunnel.analytics.presenters.table import Table
from fullfunnel.core.numbers import NO_PERCENT_BELOW, number, percent_of

Json = dict[str, Any]


def present(answer: Json) -> Json:
    """What templates/analytics/_over_time.html reads: the chart of the share that arrived, and its table."""
    by, has_groups = answer["by"], any("group" in row for row in answer["rows"])
    lines = [(value, list(rows)) for value, rows in groupby(answer["rows"], lambda row: row.get("group"))]
    words = [bucket_words(row["at"], by) for row in lines[0][1]] if lines else []
    return {
        "is_nothing": not any(row["units"] for row in answer["rows"]),
        "has_open": any(_is_open(row) for row in answer["rows"]),
        "chart_json": dumps(chart(words, lines, has_groups)),
        "table": table(lines, by, has_groups),
    }


def _is_open(row: Json) -> bool:
    return bool(row["incomplete"] or any(step["pending"] for step in row["steps"]))


def chart(words: list[str], lines: list[tuple[str | None, list[Json]]], has_groups: bool) -> Json:
    """Shares in percent; no share of few. From the first bucket on after which some can still convert, lines are dotted."""
    series = []
    for at, (value, rows) in enumerate(lines[:MAX_GROUPS]):
        name = (NO_VALUE if value is None else str(value)) if has_groups else "Reached the last step"
        series.append({"name": name, "values": [_share(row) for row in rows], "hue": at + 1})
    is_over = [not any(_is_open(rows[at]) for _, rows in lines) for at in range(len(words))]
    last_over = max((at for at, over in enumerate(is_over) if over), default=-1)
    return {"kind": "line", "x": words, "series": series, "is_percent": True, "open_from": last_over + 1}


def _share(row: Json) -> float | None:
    first, last = row["steps"][0]["count"], row["steps"][-1]["count"]
    # Two digits that mean something: of 1,400 who began, 1 and 2 are 0.07 and 0.14 %.
    return float(f"{last / first * 100:.3g}") if first >= NO_PERCENT_BELOW else None


def table(lines: list[tuple[str | None, list[Json]]], by: str, has_groups: bool) -> Table:
    labels = [step["label"] for step in lines[0][1][0]["steps"]] if lines and lines[0][1] else []
    head = [("Began in the week of" if by == "week" else f"Began in this {by}", False)]
    head += [("Group", False)] if has_groups else []
    head += [(label, True) for label in labels] + [("First to last", True), ("Pending", True)]
    rows = []
    for value, found in lines:
        for row in found:
            counts = [step["count"] for step in row["steps"]]
            cells = [bucket_words(row["at"], by), *([NO_VALUE if value is None else str(value)] if has_groups else [])]
            cells += [number(count) for count in counts]
            rows.append([*cells, percent_of(counts[-1], counts[0]), number(sum(s["pending"] for s in row["steps"]))])
    return Table(head, rows)
