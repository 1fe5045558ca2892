"""A reaction with a row for each deal: what became of it, and, to be looked at, which events it was told of and in which order."""

from collections.abc import Sequence

from django.db import connection

from fullfunnel.events.event import Event
from fullfunnel.events.store.schema import SEQ_SPAN

NAMES = ("deal_created", "deal_won")
TABLE = """
CREATE TABLE IF NOT EXISTS mirror (
    reaction TEXT, deal TEXT, status TEXT, at INTEGER, seq INTEGER, trail TEXT, live INTEGER, PRIMARY KEY (reaction, deal)
)"""
# The latest event says what became of the deal, not the one told last: events come late.
NOTE = """
INSERT INTO mirror VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO UPDATE SET
    status = CASE WHEN (excluded.at, excluded.seq) > (at, seq) THEN excluded.status ELSE status END,
    seq = CASE WHEN (excluded.at, excluded.seq) > (at, seq) THEN excluded.seq ELSE seq END,
    at = max(excluded.at, at),
    trail = trail || excluded.trail, live = live + excluded.live
"""


def note(reaction: str, events: Sequence[Event], *, live: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        for event in events:
            told = f"{event.seq // SEQ_SPAN}:{event.event_id} "
            cursor.execute(
                NOTE, [reaction, event.deal_id, event.name, event.occurred_at, event.seq, told, int(live)]
            )  # fmt: skip
