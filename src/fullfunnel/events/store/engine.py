"""DuckDB in memory, one per process, which may read nothing but the data directory."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from fullfunnel.core.cancellation import cancelling
from fullfunnel.events.conditions import CHANNEL_GROUP
from fullfunnel.events.store.dialects import Dialect, Groups
from fullfunnel.events.store.journeys import Units
from fullfunnel.events.store.schema import COLUMNS

# What one process may have on disk of questions that do not fit into its memory.
MAX_SPILL = "16GB"
EMPTY = "SELECT " + ", ".join(f"NULL::{kind} AS {name}" for name, kind in COLUMNS.items()) + " WHERE false"


class Engine:
    """Opened at the first use; a forked child opens its own."""

    def __init__(self, data: Path, *, memory: str, threads: int) -> None:
        self._data, self._memory, self._threads = data, memory, threads
        self._opening = threading.Lock()
        self._process = 0
        self._local = threading.local()

    def cursor(self) -> Any:
        """Return this thread's cursor."""
        with self._opening:
            if self._process != os.getpid():
                self._root = _connect(self._data, self._memory, self._threads)
                self._process, self._local = os.getpid(), threading.local()
        if not hasattr(self._local, "cursor"):
            self._local.cursor = self._root.cursor()
            self._local.files, self._local.units = None, None
        return self._local.cursor

    def close(self) -> None:
        """Close every thread's cursor and the database; the next use opens them again."""
        with self._opening:
            if self._process == os.getpid():
                self._root.close()
            # Careful: a new `local` drops the cursors of all threads; the database goes with the last of them.
            self._process, self._local = 0, threading.local()

    def over(self, files: Sequence[str], units: Units | None = None) -> Any:
        """Return this thread's cursor with exactly these files as `events`, and a table `units` when given."""
        cursor, listed = self.cursor(), tuple(files)
        if self._local.files != listed:
            cursor.execute(f"CREATE OR REPLACE TEMP VIEW events AS {scan(listed) if listed else EMPTY}")
            self._local.files = listed
        if units is not None and self._local.units is not units:
            cursor.register("given_units", {"identity_id": units.identities, "unit_id": units.units})
            cursor.execute("CREATE OR REPLACE TEMP TABLE units AS SELECT * FROM given_units")
            cursor.unregister("given_units")
            self._local.units = units
        return cursor

    def join_groups(self, files: Sequence[str], groups: Groups, dialect: Dialect) -> None:
        """Put the channel group beside each event; the next `over` takes it away."""
        cursor, key = self.cursor(), groups.key(dialect)
        self._local.files = None
        cursor.register("given_groups", {"k": np.array(groups.keys, object), "g": np.array(groups.names, object)})
        cursor.execute(
            "CREATE OR REPLACE TEMP TABLE channel_groups AS SELECT k, min(g) AS g FROM given_groups GROUP BY k"
        )
        cursor.unregister("given_groups")
        events = scan(files) if files else EMPTY
        # A touch that came since the groups were made has the channel that it came with.
        named = f"coalesce(channel_groups.g, nullif(e.channel, '')) AS {CHANNEL_GROUP}"
        cursor.execute(
            f"CREATE OR REPLACE TEMP VIEW events AS SELECT e.*, {named} FROM (SELECT *, {key} AS group_key FROM ({events})) AS e "
            "LEFT JOIN channel_groups ON channel_groups.k = e.group_key"
        )


def scan(files: Sequence[str]) -> str:
    """Return SQL that reads these Parquet files; paths are our own."""
    names = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    return f"SELECT * FROM read_parquet([{names}], hive_partitioning = false)"


@contextmanager
def stoppable(cursor: Any, is_over: Callable[[], bool] | None) -> Iterator[None]:
    """Interrupt the cursor with TimeoutError when `is_over` is true."""
    if is_over is None:
        yield
        return
    try:
        with cancelling(is_over, cursor.interrupt):
            yield
    except duckdb.InterruptException as error:
        raise TimeoutError("the engine was stopped before it had an answer") from error


def _connect(data: Path, memory: str, threads: int) -> Any:
    spill = data / "tmp"
    spill.mkdir(parents=True, exist_ok=True)
    config: dict[str, Any] = {"memory_limit": memory, "threads": threads, "temp_directory": str(spill)}
    connection = duckdb.connect(":memory:", config=config)
    folder = str(data).replace("'", "''")
    for setting in (
        "TimeZone = 'UTC'",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "parquet_metadata_cache = true",
        # Careful: by default what was free when this process first needed room, for ever, and on a full disk that is nothing.
        f"max_temp_directory_size = '{MAX_SPILL}'",
        f"allowed_directories = ['{folder}/']",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")
    return connection
