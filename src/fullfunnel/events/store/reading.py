"""Read a workspace's events from the lake: all in sorted portions, or a few fresh ones."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.models import LakeFile
from fullfunnel.events.names import PAGE_VIEWED, SCREEN_VIEWED
from fullfunnel.events.sessions import APART
from fullfunnel.events.store.delta import NAMED, derive_sessions
from fullfunnel.events.store.engine import scan
from fullfunnel.events.store.schema import SEQ_SPAN
from fullfunnel.events.store.senders import served_sources
from fullfunnel.events.store.slices import PROPERTY, Slices, slices_of

MAX_NAMES = 10_000
OTHER = "(other)"
# So many rows at a time leave the engine, at least one identity.
PORTION = 1_000_000
ACTOR = "(CASE actor WHEN 'person' THEN 0 WHEN 'us' THEN 1 ELSE 2 END)::UTINYINT AS actor"
TIME = "epoch_us(occurred_at) AS time"
Arrays = dict[str, NDArray[Any]]
# In the place of a session's hash: no session of its own, to be derived; or none, because a server said it and named none.
_DERIVED, _APART = 0, 1


class Moved(Exception):
    """An erasure rewrote the lake during the read."""


class Coding:
    """Texts as numbers: a code is a place in `values`, which only grows. Beyond `most` texts are OTHER."""

    def __init__(self, values: Iterable[str] = (), most: int | None = None) -> None:
        self.values = list(values)
        self._most = most
        self._codes: dict[str, int] = {}

    def codes(self, texts: Iterable[str]) -> Iterator[int]:
        """Yield the code of each text, adding new ones; "" is -1."""
        if len(self._codes) < len(self.values):
            self._codes = {text: code for code, text in enumerate(self.values)} | {"": -1}
            if self._most is not None and OTHER in self._codes:
                self._most = 0
        # Careful: whoever has the list already must not see it grow.
        mine, was = self._codes, len(self.values)
        for text in texts:
            code = mine.get(text)
            yield self._add(text, was) if code is None else code

    def _add(self, text: str, was: int) -> int:
        if text == "":
            return -1
        if self._most is not None and len(self.values) >= self._most:
            if (found := self._codes.get(OTHER)) is not None:
                return found
            text = OTHER
        if len(self.values) == was:
            self.values = list(self.values)
        self.values.append(text)
        self._codes[text] = len(self.values) - 1
        return len(self.values) - 1


def coding_of_names(values: Iterable[str]) -> Coding:
    """Return the coding of event names: at most MAX_NAMES, then OTHER."""
    return Coding(values, MAX_NAMES)


@dataclass(frozen=True)
class Span:
    """The events of a workspace after batch `after` up to batch `last`, in these files."""

    workspace_id: int
    after: int
    last: int
    files: Sequence[str]

    def source(self, columns: str) -> str:
        """Return SQL that reads columns of exactly these events."""
        seqs = f"seq BETWEEN {(self.after + 1) * SEQ_SPAN:d} AND {(self.last + 1) * SEQ_SPAN - 1:d}"
        return f"SELECT {columns} FROM ({scan(self.files)}) WHERE workspace_id = {self.workspace_id:d} AND {seqs}"


def span_of(data: Any, workspace_id: int, after: int, last: int) -> Span:
    """Return a span of the manifest's files. The caller holds a reader's lease."""
    rows = LakeFile.objects.filter(superseded_at=None, last_batch__gt=after, first_batch__lte=last)
    files = [path for path, held in rows.order_by("id").values_list("path", "workspaces") if workspace_id in held]
    return Span(workspace_id, after, last, [str(data / path) for path in files])


def read_fresh(cursor: Any, span: Span, names: Coding, properties: Mapping[str, tuple[str, Coding]]) -> Slices:
    """Return a few events with properties (name -> SQL, coding), and sessions where a client named them."""
    listed = [f"coalesce({expression}, '') AS p{i:d}" for i, (expression, _) in enumerate(properties.values())]
    columns = ", ".join(["identity_id", TIME, "seq", "name", ACTOR, _session(), *listed])
    if not span.files:
        return slices_of(np.empty(0, np.int64), _no_rows(properties))
    found = _arrays(cursor.execute(f"{span.source(columns)} ORDER BY identity_id, time, seq"))
    rows = {name: found[name] for name in ("time", "seq")}
    rows["name"] = _coded(names, found["name"], np.uint16)
    rows |= {"actor": found["actor"], "session": _named(found["named"])}
    for i, (name, (_, coding)) in enumerate(properties.items()):
        rows[PROPERTY + name] = _coded(coding, found[f"p{i}"], np.int32)
    return slices_of(found["identity_id"], rows)


def names_of(cursor: Any, span: Span) -> list[str]:
    """Return the names of events, most frequent first: at most MAX_NAMES, then OTHER."""
    statement = f"SELECT name FROM ({span.source('name')}) GROUP BY name ORDER BY count(*) DESC, name"
    names = [name for (name,) in cursor.execute(statement).fetchall()]
    return [*names[:MAX_NAMES], OTHER] if len(names) > MAX_NAMES else names


def read_all(cursor: Any, span: Span, names: Sequence[str]) -> Iterator[Slices]:
    """Yield every event in portions of whole identities, in bounded memory."""
    other = names.index(OTHER) if OTHER in names else 0
    columns = f"identity_id, {TIME}, seq, name, {ACTOR}, {_session()}"
    statement = (
        f"SELECT identity_id, time, seq, coalesce(c, {other:d})::USMALLINT AS name, actor, named "
        f"FROM ({span.source(columns)}) LEFT JOIN given ON name = v"
    )
    for found in _sorted(cursor, statement, names):
        identity = found.pop("identity_id")
        found["session"] = _named(found.pop("named"))
        found["session"] = derive_sessions(identity, found)
        yield slices_of(identity, found)


def values_of(cursor: Any, span: Span, expression: str) -> list[str]:
    """Return the values of a property, sorted."""
    statement = f"SELECT DISTINCT v FROM ({span.source(f'{expression} AS v')}) WHERE v IS NOT NULL ORDER BY v"
    return [value for (value,) in cursor.execute(statement).fetchall()]


def read_codes(cursor: Any, span: Span, expression: str, values: Sequence[str]) -> Iterator[NDArray[np.int32]]:
    """Yield the codes of a property, in the order of read_all."""
    statement = (
        "SELECT identity_id, time, seq, coalesce(c, -1)::INTEGER AS c "
        f"FROM ({span.source(f'identity_id, {TIME}, seq, {expression} AS t')}) LEFT JOIN given ON t = v"
    )
    for found in _sorted(cursor, statement, values):
        yield found["c"]


def _sorted(cursor: Any, statement: str, given: Sequence[str]) -> Iterator[Arrays]:
    """Yield the rows of a statement by (identity, time, seq), whole identities at a time.

    `given` is its table given(v, c). The engine sorts on disk when memory is short.
    """
    cursor.register("given", {"v": np.array(given, object), "c": np.arange(len(given), dtype=np.int32)})
    try:
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE in_order AS {statement} ORDER BY identity_id, time, seq")
        for low, high in _ranges(cursor):
            found = _arrays(cursor.execute(f"SELECT * FROM in_order WHERE identity_id BETWEEN {low:d} AND {high:d}"))
            yield found
    finally:
        cursor.execute("DROP TABLE IF EXISTS in_order")
        cursor.unregister("given")


def _ranges(cursor: Any) -> Iterator[tuple[int, int]]:
    """Yield ranges of identities with about PORTION rows each."""
    lowest, highest = cursor.execute("SELECT min(identity_id), max(identity_id) FROM in_order").fetchone()
    if lowest is None:
        return
    width = (highest - lowest) // 65_536 + 1
    counts = cursor.execute(
        f"SELECT (identity_id - {lowest:d}) // {width:d} AS b, count(*) FROM in_order GROUP BY b ORDER BY b"
    ).fetchall()
    begin, rows = lowest, 0
    for bucket, count in counts:
        if rows and rows + count > PORTION:
            yield begin, lowest + bucket * width - 1
            begin, rows = lowest + bucket * width, 0
        rows += count
    yield begin, highest


def _arrays(answer: Any) -> Arrays:
    return {key: np.ascontiguousarray(np.ma.getdata(value)) for key, value in answer.fetchnumpy().items()}


def _coded(coding: Coding, texts: NDArray[Any], dtype: Any) -> NDArray[Any]:
    codes: NDArray[Any] = np.fromiter(coding.codes(texts.tolist()), dtype, len(texts))
    return codes


def _session() -> str:
    """SQL for what an event says of its session. A server's word opens none, unless it tells of a view or of where it came from."""
    tells = f"name IN ('{PAGE_VIEWED}', '{SCREEN_VIEWED}') OR coalesce(channel, '') <> ''"
    is_served = f"source_id IN ({', '.join(f'{pk:d}' for pk in served_sources())})"
    return (
        "(CASE WHEN session_id IS NOT NULL THEN md5_number_lower(session_id) "
        f"WHEN {is_served} AND NOT ({tells}) THEN {_APART} ELSE {_DERIVED} END)::UBIGINT AS named"
    )


def _named(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    numbers = np.where(hashes > _APART, (hashes % NAMED).astype(np.int64) + NAMED, -1)
    return np.where(hashes == _APART, APART, numbers)


def _no_rows(properties: Iterable[str]) -> Arrays:
    from fullfunnel.events.store.slices import no_slices

    return no_slices(list(properties)).rows
