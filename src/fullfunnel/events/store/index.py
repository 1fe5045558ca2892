"""The journeys index of the lake: a base, sorted once and memory-mapped by every process, and what came after it.

Everything here can be deleted and is built again from the lake. A version is (erasures, last batch): merging files changes nothing.
"""

import json
import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from hashlib import sha1
from pathlib import Path

import numpy as np

from fullfunnel.core.lease import Lease
from fullfunnel.events.conditions import property_text
from fullfunnel.events.models import Extent, LakeFile
from fullfunnel.events.store import leases
from fullfunnel.events.store.files import write_durably
from fullfunnel.events.store.joining import Joined, chunks, join
from fullfunnel.events.store.journeys import Column, Index, Journeys, Units, no_part
from fullfunnel.events.store.journeys import Part as Rows
from fullfunnel.events.store.lake import LakeStore
from fullfunnel.events.store.slices import Slices, Span, read_column, read_slices

# What came after the base is read again for each new version, up to so many events or a tenth of the base; then a new base is made.
SMALL = 50_000
KEPT = 8


@dataclass
class Part:
    """Slices with what it takes to read more of the same events."""

    span: Span
    slices: Slices
    names: list[str]
    folder: Path | None
    columns: dict[str, Column] = field(default_factory=dict)


@dataclass
class Cached:
    joined: Joined
    parts: list[Part]
    columns: dict[str, Column] = field(default_factory=dict)


_cache: OrderedDict[tuple[str, int, str, str], Cached] = OrderedDict()
_deltas: dict[tuple[str, int], Part] = {}
_one_at_a_time = threading.RLock()


class Moved(Exception):
    """The lake was rewritten while it was read: an erasure."""


def journeys(store: LakeStore, workspace_id: int, columns: Sequence[str], units: Units) -> Iterator[Journeys]:
    """Journeys of whole units, in chunks, as they are at this moment."""
    for attempt in range(5):
        try:
            with _one_at_a_time, leases.reading(store.data / "leases"):
                cached = _current(store, workspace_id, units)
                for name in columns:
                    if name not in cached.columns:
                        cached.columns[name] = _column(store, cached, name)
                wanted = {name: cached.columns[name] for name in columns}
            break
        except (Moved, FileNotFoundError):
            if attempt == 4:
                raise
            forget_cached()
    yield from chunks(cached.joined, cached.parts[-1].names if cached.parts else [], wanted)


def index(store: LakeStore, workspace_id: int, units: Units) -> Index:
    """All journeys of units as they are at this moment."""
    with _one_at_a_time, leases.reading(store.data / "leases"):
        cached = _current(store, workspace_id, units)
    joined = cached.joined
    part = Rows(joined.time, joined.seq, joined.name.astype(np.uint16), joined.actor, joined.session)
    slices = len(joined.units)

    def column(name: str) -> tuple[Column, Column]:
        with _one_at_a_time, leases.reading(store.data / "leases"):
            if name not in cached.columns:
                cached.columns[name] = _column(store, cached, name)
        return cached.columns[name], Column(np.empty(0, np.int32), cached.columns[name].values)

    return Index(
        (part, no_part()),
        cached.parts[-1].names if cached.parts else [],
        joined.units,
        np.arange(slices + 1, dtype=np.int64),
        joined.offsets[:-1],
        joined.offsets[1:],
        np.zeros(slices, np.uint8),
        joined.units,
        column,
    )


def forget_cached() -> None:
    """Drops what this process keeps in memory; it is read again when it is needed."""
    with _one_at_a_time:
        _cache.clear()
        _deltas.clear()


def refresh(store: LakeStore) -> bool:
    """Makes new bases where much came after the old one, so that no question has to; True when one was made."""
    for extent in Extent.objects.filter(events__gt=0):
        folder = _newest(store, extent.pk, extent.erasures)
        if folder is not None and _is_large(extent.events - _events(folder), _events(folder)):
            with leases.reading(store.data / "leases"):
                _build(store, extent.pk, extent.erasures, extent.last_batch)
            return True
    return False


def _current(store: LakeStore, workspace_id: int, units: Units) -> Cached:
    erasures, last = store.reach(workspace_id)
    key = (str(store.data), workspace_id, f"{erasures}.{last}", units.version)
    if key not in _cache:
        parts = _parts(store, workspace_id, erasures, last) if last else []
        _cache[key] = Cached(join([part.slices for part in parts], units), parts)
        while len(_cache) > KEPT:
            _cache.popitem(last=False)
    _cache.move_to_end(key)
    return _cache[key]


def _parts(store: LakeStore, workspace_id: int, erasures: int, last: int) -> list[Part]:
    folder = _newest(store, workspace_id, erasures)
    total = Extent.objects.values_list("events", flat=True).get(pk=workspace_id)
    if folder is None or _is_large(total - _events(folder), 2 * _events(folder)):
        folder = _build(store, workspace_id, erasures, last)
    base = _load(store, workspace_id, folder)
    return [base] if base.span.last >= last else [base, _delta(store, base, last)]


