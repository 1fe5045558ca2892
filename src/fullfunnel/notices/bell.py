"""The number at the bell (config/wiring/shell.py)."""

from fullfunnel.notices.models import Notice
from fullfunnel.workspaces.models import Membership

MOST = 99


def said_unread(member: Membership) -> str:
    """Return how many notices a member has not read: "3", "99+"; "" for none."""
    rows = Notice.objects.filter(workspace_id=member.workspace_id, member=member, read_at=None)
    number = rows[: MOST + 1].count()
    return f"{MOST}+" if number > MOST else str(number or "")
