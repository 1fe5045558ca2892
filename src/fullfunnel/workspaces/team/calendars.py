"""Whose working time is when: of a member, else of the workspace."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from fullfunnel.core.business_time import Calendar, Spans, elapsed, next_open_day, open_day
from fullfunnel.workspaces.models import Absence, Holiday, WorkingHours, Workspace

# Until somebody says otherwise: Monday to Friday, 9 to 17.
USUAL: Mapping[int, Spans] = dict.fromkeys(range(1, 6), ((540, 1020),))


@dataclass(frozen=True)
class Calendars:
    """A workspace's calendars, loaded once. Without a user, or for one without hours of their own: the common one."""

    common: Calendar
    own: Mapping[int, Calendar] = field(default_factory=dict)
    absences: Mapping[int, list[Absence]] = field(default_factory=dict)

    def of(self, user_id: int | None) -> Calendar:
        """Return somebody's calendar with their absences."""
        plain = self.plain(user_id)
        away = tuple((each.first, each.last) for each in self.absences.get(user_id or 0, ()))
        return Calendar(plain.zone, plain.week, plain.days, away) if away else plain

    def plain(self, user_id: int | None) -> Calendar:
        """Return somebody's calendar as if they were never away."""
        return self.own.get(user_id or 0, self.common)

    def absence_at(self, user_id: int, moment: datetime) -> Absence | None:
        """Return the absence that covers the working day on which somebody would first see what comes at `moment`."""
        absences = self.absences.get(user_id, ())
        day = open_day(self.plain(user_id), moment) if absences else None
        return next((each for each in absences if day is not None and each.first <= day <= each.last), None)

    def back_on(self, absence: Absence) -> date | None:
        """Return the first day on which who is away works again."""
        return next_open_day(self.of(absence.user_id), absence.last)


def calendars_of(workspace: Workspace) -> Calendars:
    """Load the calendars of a workspace by three queries."""
    days = {row.day: spans_of(row.hours) for row in Holiday.objects.filter(workspace=workspace)}
    common = Calendar(workspace.timezone, USUAL, days)
    own: dict[int, Calendar] = {}
    for row in WorkingHours.objects.filter(workspace=workspace):
        calendar = Calendar(row.timezone or workspace.timezone, week_of(row), days)
        if row.user_id is None:
            common = calendar
        else:
            own[row.user_id] = calendar
    absences: dict[int, list[Absence]] = defaultdict(list)
    for absence in Absence.objects.filter(workspace=workspace).select_related("user", "stand_in").order_by("first"):
        absences[absence.user_id].append(absence)
    return Calendars(common, own, dict(absences))


def week_of(row: WorkingHours) -> dict[int, Spans]:
    return {int(day): spans_of(spans) for day, spans in row.week.items()}


def spans_of(kept: Any) -> Spans:
    return tuple((int(begin), int(end)) for begin, end in kept)


def today_of(workspace: Workspace, now: datetime) -> date:
    """Return the day that it is in a workspace's zone."""
    return now.astimezone(ZoneInfo(workspace.timezone)).date()


def worked(calendar: Calendar, start: datetime, end: datetime) -> float:
    """Return the working time between two moments, in seconds."""
    return elapsed(calendar, start, end).total_seconds()
