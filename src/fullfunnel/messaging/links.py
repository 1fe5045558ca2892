"""The signed links of mails to people: each for one purpose, good under the keys of now and of before (SECRET_KEY_FALLBACKS)."""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing

from fullfunnel.core import clock
from fullfunnel.core.mail.servers import address_of_links
from fullfunnel.messaging.models import OptIn, Topic
from fullfunnel.people.identifiers import EMAIL, digest
from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import Workspace

CONFIRM, PREFERENCES = "ff_confirm", "ff_preferences"
CONFIRM_WITHIN = timedelta(days=7)


def confirm_link(opt_in: OptIn) -> str:
    """Return the address of the page with the one button that confirms."""
    return f"{address_of_links()}/confirm/{signing.dumps(opt_in.public_id, salt=CONFIRM)}/"


def opt_in_of(token: str) -> OptIn | None:
    """Return what a link confirms; None: forged, or the person was erased."""
    try:
        public_id = signing.loads(token, salt=CONFIRM)
    except signing.BadSignature:
        return None
    rows = OptIn.objects.select_related("workspace", "topic", "person__merged_into")
    return rows.filter(public_id=str(public_id)).first()


def is_over(opt_in: OptIn) -> bool:
    """Whether the link of an opt-in that was not confirmed is too old, or a newer one took its place."""
    return opt_in.ended_at is not None or clock.now() - opt_in.asked_at > CONFIRM_WITHIN


@dataclass(frozen=True)
class Addressed:
    """Whom a link of a mail is for. person: None where they were erased; topic: None where the mail was of none."""

    workspace: Workspace
    person: Person | None
    topic: Topic | None
    digest: str


def preferences_token(person: Person, address: str, topic: Topic | None = None) -> str:
    """Return a token for somebody's own choices; it never ends, for a mail may be read years later."""
    key = digest(person.workspace_id, (EMAIL, address))
    said = {"w": person.workspace_id, "p": person.public_id, "t": topic.key if topic else "", "d": key}
    return signing.dumps(said, salt=PREFERENCES)


def preferences_link(person: Person, address: str, topic: Topic | None = None) -> str:
    """Return the address of the preference centre, which one-click unsubscribing (RFC 8058) posts to."""
    return f"{address_of_links()}/u/{preferences_token(person, address, topic)}/"


def addressed_by(token: str) -> Addressed | None:
    """Return whom a token is for; None: forged, or the workspace is gone."""
    try:
        said = signing.loads(token, salt=PREFERENCES)
    except signing.BadSignature:
        return None
    workspace = Workspace.objects.filter(pk=said["w"]).first()
    if workspace is None:
        return None
    people = Person.objects.filter(workspace=workspace, public_id=said["p"]).select_related("merged_into")
    person = people.first()
    topic = Topic.objects.filter(workspace=workspace, key=said["t"]).first()
    return Addressed(workspace, person.living() if person else None, topic, said["d"])
