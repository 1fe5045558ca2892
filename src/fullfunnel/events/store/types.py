"""What the parts of the lake know of it: upkeep and the index work on a Lake, and lake.py puts them together."""

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
        """Hold the right to add, merge or rewrite files; yield False when another holder has it."""

    def files(self, **condition: Any) -> AbstractContextManager[list[str]]:
        """Yield the paths of the files that count now; none of them is removed inside the block."""

    def reach(self, workspace_id: int) -> tuple[int, int]:
        """Return (erasures, last batch) of a workspace's stream; merging files changes neither."""

    def latest_at(self, workspace_id: int) -> int | None:
        """Return the latest occurred_at of a workspace in µs since 1970 UTC; None without events."""

    def ask(
        self,
        write: Callable[[Dialect], str],
        values: Sequence[Any] = (),
        *,
        units: Units | None = None,
        is_over: Callable[[], bool] | None = None,
    ) -> list[dict[str, Any]]:
        """Return the rows of a question over the table `events`."""
