"""The data directory: its format number, and the marker of a restored copy."""

import os
from pathlib import Path

# Raised by hand when an older program could no longer read what this one writes.
FORMAT = 1
RESTORED = "restored"


def data_directory() -> Path:
    """Return $FULLFUNNEL_DATA_DIR or ./data, without the settings."""
    return Path(os.environ.get("FULLFUNNEL_DATA_DIR", "data")).resolve()


def reason_not_to_open(path: Path) -> str | None:
    """Return why this program must not use the directory, or None."""
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
    """Make the directory and mark its format; return the reason where it must not be used."""
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
    """Return False in a restored copy until `fullfunnel restore --confirm`.

    Ask before anything leaves this machine: two copies of one company must not both write.
    """
    return not ((path or data_directory()) / RESTORED).exists()
