"""The one filter: which rows a member sees, and whether they may change one. A program or an API key sees and changes all.

Rooms below ask it about rows that rooms above decide on: settings.OWNED says how (config/wiring/sight.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.utils.module_loading import import_string

from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.models import Membership, Role, SightRule, User
from fullfunnel.workspaces.sight.reach import LABELS, Of, Reach, Rule

M = TypeVar("M", bound=Model)
ALWAYS_ALL = (Role.OWNER, Role.ADMIN)


@dataclass(frozen=True)
class Viewer:
    """A member as one who looks, with the rules of their role, read once."""

    member: Membership

    @cached_property
    def rules(self) -> dict[str, Rule]:
        if self.member.role in ALWAYS_ALL:
            return {}
        rows = SightRule.objects.filter(workspace_id=self.member.workspace_id, role=self.member.role)
        return {row.of: Rule(Reach(row.see), Reach(row.change)) for row in rows}

    @cached_property
    def team(self) -> list[int]:
        """The ids of the users of their team, with their own."""
        mates = Membership.objects.filter(workspace_id=self.member.workspace_id, team=self.member.team_id)
        found = mates.values_list("user_id", flat=True) if self.member.team_id else ()
        return sorted({*found, self.member.user_id})

    def owners(self, reach: Reach) -> list[int] | None:
        """Return the ids of the users whose rows are in reach; None: everybody's."""
        return {Reach.ALL: None, Reach.TEAM: self.team, Reach.OWN: [self.member.user_id]}[reach]

    def rule(self, of: Of) -> Rule:
        return self.rules.get(of, Rule())


_viewer: ContextVar[Viewer | None] = ContextVar("viewer", default=None)


@contextmanager
def seen_by(member: Membership | None) -> Iterator[None]:
    """Show what is asked for inside to this member; None: to a program, which sees all."""
    token = _viewer.set(Viewer(member) if member else None)
    try:
        yield
    finally:
        _viewer.reset(token)


def _owned(model: type[Model]) -> tuple[Of, str]:
    of, path = settings.OWNED[model._meta.label]
    return Of(of), path


def visible(rows: QuerySet[M], *, to: Membership | None = None) -> QuerySet[M]:
    """Return those of the rows that a member sees; `to` is whoever asks for the page, unless it is named."""
    viewer = Viewer(to) if to else _viewer.get()
    if viewer is None:
        return rows
    of, path = _owned(rows.model)
    owners = viewer.owners(viewer.rule(of).see)
    return rows if owners is None else rows.filter(_theirs(path, viewer, owners))


def _theirs(path: str, viewer: Viewer, owners: list[int]) -> Q:
    found: Q = import_string(path)(viewer.member.workspace_id, owners)
    return found


def about_visible(rows: QuerySet[M], **fields: type[Model]) -> QuerySet[M]:
    """Return those of the rows whose `fields` (name=model) all name something visible, or nothing."""
    viewer = _viewer.get()
    for name, model in fields.items():
        if viewer is None or viewer.owners(viewer.rule(_owned(model)[0]).see) is None:
            continue
        there = visible(model._default_manager.filter(workspace_id=viewer.member.workspace_id)).order_by()
        rows = rows.filter(Q(**{f"{name}__in": there.values("pk")}) | Q(**{name: None}))
    return rows


def hides(of: str = "", *, to: Membership | None = None) -> bool:
    """Whether rows of a kind ("": of any) are hidden from the member."""
    viewer = Viewer(to) if to else _viewer.get()
    if viewer is None:
        return False
    return any(viewer.rule(each).see != Reach.ALL for each in Of if of in ("", each))


def maker(model: type[Model], *, by: User | Membership | None) -> User | None:
    """Return who owns what they make: a member who would not see it otherwise; None for who sees all."""
    return by.user if isinstance(by, Membership) and hides(_owned(model)[0], to=by) else None


def reason_not_to_change(row: Model, *, by: User | Membership | None) -> Refused | None:
    """Return why `by` cannot change a row that they see; None where they can, as a program always can."""
    workspace_id: Any = getattr(row, "workspace_id")  # noqa: B009 (for the type checker)
    member = Membership.objects.filter(workspace_id=workspace_id, user=by).first() if isinstance(by, User) else by
    if member is None:
        return None
    viewer, (of, path) = Viewer(member), _owned(type(row))
    owners = viewer.owners(viewer.rule(of).change)
    if owners is None:
        return None
    mine = type(row)._default_manager.filter(workspace_id=workspace_id, pk=row.pk)
    if mine.filter(_theirs(path, viewer, owners)).exists():
        return None
    whose = "your team's" if viewer.rule(of).change == Reach.TEAM else "your own"
    return Refused(f"Your role changes only {whose} {LABELS[of].lower()}; ask whoever owns this one, or an admin.")
