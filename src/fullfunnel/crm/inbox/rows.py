"""What a row of the inbox shows of a hand-over."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import QuerySet

from fullfunnel.core import clock, numbers
from fullfunnel.crm.models import HandOver, HandOverJoin, HandOverMove, Outcome, What
from fullfunnel.crm.phones import number_of, phone_of
from fullfunnel.crm.reasons import Reason, read_reasons
from fullfunnel.workspaces.models import User

SHOWN = ("person", "company", "owner", "source", "deal")
UNREAD = ("person__traits_at", "company__traits", "company__vouched_traits")
TITLES = ("title", "job_title", "jobTitle", "position")
# Who waits longer is marked.
LONG = timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """A hand-over, who joined it, and what happened last, other than being handed over."""

    hand_over: HandOver
    joined: Sequence[HandOverJoin] = ()
    last: HandOverMove | None = None
    reasons: Sequence[Reason] = field(default_factory=tuple)

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
    def is_long(self) -> bool:
        return clock.now() - self.hand_over.handed_over_at > LONG

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
        moves = HandOverMove.objects.filter(**scope).exclude(what=What.HANDED_OVER).select_related("by")
        last = {move.hand_over_id: move for move in moves.order_by("at", "seq", "pk")}
    return [Row(each, joined[each.pk], last.get(each.pk), read_reasons(each.why)) for each in hand_overs]


def shown(rows: QuerySet[HandOver]) -> QuerySet[HandOver]:
    """Return the query with the rows that a row of the inbox names."""
    return rows.select_related(*SHOWN).defer(*UNREAD)
