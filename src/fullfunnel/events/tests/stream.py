"""A small stream for the tests of this room: entries into the journal, the drain, and what the lake holds then."""

from pathlib import Path
from typing import Any

import msgspec

from fullfunnel.core import clock
from fullfunnel.events import on_tick
from fullfunnel.events.event import Arrival, Draft
from fullfunnel.events.journal import Entry, Journal
from fullfunnel.events.store import open_store

NOON = 1_767_268_800_000_000  # 2026-01-01 12:00 UTC
IDENTITIES = {"ada": 11, "ben": 12, "cleo": 13}


def arrival(number: int | str, *, who: str = "ada", name: str = "page_viewed", at: int = NOON, **more: Any) -> Arrival:
    return Arrival(id=f"id-{number}", name=name, at=at, user=who, **more)


def put(data: Path, workspace: Any, *arrivals: Arrival, **more: Any) -> None:
    entry = {"items": msgspec.json.encode(list(arrivals)), "count": len(arrivals), "source_id": 5} | more
    Journal(data / "journal.db").append(
        [Entry(received_at=clock.now_us(), workspace_id=workspace.pk, **{"source_kind": "server"} | entry)]
    )


def drain() -> None:
    while on_tick.drain():
        pass


def stored(workspace: Any, column: str = "event_id") -> list[Any]:
    rows = open_store().ask(
        lambda d: f"SELECT {column} AS c FROM events WHERE workspace_id = ? ORDER BY seq", [workspace.pk]
    )
    return [row["c"] for row in rows]


def name_them(drafts: list[Draft]) -> list[Draft]:
    """The smallest intake: everybody is known; a draft of `bot` goes no further."""
    for draft in drafts:
        draft.identity_id = IDENTITIES.get(draft.arrival.user or "", 1)
        if draft.arrival.user == "bot":
            draft.dropped = "sent by a robot"
    return drafts


def fail_on_poison(drafts: list[Draft]) -> list[Draft]:
    for draft in drafts:
        draft.arrival.properties["touched"] = draft.arrival.properties.get("touched", "") + "x"
        if draft.arrival.name == "poison":
            raise ValueError("this item is bad")
    return drafts


def add_one(drafts: list[Draft]) -> list[Draft]:
    """An intake step that adds a draft for each `lead`."""
    added = [
        Draft(
            arrival=Arrival(
                id=draft.arrival.id + "+", name="lead_opened", at=draft.arrival.at, user=draft.arrival.user
            ),
            workspace_id=draft.workspace_id,
            source_id=0,
            source_kind="",
            received_at=draft.received_at,
            seq=0,
            identity_id=draft.identity_id,
        )
        for draft in drafts
        if draft.arrival.name == "lead"
    ]
    return [*drafts, *added]


# What `react` was told: (the events' ids, whether they were live).
told: list[tuple[list[str], bool]] = []
is_failing = False


def react(events: Any, *, live: bool) -> None:
    if is_failing:
        raise RuntimeError("not now")
    told.append(([event.event_id for event in events], live))
