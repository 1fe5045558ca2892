"""Who a new lead may be: a known phone or mail decides, a name alone only offers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.fields.json import KT

from fullfunnel.crm.models import HandOver, Outcome
from fullfunnel.crm.phones import TRAITS, may_be_same, number_of
from fullfunnel.events.who import OF_RECORDS
from fullfunnel.people.identifiers import EMAIL, Key, key_of
from fullfunnel.people.models import LISTED, Identity, Person
from fullfunnel.people.search import search_people
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.sight import visible

PHONE = OF_RECORDS + "phone"
SHORTEST, MOST = 3, 3
# A part of a number that is written in one piece nearly always.
TAIL = 4


@dataclass(frozen=True)
class Matches:
    """same: whose phone or mail it is; perhaps: who is called so, or has nearly that number; waits: the hand-over of `same`.

    owners: of those whom whoever asks does not see, by their key: who has them. Beside it only their name is shown.
    """

    same: Person | None = None
    perhaps: Sequence[Person] = field(default_factory=tuple)
    waits: HandOver | None = None
    owners: Mapping[int, str] = field(default_factory=dict)

    @property
    def fact(self) -> str:
        """What stands beside the name of `same`."""
        return self.owners.get(self.same.pk, str(self.same.company or "")) if self.same else ""

    @property
    def offered(self) -> list[tuple[Person, str]]:
        """Return each of `perhaps` with what stands beside their name."""
        return [(one, self.owners.get(one.pk) or str(one.company or one.email)) for one in self.perhaps]


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


def told_of(found: Matches, name: str) -> Matches:
    """Return what whoever asks may learn: of somebody hidden name and owner, and that only by phone, mail or whole name."""
    people = [*([found.same] if found.same else []), *found.perhaps]
    keys = [person.pk for person in people]
    rows = visible(Person.objects.filter(pk__in=keys, workspace_id=people[0].workspace_id)) if people else None
    seen = set(rows.values_list("pk", flat=True)) if rows is not None else set()
    owners = {person.pk: _whose(person) for person in people if person.pk not in seen}
    whole = name.strip().casefold()
    perhaps = [each for each in found.perhaps if each.pk in seen or each.name.casefold() == whole]
    return replace(found, perhaps=perhaps, owners=owners)


def _whose(person: Person) -> str:
    waits = _waiting(person)
    owner = (waits.owner if waits else None) or (person.company.owner if person.company else None)
    return f"with {owner}" if owner else "with a colleague"


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
