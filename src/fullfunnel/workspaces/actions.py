"""What may be done with workspaces, their settings and their members. Users: sign_in_actions; keys: key_actions.

Each returns what it made, or Refused with a sentence, and writes to the audit trail in the same transaction.
"""

import secrets
import zoneinfo
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.keys import digest
from fullfunnel.workspaces.models import Invitation, Membership, Role, Sells, Source, User, Workspace
from fullfunnel.workspaces.user_actions import deactivate_user, end_sessions

__all__ = [
    "accept_invitation",
    "change_role",
    "change_settings",
    "create_workspace",
    "invite_member",
    "record_arrivals",
    "record_audit",
    "remove_member",
    "set_how_you_sell",
    "withdraw_invitation",
]
SLUG_LENGTH = 50
INVITATION_LASTS = timedelta(days=7)


@transaction.atomic
def create_workspace(
    name: str, *, owner: User, sells: str = "", timezone: str = "UTC", currency: str = "EUR", by: User | None = None
) -> Workspace | Refused:
    """A workspace whose owner is `owner`. Its slug is made from the name and never changes, so that links hold."""
    wrong = wrong_setting(name, timezone, currency, sells)
    if wrong is not None:
        return wrong
    workspace = Workspace.objects.create(
        name=name.strip(), slug=_free_slug(name), sells=sells, timezone=timezone, currency=currency
    )
    Membership.objects.create(workspace=workspace, user=owner, role=Role.OWNER)
    record_audit(workspace, "create_workspace", by=by, owner=owner.email, sells=sells)
    return workspace


def wrong_setting(name: str, timezone: str, currency: str, sells: str) -> Refused | None:
    """The first setting that a workspace could not have, with what would be right."""
    if not name.strip():
        return Refused("A workspace needs a name.", "name")
    if len(name.strip()) > 200:
        return Refused("A name has at most 200 characters.", "name")
    if timezone not in zoneinfo.available_timezones():
        return Refused(f"'{timezone}' is no time zone; write one like Europe/Berlin.", "timezone")
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()):
        return Refused(f"'{currency}' is no currency code; write three capital letters like EUR.", "currency")
    if sells and sells not in Sells.values:
        return Refused(f"'{sells}' is not one of {', '.join(Sells.values)}.", "sells")
    return None


