"""Files of the folder `shared` beside the checkout: real data and cases that are not part of the project."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("FULLFUNNEL_SHARED", ROOT.parent / "shared"))


def shared(name: str) -> Path:
    """The path of `name` there; the test is skipped, with the reason, where it is absent."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{path} is absent: it is not part of the project (set FULLFUNNEL_SHARED to a folder that has it)")
    return path
