"""Opt-ins and pauses follow their person (config/wiring/people.py)."""

from fullfunnel.messaging.models import OptIn, Pause
from fullfunnel.people.rows import Json, RowsOfPeople, written


def tell_opt_in(row: OptIn) -> Json:
    """Return an opt-in as `export person` writes it."""
    return {
        "topic": row.topic.key, "address": row.address, "source": row.source, "text": row.text,
        "text_version": row.text_version, "asked_at": written(row.asked_at), "mailed_at": written(row.mailed_at),
        "confirmed_at": written(row.confirmed_at), "ended_at": written(row.ended_at),
    }  # fmt: skip


def tell_pause(row: Pause) -> Json:
    """Return a pause."""
    return {"until": written(row.until), "at": written(row.at), "ended_at": written(row.ended_at)}


OPT_INS = RowsOfPeople(OptIn, tell_opt_in, with_related="topic")
PAUSES = RowsOfPeople(Pause, tell_pause)
