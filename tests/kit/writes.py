"""In which order files reach the disk."""

import os
from pathlib import Path
from typing import Any

import pytest


def recorded_writes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows: "sync file", "sync directory", and "replace NAME", "rename NAME" or "link NAME" for who gets a name."""
    done: list[str] = []
    fsync, replace, rename, link = os.fsync, os.replace, os.rename, os.link

    def recorded_fsync(fd: int) -> None:
        done.append("sync directory" if Path(f"/proc/self/fd/{fd}").resolve().is_dir() else "sync file")
        fsync(fd)

    def recorded_replace(source: Any, target: Any) -> None:
        done.append(f"replace {Path(target).name}")
        replace(source, target)

    def recorded_rename(source: Any, target: Any) -> None:
        done.append(f"rename {Path(target).name}")
        rename(source, target)

    def recorded_link(source: Any, target: Any) -> None:
        done.append(f"link {Path(target).name}")
        link(source, target)

    monkeypatch.setattr(os, "fsync", recorded_fsync)
    monkeypatch.setattr(os, "replace", recorded_replace)
    monkeypatch.setattr(os, "rename", recorded_rename)
    monkeypatch.setattr(os, "link", recorded_link)
    return done
