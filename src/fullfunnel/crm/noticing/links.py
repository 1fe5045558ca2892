"""Links in a mail with which a member answers a lead: signed, for a member, a hand-over and an act, for three days (docs/adr/0154)."""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.utils.crypto import salted_hmac

from fullfunnel.core import clock
from fullfunnel.core.mail.servers import address_of_links
from fullfunnel.crm.models import HandOver
from fullfunnel.workspaces.models import Membership, User
from fullfunnel.workspaces.sight import visible

SALT = "ff_answer_lead"
LASTS = timedelta(days=3)
ACCEPT, NOT_NOW = "accept", "not-now"


@dataclass(frozen=True)
class Asked:
    """What a link asks for: that a member does an act with a hand-over."""

    member: Membership
    hand_over: HandOver
    act: str


def answer_link(hand_over: HandOver, *, user: User, act: str) -> str:
    """Return the address of the page that asks before it acts. It dies with the user's password and sessions of now."""
    ends_at = int((clock.now() + LASTS).timestamp())
    said = {"user": user.public_id, "of": _standing(user), "lead": hand_over.public_id, "act": act, "ends": ends_at}
    return f"{address_of_links()}/answer-lead/{signing.dumps(said, salt=SALT)}/"


def asked_by(token: str) -> Asked | None:
    """Return what the token asks for now; None: forged, over, no member any more, or the lead was erased."""
    try:
        said = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    rows = HandOver.objects.select_related("workspace", "person", "company", "owner", "source")
    row = rows.filter(public_id=said["lead"]).first()
    user = User.objects.filter(public_id=said["user"], is_active=True).first()
    if row is None or user is None or said["ends"] <= clock.now().timestamp():
        return None
    member = Membership.objects.filter(workspace_id=row.workspace_id, user=user).select_related("user").first()
    if (
        member is None
        or not visible(rows.filter(pk=row.pk), to=member).exists()
        or not hmac.compare_digest(said["of"], _standing(user))
    ):
        return None
    return Asked(member, row, said["act"])


def _standing(user: User) -> str:
    return salted_hmac(SALT, f"{user.password}:{user.sessions_ended}", algorithm="sha256").hexdigest()[:32]
