"""The journeys index on disk: memory-mapped arrays, each folder put in place by a rename.

index/<workspace>/<erasures>.<last batch>/               a base, with two files for every coded property
index/<workspace>/<erasures>.<last batch>/delta.<last>/  the events after it, up to a batch
"""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha1
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.core.durable import make_directory, sync
from fullfunnel.events.failpoints import reached
from fullfunnel.events.store.delta import Delta
from fullfunnel.events.store.files import write_durably
from fullfunnel.events.store.journeys import Column
from fullfunnel.events.store.reading import Moved
from fullfunnel.events.store.slices import KINDS, PROPERTY, Slices

# Careful: with another number, what an older program made is not found and made anew, because sessions are numbered by other rules.
ABOUT = "about-2.json"
OLDER_ABOUT = "about.json"
MISSING = "missing.npy"
HEADER = 128


@dataclass(frozen=True)
class Base:
    """Every event of a workspace up to batch `last`. slices: without properties; absent: names of no event."""

    folder: Path
    erasures: int
    last: int
    names: list[str]
    slices: Slices
    _columns: dict[str, Column] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)

    def properties(self) -> list[str]:
        """Return the names of the coded properties."""
        codes = self.folder.glob("column-*.npy")
        return sorted(json.loads(path.with_suffix(".json").read_text())["property"] for path in codes)

    def column(self, name: str) -> Column | None:
        """Return a coded property; None when it is not coded."""
        about = column_file(self.folder, name)
        if name not in self._columns:
            with suppress(FileNotFoundError):
                codes = _mapped(about.with_suffix(".npy"))
                self._columns[name] = Column(codes, json.loads(about.read_text())["values"])
        return self._columns.get(name)

    def missing(self) -> NDArray[np.int32]:
        """Return the codes of a property that no event has: one file for all such names."""
        if not (path := self.folder / MISSING).exists():
            write_durably(path, self._write_missing)
        return _mapped(path)

    def _write_missing(self, path: Path) -> None:
        file = _Growing(path, np.int32)
        for start in range(0, self.slices.events, 1_000_000):
            file.add(np.full(min(1_000_000, self.slices.events - start), -1, np.int32))
        file.close()

    def known_column(self, name: str) -> Column:
        """Return a coded property. FileNotFoundError: the base was removed meanwhile."""
        column = self.column(name)
        if column is None:
            raise FileNotFoundError(column_file(self.folder, name))
        return column


@dataclass(frozen=True)
class Published:
    """A delta on disk. at: it holds all that the lake held then, in µs; names, values: beyond the base's."""

    folder: Path
    last: int
    at: int
    delta: Delta
    names: list[str]
    values: dict[str, list[str]]


def column_file(folder: Path, name: str) -> Path:
    """Return the file that names the values of a column; the codes lie beside it."""
    return folder / f"{_stem(name)}.json"


def home(data: Path, workspace_id: int) -> Path:
    return data / "index" / str(workspace_id)


def bases(data: Path, workspace_id: int, erasures: int) -> list[Path]:
    """The bases that are there, the oldest first."""
    found = [path.parent for path in home(data, workspace_id).glob(f"{erasures}.*/{ABOUT}")]
    return sorted(found, key=last_of)


def remove_outdated(data: Path, workspace_id: int, erasures: int) -> None:
    """Remove bases from before the latest erasure. Careful: only after their readers have ended."""
    for path in home(data, workspace_id).glob("*.*"):
        if int(path.name.rpartition("-")[2].partition(".")[0]) < erasures:
            shutil.rmtree(path, ignore_errors=True)


def remove_older_kinds(data: Path) -> None:
    """Remove bases that a program with other rules made. Careful: only when no such program runs any more."""
    for path in (data / "index").glob(f"*/*/{OLDER_ABOUT}"):
        shutil.rmtree(path.parent, ignore_errors=True)


def deltas(base: Path) -> list[Path]:
    """Return the usable deltas of a base, the oldest first.

    They are not synced: after a restart of the machine they do not count.
    """
    found = [path.parent for path in base.glob(f"delta.*/{ABOUT}")]
    return sorted((path for path in found if (path / f"boot-{_boot()}").exists()), key=last_of)


def last_of(folder: Path) -> int:
    return int(folder.name.rpartition(".")[2])


def load_base(folder: Path) -> Base:
    """FileNotFoundError when it is gone meanwhile."""
    about = json.loads((folder / ABOUT).read_text())
    erasures = int(folder.name.partition(".")[0])
    return Base(folder, erasures, last_of(folder), about["names"], _load(folder, []))


def load_delta(folder: Path) -> Published:
    """FileNotFoundError when it is gone meanwhile."""
    about = json.loads((folder / ABOUT).read_text())
    delta = Delta(_load(folder, about["values"]), _mapped(folder / "whole.npy"))
    return Published(folder, last_of(folder), about["at"], delta, about["names"], about["values"])


def save_delta(base: Base, last: int, at: int, delta: Delta, names: list[str], values: dict[str, list[str]]) -> Path:
    """Publish a delta that holds all that the lake held at a moment, in µs."""
    arrays = {"identities": delta.slices.identities, "offsets": delta.slices.offsets, "whole": delta.whole}
    for name, array in delta.slices.rows.items():
        arrays[_stem(name.removeprefix(PROPERTY)) if name.startswith(PROPERTY) else name] = array
    about = {"names": names, "values": values, "at": at}
    with _aside(base.folder, f"delta.{last}", durably=_boot() == "") as (aside, target):
        for name, array in arrays.items():
            np.save(aside / f"{name}.npy", array)
        (aside / f"boot-{_boot()}").touch()
        (aside / ABOUT).write_text(json.dumps(about))
        reached("delta-written")
    reached("delta-published")
    return target


