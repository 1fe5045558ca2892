"""Who owns which hand-over and deal: what questions by seller need of the rooms above them."""

import zlib
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from fullfunnel.crm.models import Deal, HandOver, HandOverMove
from fullfunnel.journeys.datasets.dataset import Sellers
from fullfunnel.workspaces.models import Membership, Sells, Workspace

COLUMNS = ("public_id", "external_id", "owner", "owner_name")


def sellers_of(workspace: Workspace) -> Sellers:
    """Return the owners of hand-overs and deals, by both ids that events may name."""
    if workspace.sells == Sells.ONLINE:
        return Sellers()
    # Deals change owner by an event; a hand-over does so by a move alone.
    last = HandOverMove.objects.filter(workspace=workspace).order_by("-pk").values_list("pk", flat=True).first()
    names = _names(workspace)
    return Sellers(f"{last}.{zlib.crc32(repr(names).encode())}", lambda: _owners(workspace, names))


def _names(workspace: Workspace) -> dict[int, str]:
    """Return what each member is called: the name, with the address where two have the same."""
    users = [row.user for row in Membership.objects.filter(workspace=workspace).select_related("user").order_by("pk")]
    called = [str(user) for user in users]
    return {user.pk: f"{user} ({user.email})" if called.count(str(user)) > 1 else str(user) for user in users}


def _owners(workspace: Workspace, names: Mapping[int, str]) -> dict[str, str]:
    rows: list[QuerySet[Any, tuple[Any, ...]]] = [
        model.objects.filter(workspace=workspace).values_list(*COLUMNS) for model in (HandOver, Deal)
    ]
    return {
        key: name
        for found in rows
        for public, external, owner, said in found.iterator()
        if (name := names.get(owner) or said)
        for key in (public, external)
        if key
    }
