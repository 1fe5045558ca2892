"""The same numbers as rows: the table under the picture, the table by channel or device, and the file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fullfunnel.core.numbers import NO_DATA, duration, number
from fullfunnel.stages.picture import Link
from fullfunnel.stages.words import OUTCOMES, TITLES, amounts, rate

Json = dict[str, Any]
HEADER = (
    "group", "side", "stage", "unit", "count", "before", "skipped", "went_on", "pending", "lost", "median_seconds_to_next",
    "p90_seconds_to_next", "amount", "currency", "now",
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    said: str
    url: str = ""


def stage_rows(answer: Json, link: Link) -> list[tuple[str, list[Cell]]]:
    """Return (stage, cells): count, went on, rate, pending, lost, there now, median; a row for each stage, outcome and state of a deal."""
    rows = [(TITLES[row["stage"]], _people_cells(row, link)) for row in answer["marketing"]]
    if "deals" not in answer:
        return rows
    joint, deals = answer["hand_overs"], answer["deals"]
    sales: list[tuple[str, int, int | None, str, str]] = [
        ("Prospects", answer["prospects"], None, "prospect", "reached")
    ]
    sales += [("Leads, handed over", joint["handed_over"], None, "handed_over", "reached")]
    sales += [
        (f"· {title}", joint[name], joint["handed_over"], "handed_over", name) for name, title in OUTCOMES.items()
    ]
    sales += [("Opportunities", deals["opportunities"], joint["handed_over"], "opportunity", "reached")]
    sales += [
        (f"· {name}", deals[name], deals["opportunities"], "opportunity", name) for name in ("won", "lost", "open")
    ]
    return [
        *rows,
        *((title, _sales_cells(count, whole, link(stage, name))) for title, count, whole, stage, name in sales),
    ]


def _people_cells(row: Json, link: Link) -> list[Cell]:
    name, time = row["stage"], row["seconds_to_next"]
    if name == "advocacy":
        there = Cell(number(row["now"]), link(name, "now"))
        return [Cell(number(row["people"]), link(name, "reached")), *[Cell(NO_DATA)] * 4, there, Cell(NO_DATA)]
    counts = [
        Cell(number(row[key]), link(name, outcome)) for key, outcome in (("people", "reached"), ("went_on", "went_on"))
    ]
    after = [Cell(number(row[key]), link(name, key)) for key in ("pending", "lost", "now")]
    share = Cell(rate(row["went_on"], row["people"]))
    return [*counts, share, *after, Cell(duration(time["median"]) if time else NO_DATA)]


def _sales_cells(count: int, whole: int | None, url: str) -> list[Cell]:
    share = NO_DATA if whole is None else rate(count, whole)
    return [Cell(number(count), url), Cell(NO_DATA), Cell(share), *[Cell(NO_DATA)] * 4]


def group_columns(answer: Json) -> list[str]:
    if "deals" in answer:
        return ["People", "Interest", "Consideration", "Handed over", "Accepted", "Opportunities", "Won", "Won value"]
    return ["People", "Interest", "Consideration", "Bought", "Again", "Recommend"]


def group_rows(answer: Json, link: Link, without: str) -> list[tuple[str, list[Cell]]]:
    """Return (value, cells) of each channel or device."""
    return [
        (without if group["value"] is None else group["value"], _group_cells(group, _within(link, group["value"])))
        for group in answer.get("groups", [])
    ]


def _within(link: Link, value: str | None) -> Link:
    group = urlencode({"nogroup": 1} if value is None else {"group": value})
    return lambda stage, outcome: f"{link(stage, outcome)}&{group}"


def _group_cells(group: Json, link: Link) -> list[Cell]:
    people = {row["stage"]: row["people"] for row in group["marketing"]}
    names: Sequence[str] = list(people) if "deals" not in group else ("awareness", "interest", "consideration")
    cells = [Cell(number(people[name]), link(name, "reached")) for name in names]
    if "deals" not in group:
        return cells
    joint, deals = group["hand_overs"], group["deals"]
    sales = [
        (joint["handed_over"], "handed_over", "reached"),
        (joint["accepted"], "handed_over", "accepted"),
        (deals["opportunities"], "opportunity", "reached"),
        (deals["won"], "opportunity", "won"),
    ]
    cells += [Cell(number(count), link(stage, outcome)) for count, stage, outcome in sales]
    return [*cells, Cell(amounts(deals["won_value"]))]


def csv_rows(answer: Json) -> list[list[Any]]:
    """Return the rows of the file, header first: everything, then each group."""
    rows: list[list[Any]] = [list(HEADER), *_figure_rows("", answer, answer.get("before"))]
    for group in answer.get("groups", []):
        rows += _figure_rows("(none)" if group["value"] is None else group["value"], group, None)
    return rows


def _figure_rows(group: str, figures: Json, before: Json | None) -> list[list[Any]]:
    earlier = {row["stage"]: row["people"] for row in before["marketing"]} if before else {}
    rows: list[list[Any]] = []
    for row in figures["marketing"]:
        time = row["seconds_to_next"] or {"median": "", "p90": ""}
        counts = [row[key] for key in ("skipped", "went_on", "pending", "lost")]
        start = [group, "marketing", row["stage"], "people", row["people"], earlier.get(row["stage"], "")]
        rows.append([*start, *counts, time["median"], time["p90"], "", "", row["now"]])
    for name in ("alone", "former"):
        rows.append([group, "marketing", name, "people", figures[name], before[name] if before else "", *[""] * 9])
    return rows if "deals" not in figures else rows + _sales_rows(group, figures, before)


def _sales_rows(group: str, figures: Json, before: Json | None) -> list[list[Any]]:
    joint, deals = figures["hand_overs"], figures["deals"]
    was = (before["hand_overs"], before["deals"]) if before else ({}, {})
    answered, closed = joint["seconds_to_answer"], deals["seconds_to_win"]
    rows: list[list[Any]] = [
        [group, "sales", "prospect", "people", figures["prospects"], before["prospects"] if before else "", *[""] * 9]
    ]
    for name in ("handed_over", *OUTCOMES):
        times = [answered["median"], answered["p90"]] if answered and name == "handed_over" else ["", ""]
        rows.append(
            [group, "joint", name, "hand-overs", joint[name], was[0].get(name, ""), *[""] * 4, *times, "", "", ""]
        )
    for name in ("opportunities", "won", "lost", "open"):
        times = [closed["median"], closed["p90"]] if closed and name == "opportunities" else ["", ""]
        rows.append([group, "sales", name, "deals", deals[name], was[1].get(name, ""), *[""] * 4, *times, "", "", ""])
        for one in deals.get(f"{name}_value", []):
            rows.append(
                [group, "sales", f"{name}_value", "money", "", *[""] * 7, one["amount"], one["currency"] or "", ""]
            )
    return rows