def _free_slug(name: str) -> str:
    wanted = slugify(name)[:SLUG_LENGTH].strip("-") or "workspace"
    taken = set(Workspace.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(slug for slug in (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


@transaction.atomic
def change_settings(
    workspace: Workspace, *, name: str, timezone: str, currency: str, by: User | None
) -> Workspace | Refused:
    """Name, zone and currency. Amounts already recorded keep the currency they came in."""
    wrong = wrong_setting(name, timezone, currency, "")
    if wrong is not None:
        return wrong
    new = {"name": name.strip(), "timezone": timezone, "currency": currency}
    changed = {
        field: [getattr(workspace, field), value] for field, value in new.items() if getattr(workspace, field) != value
    }
    if changed:
        Workspace.objects.filter(pk=workspace.pk).update(**new)
        record_audit(workspace, "change_settings", by=by, **changed)
        workspace.refresh_from_db()
    return workspace


@transaction.atomic
def set_how_you_sell(workspace: Workspace, *, to: str, by: User | None) -> Workspace | Refused:
    """The answer to "How do you sell?": asked once, kept, and changeable in the settings."""
    if to not in Sells.values:
        return Refused("Choose how you sell.", "sells")
    if workspace.sells != to:
        record_audit(workspace, "set_how_you_sell", by=by, sells=[workspace.sells, to])
        Workspace.objects.filter(pk=workspace.pk).update(sells=to)
        workspace.refresh_from_db()
    return workspace


@transaction.atomic
def invite_member(workspace: Workspace, *, email: str, role: str, by: Membership) -> tuple[Invitation, str] | Refused:
    """An invitation and the token of its link, which is the only copy. A new link for an address ends the older ones."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        return Refused("Write an e-mail address like ada@example.org.", "email")
    if (refused := _may_not_give(role, by)) is not None:
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
    record_audit(workspace, "invite_member", by=by.user, email=email, role=role)
    return invitation, token


def _may_not_give(role: str, by: Membership) -> Refused | None:
    if role not in Role.values:
        return Refused(f"'{role}' is not one of {', '.join(Role.values)}.", "role")
    if role == Role.OWNER and by.role != Role.OWNER:
        return Refused("Only an owner can make somebody an owner.", "role")
    return None


def open_invitation(token: str) -> Invitation | None:
    """The invitation that `token` still opens."""
    return (
        Invitation.objects.select_related("workspace")
        .filter(digest=digest(token), ended_at=None, expires_at__gt=clock.now())
        .first()
    )


@transaction.atomic
def accept_invitation(invitation: Invitation, *, user: User) -> Membership | Refused:
    """Makes `user` a member. The link is good once, and only for the address it was made for."""
    claimed = Invitation.objects.filter(pk=invitation.pk, ended_at=None).update(ended_at=clock.now())
    if not claimed or user.email != invitation.email:
        transaction.set_rollback(True)
        return Refused("This link was used already, or was made for another address. Ask for a new one.")
    membership, made = Membership.objects.get_or_create(
        workspace_id=invitation.workspace_id, user=user, defaults={"role": invitation.role}
    )
    if made:
        record_audit(invitation.workspace, "accept_invitation", by=user, role=invitation.role)
    return membership


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User) -> None:
    """Makes the link useless."""
    if Invitation.objects.filter(pk=invitation.pk, ended_at=None).update(ended_at=clock.now()):
        record_audit(invitation.workspace, "withdraw_invitation", by=by, email=invitation.email)


@transaction.atomic
def change_role(membership: Membership, *, to: str, by: Membership) -> Membership | Refused:
    """Another role. All sessions of that user end, so that nothing opened in the old role stays open."""
    refused = _may_not_give(to, by) or _may_not_touch(membership, by)
    if refused is not None:
        return refused
    if to == membership.role:
        return membership
    if membership.role == Role.OWNER and _is_last_owner(membership):
        return Refused("A workspace needs an owner. Make somebody else an owner first.", "role")
    record_audit(
        membership.workspace, "change_role", by=by.user, email=membership.user.email, role=[membership.role, to]
    )
    Membership.objects.filter(pk=membership.pk).update(role=to)
    _end_invitations(membership)
    end_sessions(membership.user)
    membership.refresh_from_db()
    return membership


@transaction.atomic
def remove_member(membership: Membership, *, by: Membership) -> Refused | None:
    """Takes the user out of the workspace and ends all sessions; in no workspace any more, the user is deactivated.

    Keys belong to the workspace and stay; the keys page says who made each.
    """
    refused = _may_not_touch(membership, by)
    if refused is not None:
        return refused
    if membership.role == Role.OWNER and _is_last_owner(membership):
        return Refused("A workspace needs an owner. Make somebody else an owner first.")
    user = membership.user
    record_audit(membership.workspace, "remove_member", by=by.user, email=user.email, role=membership.role)
    _end_invitations(membership)
    membership.delete()
    end_sessions(user)
    if not user.memberships.exists():
        deactivate_user(user)
    return None


def _end_invitations(membership: Membership) -> None:
    """The links that a member made end with the role they were made in: else they would be a way back in."""
    made = Invitation.objects.filter(workspace_id=membership.workspace_id, created_by=membership.user, ended_at=None)
    made.update(ended_at=clock.now())


def _may_not_touch(membership: Membership, by: Membership) -> Refused | None:
    if membership.workspace_id != by.workspace_id:
        return Refused("That member is in another workspace.")
    if membership.role == Role.OWNER and by.role != Role.OWNER:
        return Refused("Only an owner can change or remove an owner.")
    return None


def _is_last_owner(membership: Membership) -> bool:
    # Careful: two owners who demote each other at once; SQLite's writers queue, PostgreSQL needs the row lock.
    owners = Membership.objects.select_for_update().filter(workspace_id=membership.workspace_id, role=Role.OWNER)
    return len(owners) == 1


def record_arrivals(workspace_id: int, latest: Iterable[tuple[int, datetime]]) -> None:
    """Notes when something last arrived from each (source id, moment)."""
    for source_id, at in latest:
        older = Source.objects.filter(pk=source_id, workspace_id=workspace_id).exclude(last_arrival_at__gte=at)
        older.update(last_arrival_at=at)
