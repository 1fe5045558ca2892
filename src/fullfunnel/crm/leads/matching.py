"""Who a new lead may be: a known phone or mail decides, a name alone only offers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.fields.json import KT

from fullfunnel.crm.models import HandOver, Outcome
from fullfunnel.crm.phones import TRAITS, may_be_same, number_of
from fullfunnel.events.who import OF_RECORDS
from fullfunnel.people.identifiers import EMAIL, Key, key_of
from fullfunnel.people.models import LISTED, Identity, Person
from fullfunnel.people.search import search_people
from fullfunnel.workspaces.models import Workspace

PHONE = OF_RECORDS + "phone"
SHORTEST, MOST = 3, 3
# A part of a number that is written in one piece nearly always.
TAIL = 4


@dataclass(frozen=True)
class Matches:
    """same: whose phone or mail it is; perhaps: who is called so, or has nearly that number; waits: the hand-over of `same`."""

    same: Person | None = None
    perhaps: Sequence[Person] = field(default_factory=tuple)
    waits: HandOver | None = None


def key_of_contact(contact: str) -> Key | None:
    """Return a mail address or telephone number as an identifier; None for what is neither."""
    if "@" in contact:
        return key_of(EMAIL, contact)
    number = number_of(contact)
    return (PHONE, number) if number else None


def matches_of(workspace: Workspace, *, name: str, contact: str) -> Matches:
    """Return who fits what was typed so far."""
    holders, near = _who_has(workspace, key_of_contact(contact))
    same = holders[0] if len(holders) == 1 else None
    called = (
        search_people(workspace, name).filter(name__gt="") if len(name.strip()) >= SHORTEST else Person.objects.none()
    )
    found = [*holders, *near, *called.select_related("company").order_by("-last_seen_at", "-pk")[:MOST]]
    others = {person.pk: person for person in found if person != same}
    return Matches(same, list(others.values())[:MOST], _waiting(same) if same else None)


def _who_has(workspace: Workspace, key: Key | None) -> tuple[list[Person], list[Person]]:
    """(who has this mail address or number, who has nearly that number)"""
    if key is None:
        return [], []
    known = Identity.objects.filter(workspace=workspace, kind=key[0], value=key[1]).select_related("person__company")
    if identity := known.first():
        return [identity.person.living()], []
    people = Person.objects.filter(LISTED, workspace=workspace).select_related("company")
    if key[0] == EMAIL:
        return list(people.filter(email=key[1], email__gt="").order_by("pk")[:MOST]), []
    rows = [(person, number_of(number)) for person, number in _numbers(people, key[1][-TAIL:])]
    same = [person for person, number in rows if number == key[1]]
    near = [person for person, number in rows if may_be_same(number, key[1])]
    return list({person.pk: person for person in same}.values())[:MOST], near[:MOST]


def _numbers(people: QuerySet[Person], tail: str) -> list[tuple[Person, str]]:
    """Return who has a number that ends so, with it as it was written."""
    known = people.filter(search_text__gt="")
    found: list[tuple[Person, str]] = []
    for trait in TRAITS:
        rows = known.annotate(number=KT(f"traits__{trait}")).filter(number__isnull=False)
        bare: F | Func = F("number")
        for sign in (" ", "-", "/", ".", "(", ")"):
            bare = Func(bare, Value(sign), Value(""), function="REPLACE", output_field=TextField())
        rows = rows.annotate(bare=bare).filter(bare__endswith=tail)
        found += [(person, str(person.traits.get(trait, ""))) for person in rows.order_by("pk")[:100]]
    return found


def _waiting(person: Person) -> HandOver | None:
    rows = HandOver.objects.filter(workspace_id=person.workspace_id, person=person, outcome=Outcome.WAITING)
    return rows.select_related("owner").order_by("-handed_over_at", "-pk").first()
