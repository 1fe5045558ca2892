"""Who walks: a made-up visitor of Halden's site, remembered in the session of whoever looks."""

import secrets
from dataclasses import asdict, dataclass
from typing import Any, Self

from django.http import HttpRequest

from fullfunnel.core import clock
from fullfunnel.people.models import Identity, Person
from fullfunnel.workspaces.models import Workspace

KEY = "walk"
# How the ids of all walkers begin.
NAME = "walk-"


@dataclass(frozen=True)
class Walker:
    """anonymous: the id that the small site's browser has; began_at: µs."""

    anonymous: str
    began_at: int

    @classmethod
    def new(cls) -> Self:
        return cls(f"{NAME}{secrets.token_hex(12)}", clock.now_us())


def walker_of(request: HttpRequest) -> Walker | None:
    """Return who walks in this browser; None before the first step and after vanishing."""
    kept: dict[str, Any] | None = request.session.get(KEY)
    return Walker(**kept) if kept else None


def keep_walker(request: HttpRequest, walker: Walker | None) -> None:
    if walker is None:
        request.session.pop(KEY, None)
    else:
        request.session[KEY] = asdict(walker)


def person_of(walker: Walker, workspace: Workspace) -> Person | None:
    """Return who the walker is in the stream; None until their first event has come through the drain."""
    named = Identity.objects.filter(workspace=workspace, kind="anonymous_id", value=walker.anonymous)
    found = named.select_related("person__merged_into", "person__company").first()
    return found.person.living() if found else None
