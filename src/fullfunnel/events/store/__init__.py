"""The store of the stream behind one Protocol: no other room sees an engine."""

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, cast

from fullfunnel.events.event import Event

if TYPE_CHECKING:
    from fullfunnel.events.store.dialects import Dialect, Groups
    from fullfunnel.events.store.journeys import Index, Journeys, Units


class EventStore(Protocol):
    """Remembers every event and answers questions about them."""

    def prepare(self) -> None:
        """Make the store ready on disk. Safe to repeat."""

    def changing(self, *, wait: bool = True) -> AbstractContextManager[bool]:
        """Hold the right to add or rewrite events; yield False when another holder has it."""

    def append(self, batch_id: int, events: Sequence[Event]) -> Callable[[], None]:
        """Add a batch durably, once. Call what is returned in the transaction that closes the batch."""

    def read_batch(self, batch_id: int) -> list[Event]:
        """Return the events of a stored batch, in order."""

    def read_named(self, names: Collection[str], *, after: int, last: int, most: int) -> tuple[list[Event], int]:
        """Return (events, end): at most `most` events with these names, `after` < seq <= `last`, in order of seq.

        There are no further ones up to `end`, which is `last` after the last call.
        """

    def ask(
        self,
        write: "Callable[[Dialect], str]",
        values: Sequence[Any] = (),
        *,
        units: "Units | None" = None,
        is_over: Callable[[], bool] | None = None,
        groups: "Groups | None" = None,
    ) -> list[dict[str, Any]]:
        """Return the rows of SQL over `events`; `values` are bound to its question marks.

        With `units` there is a table units(identity_id, unit_id), with `groups` the dialect knows the channel group of
        events. TimeoutError when `is_over` is true.
        """

    def journeys(self, workspace_id: int, columns: Sequence[str], *, units: "Units") -> "Iterator[Journeys]":
        """Yield journeys of whole units, in chunks, with these properties."""

    def index(self, workspace_id: int, *, units: "Units") -> "Index":
        """Return all journeys of units, without a copy."""

    def erase(self, identities: Sequence[int]) -> int:
        """Erase the events of these identities; return how many there were."""

    def version(self, workspace_id: int) -> str:
        """Return a text that changes whenever an answer could."""

    def latest_at(self, workspace_id: int) -> int | None:
        """Return the latest occurred_at in µs; None without events."""

    def close(self) -> None:
        """Give back connections, threads and memory. The next question opens them again."""


_opened: dict[tuple[str, Path], EventStore] = {}
_opening = Lock()


def open_store() -> EventStore:
    """Return the store that settings.EVENT_STORE names, one for the process."""
    # Careful: here, so that the engine can import what lies in this package without Django.
    from django.conf import settings

    kind, data = settings.EVENT_STORE, Path(settings.DATA_DIR)
    with _opening:
        if (kind, data) not in _opened:
            _opened[kind, data] = _open(kind, data)
        return _opened[kind, data]


def close_store(data: Path) -> None:
    """Close the store of a data directory, if this process opened it."""
    with _opening:
        stores = [_opened.pop(key) for key in list(_opened) if key[1] == data]
    for store in stores:
        store.close()


def _open(kind: str, data: Path) -> EventStore:
    if kind != "lake":
        raise ValueError(f"FULLFUNNEL_EVENT_STORE is {kind!r}; this version knows 'lake'")
    from django.conf import settings

    from fullfunnel.events.store.lake import LakeStore

    return cast(EventStore, LakeStore(data, memory=settings.LAKE_MEMORY, threads=os.cpu_count() or 1))
