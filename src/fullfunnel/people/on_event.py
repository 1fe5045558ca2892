"""What people learn from events that are in the store: when each was first and last seen."""

from collections.abc import Sequence

from fullfunnel.events.event import PERSON, SYSTEM, Event
from fullfunnel.events.names import NOTED
from fullfunnel.people import sql


def on_events(events: Sequence[Event], *, live: bool) -> None:
    """Widens first_seen_at and last_seen_at of everybody who did something; repeated, it changes nothing."""
    seen: dict[int, tuple[int, int]] = {}
    for event in events:
        # Who says who they are is there, although it is no act (docs/adr/0044); not whom we ourselves say it of.
        if event.actor == PERSON or (event.actor == SYSTEM and event.name in NOTED and event.source_id):
            at = event.occurred_at
            first, last = seen.get(event.identity_id, (at, at))
            seen[event.identity_id] = (min(first, at), max(last, at))
    if not seen:
        return
    rows = [[identity, sql.time_text(first), sql.time_text(last)] for identity, (first, last) in seen.items()]
    table = sql.table(identity="bigint", first_at="time", last_at="time")
    sql.execute(
        "UPDATE people_person SET "
        "first_seen_at = CASE WHEN first_seen_at < t.first_at THEN first_seen_at ELSE t.first_at END, "
        "last_seen_at = CASE WHEN last_seen_at > t.last_at THEN last_seen_at ELSE t.last_at END "
        "FROM (SELECT i.person_id, min(s.first_at) AS first_at, max(s.last_at) AS last_at "
        f"FROM {table} AS s CROSS JOIN people_identity AS i WHERE i.id = s.identity GROUP BY i.person_id) AS t "
        "WHERE people_person.id = t.person_id",
        [sql.packed(rows)],
    )
