"""The first visit: the first user and their workspace, made together, once."""

from dataclasses import dataclass

from django.db import transaction

from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.actions.brands import set_brand
from fullfunnel.workspaces.actions.users import create_user
from fullfunnel.workspaces.actions.workspaces import create_workspace
from fullfunnel.workspaces.models import Brand, User, Workspace

MADE = "This installation has its first workspace already: sign in."


@dataclass(frozen=True)
class FirstWorkspace:
    """What whoever installed this typed."""

    name: str
    sells: str
    country: str
    language: str
    currency: str
    timezone: str
    owner: str
    email: str
    password: str


@transaction.atomic
def open_installation(said: FirstWorkspace, *, by: None) -> Workspace | Refused:
    """Make the first user and a workspace that they own. Of two at once one does; the other is refused."""
    # The transaction took the write lock when it began, so that nobody comes in between.
    if User.objects.exists():
        return Refused(MADE)
    made = _made(said)
    if isinstance(made, Refused):
        transaction.set_rollback(True)
    return made


def _made(said: FirstWorkspace) -> Workspace | Refused:
    owner = create_user(said.email, password=said.password, name=said.owner, by=None)
    if isinstance(owner, Refused):
        return owner
    settings = {"sells": said.sells, "timezone": said.timezone, "currency": said.currency.upper()}
    workspace = create_workspace(said.name, owner=owner, **settings, by=owner)
    if isinstance(workspace, Refused):
        return workspace
    Workspace.objects.filter(pk=workspace.pk).update(country=said.country)
    look = {"language": said.language, "colour": Brand._meta.get_field("colour").default}
    branded = set_brand(workspace, **look, privacy_url="", imprint_url="", by=None)
    return branded if isinstance(branded, Refused) else workspace
