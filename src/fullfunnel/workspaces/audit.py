"""The audit trail: who did what, when. Entries are written beside the change, in its transaction."""

from typing import Any

from fullfunnel.workspaces.models import AuditEntry, Membership, User, Workspace


def record_audit(workspace: Workspace, action: str, *, by: User | Membership | None, **detail: Any) -> None:
    """Note that `by` (None: the command line) did `action`. `detail` is JSON and never holds a secret."""
    user = by.user if isinstance(by, Membership) else by
    AuditEntry.objects.create(workspace=workspace, action=action, user=user, detail=detail)
