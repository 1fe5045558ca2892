"""Retention as a heat map and a curve; its sentence, its table, its file."""

from dataclasses import dataclass
from itertools import groupby
from json import dumps
from typing import Any

from fullfunnel.analytics.forms.form import QuestionFields
from fullfunnel.analytics.pictures import MAX_GROUPS, NO_VALUE
from fullfunnel.analytics.presenters.buckets import bucket_words
from fullfunnel.analytics.presenters.people_links import group_words, who
from fullfunnel.analytics.presenters.table import Table
from fullfunnel.core.numbers import NO_PERCENT_BELOW, number, percent, percent_of
from fullfunnel.journeys.questions.words import period_words, short_label

Json = dict[str, Any]
SHADES = 10
MAX_ROWS = 60


@dataclass(frozen=True)
class Cell:
    """One period of a cohort. `shade`: 0 to SHADES; `text` is the share, or the counts where there are few; `who`: see presenters/people_links.py."""

    text: str
    said: str
    shade: int
    is_incomplete: bool
    who: str


@dataclass(frozen=True)
class Row:
    """A cohort, or a group. A cell is None where the period has not begun. `who`: those who began."""

    name: str
    size: int
    cells: list[Cell | None]
    who: str


def present(fields: QuestionFields, question: Json, answer: Json, beside: list[Json | None]) -> Json:
    """Return the context of templates/analytics/_retention.html."""
    by, has_groups = answer["by"], "breakdown" in question
    most = _most(answer)
    if has_groups:
        rows = [_row(_value(value), found, by, most) for value, found in _groups(answer["overall"])]
    else:
        rows = [
            _row(bucket_words(cohort, by), list(found), by, most)
            for cohort, found in groupby(answer["rows"], lambda row: row["cohort"])
        ]
    kept = [row for row in rows if row.size] or rows
    return {
        "is_nothing": not any(row["size"] for row in answer["rows"]),
        "rows": kept[-MAX_ROWS:],
        "more_rows": max(len(kept) - MAX_ROWS, 0),
        "periods": list(range(answer["periods"] + 1)),
        "by": by,
        "what": "Group" if has_groups else f"{by.capitalize()} of the start",
        "overall": None if has_groups else _row("All that are over", _padded(answer["overall"]), by, most),
        "most": percent(most),
        "shades": range(SHADES + 1),
        "has_few": any(0 < row.size < NO_PERCENT_BELOW for row in kept),
        "has_incomplete": any(cell and cell.is_incomplete for row in kept for cell in row.cells),
        "chart_json": dumps(chart(answer)),
        "sentence": sentence(question, answer, fields.period.preset),
        "table": table(answer, has_groups),
    }


def _most(answer: Json) -> float:
    """The share that has the darkest shade: the largest of what is over, of enough people, after the first period."""
    listed = [*answer["rows"], *answer["overall"]]
    shares = [
        row["share"]
        for row in listed
        if row["period"] and row["share"] is not None and row["size"] >= NO_PERCENT_BELOW and not row.get("incomplete")
    ]
    return max(shares, default=0.0) or 1.0


def _row(name: str, found: list[Json], by: str, most: float) -> Row:
    cells: list[Cell | None] = []
    for row in found:
        if row["share"] is None:
            cells.append(None)
            continue
        cut = row.get("incomplete", False)
        is_many = row["size"] >= NO_PERCENT_BELOW
        text = percent(row["share"]) if is_many else f"{number(row['count'])}/{number(row['size'])}"
        text = text if is_many or row["count"] else "0"
        said = f"{number(row['count'])} of {number(row['size'])}, {period_name(row['period'], by).lower()}"
        said += "; not over yet, so it is in no average" if cut else ""
        # Few people have no share, and so no shade.
        shade = 0 if not (row["count"] and is_many) else max(1, min(SHADES, round(row["share"] / most * SHADES)))
        cells.append(Cell(text, said, shade, cut, _who(row)))
    began = _who(found[0], outcome="began") if found else ""
    return Row(name, max((row["size"] for row in found), default=0), cells, began)


def _who(row: Json, **fields: str) -> str:
    return who(row, cohort=row.get("cohort"), after=row["period"], **fields)


def people_title(question: Json) -> str:
    """ "Who came back in week 2, of those who began in the week of 5 Jan 2026 (device: mobile)"."""
    by, after = question.get("by", "week"), question.get("after", 0)
    cohort, outcome = question.get("cohort"), question.get("outcome", "returned")
    began = f"in {'the week of ' if by == 'week' else ''}{_bucket(cohort, by)}" if cohort else ""
    if outcome == "began":
        return f"Who began {began or 'in what is over'}{group_words(question)}"
    when = f"in {by} {after}" if after else f"in the same {by}"
    did = "came back" if outcome == "returned" else "did not come back"
    return f"Who {did} {when}{f', of those who began {began}' if began else ''}{group_words(question)}"


