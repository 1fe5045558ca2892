"""The kinds of questions of the wiring (settings.KINDS), with what their paths lead to."""

from dataclasses import dataclass
from pkgutil import resolve_name

from django.conf import settings

from fullfunnel.analytics.forms.form import Form
from fullfunnel.analytics.kinds.page import OwnPage, QuestionPage
from fullfunnel.journeys.kind import Kinds
from fullfunnel.journeys.kinds import load_kinds
from fullfunnel.workspaces.models import Role
from fullfunnel.workspaces.scope import EVERYONE, Roles


@dataclass(frozen=True)
class WiredPage:
    """An entry of the wiring that has a page, and its page. `roles`: those that may see it."""

    name: str
    title: str
    icon: str
    roles: Roles
    page: QuestionPage | OwnPage


def question_kinds() -> Kinds:
    """Return the kinds that may be asked, for the engine."""
    return load_kinds(kind.engine for kind in settings.KINDS)


def wired_pages() -> list[WiredPage]:
    """Return the kinds that have a page, in the order of the wiring."""
    return [
        WiredPage(kind.name, kind.title, kind.icon, _roles(kind.roles), resolve_name(f"{kind.page}.PAGE"))
        for kind in settings.KINDS
        if kind.page
    ]


def _roles(names: str | tuple[str, ...]) -> Roles:
    return EVERYONE if names == "all" else tuple(map(Role, names))


def question_forms() -> dict[str, Form]:
    """Return the form of each kind that has a page, by the kind's name."""
    return {wired.name: wired.page.form for wired in wired_pages()}
