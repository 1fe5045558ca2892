"""Files that people give us: kept in `files/` of the data directory by the hash of their content, known by what is in them.

Nothing here is trusted to be what its name says. A page never shows one as HTML or SVG: `served` says how it may be sent.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import filetype

from fullfunnel.core.durable import make_directory, sync
from fullfunnel.core.refused import Refused

FOLDER = "files"
MOST_BYTES = 20 * 1024 * 1024
PIECE = 256 * 1024
# What a browser may show in a page of ours; everything else it has to save.
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
KNOWN = (
    *PICTURES,
    "application/pdf",
    *(_OFFICE + kind for kind in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")),
    *(_OPEN + kind for kind in ("text", "spreadsheet", "presentation")),
)
TEXT = "text/plain"
_MARKUP = re.compile(rb"<\s*(?:!doctype|html|svg|\?xml|script|body|head|iframe|!--)", re.IGNORECASE)
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Content:
    """What was kept: SHA-256, media type by content, bytes."""

    digest: str
    media_type: str
    size: int


def keep_file(
    data: Path, stream: IO[bytes], *, most: int = MOST_BYTES, known: tuple[str, ...] = ()
) -> Content | Refused:
    """Read a stream to its end, a piece at a time, and keep it durably; Refused: too large, empty, or of no kind of `known`.

    known: media types; () for all that we know, and plain text.
    """
    folder = data / FOLDER
    make_directory(folder, mode=0o700)
    aside = folder / f".{os.getpid()}.{secrets.token_hex(8)}"
    try:
        size, digest = _copy(stream, aside, most)
        if size > most:
            return Refused(f"The file is larger than {most // (1024 * 1024)} MB; choose a smaller one.", "file")
        if not size:
            return Refused("The file is empty; choose another.", "file")
        media_type = type_of(aside)
        if media_type not in (known or (*KNOWN, TEXT)):
            return Refused(f"The file is none of these: {', '.join(map(_spoken, known or (*KNOWN, TEXT)))}.", "file")
        _place(aside, path_of(data, digest))
    finally:
        aside.unlink(missing_ok=True)
    return Content(digest, media_type, size)


def path_of(data: Path, digest: str) -> Path:
    """Return where the content of this digest lies. ValueError: no digest."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError("a SHA-256 has 64 hexadecimal digits")
    return data / FOLDER / digest[:2] / digest


def type_of(path: Path) -> str:
    """Return the media type by content; "" for what we do not know. Markup is never text: a browser would run it."""
    if (guessed := filetype.guess(str(path))) is not None:
        return str(guessed.mime)
    with path.open("rb") as file:
        head = file.read(64 * 1024)
    try:
        text = head[:-3].decode() if len(head) > 3 else head.decode()
    except UnicodeDecodeError:
        return ""
    return "" if _MARKUP.search(head) or "\0" in text else TEXT


def remove_file(data: Path, digest: str) -> None:
    """Remove a content that no row names any more."""
    path_of(data, digest).unlink(missing_ok=True)


def served(media_type: str, name: str) -> dict[str, str]:
    """Return the headers with which a content may be sent: its own type, shown only where it is a picture, run never."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)[:100] or "file"
    return {
        "Content-Type": media_type if media_type in KNOWN else "application/octet-stream",
        "Content-Disposition": "inline" if media_type in PICTURES else f'attachment; filename="{plain}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    }


def kept_digests(data: Path) -> Iterator[str]:
    """The digests of all contents there are."""
    for path in (data / FOLDER).glob("??/*"):
        if _DIGEST.fullmatch(path.name):
            yield path.name


def is_whole(data: Path, digest: str) -> bool:
    """Whether the content is there and is what its name says."""
    path, found = path_of(data, digest), hashlib.sha256()
    if not path.exists():
        return False
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            found.update(piece)
    return secrets.compare_digest(found.hexdigest(), digest)


def _copy(stream: IO[bytes], aside: Path, most: int) -> tuple[int, str]:
    """Copy until the end, or one piece over `most`; return size and digest."""
    size, digest = 0, hashlib.sha256()
    fd = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as file:
        while size <= most and (piece := stream.read(PIECE)):
            size += len(piece)
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return size, digest.hexdigest()


def _place(aside: Path, path: Path) -> None:
    make_directory(path.parent, mode=0o700)
    aside.replace(path)
    sync(path.parent)


def _spoken(media_type: str) -> str:
    return {TEXT: "text", "application/pdf": "PDF"}.get(media_type, media_type.rpartition("/")[2].rpartition(".")[2])
