"""Links with which a user sets a new password without the old one: signed, good once, for a while (docs/adr/0142)."""

import hmac
from datetime import timedelta

from django.core import signing
from django.utils.crypto import salted_hmac

from fullfunnel.core import clock
from fullfunnel.workspaces.models import User

SALT = "ff_password_link"
# Asked for by mail; made by an admin, who still has to bring it to the member.
BY_MAIL, BY_HAND = timedelta(hours=1), timedelta(hours=24)


def password_token(user: User, *, lasts: timedelta) -> str:
    """Return the token of a link. It dies with the password and the sessions of now: used once, all of the user's are dead."""
    ends_at = int((clock.now() + lasts).timestamp())
    return signing.dumps({"user": user.public_id, "ends": ends_at, "of": _standing(user)}, salt=SALT)


def user_of_token(token: str) -> User | None:
    """Return whose password the token may set now; None: forged, used, over, or the user can no longer sign in."""
    try:
        said = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    user = User.objects.filter(public_id=said["user"], is_active=True).first()
    if user is None or said["ends"] <= clock.now().timestamp():
        return None
    return user if hmac.compare_digest(said["of"], _standing(user)) else None


def _standing(user: User) -> str:
    return salted_hmac(SALT, f"{user.password}:{user.sessions_ended}:{user.email}", algorithm="sha256").hexdigest()[:32]
