"""Turn complete drafts into events."""

from collections.abc import Sequence

from fullfunnel.events.event import PERSON, PROMOTED, SYSTEM, Arrival, Draft, Event
from fullfunnel.events.store.parquet import encoded
from fullfunnel.events.store.schema import SEQ_SPAN
from fullfunnel.events.waiting import BROKE

_PROMOTED = frozenset(PROMOTED)
# Far above what capture lets in; DuckDB takes no line of JSON beyond 16 MB.
MAX_BYTES = 8_000_000
UNWRITABLE = (UnicodeEncodeError, OverflowError, TypeError)
# The years 1 to 9999, as µs since 1970.
EARLIEST, LATEST = -62_135_596_800_000_000, 253_402_300_799_999_999


def settle(drafts: Sequence[Draft], batch_id: int) -> tuple[list[Event], list[Draft]]:
    """Return (events, dropped drafts), both in order."""
    first, last = batch_id * SEQ_SPAN, (batch_id + 1) * SEQ_SPAN - 1
    events, dropped = [], []
    for draft in drafts:
        if draft.dropped is None and not first <= draft.seq <= last:
            raise ValueError(f"draft {draft.seq} does not belong to batch {batch_id}")
        if draft.dropped is None and not EARLIEST <= draft.arrival.at <= LATEST:
            draft.dropped = f"the time {draft.arrival.at} is outside the years 1 to 9999"
        if draft.dropped is None:
            events.append(event_of(draft))
        else:
            dropped.append(draft)
    return _writable(drafts, events, dropped)


def event_of(draft: Draft) -> Event:
    """Return the event. A promoted property stands in its column only."""
    arrival, columns, properties = draft.arrival, draft.columns, draft.arrival.properties
    if not _PROMOTED.isdisjoint(properties):
        columns = {**{name: properties[name] for name in PROMOTED if name in properties}, **columns}
        properties = {name: value for name, value in properties.items() if name not in _PROMOTED}
    return Event(
        workspace_id=draft.workspace_id,
        event_id=arrival.id,
        seq=draft.seq,
        identity_id=draft.identity_id,
        session_id=arrival.session,
        company_id=draft.company_id,
        deal_id=arrival.deal,
        actor=_actor_of(arrival),
        source_id=draft.source_id,
        name=arrival.name,
        occurred_at=arrival.at,
        received_at=draft.received_at,
        properties=properties,
        **columns,  # type: ignore[arg-type]  # promoted columns are texts
    )


def _actor_of(arrival: Arrival) -> str:
    """Return who acted. Telling who somebody is, is no act of theirs."""
    return SYSTEM if arrival.kind != "event" and arrival.actor == PERSON else arrival.actor


def _writable(drafts: Sequence[Draft], events: list[Event], dropped: list[Draft]) -> tuple[list[Event], list[Draft]]:
    """Return the events that a store can take: no lone surrogate, 64-bit numbers, no megabytes."""
    try:
        if len(encoded(events)) <= MAX_BYTES:
            return events, dropped
    except UNWRITABLE:
        pass
    bad = {event.seq: reason for event in events if (reason := _why_not(event))}
    for draft in drafts:
        if draft.seq in bad and draft.dropped is None:
            draft.dropped = f"{BROKE} ({bad[draft.seq]})"
            dropped.append(draft)
    return [event for event in events if event.seq not in bad], dropped


def _why_not(event: Event) -> str | None:
    try:
        size = len(encoded([event]))
    except UNWRITABLE as error:
        return type(error).__name__
    return f"it has {size:,} bytes, and {MAX_BYTES:,} are the most" if size > MAX_BYTES else None
