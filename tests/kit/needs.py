"""What a test needs from the machine. Absent: skipped with the reason; in CI: failed, so that nothing is skipped unseen."""

import os
import shutil
from pathlib import Path

import pytest

IN_CI = os.environ.get("CI") == "true"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")


def absent(reason: str) -> None:
    """Ends the test: skipped, or in CI failed."""
    if IN_CI:
        pytest.fail(f"{reason} (CI must have it: .ci/run installs it)", pytrace=False)
    pytest.skip(reason)


def chromium() -> str:
    """The path of a Chromium."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not found or not Path(found).exists():
        absent("Chromium is not installed (apt install chromium, or set CHROMIUM to its path)")
    return str(found)


def root() -> None:
    """The rights to mount a disk image."""
    if os.geteuid() != 0:
        absent("not run as root: it mounts a disk image")


def program(name: str) -> str:
    """The path of a program."""
    found = shutil.which(name)
    if not found:
        absent(f"{name} is not installed")
    return str(found)
