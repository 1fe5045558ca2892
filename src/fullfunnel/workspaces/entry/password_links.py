"""Links with which a user sets a new password without the old one: signed, good once, for a while (docs/adr/0142)."""

import hmac
from datetime import timedelta

from django.core import signing
from django.utils.crypto import salted_hmac

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.models import Membership, User
from fullfunnel.workspaces.roles import reason_not_to_change

SALT = "ff_password_link"
# Asked for by mail; made by an admin, who still has to bring it to the member.
BY_MAIL, BY_HAND = timedelta(hours=1), timedelta(hours=24)
ELSEWHERE = "This member is in another workspace too, which you do not run: they ask for a link themselves, by mail."


def password_token(user: User, *, lasts: timedelta, maker: Membership | None = None) -> str:
    """Return the token of a link. It dies with the password and the sessions of now: used once, all of the user's are dead.

    maker: the admin who made it by hand; it dies too when they may make it no more.
    """
    said = {"user": user.public_id, "ends": int((clock.now() + lasts).timestamp()), "of": _standing(user)}
    return signing.dumps(said | ({"maker": maker.pk} if maker else {}), salt=SALT)


def user_of_token(token: str) -> User | None:
    """Return whose password the token may set now; None: forged, used, over, or the user can no longer sign in."""
    try:
        said = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    user = User.objects.filter(public_id=said["user"], is_active=True).first()
    if user is None or said["ends"] <= clock.now().timestamp():
        return None
    # Careful: of somebody who was an admin, the link would be a way back in.
    maker = Membership.objects.filter(pk=said["maker"]).first() if "maker" in said else None
    if "maker" in said and (maker is None or reason_not_to_link(user, by=maker)):
        return None
    return user if hmac.compare_digest(said["of"], _standing(user)) else None


def reason_not_to_link(user: User, *, by: Membership) -> Refused | None:
    """Return why `by` cannot make a link for a member; None when they can."""
    membership = Membership.objects.filter(workspace_id=by.workspace_id, user=user).first()
    if membership is None:
        return Refused("That member is in another workspace.")
    if (refused := reason_not_to_change(membership, by=by)) is not None:
        return refused
    others = Membership.objects.filter(user=user).exclude(workspace_id=by.workspace_id)
    mine = Membership.objects.filter(user=by.user, role__in=["owner", "admin"]).values("workspace_id")
    # Careful: whoever holds the link is that user, in every workspace.
    if others.exclude(workspace_id__in=mine).exists() or others.filter(role="owner").exclude(user=by.user).exists():
        return Refused(ELSEWHERE)
    return None


def _standing(user: User) -> str:
    return salted_hmac(SALT, f"{user.password}:{user.sessions_ended}:{user.email}", algorithm="sha256").hexdigest()[:32]
