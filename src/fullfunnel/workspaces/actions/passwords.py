"""How a forgotten password is replaced: a link is asked for, or made by an admin; used, it is dead."""

from datetime import timedelta

from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.mail.models import QueuedMail
from fullfunnel.core.mail.queue import Mail, mails_to, queue_mail
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.actions.users import set_password
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.entry.password_links import (
    BY_HAND,
    BY_MAIL,
    password_token,
    reason_not_to_link,
    user_of_token,
)
from fullfunnel.workspaces.models import Membership, User

LINK = "Password link"
# Nobody fills a mailbox by asking for somebody else.
MOST_AN_HOUR = 3
OVER = "This link was used already, or its time is over. Ask for a new one."


@transaction.atomic
def send_password_link(user: User, *, address: str, by: User | None) -> QueuedMail | Refused:
    """Mail a link to set a new password to the user's own address. address: of these pages."""
    if mails_to(user.email, what=LINK, since=clock.now() - timedelta(hours=1)).count() >= MOST_AN_HOUR:
        return Refused("Three links went out within the hour; one of them works.")
    link = f"{address}/new-password/{password_token(user, lasts=BY_MAIL)}/"
    text = (
        "Somebody, probably you, asked for a new password at fullfunnel.\n\n"
        f"Set it here, within an hour:\n{link}\n\n"
        "The link works once. If it was not you, do nothing: the old password still works.\n"
    )
    return queue_mail(Mail(user.email, LINK, "Set a new password", text), late_after=BY_MAIL)


@transaction.atomic
def make_password_link(membership: Membership, *, by: Membership) -> tuple[Membership, str] | Refused:
    """Make the token of a link, good for a day, with which a member sets a new password: where no mail can bring it."""
    if membership.workspace_id != by.workspace_id:
        return Refused("That member is in another workspace.")
    if (refused := reason_not_to_link(membership.user, by=by)) is not None:
        return refused
    record_audit(membership.workspace, "make_password_link", by=by, email=membership.user.email)
    return membership, password_token(membership.user, lasts=BY_HAND, maker=by)


@transaction.atomic
def replace_password(user: User, *, token: str, to: str, by: User | None) -> User | Refused:
    """Set the new password of who holds the link; every session ends, and every other link with it."""
    # Read again within the transaction: of two at once the second finds the password changed.
    now = user_of_token(token)
    if now is None or now != user:
        return Refused(OVER)
    changed = set_password(now, to=to, by=by)
    return Refused(changed.sentence, "new") if isinstance(changed, Refused) else changed
