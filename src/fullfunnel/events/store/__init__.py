"""The stores of the stream behind one Protocol; the domain never sees an engine."""

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, cast

from fullfunnel.events.event import Event

if TYPE_CHECKING:
    from fullfunnel.events.store.dialects import Dialect
    from fullfunnel.events.store.journeys import Index, Journeys, Units


class EventStore(Protocol):
    """Remembers every event and answers questions about them."""

    def prepare(self) -> None:
        """Makes ready what the store needs on disk. Safe to repeat."""

    def changing(self, *, wait: bool = True) -> AbstractContextManager[bool]:
        """The right to add or rewrite events, held by one at a time; yields False when not given."""

    def append(self, batch_id: int, events: Sequence[Event]) -> Callable[[], None]:
        """Durably adds a batch; a batch appended twice is there once. What comes back is called in the transaction that closes it."""

    def read_batch(self, batch_id: int) -> list[Event]:
        """The events of a stored batch, in order."""

    def read_named(self, names: Collection[str], *, after: int, last: int, most: int) -> tuple[list[Event], int]:
        """Events with these names in order of `seq`, above `after` up to `last`, at most `most` of them; and up to which number these
        are all: above `after`, and `last` in the end."""

    def ask(
        self,
        write: "Callable[[Dialect], str]",
        values: Sequence[Any] = (),
        *,
        units: "Units | None" = None,
        is_over: Callable[[], bool] | None = None,
    ) -> list[dict[str, Any]]:
        """Runs a question that writes its SQL in the store's dialect over the table `events`; `values` are bound to its question marks.

        With `units` there is a table units(identity_id, unit_id) too. TimeoutError once `is_over` says so, which another thread asks.
        """

    def journeys(self, workspace_id: int, columns: Sequence[str], *, units: "Units") -> "Iterator[Journeys]":
        """Journeys of whole units, in chunks, with the named property columns."""

    def index(self, workspace_id: int, *, units: "Units") -> "Index":
        """All journeys of units at once, without a copy."""

    def erase(self, identities: Sequence[int]) -> int:
        """Rewrites every file without these identities' events; returns how many events went."""

    def version(self, workspace_id: int) -> str:
        """Changes whenever an answer about the workspace could."""

    def latest_at(self, workspace_id: int) -> int | None:
        """The latest occurred_at of the workspace, µs; None without events."""

    def close(self) -> None:
        """Give back connections, threads and memory. Nothing may be asked meanwhile; the next question opens them again."""


_opened: dict[tuple[str, Path], EventStore] = {}
_opening = Lock()


def open_store() -> EventStore:
    """The store that settings.EVENT_STORE names, the same one for the whole process until `close_store`."""
    # Careful: here, so that the engine can import what lies in this package without Django.
    from django.conf import settings

    kind, data = settings.EVENT_STORE, Path(settings.DATA_DIR)
    with _opening:
        if (kind, data) not in _opened:
            _opened[kind, data] = _open(kind, data)
        return _opened[kind, data]


def close_store(data: Path) -> None:
    """Close the store of a data directory, if this process opened it; the next `open_store` opens a new one."""
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
