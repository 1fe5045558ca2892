"""The last year under a version, beside what holds: what the page shows of the answer, and the question that it asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fullfunnel.core import clock
from fullfunnel.core.numbers import number
from fullfunnel.journeys.questions.periods import zone_of
from fullfunnel.journeys.stages.rule_set import set_json
from fullfunnel.stages.rules import words
from fullfunnel.stages.rules.page import Shown
from fullfunnel.stages.words import amounts, rate
from fullfunnel.workspaces.models import Workspace

Json = dict[str, Any]
NOWHERE = "-"
HEIGHT = 90


def preview_question(workspace: Workspace, shown: Shown) -> Json:
    """Return the question: the last year, today in it. A draft is said whole, so that its answer is never that of what it was."""
    today = clock.now().astimezone(zone_of(workspace.timezone)).date()
    period = {
        "from": (today - timedelta(days=364)).isoformat(),
        "to": today.isoformat(),
        "timezone": workspace.timezone,
    }
    rules = set_json(shown.rules) if shown.is_draft else shown.rules.number
    return {"kind": "stages", "rules": rules, "against": shown.base.number, "period": period}


@dataclass(frozen=True)
class Figure:
    """A number before and after. said: what became of it, in words."""

    title: str
    before: str
    after: str
    said: str

    @property
    def is_same(self) -> bool:
        return self.before == self.after


def figures_of(answer: Json) -> list[Figure]:
    """Return the numbers that the preview begins with: of sales where there is a sales funnel."""
    if (joint := answer.get("hand_overs")) is None:
        return []
    before, after = joint["before"], joint["after"]
    found = [
        Figure("Handed over", number(before["handed_over"]), number(after["handed_over"]), _less(before["handed_over"], after["handed_over"])),
        Figure("Accepted", _share(before, "accepted"), _share(after, "accepted"), f"{number(after['accepted'])} of {number(after['handed_over'])}"),
        Figure("Won", number(before["won"]), number(after["won"]), amounts(after["won_value"])),
        Figure("Hand-over to win", _share(before, "won"), _share(after, "won"), f"{number(after['won'])} of {number(after['handed_over'])}"),
    ]  # fmt: skip
    if score := answer.get("by_score"):
        said = _less(score["before"], score["after"])
        found.append(Figure("Enough of both scores", number(score["before"]), number(score["after"]), said))
    return found


def _share(joint: Json, name: str) -> str:
    return rate(joint[name], joint["handed_over"])


def _less(before: int, after: int) -> str:
    if before == after:
        return "as before"
    return f"{number(abs(after - before))} {'fewer' if after < before else 'more'}"


def stage_rows(answer: Json) -> list[Figure]:
    """Return a row a stage: people who reached it."""
    return [
        Figure(words.TITLES[row["stage"]], number(row["before"]), number(row["after"]), _less(row["before"], row["after"]))
        for row in answer["stages"]
    ]  # fmt: skip


@dataclass(frozen=True)
class Mover:
    """People who move from one stage to another; url: their list."""

    source: str
    target: str
    people: int
    url: str


def movers_of(answer: Json, url: str) -> list[Mover]:
    """Return who moves, the most first. url: of the list, without its query."""
    found = []
    for row in answer["moves"]:
        source, target = row["from"] or NOWHERE, row["to"] or NOWHERE
        address = f"{url}?from={source}&to={target}"
        found.append(Mover(_title(row["from"]), _title(row["to"]), row["people"], address))
    return found


def _title(stage: str | None) -> str:
    return words.TITLES[stage] if stage else "not counted"


@dataclass(frozen=True)
class Month:
    """A month's bar: x and heights in the picture; label: its first letters."""

    x: int
    kept: int
    gone: int
    label: str
    said: str

    @property
    def top(self) -> int:
        return HEIGHT - self.kept

    @property
    def top_gone(self) -> int:
        return HEIGHT - self.kept - self.gone


def months_of(answer: Json) -> list[Month]:
    """Return the hand-overs of each month as bars."""
    rows: Sequence[Json] = answer.get("hand_overs", {}).get("months", [])
    most = max((row["before"] for row in rows), default=0)
    found = []
    for at, row in enumerate(rows if most else ()):
        kept, gone = (round(HEIGHT * many / most) for many in (row["after"], row["before"] - row["after"]))
        label = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[
            int(row["month"][5:]) - 1
        ]
        said = f"{row['month']}: {row['after']} under these rules, {row['before']} before"
        found.append(Month(at * 26, kept, gone, label, said))
    return found


def in_one_sentence(answer: Json, differ: Sequence[words.Difference]) -> str:
    """Return what the draft changes and what follows: "Interest: …: 1,204 people move, 16 % fewer hand-overs."""
    moved = sum(row["people"] for row in answer["moves"])
    people = f"{number(moved)} {'person moves' if moved == 1 else 'people move'}"
    said = [people]
    if joint := answer.get("hand_overs"):
        before, after = joint["before"]["handed_over"], joint["after"]["handed_over"]
        if before != after:
            said.append(f"{number(abs(before - after))} hand-overs {'fewer' if after < before else 'more'}")
    what = "; ".join(f"{one.where}: {one.said}" for one in differ[:2])
    return f"{what or 'Nothing differs'}. In the last year {', '.join(said)}."
