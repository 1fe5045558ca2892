"""What a row of the inbox shows of a hand-over."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import QuerySet

from fullfunnel.core import clock, moments, numbers
from fullfunnel.crm.assigning.promises import WORKING_DAY
from fullfunnel.crm.models import HandOver, HandOverJoin, HandOverMove, Outcome, What
from fullfunnel.crm.phones import number_of, phone_of
from fullfunnel.crm.reasons import Reason, read_reasons
from fullfunnel.workspaces.models import User, Workspace
from fullfunnel.workspaces.team.calendars import calendars_of, worked

SHOWN = ("person", "company", "owner", "source", "deal")
UNREAD = ("person__traits_at", "company__traits", "company__vouched_traits")
TITLES = ("title", "job_title", "jobTitle", "position")
FIRMS = ("company_name",)
# Who waits longer is marked.
LONG = timedelta(days=1)
# Seconds of working time.
SOON = 2.5 * 3600


@dataclass(frozen=True)
class Row:
    """A hand-over, who joined it, and what happened last, other than being handed over."""

    hand_over: HandOver
    joined: Sequence[HandOverJoin] = ()
    last: HandOverMove | None = None
    reasons: Sequence[Reason] = field(default_factory=tuple)
    # Working time until the first answer is due, in seconds; below 0 it is late; None: nothing is promised.
    left: float | None = None

    @property
    def id(self) -> str:
        return self.hand_over.public_id

    @property
    def name(self) -> str:
        return str(self.hand_over.person)

    @property
    def title(self) -> str:
        return self._trait(TITLES)

    @property
    def wrote_company(self) -> str:
        """The company that they wrote, where it is not known yet which one that is."""
        return "" if self.hand_over.company else self._trait(FIRMS)

    @property
    def phone(self) -> str:
        return phone_of(self.hand_over.person.traits)

    @property
    def tel(self) -> str:
        """The number as a link dials it, "" without one."""
        return number_of(self.phone)

    @property
    def score(self) -> int:
        return self.hand_over.fit + self.hand_over.engagement

    @property
    def why(self) -> str:
        return "; ".join(each.text for each in self.reasons)

    @property
    def is_waiting(self) -> bool:
        return self.hand_over.outcome == Outcome.WAITING

    @property
    def is_kept(self) -> bool:
        return self.hand_over.is_kept_elsewhere

    @property
    def kept_in(self) -> str:
        return self.hand_over.source.name if self.hand_over.source else "another program"

    @property
    def owner(self) -> str:
        return str(self.hand_over.owner or self.hand_over.owner_name or "")

    @property
    def waits(self) -> str:
        """How long they have waited: "2 h 10 min"."""
        minutes = (clock.now() - self.hand_over.handed_over_at).total_seconds() // 60
        return numbers.duration(minutes * 60) if minutes >= 1 else "under a minute"

    @property
    def waits_words(self) -> str:
        """Since when they wait, and by when an answer is promised"."""
        due_at = self.hand_over.due_at
        said = f"Waits {self.waits}, handed over {moments.long_when(self.hand_over.handed_over_at)}"
        return f"{said}; first answer promised by {moments.long_when(due_at)}, in working time" if due_at else said

    @property
    def is_long(self) -> bool:
        return clock.now() - self.hand_over.handed_over_at > LONG

    @property
    def is_long_undue(self) -> bool:
        """Whether somebody waits long to whom nothing was promised."""
        return self.left is None and self.is_long

    @property
    def is_late(self) -> bool:
        return self.left is not None and self.left < 0

    @property
    def urgency(self) -> str:
        """The class of the words that say when it is due."""
        soon = self.is_long_undue or (self.left is not None and self.left < SOON)
        return "late" if self.is_late else "note" if soon else ""

    @property
    def due_words(self) -> str:
        """ "due in 2 h 10 min", "35 min late", "3 working days late"; without a promise how long they wait."""
        if self.left is None:
            return f"waits {self.waits}"
        seconds = abs(self.left)
        long = seconds >= 2 * WORKING_DAY.total_seconds()
        days = f"{seconds / WORKING_DAY.total_seconds():.0f} working days"
        words = days if long else numbers.duration(max(60, seconds // 60 * 60))
        return f"{words} late" if self.left < 0 else f"due in {words}"

    @property
    def by(self) -> str:
        who: User | None = self.last.by if self.last else None
        return str(who or self.owner or "the program")

    @property
    def decided_at(self) -> datetime | None:
        return self.hand_over.decided_at

    @property
    def decided(self) -> str:
        """What became of it: "accepted by Bob", "recycled by Bob: too early"; "" while it waits."""
        if self.is_waiting:
            return ""
        what = {Outcome.AGED_OUT: "aged out"}.get(
            Outcome(self.hand_over.outcome), f"{self.hand_over.outcome} by {self.by}"
        )
        return f"{what}: {self.hand_over.reason}" if self.hand_over.reason else what

    def _trait(self, names: Iterable[str]) -> str:
        traits = self.hand_over.person.traits
        return next((str(traits[name]).strip() for name in names if traits.get(name)), "")


def rows_of(hand_overs: Sequence[HandOver]) -> list[Row]:
    """Return what these show, by two queries for all of them."""
    joined: dict[int, list[HandOverJoin]] = defaultdict(list)
    last: dict[int, HandOverMove] = {}
    if hand_overs:
        scope = {"workspace_id": hand_overs[0].workspace_id, "hand_over__in": [each.pk for each in hand_overs]}
        joins = HandOverJoin.objects.filter(**scope, kind=HandOverJoin.Kind.JOINED).select_related("person")
        for join in joins.order_by("at", "pk"):
            joined[join.hand_over_id].append(join)
        moves = (
            HandOverMove.objects.filter(**scope)
            .exclude(what__in=(What.HANDED_OVER, What.RESCHEDULED))
            .select_related("by")
        )
        last = {move.hand_over_id: move for move in moves.order_by("at", "seq", "pk")}
    left = left_of(hand_overs)
    return [
        Row(each, joined[each.pk], last.get(each.pk), read_reasons(each.why), left.get(each.pk)) for each in hand_overs
    ]


def left_of(hand_overs: Sequence[HandOver]) -> dict[int, float]:
    """Return how much working time is left until these are due, in seconds, below 0 for late ones."""
    waiting = [each for each in hand_overs if each.due_at is not None and each.outcome == Outcome.WAITING]
    if not waiting:
        return {}
    calendars, now = calendars_of(Workspace.objects.get(pk=waiting[0].workspace_id)), clock.now()
    found = {}
    for each in waiting:
        calendar, due_at = calendars.of(each.owner_id), each.due_at or now
        late = due_at < now
        found[each.pk] = -max(1.0, worked(calendar, due_at, now)) if late else worked(calendar, now, due_at)
    return found


def shown(rows: QuerySet[HandOver]) -> QuerySet[HandOver]:
    """Return the query with the rows that a row of the inbox names."""
    return rows.select_related(*SHOWN).defer(*UNREAD)
