"""The workspaces of the shop and of the installer: Alice owns them, as she does Halden."""

from typing import Any

from fullfunnel.demo import places
from fullfunnel.demo.done import done
from fullfunnel.workspaces.actions import (
    accept_invitation,
    create_api_key,
    create_source,
    create_workspace,
    invite_member,
)
from fullfunnel.workspaces.models import ApiKey, Membership, Role, Sells, Source, User, Workspace

SHOP, SOLAR = "teehaus-lund", "sonnwerk"
COLLEAGUES = (
    ("Carol", "carol@halden.example", Role.MARKETER),
    ("Bob", "bob@halden.example", Role.SELLER),
    ("Dana", "dana@halden.example", Role.SELLER),
)
# Slug -> name, how it sells, its site.
FIRMS = {
    SHOP: ("Teehaus Lund", Sells.ONLINE, "teehaus-lund.example"),
    SOLAR: ("Sonnwerk", Sells.HOUSEHOLDS, "sonnwerk.example"),
}


def make_firms(owner: User) -> dict[str, dict[str, Any]]:
    """Make both workspaces; return slug -> write key and API key, which are kept nowhere else. Those that are there are left out."""
    found = {}
    for slug, (name, sells, site) in FIRMS.items():
        if Workspace.objects.filter(slug=slug).exists():
            continue
        made = create_workspace(name, owner=owner, sells=sells, timezone=str(places.HOME), currency="EUR", by=owner)
        workspace = done(made)
        by = Membership.objects.get(workspace=workspace, user=owner)
        _invite(workspace, by, sellers=sells == Sells.HOUSEHOLDS)
        _, write_key = done(create_source(workspace, name=site, kind=Source.Kind.WEB, by=owner))
        _, api_key = done(create_api_key(workspace, name="demo", scopes=list(ApiKey.Scope.values), by=owner))
        found[workspace.slug] = {"write_key": write_key, "api_key": api_key}
    return found


def _invite(workspace: Workspace, by: Membership, *, sellers: bool) -> None:
    """Invite Carol, and where somebody sells, Bob and Dana."""
    for name, email, role in COLLEAGUES[: 3 if sellers else 1]:
        invitation, _ = done(invite_member(workspace, email=email, role=role, by=by))
        done(accept_invitation(invitation, password="", name=name, by=User.objects.get(email=email)))
