"""What the tests of people share: arrivals, and batches of them put through intake."""

from collections.abc import Iterable
from typing import Any

from fullfunnel.core import clock
from fullfunnel.events.event import Arrival, Draft
from fullfunnel.events.store.schema import SEQ_SPAN
from fullfunnel.people.intake import resolve
from fullfunnel.people.models import Identity, Person

DAY = 86_400_000_000
T0 = 1_767_225_600_000_000  # 2026-01-01


class Stream:
    """Gives batches to intake as the drain would; `kind` is the source's."""

    def __init__(self, workspace: Any) -> None:
        self.workspace = workspace
        self.batch = 0
        self.clock = T0

    def arrival(self, name: str = "page_viewed", **fields: Any) -> Arrival:
        self.clock += 1_000_000
        kind = {"person_identified": "identify", "company_identified": "group", "identities_aliased": "alias"}
        fields.setdefault("kind", kind.get(name, "event"))
        fields.setdefault("at", self.clock)
        return Arrival(name=name, id=f"m{self.clock}", **fields)

    def drafts(self, arrivals: Iterable[Arrival], kind: str = "web") -> list[Draft]:
        self.batch += 1
        return [
            Draft(
                arrival=arrival,
                workspace_id=self.workspace.pk,
                source_id=1,
                source_kind=kind,
                received_at=clock.now_us(),
                seq=self.batch * SEQ_SPAN + position,
            )
            for position, arrival in enumerate(arrivals)
        ]

    def send(self, *arrivals: Arrival, kind: str = "web") -> list[Draft]:
        return resolve(self.drafts(arrivals, kind))

    def page(self, kind: str = "web", **fields: Any) -> Draft:
        return self.send(self.arrival(**fields), kind=kind)[0]

    def identify(self, kind: str = "web", **fields: Any) -> Draft:
        return self.send(self.arrival("person_identified", **fields), kind=kind)[0]

    def alias(self, kind: str = "web", **fields: Any) -> Draft:
        return self.send(self.arrival("identities_aliased", **fields), kind=kind)[0]

    def group(self, kind: str = "web", **fields: Any) -> Draft:
        return self.send(self.arrival("company_identified", **fields), kind=kind)[0]


def people_of(workspace: Any) -> set[frozenset[str]]:
    """Who is whom: the identifiers of each living person."""
    found: dict[int, set[str]] = {}
    for person, kind, value in Identity.objects.filter(workspace=workspace).values_list("person_id", "kind", "value"):
        found.setdefault(person, set()).add(f"{kind}:{value}")
    living = Person.objects.filter(workspace=workspace, merged_into=None).count()
    assert living == len(found), "every living person has an identity, and nobody else has one"
    return {frozenset(values) for values in found.values()}


def person(workspace: Any, kind: str, value: str) -> Person:
    return Identity.objects.get(workspace=workspace, kind=kind, value=value).person
