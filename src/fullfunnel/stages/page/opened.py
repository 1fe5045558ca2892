"""A stage opened: who is in it, what is at work there, and its book. Pure."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from fullfunnel.core.numbers import number
from fullfunnel.core.texts.dates import day
from fullfunnel.stages.page.explained import CUSTOMER, HANDED_OVER, OPPORTUNITY
from fullfunnel.stages.words import OUTCOMES, rate

Json = dict[str, Any]
Link = Callable[[str, str], str]
WIDTH = 536.0
BAR = 64.0
PARTS = {"went_on": "went on", "pending": "still may", "lost": "gone quiet"}
KINDS = {
    "page": "page",
    "form": "form",
    "campaign": "campaign",
    "webinar": "webinar",
    "activity": "activity",
    "message": "message",
}
BOOK_HEADER = ("day", "group", "stage", "in", "out", "stock")


@dataclass(frozen=True)
class Part:
    """A share of who is in a stage. size, at: px of the bar."""

    name: str
    title: str
    count: int
    url: str
    size: float
    at: float


@dataclass(frozen=True)
class Work:
    """A thing at work in a stage: how many it touched, how many of them went on, and the lists of both."""

    name: str
    kind: str
    touched: int
    went_on: int
    share: str
    size: float
    touched_url: str
    went_on_url: str


def parts_of(stage: str, answer: Json, link: Link) -> list[Part]:
    """Return who or what is in a stage, by what became of it."""
    if stage == HANDED_OVER:
        counts = [(name, words, answer["hand_overs"][name]) for name, words in OUTCOMES.items()]
    elif stage in (OPPORTUNITY, CUSTOMER):
        counts = [(name, name, answer["deals"][name]) for name in ("won", "open", "lost")]
    elif stage == "prospect":
        return [Part("reached", "became prospects", answer["prospects"], link(stage, "reached"), WIDTH, 0.0)]
    else:
        row = next(row for row in answer["marketing"] if row["stage"] == stage)
        counts = [(name, words, row[name]) for name, words in PARTS.items()]
    total, at, found = sum(count for _, _, count in counts) or 1, 0.0, list[Part]()
    for name, words, count in counts:
        size = round(count / total * WIDTH, 1)
        found.append(Part(name, words, count, link("opportunity" if stage == CUSTOMER else stage, name), size, at))
        at = round(at + size, 1)
    return found


def work_of(work: Json, link: Link) -> list[Work]:
    """Return the rows of *what is at work here*, the last one everybody."""
    rows = [
        _work(
            row["value"],
            KINDS[row["kind"]],
            row,
            link,
            f"&{urlencode({'touch': row['kind'], 'touched': row['value']})}",
        )
        for row in work["work"]
    ]
    everybody = {"touched": work["people"], "went_on": work["went_on"]}
    return [*rows, _work("Everybody here", "", everybody, link, "")]


def _work(name: str, kind: str, row: Json, link: Link, by: str) -> Work:
    touched, went_on = row["touched"], row["went_on"]
    size = round(went_on / touched * BAR, 1) if touched else 0.0
    urls = [link("", outcome) + by for outcome in ("reached", "went_on")]
    return Work(name, kind, touched, went_on, rate(went_on, touched), size, *urls)


def chart_of(book: Json, stage: str, unit: str) -> str:
    """Return the picture of a stage's stock as charts.js draws it; "" where there is nothing to draw."""
    row = next((row for row in book["stages"] if row["stage"] == stage), None)
    if row is None or not any(row["stock"]):
        return ""
    days = [day(date.fromisoformat(one)) for one in book["days"]]
    series = [{"name": "Stand here", "values": row["stock"], "hue": 1}]
    return json.dumps({"kind": "line", "unit": unit, "x": days, "series": series, "incomplete_last": True})


def book_said(book: Json, stage: str) -> str:
    """Return the book of the period in one sentence: it adds up."""
    row = next((row for row in book["stages"] if row["stage"] == stage), None)
    if row is None or not row["stock"]:
        return ""
    parts = (row["opening"], sum(row["in"]), sum(row["out"]), row["stock"][-1])
    return "{} at the beginning + {} came − {} went = {} now".format(*map(number, parts))


def book_rows(answer: Json) -> list[list[Any]]:
    """Return the rows of the file, header first: each day of each stage, of all and then of each group."""
    groups = [("", answer["stages"])]
    groups += [("(none)" if one["value"] is None else one["value"], one["stages"]) for one in answer.get("groups", [])]
    return [
        list(BOOK_HEADER),
        *(
            [one, group, row["stage"], came, went, stock]
            for group, stages in groups
            for row in stages
            for one, came, went, stock in zip(answer["days"], row["in"], row["out"], row["stock"], strict=True)
        ),
    ]
