"""A funnel's answer as a picture: rows, bars as shares of the widest, groups side by side. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from fullfunnel.journeys.questions.words import step_label, step_words

Json = dict[str, Any]
# (step from 1, outcome, group) -> the address of these people.
Opens = Callable[[int, str, str | None], str]
MAX_GROUPS = 6
NO_VALUE, OTHER = "no value", "(other)"


@dataclass(frozen=True)
class Part:
    """A piece of a bar: x and width in percent of the whole, as SVG wants them; `link` opens the people in it."""

    kind: str
    count: int
    x: float
    width: float
    link: str


@dataclass(frozen=True)
class GroupCell:
    """One group at one step: who reached it, who is pending or was lost before it. `base` is the group's first step."""

    name: str
    hue: int
    is_first: bool
    base: int
    reached: Part
    pending: Part
    dropped: Part

    @property
    def told(self) -> list[Part]:
        """What the table tells: nobody is lost or pending before the first step."""
        return [self.reached] if self.is_first else [self.reached, self.dropped, self.pending]

    @property
    def drawn(self) -> list[Part]:
        """The pieces of the bar that are there, from the left."""
        return [part for part in (self.reached, self.pending, self.dropped) if part.count]


@dataclass(frozen=True)
class Row:
    """One step. `previous` is the count of the step before, `base` that of the first."""

    number: int
    label: str
    why: str
    optional: bool
    count: int
    previous: int
    base: int
    dropped: int
    pending: int
    seconds: Json
    parts: list[Part]
    groups: list[GroupCell] = field(default_factory=list)

    def links(self) -> dict[str, str]:
        return {part.kind: part.link for part in self.parts}


@dataclass(frozen=True)
class Group:
    """`cells`: one for each step."""

    name: str
    hue: int
    value: str | None
    steps: list[Json]
    count: int
    reached: int
    cells: list[GroupCell] = field(default_factory=list)


def people_links(people_url: str, link: str) -> Opens:
    """Return what addresses the people of a step, an outcome and a group ("": everybody) of the question `link`."""

    def opens(step: int, outcome: str, group: str | None) -> str:
        chosen = {"step": step, "outcome": outcome}
        return f"{people_url}?{link}&{urlencode(chosen | group_query(group))}"

    return opens


def picture(question: Json, answer: Json, people_url: str, link: str) -> list[Row]:
    """The rows of the picture. `people_url` with `link` (the question's query string) opens the people behind a part."""
    opens = people_links(people_url, link)

    def everybody(step: int, outcome: str) -> str:
        return opens(step, outcome, "")

    steps = answer["steps"]
    widest = max((step["count"] for step in steps), default=0) or 1
    shown = groups_of(answer, opens)[:MAX_GROUPS]
    return [
        Row(
            number=at + 1,
            label=step_label(question["steps"][at]),
            why=step_words(question, at),
            optional=bool(question["steps"][at].get("optional")),
            count=step["count"],
            previous=previous_count(question, steps, at),
            base=steps[0]["count"],
            dropped=step["dropped"],
            pending=step["pending"],
            seconds=step["seconds_from_previous"],
            parts=_parts(step, at, widest, everybody),
            groups=[group.cells[at] for group in shown],
        )
        for at, step in enumerate(steps)
    ]


def previous_count(question: Json, steps: list[Json], at: int) -> int:
    """What a step's conversion is measured against: the last required step before it (itself for the first)."""
    for place in range(at - 1, -1, -1):
        if not question["steps"][place].get("optional"):
            return int(steps[place]["count"])
    return int(steps[at]["count"])


def _parts(step: Json, at: int, widest: int, opens: Callable[[int, str], str]) -> list[Part]:
    parts, x = [], 0.0
    for kind in ("reached", "pending", "dropped"):
        count = step["count"] if kind == "reached" else step[kind]
        # What is there at all must be seen, however small its share.
        width = max(count / widest * 100, 0.3) if count else 0.0
        parts.append(Part(kind, count, round(x, 3), round(max(min(width, 100 - x), 0), 3), opens(at + 1, kind)))
        x += width
    return parts


def groups_of(answer: Json, opens: Opens = lambda step, outcome, group: "") -> list[Group]:
    """The groups, largest first as the answer has them, with a hue for each that is drawn (1 to 6, then 0)."""
    groups = answer.get("groups") or []
    largest = max((group["steps"][0]["count"] for group in groups), default=0)
    return [_group(group, at + 1 if at < MAX_GROUPS else 0, largest, opens) for at, group in enumerate(groups)]


def _group(group: Json, hue: int, largest: int, opens: Opens) -> Group:
    value, steps = group["value"], group["steps"]
    name, base = NO_VALUE if value is None else str(value), steps[0]["count"]

    def cell(at: int, step: Json) -> GroupCell:
        # At the first step the bars compare the groups' sizes; from there on, how far each group came.
        whole = (base if at else largest) or 1
        return GroupCell(
            name, hue, at == 0, base, *_parts(step, at, whole, lambda number, outcome: opens(number, outcome, value))
        )

    cells = [cell(at, step) for at, step in enumerate(steps)]
    return Group(name, hue, value, steps, base, steps[-1]["count"], cells)


def group_query(value: str | None) -> dict[str, str]:
    """How a link names a group: `group=…`, `nogroup=1` for the people without a value, nothing for everybody."""
    if value is None:
        return {"nogroup": "1"}
    return {"group": value} if value else {}


def table(answer: Json) -> list[list[Any]]:
    """The rows of the CSV: a header, the steps, then each group's steps. Times are seconds, shares are 0 to 1."""
    header = ["group", "step", "label", "count", "from_previous", "from_first", "dropped", "pending"]
    rows: list[list[Any]] = [[*header, "median_seconds", "mean_seconds", "p90_seconds"]]
    blocks = [("", answer["steps"])]
    blocks += [(group.name, group.steps) for group in groups_of(answer)]
    for name, steps in blocks:
        for at, step in enumerate(steps, 1):
            seconds = step["seconds_from_previous"]
            shares = [step[key] for key in ("count", "from_previous", "from_first", "dropped", "pending")]
            rows.append([name, at, step["label"], *shares, seconds["median"], seconds["mean"], seconds["p90"]])
    return rows
