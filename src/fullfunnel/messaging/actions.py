"""What may be done with topics, opt-ins and people's choices. Row and event in one transaction, or Refused."""

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction

from fullfunnel.core import clock
from fullfunnel.core.mail.addresses import one_address
from fullfunnel.core.mail.queue import Mail, queue_mail
from fullfunnel.core.refused import Refused
from fullfunnel.core.texts import say
from fullfunnel.events.names import NEWSLETTER_CONFIRMED, UNSUBSCRIBED
from fullfunnel.messaging.links import confirm_link, is_over
from fullfunnel.messaging.models import OptIn, Pause, Suppression, Topic
from fullfunnel.messaging.policy import ALL
from fullfunnel.messaging.standing import ASKED, YES, standings_of
from fullfunnel.people.actions import change_consent
from fullfunnel.people.models import Person
from fullfunnel.people.record import record
from fullfunnel.workspaces.actions import provide_source
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act
from fullfunnel.workspaces.scope import EDITORS

MAIL = "Mail"
WHAT = "confirmation of a topic"
# Another link at most so soon after the last, and so many of them for one asking.
AGAIN_AFTER, MOST_MAILS = timedelta(minutes=5), 3
MOST_TOPICS = 50
PAUSE = timedelta(days=30)
AGREED = "They agreed to it already."
OVER = "This link is over: ask for a new one."


@dataclass(frozen=True)
class Asking:
    """How somebody asked for a topic. source: where; text, text_version: what they ticked, as it stood there."""

    address: str
    source: str
    text: str = ""
    text_version: str = ""
    language: str = "en"


@transaction.atomic
def create_topic(workspace: Workspace, *, name: str, says: str = "", by: By) -> Topic | Refused:
    """Offer one more topic. Its key is made of the name, once."""
    if refused := reason_not_to_act(by, workspace.pk, EDITORS) or _wrong_name(name):
        return refused
    if Topic.objects.filter(workspace=workspace).count() >= MOST_TOPICS:
        return Refused(f"A workspace has at most {MOST_TOPICS} topics; archive is no way to have more.", "name")
    key = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:30] or f"topic-{secrets.token_hex(3)}"
    try:
        with transaction.atomic():
            topic = Topic.objects.create(workspace=workspace, key=key, name=name.strip(), says=says.strip()[:300])
    except IntegrityError:
        return Refused("There is a topic of this name, perhaps an archived one.", "name")
    record_audit(workspace, "create_topic", by=by, topic=topic.key)
    return topic


@transaction.atomic
def change_topic(topic: Topic, *, name: str, says: str, by: By) -> Topic | Refused:
    """Call a topic otherwise, or say otherwise what one gets; who agreed stays."""
    if refused := reason_not_to_act(by, topic.workspace_id, EDITORS) or _wrong_name(name):
        return refused
    topic.name, topic.says = name.strip(), says.strip()[:300]
    topic.save(update_fields=["name", "says"])
    record_audit(topic.workspace, "change_topic", by=by, topic=topic.key)
    return topic


@transaction.atomic
def archive_topic(topic: Topic, *, is_archived: bool, by: By) -> Topic | Refused:
    """Offer a topic no more, or again. Consents stay as they are."""
    if refused := reason_not_to_act(by, topic.workspace_id, EDITORS):
        return refused
    topic.archived_at = clock.now() if is_archived else None
    topic.save(update_fields=["archived_at"])
    record_audit(topic.workspace, "archive_topic", by=by, topic=topic.key, is_archived=is_archived)
    return topic


def _wrong_name(name: str) -> Refused | None:
    return None if 0 < len(name.strip()) <= 100 else Refused("A topic has a name of at most 100 characters.", "name")


@transaction.atomic
def ask_opt_in(person: Person, *, topic: Topic, asking: Asking, by: By) -> OptIn | Refused:
    """Send the link that confirms a topic; refused where the person agreed already. Asked again soon, the same link goes again."""
    if topic.archived_at is not None:
        return Refused("This topic is not offered any more.", "topic")
    if (address := one_address(asking.address)) is None:
        return Refused("This is not exactly one e-mail address.", "address")
    Topic.objects.select_for_update().get(workspace_id=topic.workspace_id, pk=topic.pk)
    standing = standings_of(person, [topic])[0]
    if standing.state == YES:
        return Refused(AGREED)
    rows = OptIn.objects.filter(
        workspace_id=topic.workspace_id, person=person, topic=topic, confirmed_at=None, ended_at=None
    )
    if standing.state == ASKED:
        return _mail(rows.latest("asked_at"))
    rows.update(ended_at=clock.now())
    row = OptIn.objects.create(
        workspace_id=topic.workspace_id, person=person, topic=topic, address=address, source=asking.source[:100],
        text=asking.text, text_version=asking.text_version[:60], language=asking.language,
    )  # fmt: skip
    return _mail(row)


