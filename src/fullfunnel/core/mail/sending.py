"""Hand over what waits: claimed first, so that a crash leaves it sent, not sent or uncertain, and never sent twice."""

from datetime import timedelta

from django.conf import settings

from fullfunnel.core import clock
from fullfunnel.core.mail.gate import hand_over
from fullfunnel.core.mail.letters import Letter
from fullfunnel.core.mail.models import MailServer, MailState, QueuedMail
from fullfunnel.core.mail.outcomes import Came, Outcome, pause_after
from fullfunnel.core.mail.queue import NO_SERVER, OVER
from fullfunnel.core.mail.servers import mail_server, relay_of
from fullfunnel.core.refused import Refused

# Longer than all steps of one hand-over together: whoever claimed it is no more.
CLAIM_LASTS = timedelta(minutes=10)
KEPT = timedelta(days=30)
TOO_LATE = "Too late: it could not be handed over in time."


def send_due() -> bool:
    """Hand over the mail that is due longest, if any; True when more are due."""
    _end_what_hangs()
    due = QueuedMail.objects.filter(state=MailState.WAITING, due_at__lte=clock.now()).order_by("due_at", "pk")
    mail = due.first()
    if mail is None:
        return False
    if claim(mail):
        send_claimed(mail)
    return due.exists()


def claim(mail: QueuedMail) -> bool:
    """Take a waiting mail for oneself; False: somebody else did."""
    waiting = QueuedMail.objects.filter(pk=mail.pk, state=MailState.WAITING)
    return bool(waiting.update(state=MailState.HANDING_OVER, changed_at=clock.now()))


def send_claimed(mail: QueuedMail) -> Outcome:
    """Hand a claimed mail over, outside every transaction, and keep what came of it."""
    outcome = _tried(mail, mail_server())
    now, tries = clock.now(), mail.tries + 1
    again_at = now + pause_after(tries)
    if outcome.came is Came.LATER and again_at >= mail.late_at:
        outcome = Outcome(Came.REFUSED, f"{TOO_LATE} {outcome.answer}")
    new = {"state": outcome.came.value, "answer": outcome.answer[:500], "tries": tries, "changed_at": now}
    new |= {"due_at": again_at} if outcome.came is Came.LATER else {"subject": "", "text": ""}
    QueuedMail.objects.filter(pk=mail.pk, state=MailState.HANDING_OVER).update(**new)
    return outcome


def forget_mails() -> bool:
    """Delete what has had its outcome for 30 days. Always done in one go."""
    QueuedMail.objects.filter(OVER, changed_at__lt=clock.now() - KEPT).delete()
    return False


def _tried(mail: QueuedMail, server: MailServer | None) -> Outcome:
    relay = relay_of(server) if server else Refused(NO_SERVER)
    if server is None or mail.late_at <= clock.now():
        return Outcome(Came.REFUSED, f"{TOO_LATE} {mail.answer}".strip() if server else NO_SERVER)
    if isinstance(relay, Refused):
        return Outcome(Came.LATER, relay.sentence)
    letter = Letter(
        server.sender_name,
        server.sender_address,
        mail.recipient,
        mail.subject,
        mail.text,
        mail.message_key,
        mail.queued_at,
    )
    return hand_over(letter, relay=relay, data=settings.DATA_DIR)


def _end_what_hangs() -> None:
    hanging = QueuedMail.objects.filter(state=MailState.HANDING_OVER, changed_at__lt=clock.now() - CLAIM_LASTS)
    said = "The program ended while it was handed over: it may have arrived."
    hanging.update(state=MailState.UNCERTAIN, answer=said, subject="", text="", changed_at=clock.now())
