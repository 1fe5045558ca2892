"""How somebody stands with each topic: what they said last, and what they have still to confirm."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fullfunnel.core import clock
from fullfunnel.messaging.links import CONFIRM_WITHIN
from fullfunnel.messaging.models import OptIn, Pause, Topic
from fullfunnel.messaging.policy import ALL, Word, agreed
from fullfunnel.people.models import Consent, Person
from fullfunnel.workspaces.models import Workspace

YES, NO, ASKED = "yes", "no", "asked"


@dataclass(frozen=True)
class Standing:
    """state: YES, NO or ASKED (a link waits to be pressed); at, source: of the word or of the asking; None and "" without any."""

    topic: Topic
    state: str
    at: datetime | None = None
    source: str = ""


def topics_of(workspace: Workspace) -> list[Topic]:
    """Return the topics that are offered, in order of name."""
    return list(Topic.objects.filter(workspace=workspace, archived_at=None).order_by("name", "pk"))


def topics_called(workspace: Workspace, keys: Collection[str]) -> dict[str, Topic]:
    """Return the topics of these keys that are offered, by key."""
    rows = Topic.objects.filter(workspace=workspace, archived_at=None, key__in=list(keys)) if keys else ()
    return {row.key: row for row in rows}


def standings_of(person: Person, topics: Sequence[Topic]) -> list[Standing]:
    """Return how the person stands with each of these topics."""
    consents = {row.purpose: row for row in Consent.objects.filter(workspace_id=person.workspace_id, person=person)}
    words = [Word(row.purpose, row.given, row.at) for row in consents.values()]
    waiting = _waiting(person)
    return [_standing(topic, words, consents, waiting) for topic in topics]


def _standing(
    topic: Topic, words: Sequence[Word], consents: Mapping[str, Consent], waiting: Mapping[int, OptIn]
) -> Standing:
    if agreed(topic.key, words):
        return Standing(topic, YES, consents[topic.key].at, consents[topic.key].source)
    if opt_in := waiting.get(topic.pk):
        return Standing(topic, ASKED, opt_in.asked_at, opt_in.source)
    said = [consents[key] for key in (topic.key, ALL) if key in consents]
    last = max(said, key=lambda row: row.at, default=None)
    return Standing(topic, NO, last.at, last.source) if last else Standing(topic, NO)


def _waiting(person: Person) -> dict[int, OptIn]:
    rows = OptIn.objects.filter(workspace_id=person.workspace_id, person=person, confirmed_at=None, ended_at=None)
    rows = rows.filter(asked_at__gt=clock.now() - CONFIRM_WITHIN)
    return {row.topic_id: row for row in rows.order_by("asked_at")}


def paused_until(person: Person) -> datetime | None:
    """Return until when the person wants silence; None where they do not."""
    rows = Pause.objects.filter(workspace_id=person.workspace_id, person=person, ended_at=None, until__gt=clock.now())
    return rows.order_by("-until").values_list("until", flat=True).first()
