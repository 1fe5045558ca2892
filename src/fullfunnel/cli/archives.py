"""Read a backup (.tar, .tar.gz or a directory) that may come from anybody. What is wrong is a ValueError with a sentence."""

import gzip
import os
import re
import stat
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from fullfunnel.events.backups.about import ABOUT, JOURNAL, MAIN

# Name -> most bytes; None: what the disk holds.
PLAIN = {ABOUT: 65_536, "format": 64, "secret_key": 4_096, "keys/web-since": 64, MAIN: None, JOURNAL: None}
OF_FOLDERS = re.compile(
    r"events/[\w-]{1,100}/\w[\w.-]{0,199}|keys/\w[\w.-]{0,199}\.keys|files/[0-9a-f]{2}/[0-9a-f]{64}", re.ASCII
)
MOST_FILES = 1_000_000
# Whoever restores needs room to go on.
LEFT_FREE = 100_000_000
# An empty database packs 100 times smaller.
MOST_TIMES, SURELY = 200, 2**30
# Bytes between two files of a tar; also the most read at once.
HEADERS = 1_048_576
NO_BACKUP = "this is no backup of fullfunnel"


@dataclass(frozen=True)
class Member:
    """A file of a backup. `content` is read before the next."""

    name: str
    size: int
    content: IO[bytes]


def members(path: Path, room: int) -> Iterator[Member]:
    """Yield the files of the backup. `room`: bytes that may be written. ValueError, OSError, EOFError, TarError, zlib.error."""
    found: set[str] = set()
    for member in _in_directory(path) if path.is_dir() else _in_tar(path):
        if reason := reason_against(member, found, room):
            raise ValueError(reason)
        found.add(member.name)
        room -= member.size
        yield member
    if not found:
        raise ValueError("it is empty")


def reason_against(member: Member, found: set[str], room: int) -> str:
    """Return why it must not be written; "": it may. `found`: the names before it."""
    shown = repr(member.name[:80])
    if member.name not in PLAIN and (not OF_FOLDERS.fullmatch(member.name) or ".." in member.name):
        return f"it holds {shown}, which no backup of fullfunnel has"
    if not found and member.name != ABOUT:
        return f"it does not begin with {ABOUT}: {NO_BACKUP}"
    if member.name in found:
        return f"it holds {shown} twice"
    if len(found) >= MOST_FILES:
        return f"it holds more than {MOST_FILES:,} files, as no backup of fullfunnel does"
    most = PLAIN.get(member.name)
    if member.size < 0 or (most is not None and member.size > most):
        return f"{member.name} in it has {member.size:,} bytes, which no backup of fullfunnel has"
    if member.size > room - LEFT_FREE:
        return (
            f"{member.name} in it needs {member.size / 1_000_000:,.0f} MB, and the disk has not so much free: "
            "make room, or restore to another disk"
        )
    return ""


def _in_directory(path: Path) -> Iterator[Member]:
    names = [str(Path(folder, name).relative_to(path)) for folder, _, files in os.walk(path) for name in files]
    for name in sorted(names, key=lambda name: (name != ABOUT, name)):
        if not stat.S_ISREG((path / name).lstat().st_mode):
            raise ValueError(f"{name[:80]!r} in it is no plain file")
        fd = os.open(path / name, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(fd, "rb") as file:
            yield Member(name, os.fstat(fd).st_size, file)


def _in_tar(path: Path) -> Iterator[Member]:
    # Careful: a pipe, which is no file either, would be waited for.
    if not stat.S_ISREG(path.stat().st_mode):
        raise ValueError("it is neither a file nor a directory")
    with _opened(path) as reader:
        # Careful: not tarfile.open, which would unpack what is packed without our limits.
        tar = _read_header(lambda: tarfile.TarFile(fileobj=reader))  # type: ignore[arg-type]
        while (member := _read_header(tar.next)) is not None:
            if not member.isreg() or member.issparse():
                raise ValueError(f"{member.name[:80]!r} in it is {_kind(member)}, and no plain file")
            content = tar.extractfile(member)
            assert content is not None  # noqa: S101 (it is a plain file)
            reader.left = max(member.size, 0) + HEADERS
            yield Member(member.name, member.size, content)
            reader.left = HEADERS
            # Careful: else it keeps whatever it has read.
            tar.members.clear()
            tar.pax_headers.clear()
        # Careful: the checksum of gzip is compared at the end.
        reader.read(reader.left)


def _read_header(read: Callable[[], Any]) -> Any:
    """Call `read`, which trips over strange headers in many ways."""
    try:
        return read()
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError) as error:
        raise ValueError(f"it has a header that cannot be read: {NO_BACKUP}") from error


def _kind(member: tarfile.TarInfo) -> str:
    if member.issym() or member.islnk():
        return "a link"
    if member.isdir():
        return "a directory"
    return "a device or a pipe" if member.isdev() else "something else"


@contextmanager
def _opened(path: Path) -> Iterator["Bounded"]:
    with path.open("rb") as file:
        is_packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        if not is_packed:
            yield Bounded(file, path.stat().st_size)
            return
        with gzip.GzipFile(fileobj=file, mode="rb") as unpacked:
            yield Bounded(unpacked, max(SURELY, MOST_TIMES * path.stat().st_size))


class Bounded:
    """A file that is read forwards only, at most `left` bytes further, so that headers cannot fill the memory."""

    def __init__(self, file: Any, total: int) -> None:
        self.file = file
        self.total = total
        self.left = HEADERS
        self.at = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes. ValueError beyond the limits."""
        if not 0 <= size <= self.left:
            raise ValueError(f"it has a header larger than any of ours: {NO_BACKUP}")
        if self.at + size > self.total + HEADERS:
            raise ValueError(
                f"it unpacks to more than {MOST_TIMES} times its size, as no backup of fullfunnel does; "
                "where you know that it is one, unpack it with gunzip and restore that"
            )
        content: bytes = self.file.read(size)
        self.at += len(content)
        self.left -= len(content)
        return content

    def tell(self) -> int:
        return self.at

    def seek(self, position: int) -> int:
        """Read up to `position` and forget it."""
        while self.at < position and self.read(min(position - self.at, HEADERS)):
            pass
        if self.at != position:
            raise ValueError("it was cut off, or changed")
        return self.at
