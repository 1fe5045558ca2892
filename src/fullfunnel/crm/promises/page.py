"""What the page of promises says of a period, and its file."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fullfunnel.core.csv_cells import MARKER, MARKER_VALUE
from fullfunnel.core.numbers import NBSP, duration, number
from fullfunnel.core.pages.files import moment_cell
from fullfunnel.core.texts import dates
from fullfunnel.crm.models import HandOver, SalesRules
from fullfunnel.crm.promises.loading import Loaded, Measured, handed_over_in
from fullfunnel.crm.promises.months import Number, Tally, months_until, number_of, tally_of
from fullfunnel.crm.promises.speed import Bar, Summary, bars_of, summary_of
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.team.calendars import today_of, worked

MONTHS_BEFORE, MOST_LATE = 3, 50
PERIODS = {"month": "This month", "last-month": "Last month", "90d": "Last 90 days", "12m": "Last 12 months"}
USUAL, CUSTOM, EARLIEST = "90d", "custom", date(2000, 1, 1)
DAY = 86_400
HEADER = (
    "id", "handed_over_at", "owner", "channel", "outcome", "due_at", "first_touch_at", "first_touch", "wall_seconds",
    "working_seconds", "first_answer", "decision", MARKER,
)  # fmt: skip


@dataclass(frozen=True)
class Period:
    """first: its first day; end: the day after its last one, None up to now."""

    key: str
    first: date
    end: date | None
    # Since when the hand-overs are loaded: the months of the table belong to them.
    load_from: date
    months: list[date]

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.end is None or day < self.end)


@dataclass(frozen=True)
class Group:
    name: str
    summary: Summary


@dataclass(frozen=True)
class Promise:
    """months: (name, Tally or Number) of each month, the latest first; None: not promised."""

    title: str
    by: str
    months: list[tuple[str, Tally | Number]] | None


@dataclass(frozen=True)
class Late:
    row: HandOver
    seconds: float


@dataclass(frozen=True)
class Row:
    label: str
    bar: Bar


def period_of(key: str, workspace: Workspace, now: datetime) -> Period:
    """Return the period of that name; the usual one for a strange name."""
    today = today_of(workspace, now)
    months = months_until(today, 11)
    firsts = {"month": months[0], "last-month": months[1], "90d": today - timedelta(days=90), "12m": months[-1]}
    key = key if key in firsts else USUAL
    table = months[: MONTHS_BEFORE + 1]
    end = months[0] if key == "last-month" else None
    return Period(key, firsts[key], end, min(firsts[key], table[-1]), table)


def asked_period(asked: Mapping[str, str], workspace: Workspace, now: datetime) -> Period:
    """Return the period of an address: from `start` to `end`, both included, or by its name."""
    key = asked.get("period", "")
    try:
        first, last = (date.fromisoformat(asked.get(name, "")) for name in ("start", "end"))
    except ValueError:
        return period_of(key, workspace, now)
    today = today_of(workspace, now)
    if key != CUSTOM or not EARLIEST <= first <= last <= today:
        return period_of(key, workspace, now)
    table = months_until(today, 11)[: MONTHS_BEFORE + 1]
    return Period(CUSTOM, first, last + timedelta(days=1), min(first, table[-1]), table)


def of_period(period: Period, measured: Iterable[Measured]) -> list[Measured]:
    return [each for each in measured if period.holds(each.day)]


def groups_by(measured: Iterable[Measured], name: Callable[[Measured], str]) -> list[Group]:
    """Return a group of each name, the largest first."""
    found: dict[str, list[Measured]] = defaultdict(list)
    for each in measured:
        found[name(each)].append(each)
    groups = [Group(key, summary_of([each.speed for each in rows])) for key, rows in found.items()]
    return sorted(groups, key=lambda group: (-group.summary.count, group.name))


def seller(measured: Measured) -> str:
    return str(measured.row.owner or "The pool")


def promises_of(loaded: Loaded, months: Sequence[date], now: datetime) -> list[Promise]:
    """Return the three promises with what became of them in each of these months, the latest first."""
    rules = loaded.rules
    by_month: dict[date, list[Measured]] = {month: [] for month in months}
    for each in loaded.measured:
        by_month.get(each.day.replace(day=1), []).append(each)
    answers = [tally_of(each.speed.state for each in rows) for rows in by_month.values()]
    decisions = [tally_of(each.decision for each in rows if each.decision) for rows in by_month.values()]
    numbers = _numbers(rules, handed_over_in(rules.workspace, months, now))
    names = [month_words(month) for month in months]
    first = f"First answer within {working(rules.answer_minutes * 60)}"
    return [
        Promise(first, "Sales", list(zip(names, answers, strict=True))),
        Promise(
            _decision_words(rules), "Sales", list(zip(names, decisions, strict=True)) if rules.status_days else None
        ),
        Promise(_number_words(rules), "Marketing", list(zip(names, numbers, strict=True)) if numbers else None),
    ]


def _decision_words(rules: SalesRules) -> str:
    if not rules.status_days:
        return "A decision within so many working days"
    return f"A decision within {rules.status_days} working day{'' if rules.status_days == 1 else 's'}"


def _number_words(rules: SalesRules) -> str:
    return f"{number(rules.hand_overs_a_month) if rules.hand_overs_a_month else 'So many'} hand-overs a month"


def _numbers(rules: SalesRules, counts: Sequence[int]) -> list[Number]:
    most = rules.hand_overs_a_month
    return [number_of(count, most, is_over=at > 0) for at, count in enumerate(counts)] if most else []


def late_of(loaded: Loaded, measured: Iterable[Measured], now: datetime) -> list[Late]:
    """Return who still waits beyond the promise, the latest first, with the working time since it was due."""
    late = [each.row for each in measured if each.is_late]
    found = [Late(row, worked(loaded.calendars.of(row.owner_id), row.due_at or now, now)) for row in late]
    return sorted(found, key=lambda each: (-each.seconds, each.row.due_at or now))


def rows_of(measured: Iterable[Measured]) -> list[Row]:
    """Return the bars of the distribution with their labels."""
    return [Row(_label(bar), bar) for bar in bars_of(each.speed for each in measured)]


def _label(bar: Bar) -> str:
    if bar.up_to is None:
        return f"over {working(bar.above)}"
    return f"up to {working(bar.up_to)}"


def working(seconds: float | None) -> str:
    """Write working time: in hours where `duration` would say days, for a day of work is none of 24 hours."""
    if seconds is None or seconds < DAY:
        return duration(seconds)
    return f"{number(round(seconds / 3600))}{NBSP}h"


def csv_rows(measured: Iterable[Measured], channels: dict[int, str]) -> Iterator[list[str]]:
    """Yield the cells of each hand-over as HEADER names them; times in the workspace's zone."""
    for each in measured:
        row, speed = each.row, each.speed
        yield [
            row.public_id,
            moment_cell(row.handed_over_at),
            str(row.owner or ""),
            channels.get(row.pk, ""),
            row.outcome,
            moment_cell(row.due_at),
            moment_cell(speed.touch.at if speed.touch else None),
            speed.touch.kind if speed.touch else "",
            "" if speed.wall is None else f"{speed.wall:.0f}",
            "" if speed.business is None else f"{speed.business:.0f}",
            speed.state,
            each.decision or "",
            MARKER_VALUE,
        ]


def month_words(month: date) -> str:
    return dates.month(month)


def last_day(period: Period, workspace: Workspace, now: datetime) -> date:
    return period.end - timedelta(days=1) if period.end else today_of(workspace, now)


def days_words(period: Period, workspace: Workspace, now: datetime) -> str:
    last = last_day(period, workspace, now)
    return f"{dates.day(period.first)} to {dates.day(last)}"
