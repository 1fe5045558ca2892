"""Whether a workspace is the demo's company, and what its browser needs to know of it."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404

from fullfunnel.core.directory import SIGN_IN_OF_DEMO
from fullfunnel.demo.company import SLUG
from fullfunnel.workspaces.models import Workspace


def is_demo(workspace: Workspace) -> bool:
    """Whether this is the company that `fullfunnel demo` made here."""
    return workspace.slug == SLUG and _file().exists()


def refuse_others(workspace: Workspace) -> None:
    """Http404 in a workspace that is somebody's own: the pages of the demo exist in the demo alone."""
    if not is_demo(workspace):
        raise Http404("only the demo's company has this page")


def kept_of_demo() -> dict[str, Any]:
    """Return what the demo keeps of itself: its keys and forms (cli/demo.py)."""
    file = _file()
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read(file: Path, _changed: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def _file() -> Path:
    return Path(settings.DATA_DIR) / SIGN_IN_OF_DEMO
