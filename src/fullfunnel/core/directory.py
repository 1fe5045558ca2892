"""The data directory: its format number, and the marker of a restored copy."""

import os
from pathlib import Path

from fullfunnel.core.durable import make_directory, replace_file

# How many migrations this program has, those of libraries too: each new one raises the format (a test counts).
MIGRATIONS = 73
# An older program refuses a directory of a higher format. The second number is raised by hand, when something else than
# tables is written as an older program could not read it.
FORMAT = MIGRATIONS + 1
RESTORED = "restored"
# Where the demo made its company.
SIGN_IN_OF_DEMO = "demo-sign-in.json"


def data_directory() -> Path:
    """Return $FULLFUNNEL_DATA_DIR or ./data, without the settings."""
    return Path(os.environ.get("FULLFUNNEL_DATA_DIR", "data")).resolve()


def reason_not_to_open(path: Path) -> str | None:
    """Return why this program must not use the directory, or None."""
    if path.exists() and not path.is_dir():
        return f"{path} is not a directory"
    file = path / "format"
    # Empty: a power cut took what an older program wrote without waiting for the disk. The tables say how new they are, too.
    if not (text := _read(file)):
        return None
    if not text.isdigit():
        return f"{file} should hold a number, the format of this directory, and holds {text[:40]!r}"
    if int(text) > FORMAT:
        return (
            f"{path} was written by a newer fullfunnel (format {text}; this program knows up to {FORMAT}): "
            "start the newer program, or restore a backup from before the upgrade"
        )
    return None


def open_directory(path: Path) -> str | None:
    """Make the directory, and mark a new one with the format; return the reason where it must not be used."""
    if reason := reason_not_to_open(path):
        return reason
    try:
        make_directory(path, mode=0o700)
        if not (path / "main.db").exists():
            mark_format(path)
    except OSError as error:
        return f"{path} cannot be written: {error.strerror}"
    return None


def mark_format(path: Path) -> None:
    """Write the format of this program where an older one, or none, is written."""
    file = path / "format"
    if int(_read(file) or 0) < FORMAT:
        replace_file(file, f"{FORMAT}\n".encode())


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip() if file.exists() else ""


def may_send(path: Path | None = None) -> bool:
    """Return False in a restored copy until `fullfunnel restore --confirm`.

    Two copies of one company must not both write. What hands something to people asks `reason_to_keep_in`.
    """
    return not ((path or data_directory()) / RESTORED).exists()


def reason_to_keep_in(path: Path) -> str:
    """Return why nothing may leave this machine from the directory, for people; "" where it may."""
    if not may_send(path):
        return "This is a restored copy, which sends nothing until somebody says: fullfunnel restore --confirm."
    if (path / SIGN_IN_OF_DEMO).exists():
        return "This is a demo, which sends nothing to anybody."
    return ""