class BaseWriter:
    """Write a base portion by portion, in order of identities."""

    def __init__(self, aside: Path, properties: Sequence[str]) -> None:
        self._aside = aside
        kinds: dict[str, Any] = KINDS | {PROPERTY + name: np.int32 for name in properties}
        self._files = {name: _Growing(aside / f"{_file(name)}.npy", dtype) for name, dtype in kinds.items()}
        self._identities = _Growing(aside / "identities.npy", np.int64)
        self._offsets = _Growing(aside / "offsets.npy", np.int64)
        self._offsets.add(np.zeros(1, np.int64))
        self.events = 0

    def add(self, slices: Slices) -> None:
        for name, file in self._files.items():
            file.add(slices.rows[name])
        self._identities.add(slices.identities)
        self._offsets.add(slices.offsets[1:] + self.events)
        self.events += slices.events

    def close(self) -> None:
        for file in (*self._files.values(), self._identities, self._offsets):
            file.close()

    def finish(self, names: list[str], values: dict[str, list[str]]) -> None:
        """Write names and values by their codes, after the last portion."""
        for name, texts in values.items():
            about = {"property": name, "values": texts}
            column_file(self._aside, name).write_text(json.dumps(about))
        (self._aside / ABOUT).write_text(json.dumps({"names": names}))


@contextmanager
def writing_base(
    data: Path, workspace_id: int, erasures: int, last: int, properties: Sequence[str] = ()
) -> Iterator[BaseWriter]:
    """Yield the writer of a new base, which is put in place when the block ends without an error."""
    with _aside(home(data, workspace_id), f"{erasures}.{last}", durably=True) as (aside, _):
        with closing(BaseWriter(aside, properties)) as writer:
            yield writer
        reached("base-written")
    reached("base-published")


def save_column(base: Base, name: str, values: list[str], portions: Iterator[NDArray[np.int32]]) -> None:
    """Save a coded property of a base. Moved: the portions are not the base's events."""
    path, about = column_file(base.folder, name), json.dumps({"property": name, "values": values})

    def write(path: Path) -> None:
        file, written = _Growing(path, np.int32), 0
        try:
            for codes in portions:
                file.add(codes)
        finally:
            written = file.close()
        if written != base.slices.events:
            raise Moved

    write_durably(path, lambda path: _write(path, about))
    write_durably(path.with_suffix(".npy"), write)


class _Growing:
    """A one-dimensional .npy file whose length is known at the end."""

    def __init__(self, path: Path, dtype: Any) -> None:
        self._file: IO[bytes] = path.open("wb")
        self._dtype = np.dtype(dtype)
        self._length = 0
        self._header()

    def add(self, array: NDArray[Any]) -> None:
        np.ascontiguousarray(array, self._dtype).tofile(self._file)
        self._length += len(array)

    def close(self) -> int:
        self._file.seek(0)
        self._header()
        self._file.close()
        return self._length

    def _header(self) -> None:
        about = {"descr": self._dtype.str, "fortran_order": False, "shape": (self._length,)}
        # Careful: it must not grow with the length; numpy leaves room for that.
        np.lib.format.write_array_header_1_0(self._file, about)
        if self._file.tell() != HEADER:
            raise RuntimeError(f"numpy wrote a header of {self._file.tell()} bytes")


@contextmanager
def _aside(parent: Path, name: str, *, durably: bool) -> Iterator[tuple[Path, Path]]:
    """Yield a temporary folder, moved into place when the block ends without an error."""
    aside, target = parent / f"aside-{os.getpid()}-{name}", parent / name
    shutil.rmtree(aside, ignore_errors=True)
    make_directory(parent)
    aside.mkdir()
    try:
        yield aside, target
        if durably:
            for path in [*aside.iterdir(), aside]:
                sync(path)
        shutil.rmtree(target, ignore_errors=True)
        aside.replace(target)
        if durably:
            sync(parent)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _load(folder: Path, properties: Sequence[str]) -> Slices:
    rows = {name: _mapped(folder / f"{name}.npy") for name in KINDS}
    rows |= {PROPERTY + name: _mapped(folder / f"{_stem(name)}.npy") for name in properties}
    return Slices(_mapped(folder / "identities.npy"), _mapped(folder / "offsets.npy"), rows)


def _mapped(path: Path) -> NDArray[Any]:
    """Map an array read-only. An empty file cannot be mapped."""
    if path.stat().st_size <= HEADER:
        return np.load(path)  # type: ignore[no-any-return]
    return np.asarray(np.load(path, mmap_mode="r"))


def _file(name: str) -> str:
    return _stem(name.removeprefix(PROPERTY)) if name.startswith(PROPERTY) else name


def _stem(name: str) -> str:
    return f"column-{sha1(name.encode('utf-8', 'surrogatepass'), usedforsecurity=False).hexdigest()}"


def _write(path: Path, text: str) -> None:
    path.write_text(text)


@cache
def _boot() -> str:
    """Return a name for this start of the machine; empty where it is unknown."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