def _bucket(text: str, by: str) -> str:
    try:
        return bucket_words(text, by)
    except ValueError:
        return text


def _padded(overall: list[Json]) -> list[Json]:
    return [row for row in overall if "group" not in row]


def _groups(overall: list[Json]) -> list[tuple[str | None, list[Json]]]:
    """The overall rows of each group, in the answer's order."""
    found: dict[str | None, list[Json]] = {}
    for row in overall:
        found.setdefault(row.get("group"), []).append(row)
    return list(found.items())


def _value(value: str | None) -> str:
    return NO_VALUE if value is None else str(value)


def period_name(period: int, by: str) -> str:
    """ "Same week", "Week 3"."""
    return f"{by.capitalize()} {period}" if period else f"Same {by}"


def chart(answer: Json) -> Json:
    """The curve of what is over, in percent; with a breakdown a line for each of the largest groups."""
    names = [period_name(period, answer["by"]) for period in range(answer["periods"] + 1)]
    series = []
    for at, (value, rows) in enumerate(_groups(answer["overall"])[:MAX_GROUPS]):
        shares = {row["period"]: row["share"] for row in rows if row["size"] >= NO_PERCENT_BELOW}
        values = [None if shares.get(at_) is None else round(shares[at_] * 100, 1) for at_ in range(len(names))]
        name = _value(value) if "group" in rows[0] else "Came back"
        series.append({"name": name, "values": values, "hue": at + 1})
    return {"kind": "line", "x": names, "series": series, "is_percent": True}


def sentence(question: Json, answer: Json, preset: str) -> str:
    """ "Of 400 people who began with “Signed up” in the last 90 days, 31 % came back in week 1 and 12 % in week 8."."""
    start = _step(question["start"])
    when, first = period_words(preset, question), ", their first ever," if start.get("first_ever") else ""
    label = short_label(start)
    sizes = {(row["cohort"], row.get("group")): row["size"] for row in answer["rows"]}
    whole = sum(sizes.values())
    if not whole:
        return f"Nobody began with “{label}”{first} {when}."
    said = f"{number(whole)} {'person' if whole == 1 else 'people'} began with “{label}”{first} {when}"
    over: dict[int, list[int]] = {}
    for row in answer["overall"]:
        pair = over.setdefault(row["period"], [0, 0])
        pair[0], pair[1] = pair[0] + row["count"], pair[1] + row["size"]
    known = [period for period, (_, size) in sorted(over.items()) if period and size]
    if not known:
        return f"{said}; no later {answer['by']} is over yet."
    later = " or later" if answer["mode"] == "on_or_after" else ""
    parts = [
        f"{percent_of(*over[period])} {{}}in {answer['by']} {period}" for period in dict.fromkeys((known[0], known[-1]))
    ]
    return f"{said}; {' and '.join(parts)}{later}.".replace("{}", "came back ", 1).replace("{}", "")


def _step(given: Any) -> Json:
    return {"event": given} if isinstance(given, str) else given


def table(answer: Json, has_groups: bool) -> Table:
    by = answer["by"]
    head = [(f"{by.capitalize()} of the start", False), *([("Group", False)] if has_groups else []), ("Began", True)]
    names = [period_name(period, by) for period in range(answer["periods"] + 1)]
    rows = []
    for key, found in groupby(answer["rows"], lambda row: (row["cohort"], row.get("group"))):
        cells = {row["period"]: row for row in found}
        size = next(iter(cells.values()))["size"]
        line = [bucket_words(key[0], by), *([_value(key[1])] if has_groups else []), number(size)]
        rows.append(line + [_counted(cells.get(period)) for period in range(len(names))])
    return Table([*head, *((name, True) for name in names)], rows)


def _counted(row: Json | None) -> str:
    if row is None:
        return ""
    return f"{number(row['count'])}{' so far' if row['incomplete'] else ''}"


def csv_rows(question: Json, answer: Json) -> list[list[Any]]:
    """The rows of the answer as they are, then the averages of what is over (cohort "")."""
    has_groups = any("group" in row for row in answer["rows"])
    names = ["cohort", "timezone", *(["group"] if has_groups else []), "size", "period", "count", "share", "incomplete"]
    listed = [*answer["rows"], *({"cohort": "", "incomplete": False} | row for row in answer["overall"])]
    zone = {"timezone": answer["timezone"]}
    return [names, *([(zone | row).get(name) for name in names] for row in listed)]
