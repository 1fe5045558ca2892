"""What a member was told, and the number at the bell (config/wiring/shell.py)."""

from django.db.models import QuerySet

from fullfunnel.notices.models import Notice
from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import Membership
from fullfunnel.workspaces.sight import about_visible

MOST = 99


def notices_of(member: Membership) -> QuerySet[Notice]:
    """Return what a member was told, but for what is about people whom they do not see any more."""
    rows = Notice.objects.filter(workspace_id=member.workspace_id, member=member)
    return about_visible(rows, person=Person)


def said_unread(member: Membership) -> str:
    """Return how many notices a member has not read: "3", "99+"; "" for none."""
    rows = notices_of(member).filter(read_at=None)
    number = rows[: MOST + 1].count()
    return f"{MOST}+" if number > MOST else str(number or "")
