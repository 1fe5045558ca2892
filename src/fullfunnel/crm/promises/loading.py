"""Hand-overs of ours with their first human touch. What was told as history, and what another program keeps, is only counted."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from fullfunnel.core.business_time import Calendar, due
from fullfunnel.crm.assigning.promises import WORKING_DAY, rules_of
from fullfunnel.crm.models import Activity, Direction, HandOver, HandOverJoin, Outcome, SalesRules
from fullfunnel.crm.promises.months import decision_of
from fullfunnel.crm.promises.speed import Lead, Speed, State, Touch, speed_of
from fullfunnel.people.timeline import first_channels
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.team.calendars import Calendars, calendars_of

# The newest of a period are measured; the page says so where there are more.
MOST = 5_000
TURNED_AWAY = (Outcome.REJECTED, Outcome.RECYCLED)
OPEN = (Outcome.WAITING, Outcome.ACCEPTED)


@dataclass(frozen=True)
class Measured:
    """A hand-over, its day in the workspace's zone, its speed, and whether sales decided in time (None: not promised)."""

    row: HandOver
    day: date
    speed: Speed
    decision: State | None

    @property
    def is_late(self) -> bool:
        """Whether somebody still waits for a first touch that is over its time."""
        return self.speed.touch is None and self.speed.state is State.BROKEN and self.row.outcome in OPEN


@dataclass(frozen=True)
class Loaded:
    measured: list[Measured]
    rules: SalesRules
    calendars: Calendars
    is_more: bool


@dataclass(frozen=True)
class LeftOut:
    history: int
    elsewhere: int


def load(workspace: Workspace, first: date, now: datetime) -> Loaded:
    """Measure the hand-overs from the beginning of a day (the workspace's) on, the newest first."""
    live = _since(workspace, first, now).filter(is_kept_elsewhere=False, ages_out_at__isnull=False)
    shown = live.select_related("person", "company", "owner").defer("why").order_by("-handed_over_at", "-pk")
    rows = list(shown[: MOST + 1])
    rules, calendars = rules_of(workspace), calendars_of(workspace)
    touches, ends = _touches_of(workspace, rows[:MOST]), _ends_of(rows)
    found = [
        _measured(row, touches[row.pk], ends.get(row.pk), calendars.of(row.owner_id), rules, now) for row in rows[:MOST]
    ]
    return Loaded(found, rules, calendars, len(rows) > MOST)


def left_out(workspace: Workspace, first: date, last: date | None, now: datetime) -> LeftOut:
    """Count what the figures of these days leave out."""
    rows = _since(workspace, first, now)
    rows = rows.filter(handed_over_at__lt=_begin(workspace, last)) if last else rows
    return LeftOut(
        rows.filter(is_kept_elsewhere=False, ages_out_at__isnull=True).count(),
        rows.filter(is_kept_elsewhere=True).count(),
    )


def handed_over_in(workspace: Workspace, months: Sequence[date], now: datetime) -> list[int]:
    """Count whom marketing handed over in each of these months, the latest first; what was told as history was, too."""
    counts, until = [], now
    for month in months:
        begin = _begin(workspace, month)
        rows = HandOver.objects.filter(workspace=workspace, is_kept_elsewhere=False)
        counts.append(rows.filter(handed_over_at__gte=begin, handed_over_at__lt=until).count())
        until = begin
    return counts


def channels_of(workspace: Workspace, measured: Sequence[Measured]) -> dict[int, str]:
    """Return by which channel the person of each hand-over first came, by the hand-over's key; "" where none is known."""
    people = {each.row.person_id: each.row.person for each in measured}
    found = first_channels(workspace.pk, list(people.values()))
    return {each.row.pk: found.get(each.row.person_id, "") for each in measured}


def _since(workspace: Workspace, first: date, now: datetime) -> QuerySet[HandOver]:
    begin = _begin(workspace, first)
    return HandOver.objects.filter(workspace=workspace, handed_over_at__gte=begin, handed_over_at__lte=now)


def _begin(workspace: Workspace, day: date) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(workspace.timezone))


def _measured(
    row: HandOver, touches: list[Touch], until: datetime | None, calendar: Calendar, rules: SalesRules, now: datetime
) -> Measured:
    day = row.handed_over_at.astimezone(ZoneInfo(rules.workspace.timezone)).date()
    closed = row.decided_at if row.outcome in TURNED_AWAY else None
    speed = speed_of(Lead(row.handed_over_at, row.due_at, closed, until), touches, calendar, now)
    if rules.status_days is None:
        return Measured(row, day, speed, None)
    decided = None if row.outcome in (Outcome.WAITING, Outcome.AGED_OUT) else row.decided_at
    by = due(calendar, row.handed_over_at, WORKING_DAY * rules.status_days)
    aged_out = row.outcome == Outcome.AGED_OUT
    return Measured(row, day, speed, State.BROKEN if aged_out else decision_of(decided, by, now))


def _ends_of(rows: Iterable[HandOver]) -> dict[int, datetime]:
    """Return when the same person was handed over again, by the key of the hand-over before."""
    later: dict[int, datetime] = {}
    ends = {}
    for row in rows:
        if row.person_id in later:
            ends[row.pk] = later[row.person_id]
        later[row.person_id] = row.handed_over_at
    return ends


def _touches_of(workspace: Workspace, rows: Sequence[HandOver]) -> dict[int, list[Touch]]:
    """Return what we did with the person of each hand-over, with who joined it, and on its deal, by the hand-over's key."""
    of_person: dict[int, list[int]] = defaultdict(list)
    of_deal = {row.deal_id: row.pk for row in rows if row.deal_id}
    for row in rows:
        of_person[row.person_id].append(row.pk)
    joins = HandOverJoin.objects.filter(workspace=workspace, hand_over__in=[row.pk for row in rows])
    for hand_over, person in joins.values_list("hand_over_id", "person_id"):
        of_person[person].append(hand_over)
    found: dict[int, list[Touch]] = defaultdict(list)
    if not rows:
        return found
    # Who did it is a person of ours: what a program logged for nobody is no human touch.
    human = Activity.objects.filter(workspace=workspace, direction=Direction.OUT, by__isnull=False)
    mine = human.filter(at__gte=rows[-1].handed_over_at).filter(
        Q(person__in=list(of_person)) | Q(deal__in=list(of_deal))
    )
    for person, deal, at, kind in mine.values_list("person_id", "deal_id", "at", "kind"):
        for hand_over in {*of_person.get(person, ()), *([of_deal[deal]] if deal in of_deal else [])}:
            found[hand_over].append(Touch(at, kind))
    return found