def _is_large(added: int, base: int) -> bool:
    return added > max(SMALL, base // 10)


def _delta(store: LakeStore, base: Part, last: int) -> Part:
    """What came after the base; only what is newer than at the last question is read."""
    key = (str(store.data), base.span.workspace_id)
    old = _deltas.get(key)
    if old is None or old.folder != base.folder:
        old = None
    after = old.span.last if old else base.span.last
    if old and after >= last:
        return old
    span = _span(store, base.span.workspace_id, after, last)
    slices, names = read_slices(store.engine.cursor(), span, old.names if old else base.names)
    if old:
        slices = merged(old.slices, slices)
    whole = _span(store, base.span.workspace_id, base.span.last, last)
    _deltas[key] = Part(whole, slices, names, base.folder)
    return _deltas[key]


def merged(first: Slices, second: Slices) -> Slices:
    """One part of two, sorted again."""
    from fullfunnel.events.store.slices import slices_of

    both = {
        name: np.concatenate([getattr(first, name), getattr(second, name)])
        for name in ("time", "seq", "name", "actor", "named")
    }
    identity = np.concatenate([np.repeat(part.identities, np.diff(part.offsets)) for part in (first, second)])
    order = np.lexsort((both["seq"], both["time"], identity))
    return slices_of(identity[order], **{name: array[order] for name, array in both.items()})


def _span(store: LakeStore, workspace_id: int, after: int, last: int) -> Span:
    rows = LakeFile.objects.filter(superseded_at=None, last_batch__gt=after, first_batch__lte=last)
    files = [path for path, held in rows.order_by("id").values_list("path", "workspaces") if workspace_id in held]
    return Span(workspace_id, after, last, [str(store.data / path) for path in files])


def _column(store: LakeStore, cached: Cached, name: str) -> Column:
    parts = [_part_column(store, part, name) for part in cached.parts]
    values: dict[str, int] = {}
    codes = []
    for part in parts:
        places = np.array([values.setdefault(value, len(values)) for value in part.values] + [-1], np.int32)
        codes.append(places[part.codes])
    together = np.concatenate(codes) if len(codes) > 1 else (parts[0].codes if parts else np.empty(0, np.int32))
    rows = cached.joined.rows
    return Column(together if rows is None else together[rows], list(values))


def _part_column(store: LakeStore, part: Part, name: str) -> Column:
    if name in part.columns:
        return part.columns[name]
    expression = property_text(name, store.dialect)
    # The base's columns are kept beside it for every process; what came after it is small.
    is_base = part.folder is not None and part.span.after == 0
    if is_base and part.folder is not None:
        part.columns[name] = _kept_column(part.folder, name, lambda: _read(store, part.span, expression))
    else:
        part.columns[name] = _read(store, part.span, expression)
    if len(part.columns[name].codes) != len(part.slices.time):
        raise Moved
    return part.columns[name]


def _read(store: LakeStore, span: Span, expression: str) -> Column:
    # Careful: the span's files may have been merged since; the manifest knows where the same events are now.
    now = _span(store, span.workspace_id, span.after, span.last)
    return read_column(store.engine.cursor(), now, expression)


def _kept_column(folder: Path, name: str, read: Callable[[], Column]) -> Column:
    stem = f"column-{sha1(name.encode('utf-8', 'surrogatepass'), usedforsecurity=False).hexdigest()}"
    codes, values = folder / f"{stem}.npy", folder / f"{stem}.json"
    if codes.exists() and values.exists():
        return Column(np.load(codes, mmap_mode="r"), json.loads(values.read_text()))
    column = read()
    if folder.exists():
        write_durably(values, lambda to: _write_json(to, column.values))
        write_durably(codes, lambda to: _save(to, column.codes))
    return column


def _newest(store: LakeStore, workspace_id: int, erasures: int) -> Path | None:
    found = (store.data / "index" / str(workspace_id)).glob(f"{erasures}.*")
    return max(found, key=lambda folder: int(folder.name.split(".")[1]), default=None)


def _events(folder: Path) -> int:
    return int(json.loads((folder / "names.json").read_text())["events"])


def _build(store: LakeStore, workspace_id: int, erasures: int, last: int) -> Path:
    """A new base up to a batch; one process makes it, the others wait and find it. Older ones go."""
    home = store.data / "index" / str(workspace_id)
    folder = home / f"{erasures}.{last}"
    home.mkdir(parents=True, exist_ok=True)
    with Lease(store.data / "index" / f"{workspace_id}.lock"):
        if folder.exists():
            return folder
        slices, names = read_slices(store.engine.cursor(), _span(store, workspace_id, 0, last), [])
        aside = home / f"aside.{last}"
        shutil.rmtree(aside, ignore_errors=True)
        for part in fields(slices):
            array = getattr(slices, part.name)
            write_durably(aside / f"{part.name}.npy", lambda to, array=array: _save(to, array))  # type: ignore[misc]
        about = {"names": names, "events": len(slices.time)}
        write_durably(aside / "names.json", lambda to: _write_json(to, about))
        aside.replace(folder)
        older = sorted(home.glob("*.*"), key=lambda path: path.stat().st_mtime)[:-2]
        for path in older:
            shutil.rmtree(path, ignore_errors=True)
    return folder


def _load(store: LakeStore, workspace_id: int, folder: Path) -> Part:
    about = json.loads((folder / "names.json").read_text())
    arrays = {part.name: np.load(folder / f"{part.name}.npy", mmap_mode="r") for part in fields(Slices)}
    span = _span(store, workspace_id, 0, int(folder.name.split(".")[1]))
    return Part(span, Slices(**arrays), about["names"], folder)


def _save(path: Path, array: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]") -> None:
    with path.open("wb") as file:
        np.save(file, array)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value))
