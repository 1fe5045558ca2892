"""What arrived last in a workspace: for the overview, which asks every few seconds."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from fullfunnel.core import clock
from fullfunnel.events.store import open_store
from fullfunnel.people.models import Identity, Person
from fullfunnel.people.sentences import sentence_of
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.sight import visible

if TYPE_CHECKING:
    from fullfunnel.events.store.dialects import Dialect

# Seconds.
DAY, STEP = 86_400, 10


@dataclass(frozen=True)
class Arrived:
    """One event of the stream. `about` is its page or screen; `person` is None when nobody is known to have done it."""

    name: str
    about: str
    occurred_at: datetime
    received_at: datetime
    actor: str
    person: Person | None

    def said(self) -> str:
        """ "Viewed /pricing", "Form submitted"."""
        return sentence_of(self.name, {"path": self.about}, {})

    def where(self) -> str:
        """The page it happened on, when the sentence does not say it."""
        return "" if self.name in ("page_viewed", "screen_viewed") else self.about


def latest_events(workspace: Workspace, most: int) -> list[Arrived]:
    """The events received last, the latest first; what the system only noted (a trait changed) is not among them."""
    version = open_store().version(workspace.pk)
    rows = _latest_rows(workspace.pk, version, most)
    identities = [row[1] for row in rows]
    found = Identity.objects.filter(workspace=workspace, pk__in=identities)
    seen = visible(Person.objects.filter(workspace=workspace, pk__in=[one.person_id for one in found])).in_bulk()
    people = {identity.pk: seen.get(identity.person_id) for identity in found}
    return [Arrived(row[0], row[2], row[3], row[4], row[5], people.get(row[1])) for row in rows]


def history_arriving(workspace: Workspace, latest: list[Arrived]) -> int:
    """How many events of a day or more ago came in the last minute: while there are some, an import is on its way.

    `latest`: what `latest_events` found; where that is older, nothing is asked.
    """
    now = clock.now()
    since = now.replace(second=now.second // STEP * STEP, microsecond=0) - timedelta(minutes=1)
    if not latest or latest[0].received_at < since:
        return 0
    return _history_since(workspace.pk, open_store().version(workspace.pk), since)


@lru_cache(maxsize=64)
def _history_since(workspace_id: int, version: str, since: datetime) -> int:
    """Cached by the store's version and some seconds: every open overview asks the same."""

    def write(d: "Dialect") -> str:
        older = f"occurred_at < received_at - INTERVAL {DAY:d} SECOND"
        return f"SELECT count(*) AS events FROM events WHERE workspace_id = ? AND received_at >= ? AND {older}"

    found = open_store().ask(write, [workspace_id, since.replace(tzinfo=None)])
    return int(found[0]["events"])


@lru_cache(maxsize=64)
def _latest_rows(workspace_id: int, version: str, most: int) -> list[tuple[str, int, str, datetime, datetime, str]]:
    """Cached by the store's version: a poll with nothing new costs nothing."""

    def write(d: "Dialect") -> str:
        return (
            "SELECT name, identity_id, path, actor, occurred_at, received_at "
            f"FROM events WHERE workspace_id = ? AND actor <> 'system' ORDER BY received_at DESC, seq DESC LIMIT {int(most)}"
        )

    return [
        (
            row["name"],
            row["identity_id"],
            row["path"] or "",
            _utc(row["occurred_at"]),
            _utc(row["received_at"]),
            row["actor"],
        )
        for row in open_store().ask(write, [workspace_id])
    ]


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
