"""What rooms above are told, in the transaction of what changed here (config/wiring/members.py)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from fullfunnel.workspaces.models import Membership, User, Workspace
from fullfunnel.workspaces.roles import By


@dataclass(frozen=True)
class Load:
    """How many leads wait with somebody, and how many of them are past the promise."""

    waiting: int = 0
    late: int = 0


class Work(Protocol):
    """What a room keeps for members, and gives to somebody else when one leaves."""

    def loads(self, workspace: Workspace) -> Mapping[int | None, Load]:
        """Return how much waits with each user (by id); None: with nobody."""

    def held(self, membership: Membership) -> list[str]:
        """Return what they look after, in words: "9 hand-overs that wait"; [] for nothing."""

    def pass_on(self, membership: Membership, *, to: User | None, by: By) -> None:
        """Give it to `to`; None: to nobody, so that whoever is first may take it."""


def work_of(membership: Membership) -> list[str]:
    """Return what a member looks after, over all rooms."""
    return [words for work in _works() for words in work.held(membership)]


def loads_of(workspace: Workspace) -> dict[int | None, Load]:
    """Return how much waits with each user, over all rooms."""
    found: dict[int | None, Load] = {}
    for work in _works():
        for user_id, load in work.loads(workspace).items():
            before = found.get(user_id, Load())
            found[user_id] = Load(before.waiting + load.waiting, before.late + load.late)
    return found


def pass_work_on(membership: Membership, *, to: User | None, by: By) -> None:
    """Give all that a member looks after to somebody else."""
    for work in _works():
        work.pass_on(membership, to=to, by=by)


def calendars_changed(workspace: Workspace, user: User | None, what: str, *, by: By) -> None:
    """Say that working time changed: a member's (`user`), or everybody's; what: in words, for the history of what follows."""
    for path in settings.ON_CALENDARS:
        import_string(path)(workspace, user, what, by=by)


def _works() -> list[Work]:
    return [import_string(path) for path in settings.WORK_OF_MEMBERS]
