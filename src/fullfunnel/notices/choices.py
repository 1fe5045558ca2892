"""How members want to be told."""

from fullfunnel.notices.kinds import KINDS
from fullfunnel.notices.models import NoticeChoice
from fullfunnel.workspaces.models import Membership


def hows_of(member: Membership) -> dict[str, str]:
    """Return how a member is told, kind by kind."""
    chosen = NoticeChoice.objects.filter(workspace_id=member.workspace_id, member=member).values_list("kind", "how")
    return {kind: each.usual for kind, each in KINDS.items()} | dict(chosen)
