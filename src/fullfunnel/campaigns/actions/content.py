"""The content library: pieces made, changed, removed."""

from dataclasses import dataclass

from django.db import transaction

from fullfunnel.campaigns.models import Piece
from fullfunnel.campaigns.tags import plain_tag
from fullfunnel.core.numbers import number
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Membership, User, Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act
from fullfunnel.workspaces.scope import EDITORS

MOST_PIECES = 2_000


@dataclass(frozen=True)
class Description:
    """What a piece is: see models.Piece."""

    name: str
    kind: str
    stage: str
    pain_point: str = ""
    pattern: str = ""
    tag: str = ""
    link: str = ""
    owner: User | None = None


@transaction.atomic
def create_piece(workspace: Workspace, *, described: Description, by: By) -> Piece | Refused:
    """Add a piece to the library."""
    if refused := reason_not_to_act(by, workspace.pk, EDITORS) or wrong_description(workspace, described, None):
        return refused
    if Piece.objects.filter(workspace=workspace).count() >= MOST_PIECES:
        return Refused(f"A library has at most {number(MOST_PIECES)} pieces.")
    made = Piece.objects.create(workspace=workspace, **_fields(described))
    record_audit(workspace, "create_piece", by=by, piece=made.public_id, name=made.name)
    return made


@transaction.atomic
def edit_piece(piece: Piece, *, described: Description, by: By) -> Piece | Refused:
    """Change what a piece is; its readers are counted anew."""
    refused = reason_not_to_act(by, piece.workspace_id, EDITORS) or wrong_description(piece.workspace, described, piece)
    if refused:
        return refused
    Piece.objects.filter(workspace_id=piece.workspace_id, pk=piece.pk).update(**_fields(described))
    record_audit(piece.workspace, "edit_piece", by=by, piece=piece.public_id, name=described.name.strip())
    piece.refresh_from_db()
    return piece


@transaction.atomic
def remove_piece(piece: Piece, *, by: By) -> Piece | Refused:
    """Take a piece out of the library; what was read stays in the stream."""
    if refused := reason_not_to_act(by, piece.workspace_id, EDITORS):
        return refused
    removed, _ = Piece.objects.filter(workspace_id=piece.workspace_id, pk=piece.pk).delete()
    if not removed:
        return Refused("This piece was removed already.")
    record_audit(piece.workspace, "remove_piece", by=by, piece=piece.public_id, name=piece.name)
    return piece


def wrong_description(workspace: Workspace, described: Description, piece: Piece | None) -> Refused | None:
    """Return the first thing that cannot be, with what would be right."""
    name, others = described.name.strip(), Piece.objects.filter(workspace=workspace)
    others = others.exclude(pk=piece.pk) if piece else others
    if not 0 < len(name) <= 200:
        return Refused("A piece needs a name of at most 200 characters.", "name")
    if others.filter(name=name).exists():
        return Refused(f"There is a piece called “{name}”; choose another name.", "name")
    if described.kind not in Piece.Kind.values or described.stage not in Piece.Stage.values:
        return Refused("Choose a kind and a stage.", "kind" if described.kind not in Piece.Kind.values else "stage")
    if described.kind == Piece.Kind.POST:
        if not plain_tag(described.tag):
            return Refused("A post is known by the utm_content of its link; write it.", "tag")
    elif not described.pattern.startswith("/") or "*" in described.pattern[:-1] or len(described.pattern) > 500:
        return Refused(
            "Write the path of its page, such as /guides/fair-rosters; a * at the end is any text.", "pattern"
        )
    if max(len(described.pain_point), len(described.tag)) > 200 or len(described.link) > 1_000:
        return Refused("Pain point and tag have at most 200 characters, a link 1,000.", "link")
    members = Membership.objects.filter(workspace=workspace, user=described.owner)
    return (
        Refused("An owner is a member of this workspace.", "owner")
        if described.owner and not members.exists()
        else None
    )


def _fields(described: Description) -> dict[str, object]:
    return vars(described) | {"name": described.name.strip(), "tag": plain_tag(described.tag)}
