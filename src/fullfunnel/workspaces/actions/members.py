"""What may be done with members. Owners are made, changed and removed by owners, and one always stays."""

from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Absence, Invitation, Membership, Role, User, WorkingHours
from fullfunnel.workspaces.roles import reason_not_to_change, reason_not_to_give
from fullfunnel.workspaces.sessions import deactivate, end_sessions
from fullfunnel.workspaces.team.hooks import pass_work_on


@transaction.atomic
def change_role(membership: Membership, *, to: str, by: Membership) -> Membership | Refused:
    """Give another role. All sessions of that user end, so that nothing opened in the old role stays open."""
    refused = reason_not_to_give(to, membership.workspace_id, by=by) or reason_not_to_change(membership, by=by)
    if refused is not None:
        return refused
    if to == membership.role:
        return membership
    if _is_last_owner(membership):
        return Refused("A workspace needs an owner. Make somebody else an owner first.", "role")
    record_audit(membership.workspace, "change_role", by=by, email=membership.user.email, role=[membership.role, to])
    Membership.objects.filter(pk=membership.pk).update(role=to)
    _end_invitations(membership)
    end_sessions(membership.user)
    membership.refresh_from_db()
    return membership


MAX_PINS, MAX_PATH = 12, 500


@transaction.atomic
def pin_page(membership: Membership, *, path: str, label: str, by: Membership) -> Membership | Refused:
    """Put a page of the workspace into the member's side bar, last; one that is there is named anew."""
    if by != membership:
        return Refused("Everybody pins their own pages.")
    here = f"/w/{membership.workspace.slug}/"
    if not path.startswith(here) or len(path) > MAX_PATH:
        return Refused(f"Only pages of this workspace can be pinned, whose address begins with {here}.", "path")
    if not label.strip():
        return Refused("A pinned page needs a name.", "label")
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    others = [pin for pin in row.pins if pin["path"] != path]
    if len(others) >= MAX_PINS:
        return Refused(f"{MAX_PINS} pages are pinned; take one away first.")
    row.pins = [*others, {"label": label.strip()[:60], "path": path}]
    row.save(update_fields=["pins"])
    return row


@transaction.atomic
def unpin_page(membership: Membership, *, path: str, by: Membership) -> Membership | Refused:
    """Take a page out of the member's side bar."""
    if by != membership:
        return Refused("Everybody pins their own pages.")
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    row.pins = [pin for pin in row.pins if pin["path"] != path]
    row.save(update_fields=["pins"])
    return row


@transaction.atomic
def remove_member(membership: Membership, *, by: Membership, heir: User | None = None) -> User | Refused:
    """Take the user out of the workspace and end all sessions; in no workspace any more, the user is deactivated.

    heir: who looks after their work from now on; None: nobody yet. Keys belong to the workspace and stay.
    """
    refused = reason_not_to_change(membership, by=by)
    if refused is not None:
        return refused
    if _is_last_owner(membership):
        return Refused("A workspace needs an owner. Make somebody else an owner first.")
    user = membership.user
    if heir is not None and (heir == user or not _is_member(heir, membership)):
        return Refused("Choose another member of this workspace.", "heir")
    told = {"email": user.email, "role": membership.role} | ({"heir": heir.email} if heir else {})
    record_audit(membership.workspace, "remove_member", by=by, **told)
    pass_work_on(membership, to=heir, by=by)
    _end_invitations(membership)
    for rows in (WorkingHours, Absence):
        rows.objects.filter(workspace_id=membership.workspace_id, user=user).delete()
    membership.delete()
    end_sessions(user)
    if not user.memberships.exists():
        deactivate(user)
    return user


def _is_member(user: User, membership: Membership) -> bool:
    return Membership.objects.filter(workspace_id=membership.workspace_id, user=user).exists()


def _end_invitations(membership: Membership) -> None:
    """The links that a member made end with the role they were made in: else they would be a way back in."""
    made = Invitation.objects.filter(workspace_id=membership.workspace_id, created_by=membership.user, ended_at=None)
    made.update(ended_at=clock.now())


def _is_last_owner(membership: Membership) -> bool:
    # Careful: two owners who demote each other at once; SQLite's writers queue, PostgreSQL needs the row lock.
    owners = Membership.objects.select_for_update().filter(workspace_id=membership.workspace_id, role=Role.OWNER)
    return membership.role == Role.OWNER and len(owners) == 1
