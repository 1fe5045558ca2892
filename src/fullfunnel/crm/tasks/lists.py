"""The tasks that a page shows, in groups by when they are due."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from fullfunnel.core import clock
from fullfunnel.core.pages.counts import count_up_to
from fullfunnel.crm.deals.words import amount_words, day_words
from fullfunnel.crm.models import Task
from fullfunnel.crm.tasks.due import GROUPS, OVERDUE, group_of
from fullfunnel.workspaces.models import Membership
from fullfunnel.workspaces.sight import visible

MINE, ALL, DONE = "mine", "all", "done"
LABELS = {MINE: "Mine", ALL: "Everybody's", DONE: "Done"}
MOST = 200
RELATED = ("person__company", "deal__stage", "deal__company", "owner", "done_by")


@dataclass(frozen=True)
class Row:
    """A task with what it is about and when it is due, in words."""

    task: Task
    about: str
    due: str
    group: str

    @property
    def is_late(self) -> bool:
        return self.group == OVERDUE and self.task.done_at is None


@dataclass(frozen=True)
class Group:
    key: str
    label: str
    rows: Sequence[Row]


def tasks_of(show: str, member: Membership) -> QuerySet[Task]:
    """Return the tasks under a tab, as they are due; those done by the member, the latest first."""
    rows = visible(Task.objects.filter(workspace=member.workspace))
    if show == DONE:
        return rows.filter(done_at__isnull=False, done_by=member.user).order_by("-done_at", "-pk")
    waiting = rows.filter(done_at=None)
    mine = waiting if show == ALL else waiting.filter(owner=member.user)
    return mine.order_by(F("due_at").asc(nulls_last=True), "pk")


def groups_of(show: str, member: Membership) -> list[Group]:
    """Return the groups that have tasks, the most urgent first; what is done stands in one."""
    rows = [row_of(task) for task in tasks_of(show, member).select_related(*RELATED)[:MOST]]
    if show == DONE:
        return [Group(DONE, "Done", rows)] if rows else []
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.group].append(row)
    return [Group(key, label, found[key]) for key, label in GROUPS.items() if found[key]]


def row_of(task: Task) -> Row:
    today = timezone.localtime(clock.now()).date()
    local = timezone.localtime(task.due_at) if task.due_at else None
    group = group_of(local.date() if local else None, today)
    return Row(task, about_words(task), due_words(local, today), group)


def about_words(task: Task) -> str:
    """Return what stands below a title: "Klinik Rosental · €9,600, Demo"."""
    deal, person = task.deal, task.person
    if deal is not None:
        worth = [amount_words(deal.amount, deal.currency), deal.stage.name]
        return f"{deal.name} · {', '.join(each for each in worth if each)}"
    company = person.company if person else None
    return " · ".join(str(each) for each in (person, company) if each)


def due_words(due: datetime | None, today: date) -> str:
    """Return "today", "since Fri 27 Nov", "Wed 2 Dec"; "no day" without one."""
    if due is None:
        return "no day"
    said = day_words(due.date(), today)
    return f"since {said}" if due.date() < today else said


def lead_of(member: Membership) -> str:
    """Return what the page says first: "5 for today, 2 of them overdue."."""
    rows = list(tasks_of(MINE, member).filter(due_at__lt=_tomorrow()).values_list("due_at", flat=True)[:MOST])
    today = timezone.localtime(clock.now()).date()
    late = sum(timezone.localtime(due).date() < today for due in rows if due)
    if not rows:
        return "Nothing for today."
    return f"{len(rows)} for today" + (f", {late} of them overdue." if late else ".")


def said_to_do(member: Membership) -> str:
    """Return the number beside the menu's entry: what is due today or overdue; "" for nothing."""
    count = count_up_to(tasks_of(MINE, member).filter(due_at__lt=_tomorrow()))
    return str(count) if count.number else ""


def _tomorrow() -> datetime:
    today = timezone.localtime(clock.now())
    return datetime.combine(today.date() + timedelta(days=1), time.min, today.tzinfo)
