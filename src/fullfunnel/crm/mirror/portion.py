"""The events of one source in a portion of the stream, with the people and members that they speak of."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from fullfunnel.events.event import Event
from fullfunnel.people import ledger
from fullfunnel.people.models import Identity, Person
from fullfunnel.workspaces.models import Membership, Source, User


@dataclass
class Portion:
    """events: in the order of their time; people: whom each identity is now, by the identity's id."""

    source: Source
    events: list[Event]
    people: dict[int, Person]

    @cached_property
    def members(self) -> dict[str, User]:
        """The members by their address in lower case."""
        members = Membership.objects.filter(workspace_id=self.source.workspace_id).select_related("user")
        return {member.user.email.lower(): member.user for member in members}

    def owner(self, said: str) -> tuple[User | None, str]:
        """Return the member with this address, or the text that names nobody of us."""
        user = self.members.get(said.lower())
        return (user, "") if user else (None, said)


def portions_of(events: Sequence[Event]) -> Iterator[Portion]:
    """Split events by source; what we said ourselves, and what a website said, is left out. In the reaction's transaction."""
    by_source: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        if event.source_id:
            by_source[event.source_id].append(event)
    workspaces = {event.workspace_id for event in events}
    found = Source.objects.filter(workspace__in=workspaces, pk__in=by_source).exclude(kind=Source.Kind.WEB)
    for source in found.select_related("workspace").order_by("pk"):
        # Until the transaction ends nobody is merged or erased here.
        ledger.hold(source.workspace_id)
        mine = by_source[source.pk]
        people = people_of(source.workspace_id, {event.identity_id for event in mine})
        known = [event for event in mine if event.identity_id in people]
        yield Portion(source, sorted(known, key=lambda each: (each.occurred_at, each.seq)), people)


def people_of(workspace_id: int, identities: set[int]) -> dict[int, Person]:
    """Return who these identities are now; somebody erased is in it no more."""
    rows = Identity.objects.filter(workspace_id=workspace_id, pk__in=identities).select_related("person")
    return {row.pk: row.person for row in rows}
