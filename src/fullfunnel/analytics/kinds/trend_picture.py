"""A trend as lines, beside the period before; its sentence, its table, its file."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from json import dumps
from typing import Any
from urllib.parse import urlencode

from fullfunnel.analytics.forms.form import QuestionFields
from fullfunnel.analytics.pictures import MAX_GROUPS, NO_VALUE
from fullfunnel.analytics.presenters.buckets import bucket_words
from fullfunnel.analytics.presenters.people_links import group_words, who
from fullfunnel.analytics.presenters.table import Linked, Table
from fullfunnel.core.numbers import NO_PERCENT_BELOW, number, percent
from fullfunnel.journeys.questions.periods import previous_days
from fullfunnel.journeys.questions.words import period_words, short_label, step_label

Json = dict[str, Any]
WHEN = {"week": "in the week of", "month": "in"}
# Of more lines than these none is drawn twice.
MAX_COMPARED = 3
AVERAGED = ("people", "mean", "median", "p90")


@dataclass(frozen=True)
class Line:
    """One line: a series, or a group of one. `before`: the same in the period before, bucket for bucket; empty: not compared.

    `unit`: what its values count, in words. `who`: its people, but for the bucket (presenters/people_links.py)."""

    name: str
    measure: str
    unit: str
    values: list[float | None]
    before: list[float | None]
    hue: int = 0
    who: str = ""

    def size(self) -> float:
        return sum(value or 0 for value in self.values)


def also_asked(fields: QuestionFields, question: Json) -> list[Json]:
    """The same question of the period before, where a comparison is wanted and there is one."""
    period = question.get("period") or {}
    if fields.values["compare"] != "1" or len(question["series"]) > MAX_COMPARED:
        return []
    try:
        start, end = date.fromisoformat(period.get("from", "")), date.fromisoformat(period.get("to", ""))
        before = previous_days(start, end)
    except (ValueError, OverflowError):
        return []
    return [question | {"period": period | {"from": before[0].isoformat(), "to": before[1].isoformat()}}]


def present(fields: QuestionFields, question: Json, answer: Json, beside: list[Json | None]) -> Json:
    """Return the context of templates/analytics/_trend.html."""
    buckets, lines = lines_of(question, answer, beside[0] if beside else None)
    drawn = [replace(line, hue=at + 1) for at, line in enumerate(lines[:MAX_GROUPS])]
    is_compared = any(line.before for line in drawn)
    words = [bucket_words(at, answer["by"]) for at, _ in buckets]
    said = sentence(question, answer["by"], fields.period.preset, buckets, lines)
    return {
        "is_nothing": not any(line.size() for line in lines),
        "lines": drawn,
        "more_lines": len(lines) - len(drawn),
        "is_compared": is_compared and len(drawn) <= MAX_COMPARED,
        "is_compared_below": is_compared and len(drawn) > MAX_COMPARED,
        "has_incomplete": any(is_cut for _, is_cut in buckets),
        "charts": [{"said": chart_words(one), "json": dumps(one)} for one in charts(words, buckets, drawn)],
        "sentence": said,
        "table": table(words, buckets, answer["by"], lines),
    }


def lines_of(question: Json, answer: Json, before: Json | None) -> tuple[list[tuple[str, bool]], list[Line]]:
    """The buckets (when, whether cut), and the lines, in the order of the answer; with several series of groups, the largest first."""
    earlier = {key: [_drawn(row["value"]) for row in rows] for key, rows in _by_line(before)} if before else {}
    buckets: list[tuple[str, bool]] = []
    lines = []
    for key, rows in _by_line(answer):
        buckets = buckets or [(row["at"], row["incomplete"]) for row in rows]
        series = question["series"][key[0] - 1]
        values = [_drawn(row["value"]) for row in rows]
        past = earlier.get(key, [])[: len(values)]
        past += [None] * (len(values) - len(past)) if past else []
        name = _name(series, key[1], "group" in rows[0], len(question["series"]) > 1)
        people = who(rows[0], line=key[0])
        unit = unit_words(series, question.get("breakdown"), key[1])
        lines.append(Line(name, series.get("measure", "events"), unit, values, past, who=people))
    if question.get("breakdown") and len(question["series"]) > 1:
        # Of its own unit: else no line of the smaller one would be drawn.
        whole = {unit: sum(line.size() for line in lines if line.unit == unit) or 1 for unit in units(lines)}
        lines.sort(key=lambda line: -line.size() / whole[line.unit])
    return buckets, lines


def units(lines: list[Line]) -> list[str]:
    return list(dict.fromkeys(line.unit for line in lines))


def unit_words(series: Json, breakdown: Json | None, group: str | None) -> str:
    """What an axis counts: "people", "events", "revenue in all, EUR", "revenue each". A currency is said where the question names one."""
    measure = series.get("measure", "events")
    if measure in ("events", "people"):
        return str(measure)
    said = f"{series.get('property', '')} {'in all' if measure == 'sum' else 'each'}"
    wanted = (one for one in series.get("where", []) if one["property"] == "currency" and one.get("op", "=") == "=")
    currency = next((one.get("value") for one in wanted), None)
    if breakdown and breakdown["property"] == "currency":
        currency = group
    return f"{said}, {currency}" if currency else said


def _drawn(value: float | str | None) -> float | int | None:
    """A value as a line has it. A sum is answered as a decimal text, since it may be money; a picture needs no cents."""
    if not isinstance(value, str):
        return value
    return int(value) if value.lstrip("-").isdigit() else float(value)


def _by_line(answer: Json) -> list[tuple[tuple[int, str | None], list[Json]]]:
    return [(key, list(rows)) for key, rows in groupby(answer["rows"], lambda row: (row["series"], row.get("group")))]


def _name(series: Json, group: str | None, is_group: bool, has_others: bool) -> str:
    label, measure, name = step_label(series), series.get("measure", "events"), series.get("property", "")
    said = series.get("label") or {
        "events": f"{label} (events)",
        "people": label,
        "sum": f"{name} of {label}",
        "mean": f"mean {name} of {label}",
        "median": f"median {name} of {label}",
        "p90": f"90 % of {name} of {label}",
    }.get(measure, label)
    if not is_group:
        return said
    value = NO_VALUE if group is None else str(group)
    return f"{value}, {said}" if has_others else value


def charts(words: list[str], buckets: list[tuple[str, bool]], lines: list[Line]) -> list[Json]:
    """What core/static/charts.js draws: a picture for each unit, below each other. On one axis the smaller would be flat."""
    found = []
    for unit in units(lines):
        own = [line for line in lines if line.unit == unit]
        series: list[Json] = []
        for line in own:
            series.append({"name": line.name, "values": line.values, "hue": line.hue, "who": line.who})
        for line in own:
            if line.before and len(lines) <= MAX_COMPARED:
                name = "The period before" if len(lines) == 1 else f"{line.name}, before"
                series.append({"name": name, "values": line.before, "hue": line.hue, "dashed": True})
        found.append(
            {
                "kind": "line",
                "unit": unit,
                "x": words,
                "at": [at for at, _ in buckets],
                "series": series,
                "has_legend": len(lines) > 1,
                "incomplete_first": len(buckets) > 1 and buckets[0][1],
                "incomplete_last": bool(buckets) and buckets[-1][1],
            }
        )
    return found


def chart_words(chart: Json) -> str:
    """ "“Deal won”, “Deal lost”: people, from 5 Jan 2026 to 9 Mar 2026"."""
    names = ", ".join(f"“{series['name']}”" for series in chart["series"] if not series.get("dashed"))
    return f"{names}: {chart['unit']}, from {chart['x'][0]} to {chart['x'][-1]}" if chart["x"] else names


def sentence(question: Json, by: str, preset: str, buckets: list[tuple[str, bool]], lines: list[Line]) -> str:
    """ "“Deal won”: 3.2 people a week in the last 90 days, 12 % more than in the period before (2.9); most in the week of 5 Jan 2026 (7)"."""
    when = period_words(preset, question)
    if not any(line.size() for line in lines):
        return f"None of this was seen {when}."
    whole = [at for at, (_, is_cut) in enumerate(buckets) if not is_cut] or list(range(len(buckets)))
    if question.get("breakdown"):
        return f"{_grouped(question, by, whole, lines)} {when}."
    line = lines[0]
    now, unit = _figure(line, whole, by, line.values)
    said = f"“{short_label({'label': line.name})}”: {number(_rounded(now))} {unit} {when}"
    # A period before that begins before the first event says nothing.
    if any(line.before[:2]):
        past, _ = _figure(line, whole, by, line.before)
        said += _compared(now, past)
    most = max(range(len(buckets)), key=lambda at: line.values[at] or 0)
    return f"{said}; most {WHEN.get(by, 'on')} {bucket_words(buckets[most][0], by)} ({number(_rounded(line.values[most]))})."


def _grouped(question: Json, by: str, whole: list[int], lines: list[Line]) -> str:
    """ "By device, the largest: desktop 1,000, mobile 850 people a week"."""
    largest = sorted(lines, key=Line.size, reverse=True)[:3]
    figures = [_figure(line, whole, by, line.values) for line in largest]
    listed = ", ".join(
        f"{line.name} {number(_rounded(now))}" for line, (now, _) in zip(largest, figures, strict=True) if now
    )
    return f"By {question['breakdown']['property']}, the largest: {listed} {figures[0][1]}"


def _figure(line: Line, whole: list[int], by: str, values: list[float | None]) -> tuple[float | None, str]:
    """What the sentence says of a line: a sum where sums mean something, else the average of the buckets that are over."""
    if line.measure not in AVERAGED:
        known = [value for value in values if value is not None]
        return (sum(known) if known else None), "events" if line.measure == "events" else "in all"
    known = [value for at in whole if at < len(values) and (value := values[at]) is not None]
    average = sum(known) / len(known) if known else None
    return average, f"people a {by}" if line.measure == "people" else f"on average by {by}"


def _compared(now: float | None, before: float | None) -> str:
    if now is None or before is None:
        return ""
    if _rounded(now) == _rounded(before):
        return ", as in the period before"
    more = "more" if now > before else "fewer"
    if before < NO_PERCENT_BELOW:
        return f", {number(_rounded(abs(now - before)))} {more} than in the period before"
    return f", {percent(abs(now - before) / before)} {more} than in the period before ({number(_rounded(before))})"


def _rounded(value: float | None) -> float | int | None:
    if value is None or isinstance(value, int):
        return value
    return round(value) if abs(value) >= 100 else round(value, 1)


def table(words: list[str], buckets: list[tuple[str, bool]], by: str, lines: list[Line]) -> Table:
    head = [("Week of" if by == "week" else by.capitalize(), False)]
    for line in lines:
        head.append((line.name, True))
        head += [("before", True)] if line.before else []
    rows = []
    for at, (bucket, is_cut) in enumerate(buckets):
        row = [words[at] + (" (not whole)" if is_cut else "")]
        for line in lines:
            text = number(_rounded(line.values[at]))
            row.append(Linked(text, f"{line.who}&{urlencode({'who.at': bucket})}") if line.values[at] else text)
            row += [number(_rounded(line.before[at]))] if line.before else []
        rows.append(row)
    return Table(head, rows)


def people_title(question: Json) -> str:
    """ "Who did “Page viewed” in the week of 5 Jan 2026 (device: mobile)"."""
    line, by, at = question.get("line", 1), question.get("by", "day"), str(question.get("at", ""))
    series = question["series"]
    label = short_label(series[line - 1] if isinstance(line, int) and 0 < line <= len(series) else series[0])
    with suppress(ValueError):
        at = bucket_words(at, by)
    return f"Who did “{label}” {WHEN.get(by, 'on')} {at}{group_words(question)}"


def csv_rows(question: Json, answer: Json) -> list[list[Any]]:
    """The rows of the answer as they are, each with what its value is and the zone of its moment."""
    has_groups = any("group" in row for row in answer["rows"])
    names = ["series", "label", "measure", "property", *(["group"] if has_groups else [])]
    names += ["at", "timezone", "value", "incomplete"]
    said = [{"measure": one.get("measure", "events"), "property": one.get("property")} for one in question["series"]]
    whole = [{"timezone": answer["timezone"]} | said[row["series"] - 1] | row for row in answer["rows"]]
    return [names, *([row.get(name) for name in names] for row in whole)]
