"""What every page shares: addresses of static files, the query that stays when one moves on, and the frame it is shown in."""

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.templatetags.static import static

# The controls that stay when one moves to a neighbouring page.
KEPT = ("period", "from", "to", "tz", "by", "by.of")
# Where a page stands without the shell: in the drawer, or beside its list.
INNER = ("drawer-body", "beside-body")
MISSING = "missing"


def asset(path: str) -> str:
    """The address of a static file with a mark of its content, so that a browser may keep it for a year."""
    return f"{static(path)}?v={_read_mark(path)}" if settings.DEBUG else _marked(path)


def has_asset(path: str) -> bool:
    """Whether the static file is there: what the build copies in may be older than the code."""
    return _mark(path) != MISSING


def _read_mark(path: str) -> str:
    found = finders.find(path)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10] if isinstance(found, str) else MISSING


_mark = cache(_read_mark)


@cache
def _marked(path: str) -> str:
    return f"{static(path)}?v={_mark(path)}"


def kept_query(request: HttpRequest) -> str:
    """ "?period=…&device=…" of what this request's address says of KEPT, or ""."""
    kept = [(name, value) for name in KEPT for value in request.GET.getlist(name)]
    return f"?{urlencode(kept)}" if kept else ""


def frame(request: HttpRequest) -> str:
    """The template that a page extends: the drawer's when htmx asks for it there or beside a list, else the whole shell."""
    return "drawer.html" if request.headers.get("HX-Target") in INNER else "base.html"
