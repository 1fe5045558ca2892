"""The lake as its own parts see it: upkeep and index take a Lake, lake.py implements it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from fullfunnel.events.store.dialects import Dialect
from fullfunnel.events.store.engine import Engine
from fullfunnel.events.store.journeys import Units


class Lake(Protocol):
    """The files and the manifest below one data directory."""

    data: Path
    engine: Engine
    dialect: Dialect

    def changing(self, *, wait: bool = True) -> AbstractContextManager[bool]:
        """Hold the right to change files; yield False when another holder has it."""

    def files(self, **condition: Any) -> AbstractContextManager[list[str]]:
        """Yield the paths that count; none is removed inside the block."""

    def reach(self, workspace_id: int) -> tuple[int, int]:
        """Return (erasures, last batch) of a workspace."""

    def latest_at(self, workspace_id: int) -> int | None:
        """Return the latest occurred_at in µs, or None."""

    def ask(
        self,
        write: Callable[[Dialect], str],
        values: Sequence[Any] = (),
        *,
        units: Units | None = None,
        is_over: Callable[[], bool] | None = None,
    ) -> list[dict[str, Any]]:
        """Return the rows of SQL over `events`."""
