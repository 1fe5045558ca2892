"""The stores of the stream behind one Protocol; the domain never sees an engine."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from fullfunnel.events.event import Event

if TYPE_CHECKING:
    from fullfunnel.events.store.dialects import Dialect
    from fullfunnel.events.store.journeys import Journeys, Units


class EventStore(Protocol):
    """Remembers every event and answers questions about them."""

    def prepare(self) -> None:
        """Makes ready what the store needs on disk. Safe to repeat."""

    def append(self, batch_id: int, events: Sequence[Event]) -> Any:
        """Durably adds a batch; a batch appended twice is there once."""

    def ask(self, write: "Callable[[Dialect], str]", values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Runs a question that writes its SQL in the store's dialect; `values` are bound to its question marks."""

    def journeys(self, workspace_id: int, columns: Sequence[str], *, units: "Units") -> "Iterator[Journeys]":
        """Journeys of whole units, in chunks, with the named property columns."""

    def erase(self, identities: Sequence[int]) -> int:
        """Rewrites every file without these identities' events; returns how many events went."""

    def version(self, workspace_id: int) -> str:
        """Changes whenever an answer about the workspace could."""
