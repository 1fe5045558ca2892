"""Part of the journeys index: a workspace's events between two batches, sorted by (identity, time, seq), read from the lake."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.sessions import number_sessions
from fullfunnel.events.store.engine import scan
from fullfunnel.events.store.journeys import Column
from fullfunnel.events.store.schema import SEQ_SPAN

MOST_NAMES = 10_000
OTHER = "(other)"
# Numbers of sessions that a client named begin here; derived ones are below.
NAMED = 2**61


@dataclass(frozen=True)
class Slices:
    """Identity i's events are rows offsets[i] to offsets[i + 1]. name: index into a list of names kept elsewhere."""

    identities: NDArray[np.int64]
    offsets: NDArray[np.int64]
    time: NDArray[np.int64]
    seq: NDArray[np.int64]
    name: NDArray[np.int32]
    actor: NDArray[np.uint8]
    named: NDArray[np.uint64]
    session: NDArray[np.int64]


@dataclass(frozen=True)
class Span:
    """The events of a workspace from after one batch to another, included, in these files."""

    workspace_id: int
    after: int
    last: int
    files: Sequence[str]

    def source(self, columns: str) -> str:
        """SQL that reads columns of exactly these events."""
        seqs = f"seq BETWEEN {(self.after + 1) * SEQ_SPAN:d} AND {(self.last + 1) * SEQ_SPAN - 1:d}"
        return f"SELECT {columns} FROM ({scan(self.files)}) WHERE workspace_id = {self.workspace_id:d} AND {seqs}"


def read_slices(cursor: Any, span: Span, known: Sequence[str]) -> tuple[Slices, list[str]]:
    """The events of the span, and the names: those `known`, then new ones by frequency, at most MOST_NAMES and (other)."""
    names = _names(cursor, span, known)
    cursor.register("given_names", {"v": np.array(names, object), "c": np.arange(len(names), dtype=np.int32)})
    other = names.index(OTHER) if OTHER in names else -1
    columns = "identity_id, epoch_us(occurred_at) AS time, seq, name, actor, session_id"
    table = cursor.execute(
        f"SELECT identity_id, time, seq, coalesce(c, {other:d})::INTEGER AS name, "
        "(CASE actor WHEN 'person' THEN 0 WHEN 'us' THEN 1 ELSE 2 END)::UTINYINT AS actor, "
        "coalesce(md5_number_lower(session_id), 0)::UBIGINT AS named "
        f"FROM ({span.source(columns)}) LEFT JOIN given_names ON name = v ORDER BY identity_id, time, seq"
    ).fetchnumpy()
    cursor.unregister("given_names")
    arrays = {key: np.ascontiguousarray(np.ma.getdata(value)) for key, value in table.items()}
    return slices_of(**arrays), names


def slices_of(
    identity_id: NDArray[np.int64],
    time: NDArray[np.int64],
    seq: NDArray[np.int64],
    name: NDArray[np.int32],
    actor: NDArray[np.uint8],
    named: NDArray[np.uint64],
) -> Slices:
    """From one array a column, sorted by (identity, time, seq)."""
    starts = np.flatnonzero(np.diff(identity_id, prepend=identity_id[:1] - 1)) if len(identity_id) else np.empty(0, int)
    offsets = np.append(starts, len(identity_id)).astype(np.int64)
    session = sessions_of(identity_id, time, actor, named, above=0)
    return Slices(identity_id[starts], offsets, time, seq, name, actor, named, session)


def sessions_of(
    identity: NDArray[np.int64],
    time: NDArray[np.int64],
    actor: NDArray[np.uint8],
    named: NDArray[np.uint64],
    *,
    above: int,
) -> NDArray[np.int64]:
    """Each event's session, given events sorted by (identity, time): a hash of the client's id, else a number above `above`."""
    given = named != 0
    numbers = number_sessions(identity, time, actor, np.where(given, 0, -1).astype(np.int64))
    numbers[numbers >= 0] += above + 1
    numbers[given] = (named[given] % NAMED).astype(np.int64) + NAMED
    return numbers


def read_column(cursor: Any, span: Span, expression: str) -> Column:
    """A property of the span's events, in the order of their slices."""
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE wanted AS {span.source(f'identity_id, occurred_at, seq, {expression} AS v')}"
    )
    cursor.execute(
        "CREATE OR REPLACE TEMP TABLE dictionary AS SELECT v, (row_number() OVER (ORDER BY v) - 1)::INTEGER AS c "
        "FROM (SELECT DISTINCT v FROM wanted WHERE v IS NOT NULL)"
    )
    values = [row[0] for row in cursor.execute("SELECT v FROM dictionary ORDER BY c").fetchall()]
    codes = cursor.execute(
        "SELECT coalesce(c, -1)::INTEGER AS c FROM wanted LEFT JOIN dictionary USING (v) ORDER BY identity_id, occurred_at, seq"
    ).fetchnumpy()["c"]
    cursor.execute("DROP TABLE wanted")
    cursor.execute("DROP TABLE dictionary")
    return Column(np.ascontiguousarray(np.ma.getdata(codes)), values)


def _names(cursor: Any, span: Span, known: Sequence[str]) -> list[str]:
    if OTHER in known:
        return list(known)
    found = cursor.execute(
        f"SELECT name FROM ({span.source('name')}) GROUP BY name ORDER BY count(*) DESC, name"
    ).fetchall()
    old = set(known)
    names = [*known, *(name for (name,) in found if name not in old)]
    return [*names[:MOST_NAMES], OTHER] if len(names) > MOST_NAMES else names
