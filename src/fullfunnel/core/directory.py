"""The data directory: its format number, and the marker of a restored copy. Knows nothing of what is inside."""

import os
from pathlib import Path

# Raised by hand when an older program could no longer read what this one writes.
FORMAT = 1
RESTORED = "restored"


def data_directory() -> Path:
    """Where the data is, without loading the settings: $FULLFUNNEL_DATA_DIR or ./data."""
    return Path(os.environ.get("FULLFUNNEL_DATA_DIR", "data")).resolve()


def reason_not_to_open(path: Path) -> str | None:
    """Why this program must not use the directory; None when it may. Changes nothing."""
    if path.exists() and not path.is_dir():
        return f"{path} is not a directory"
    file = path / "format"
    if not file.exists():
        return None
    text = file.read_text(encoding="utf-8").strip()
    if not text.isdigit():
        return f"{file} should hold a number, the format of this directory, and holds {text[:40]!r}"
    if int(text) > FORMAT:
        return (
            f"{path} was written by a newer fullfunnel (format {text}; this program knows up to {FORMAT}): "
            "start the newer program, or restore a backup from before the upgrade"
        )
    return None


def open_directory(path: Path) -> str | None:
    """Makes the directory if it is not there and marks its format; returns the reason where it must not be used."""
    if reason := reason_not_to_open(path):
        return reason
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = path / "format"
        if not file.exists():
            fresh = path / f"format.{os.getpid()}"
            fresh.write_text(f"{FORMAT}\n", encoding="utf-8")
            fresh.replace(file)
    except OSError as error:
        return f"{path} cannot be written: {error.strerror}"
    return None


def may_send(path: Path | None = None) -> bool:
    """False in a restored copy until `fullfunnel restore --confirm`: two copies of one company must not both write to it.

    Whatever leaves this machine (mail, webhooks, pushes) asks here first.
    """
    return not ((path or data_directory()) / RESTORED).exists()
