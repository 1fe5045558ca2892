"""The door of mail: a row in the caller's transaction, which the sender hands over afterwards."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from fullfunnel.core import clock
from fullfunnel.core.mail.addresses import one_address, one_line
from fullfunnel.core.mail.models import MailState, QueuedMail
from fullfunnel.core.mail.servers import mail_server
from fullfunnel.core.refused import Refused

LATE_AFTER = timedelta(days=1)
MOST_TEXT = 100_000
NO_SERVER = "No mail server is set up (Settings, Mail)."
OVER = Q(state__in=[MailState.SENT, MailState.NOT_SENT, MailState.UNCERTAIN])


@dataclass(frozen=True)
class Mail:
    """What is to be sent. what: the kind, in words that name nobody; person_id: whom its text is about, if anybody."""

    to: str
    what: str
    subject: str
    text: str
    workspace_id: int | None = None
    person_id: int | None = None


def can_mail() -> bool:
    """Whether a server is set up. Rooms say something else in its place where none is."""
    return mail_server() is not None


def queue_mail(mail: Mail, *, late_after: timedelta = LATE_AFTER) -> QueuedMail | Refused:
    """Write a mail into the queue, in the caller's transaction: rolled back, it is not sent. late_after: when it is of no use."""
    if not can_mail():
        return Refused(NO_SERVER)
    recipient = one_address(mail.to)
    if recipient is None:
        return Refused("This is not exactly one e-mail address.", "to")
    now = clock.now()
    return QueuedMail.objects.create(
        workspace_id=mail.workspace_id,
        person_id=mail.person_id,
        what=mail.what,
        recipient=recipient,
        subject=one_line(mail.subject),
        text=mail.text[:MOST_TEXT],
        queued_at=now,
        due_at=now,
        changed_at=now,
        late_at=now + late_after,
    )


def mails_to(address: str, *, what: str, since: datetime) -> QuerySet[QueuedMail]:
    """Return the mails of a kind that were queued for an address since then."""
    return QueuedMail.objects.filter(recipient=one_address(address), what=what, queued_at__gte=since)


def mails_about(people: Collection[int]) -> QuerySet[QueuedMail]:
    """Return what is kept of mails about these people (ids), the oldest first."""
    return QueuedMail.objects.filter(person_id__in=people).order_by("pk")


def give_mails(mails: Collection[int], *, to: int) -> None:
    """Let these mails (ids) be about somebody else: two people were found to be one, or not to be."""
    QueuedMail.objects.filter(pk__in=mails).update(person_id=to)


def erase_mails_about(people: Collection[int]) -> None:
    """Erase mails whose text is about these people (ids), and what is kept of them."""
    mails_about(people).delete()