def _mail(row: OptIn) -> OptIn:
    """Queue the link, unless one went just now or often enough."""
    now = clock.now()
    if row.mails >= MOST_MAILS or (row.mailed_at and now - row.mailed_at < AGAIN_AFTER):
        return row
    firm, topic = row.workspace.name, row.topic.name
    subject = say("optin.subject", row.language, topic=topic, firm=firm)
    text = say("optin.text", row.language, topic=topic, firm=firm, link=confirm_link(row))
    mail = Mail(row.address, WHAT, subject, text, row.workspace_id, row.person_id)
    if not isinstance(queue_mail(mail), Refused):
        row.mailed_at, row.mails = now, row.mails + 1
        row.save(update_fields=["mailed_at", "mails"])
    return row


@transaction.atomic
def confirm_opt_in(opt_in: OptIn, *, by: By) -> OptIn | Refused:
    """Count the person's yes: consent with its text and proof, and the event. Pressed twice it is confirmed once."""
    now = OptIn.objects.select_for_update().select_related("person__merged_into", "topic", "workspace").get(
        workspace_id=opt_in.workspace_id, pk=opt_in.pk
    )  # fmt: skip
    if now.confirmed_at is not None:
        return now
    if is_over(now):
        return Refused(OVER)
    now.confirmed_at = clock.now()
    now.save(update_fields=["confirmed_at"])
    person, source = now.person.living(), f"{now.source}, confirmed by mail"
    said = change_consent(
        person, purpose=now.topic.key, given=True, source=source, text_version=now.text_version, by=by
    )
    if isinstance(said, Refused):
        transaction.set_rollback(True)
        return said
    sender = provide_source(now.workspace, name=MAIL, by=None)
    record(person, NEWSLETTER_CONFIRMED, by=by, properties={"list": now.topic.key}, said_by=sender)
    return now


@transaction.atomic
def ask_again(opt_in: OptIn, *, by: By) -> OptIn | Refused:
    """Send a new link in place of one that is over; whoever agreed meanwhile needs none."""
    asking = Asking(opt_in.address, opt_in.source, opt_in.text, opt_in.text_version, opt_in.language)
    return ask_opt_in(opt_in.person.living(), topic=opt_in.topic, asking=asking, by=by)


@transaction.atomic
def unsubscribe_person(person: Person, *, topic: Topic | None, source: str, by: By) -> Person | Refused:
    """Take back the yes to a topic, or to all of them (None). Said twice it is one event."""
    purpose = topic.key if topic else ALL
    rows = OptIn.objects.filter(workspace_id=person.workspace_id, person=person, ended_at=None)
    (rows.filter(topic=topic) if topic else rows).update(ended_at=clock.now())
    if person.consents.filter(purpose=purpose, given=False).exists() and not _agrees(person, topic):
        return person
    said = change_consent(person, purpose=purpose, given=False, source=source, by=by)
    if isinstance(said, Refused):
        return said
    sender = None if by else provide_source(person.workspace, name=MAIL, by=None)
    record(person, UNSUBSCRIBED, by=by, properties={"topic": purpose}, said_by=sender)
    return person


def _agrees(person: Person, topic: Topic | None) -> bool:
    topics = [topic] if topic else list(Topic.objects.filter(workspace_id=person.workspace_id))
    return any(each.state == YES for each in standings_of(person, topics))


@transaction.atomic
def choose_topics(person: Person, *, keys: Collection[str], source: str, by: By) -> Person | Refused:
    """Keep somebody's own choice of all topics offered: their mail link proves the address, so a yes needs no second mail."""
    topics = list(Topic.objects.filter(workspace_id=person.workspace_id, archived_at=None))
    for standing in standings_of(person, topics):
        wanted = standing.topic.key in keys
        said: object = None
        if wanted and standing.state != YES:
            said = change_consent(person, purpose=standing.topic.key, given=True, source=source, by=by)
        elif not wanted and standing.state == YES:
            said = unsubscribe_person(person, topic=standing.topic, source=source, by=by)
        if isinstance(said, Refused):
            transaction.set_rollback(True)
            return said
    return person


@transaction.atomic
def pause_person(person: Person, *, by: By) -> Pause:
    """Hold marketing to somebody for 30 days; said again, from now on."""
    resume_person(person, by=by)
    record_audit(person.workspace, "pause_person", by=by, person=person.public_id)
    return Pause.objects.create(workspace_id=person.workspace_id, person=person, until=clock.now() + PAUSE)


@transaction.atomic
def resume_person(person: Person, *, by: By) -> Person:
    """End the silence that somebody asked for."""
    rows = Pause.objects.filter(workspace_id=person.workspace_id, person=person, ended_at=None)
    if rows.update(ended_at=clock.now()):
        record_audit(person.workspace, "resume_person", by=by, person=person.public_id)
    return person


@transaction.atomic
def suppress_address(workspace: Workspace, *, digest: str, reason: str, by: By) -> Suppression:
    """Keep an address from marketing by its hash, also when whoever had it is erased."""
    row, made = Suppression.objects.get_or_create(workspace=workspace, digest=digest, reason=reason)
    if made:
        record_audit(workspace, "suppress_address", by=by, reason=reason)
    return row
