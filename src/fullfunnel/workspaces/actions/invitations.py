"""How somebody joins a workspace: invited, the invitation accepted or withdrawn."""

import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.actions.users import create_user
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.keys import digest
from fullfunnel.workspaces.models import Invitation, Membership, User, Workspace
from fullfunnel.workspaces.roles import reason_not_to_give

INVITATION_LASTS = timedelta(days=7)
OVER = "This link was used already, or was made for another address. Ask for a new one."


@transaction.atomic
def invite_member(workspace: Workspace, *, email: str, role: str, by: Membership) -> tuple[Invitation, str] | Refused:
    """Make an invitation and the token of its link, which is the only copy. A new link for an address ends the older ones."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        return Refused("Write an e-mail address like ada@example.org.", "email")
    if (refused := reason_not_to_give(role, workspace.pk, by=by)) is not None:
        return refused
    if Membership.objects.filter(workspace=workspace, user__email=email).exists():
        return Refused(f"{email} is a member already; change the role in the list.", "email")
    live = Invitation.objects.filter(workspace=workspace, email=email, ended_at=None)
    live.update(ended_at=clock.now())
    token = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        workspace=workspace,
        email=email,
        role=role,
        digest=digest(token),
        created_by=by.user,
        expires_at=clock.now() + INVITATION_LASTS,
    )
    record_audit(workspace, "invite_member", by=by, email=email, role=role)
    return invitation, token


@transaction.atomic
def accept_invitation(
    invitation: Invitation, *, by: User | None, password: str = "", name: str = ""
) -> Membership | Refused:
    """Make the invited a member: the user `by`, or (None: nobody is signed in) a new user with this password and name.

    The link is good once, and only for the address it was made for.
    """
    claimed = Invitation.objects.filter(pk=invitation.pk, ended_at=None).update(ended_at=clock.now())
    user = _invited_user(invitation, by, password, name) if claimed else Refused(OVER)
    if isinstance(user, Refused):
        transaction.set_rollback(True)
        return user
    membership, made = Membership.objects.get_or_create(
        workspace_id=invitation.workspace_id, user=user, defaults={"role": invitation.role}
    )
    if made:
        record_audit(invitation.workspace, "accept_invitation", by=user, role=invitation.role)
    return membership


def _invited_user(invitation: Invitation, by: User | None, password: str, name: str) -> User | Refused:
    known = User.objects.filter(email=invitation.email, is_active=True).first()
    if known is None:
        return create_user(invitation.email, password=password, name=name, by=None)
    if by is None:
        return Refused(f"Sign in as {invitation.email} first.")
    return known if known == by else Refused(OVER)


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User | None) -> Invitation:
    """Create link useless."""
    if Invitation.objects.filter(pk=invitation.pk, ended_at=None).update(ended_at=clock.now()):
        record_audit(invitation.workspace, "withdraw_invitation", by=by, email=invitation.email)
    return invitation
