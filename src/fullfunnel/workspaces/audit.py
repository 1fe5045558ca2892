"""The audit trail: who did what, when. Entries are written beside the change, in its transaction."""

from typing import Any

from fullfunnel.workspaces.models import AuditEntry, User, Workspace


def record_audit(workspace: Workspace, action: str, *, by: User | None, **detail: Any) -> None:
    """Notes that `by` (None: the command line) did `action`. `detail` is JSON and never holds a secret."""
    AuditEntry.objects.create(workspace=workspace, action=action, user=by, detail=detail)
