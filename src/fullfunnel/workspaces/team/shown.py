"""What the page of the team shows: who can take leads on which of the next days, who is away, who works when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fullfunnel.core import clock
from fullfunnel.core.business_time import next_open_day, week_words, working_days
from fullfunnel.core.texts import dates
from fullfunnel.workspaces.models import Absence, Holiday, Membership, Workspace
from fullfunnel.workspaces.scope import EDITORS
from fullfunnel.workspaces.team.calendars import Calendars, calendars_of, today_of
from fullfunnel.workspaces.team.hooks import Load, loads_of

SHOWN_DAYS = 15
FULL = 100


@dataclass(frozen=True)
class Cell:
    """A day of somebody. filled: percent of the capacity that is taken, of today alone."""

    day: date
    state: str
    filled: int = 0
    note: str = ""

    @property
    def free(self) -> int:
        return FULL - self.filled

    @property
    def says(self) -> str:
        state = {"closed": "no hours", "away": "away", "open": "there"}[self.state]
        return f"{dates.weekday(self.day)}: {self.note or state}"


@dataclass(frozen=True)
class Away:
    absence: Absence
    days: int
    back_on: date | None
    load: Load
    is_now: bool


@dataclass(frozen=True)
class Seat:
    """A member with their next days."""

    member: Membership
    cells: Sequence[Cell]
    load: Load
    hours: str
    zone: str
    is_own: bool
    away: Away | None

    @property
    def takes_leads(self) -> bool:
        return self.member.role in EDITORS


@dataclass(frozen=True)
class Team:
    days: Sequence[date]
    seats: Sequence[Seat]
    away: Sequence[Away]
    pool: Load
    common: str

    @property
    def away_now(self) -> Sequence[Away]:
        return [each for each in self.away if each.is_now]

    @property
    def waiting(self) -> int:
        return sum(each.load.waiting for each in self.seats) + self.pool.waiting


def team_of(workspace: Workspace) -> Team:
    """Read what the page shows, as of now."""
    calendars, loads = calendars_of(workspace), loads_of(workspace)
    today = today_of(workspace, clock.now())
    days = [today + timedelta(days=step) for step in range(SHOWN_DAYS)]
    names = {row.day: row.name for row in Holiday.objects.filter(workspace=workspace, day__in=days)}
    rows = Membership.objects.filter(workspace=workspace).select_related("user", "team")
    members = list(rows.order_by("user__name", "pk"))
    away = [_away(each, calendars, loads, today) for each in _absences(calendars, today)]
    now = {each.absence.user_id: each for each in away if each.is_now}
    seats = []
    for member in members:
        calendar, load = calendars.plain(member.user_id), loads.get(member.user_id, Load())
        cells = [_cell(member, calendars, day, day == today, load, names.get(day, "")) for day in days]
        is_own = member.user_id in calendars.own
        hours = week_words(calendar.week)
        seats.append(Seat(member, cells, load, hours, calendar.zone, is_own, now.get(member.user_id)))
    return Team(days, seats, away, loads.get(None, Load()), week_words(calendars.common.week))


def _absences(calendars: Calendars, today: date) -> list[Absence]:
    """Absences that are not over, the next first."""
    found = [each for rows in calendars.absences.values() for each in rows if each.last >= today]
    return sorted(found, key=lambda each: (each.first, each.last, each.pk))


def _away(absence: Absence, calendars: Calendars, loads: Mapping[int | None, Load], today: date) -> Away:
    days = working_days(calendars.plain(absence.user_id), absence.first, absence.last)
    load = loads.get(absence.user_id, Load())
    back_on = next_open_day(calendars.of(absence.user_id), absence.last)
    return Away(absence, days, back_on, load, absence.first <= today)


def _cell(member: Membership, calendars: Calendars, day: date, is_today: bool, load: Load, holiday: str) -> Cell:
    user_id = member.user_id
    if not calendars.plain(user_id).spans_on(day):
        return Cell(day, "closed", note=holiday)
    if not calendars.of(user_id).spans_on(day):
        return Cell(day, "away")
    taken = FULL * load.waiting // member.capacity if is_today and member.capacity else 0
    return Cell(day, "open", filled=min(taken, FULL))
