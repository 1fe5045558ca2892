"""ClickHouse in a process of its own, so that its memory is counted apart: SQL as a line of JSON in, rows and milliseconds out.

At its best: MergeTree ordered by (person, time) in one part, names as Enum8, identities already put together. `seq` comes last in
that order, so that events of one moment stand as they came in; no query reads it.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

TABLE = """CREATE TABLE events (person UInt32, time UInt64, seq UInt32, name Enum8({names}), session UInt32, device UInt8,
    country UInt8, plan UInt8, channel UInt8) ENGINE = MergeTree PRIMARY KEY (person, time) ORDER BY (person, time, seq)"""
STRUCTURE = """person UInt32, time UInt64, seq UInt32, name Int8, session UInt32, device UInt8, country UInt8, plan UInt8,
    channel UInt8"""


class ClickHouse:
    """A child process that answers SQL."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, __file__, str(folder)]
        self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, sql: str) -> tuple[list[Any], float]:
        """Rows as lists, and how many milliseconds they took."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps(sql) + "\n")
        self._child.stdin.flush()
        answer = json.loads(self._child.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["rows"], answer["ms"]

    def make_table(self, names: list[str]) -> None:
        listed = ", ".join(f"'{name}' = {code}" for code, name in enumerate(names))
        self.ask(TABLE.format(names=listed))

    def load(self, rows: Path) -> None:
        """Rows of made.ROW."""
        self.ask(f"INSERT INTO events SELECT * FROM file('{rows}', 'RowBinary', '{STRUCTURE}')")

    def megabytes(self) -> int:
        return resident(self._child.pid)

    def close(self) -> None:
        if self._child.stdin is not None:
            self._child.stdin.close()
        self._child.wait()


def resident(pid: int | str) -> int:
    """The most memory that a process ever held, in megabytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024


def _serve(folder: str) -> None:
    import chdb.session

    session = chdb.session.Session(folder)
    session.query("SET max_threads = 2")
    for line in sys.stdin:
        began = time.perf_counter()
        try:
            told = session.query(json.loads(line), "JSONCompactEachRow").bytes()
        except Exception as error:  # Whatever the engine says is told to whoever asked.
            print(json.dumps({"error": str(error)[:2000]}), flush=True)
            continue
        took = (time.perf_counter() - began) * 1000
        rows = [json.loads(row) for row in bytes(told).splitlines()] if told else []
        print(json.dumps({"rows": rows, "ms": took}), flush=True)


if __name__ == "__main__":
    _serve(sys.argv[1])
