"""Which hand-overs stand under which tab of the inbox, in which order, and how many."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils import timezone

from fullfunnel.core import clock
from fullfunnel.core.pages.counts import Count, count_up_to
from fullfunnel.crm.models import HandOver, Outcome
from fullfunnel.workspaces.models import Membership
from fullfunnel.workspaces.sight import visible

MINE, POOL, ALL, DECIDED = "mine", "pool", "all", "decided"
LABELS: Mapping[str, str] = {MINE: "Mine", POOL: "Pool", ALL: "All waiting", DECIDED: "Decided today"}
NEWEST = "newest"
# What ?sort= names -> (its label, the columns).
SORTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    NEWEST: ("newest first", ("-handed_over_at",)),
    "due": ("due first", ("due_at",)),
    "longest": ("waiting longest", ("handed_over_at",)),
    "score": ("highest score", ("-score", "-handed_over_at")),
}
DECIDED_LAST = ("-decided_at",)


def hand_overs_of(tab: str, member: Membership) -> QuerySet[HandOver]:
    """Return the hand-overs under a tab. Pool: whoever is first may take them; those kept elsewhere are not among them."""
    rows = visible(HandOver.objects.filter(workspace=member.workspace))
    if tab == DECIDED:
        return rows.filter(decided_at__gte=start_of_today())
    waiting = rows.filter(outcome=Outcome.WAITING)
    if tab == MINE:
        return waiting.filter(owner=member.user)
    return waiting.filter(owner=None, is_kept_elsewhere=False) if tab == POOL else waiting


def sorted_by(rows: QuerySet[HandOver], tab: str, sort: str) -> tuple[QuerySet[HandOver], tuple[str, ...]]:
    """Return the rows with what their order needs, and the columns of that order."""
    if tab == DECIDED:
        return rows, DECIDED_LAST
    columns = SORTS[sort][1]
    return (rows.annotate(score=F("fit") + F("engagement")) if "-score" in columns else rows), columns


def counts_of(member: Membership) -> dict[str, Count]:
    """Return how many stand under each tab."""
    return {tab: count_up_to(hand_overs_of(tab, member)) for tab in LABELS}


def said_to_wait(member: Membership) -> str:
    """Return the number beside the menu's entry: who waits for this member, or for whoever takes them; "" for nobody."""
    mine, pool = (count_up_to(hand_overs_of(tab, member)) for tab in (MINE, POOL))
    both = Count(mine.number + pool.number, mine.is_more or pool.is_more)
    return str(both) if both.number else ""


def start_of_today() -> datetime:
    """Return when today began, on the workspace's clock."""
    return timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
