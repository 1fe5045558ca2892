"""A lead that one of us types in: the person, if new, and the hand-over, in one transaction."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass

from django.db import transaction

from fullfunnel.core.refused import Refused
from fullfunnel.crm.actions.advocating import Advocacy, note_advocacy
from fullfunnel.crm.actions.hand_overs import hand_over
from fullfunnel.crm.assigning.giving import chosen_by
from fullfunnel.crm.held import reason_no_member
from fullfunnel.crm.leads.matching import key_of_contact, matches_of
from fullfunnel.crm.models import HandOver
from fullfunnel.crm.phones import phone_of
from fullfunnel.people.actions import change_trait, create_company, identify_person, link_company
from fullfunnel.people.identifiers import EMAIL, Key, rank
from fullfunnel.people.models import Company, Identity, Person
from fullfunnel.workspaces.models import User, Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act
from fullfunnel.workspaces.scope import EDITORS

FROM: Mapping[str, str] = {
    "phone": "Phone", "fair": "Fair", "walk-in": "Walk-in", "referral": "Referral", "outreach": "Outreach",
}  # fmt: skip
SAYS: Mapping[str, str] = {
    "phone": "Called us", "fair": "Met at a fair", "walk-in": "Walked in", "referral": "Was referred to us",
    "outreach": "Answered our outreach",
}  # fmt: skip


@dataclass(frozen=True)
class Lead:
    """via: of FROM; person: who was chosen, None for somebody new; owner: None for the pool; is_by_rule: whoever the rules give it to;
    cause: once for each lead."""

    name: str
    contact: str
    via: str
    cause: str
    about: str = ""
    person: Person | None = None
    company: Company | None = None
    company_name: str = ""
    referred_by: Person | None = None
    owner: User | None = None
    is_by_rule: bool = False


@transaction.atomic
def add_lead(workspace: Workspace, *, lead: Lead, by: By) -> HandOver | Refused:
    """Hand over whom one of us spoke with. Whose phone or mail it is, is who it is; a name alone makes somebody new.

    What is known of somebody stays; a hand-over of theirs that is open is noted as asked again.
    """
    refused = reason_not_to_act(by, workspace.pk, EDITORS) or wrong_lead(workspace, lead)
    if refused:
        return refused
    person = _person(workspace, lead, by)
    made = person if isinstance(person, Refused) else _hand_over(person, lead, by)
    if isinstance(made, Refused):
        transaction.set_rollback(True)
    return made


def wrong_lead(workspace: Workspace, lead: Lead) -> Refused | None:
    """Return why this is no lead, or not of whom was chosen."""
    if not lead.name.strip():
        return Refused("Say who it is; a part of the name is enough.", "name")
    if lead.via not in FROM:
        return Refused(f"'{lead.via}' is not one of {', '.join(FROM)}.", "via")
    if key_of_contact(lead.contact) is None:
        words = f"“{lead.contact[:40]}” is neither a telephone number nor a mail address."
        return Refused(f"{words} Write +43 316 555 0142, or lena@klinik.example.", "contact")
    same = matches_of(workspace, name="", contact=lead.contact).same
    if same is not None and lead.person is not None and same.pk != lead.person.living().pk:
        return Refused(f"This is {same}'s. Choose {same}, or write how {lead.person} is reached.", "contact")
    return None


def _person(workspace: Workspace, lead: Lead, by: By) -> Person | Refused:
    """Return whom the lead is about, with what was not known yet."""
    key = key_of_contact(lead.contact)
    known = matches_of(workspace, name="", contact=lead.contact).same or (lead.person and lead.person.living())
    keys = [each for each in (key, _key_of(known) if known else None) if each]
    traits = {} if known and known.name else {"name": lead.name.strip()}
    person = identify_person(workspace, identifiers=keys, traits=traits, by=by)
    if isinstance(person, Refused):
        return person
    is_mail = key is not None and key[0] == EMAIL
    trait, has_it = ("email", bool(person.email)) if is_mail else ("phone", bool(phone_of(person.traits)))
    if not has_it:
        filled = change_trait(person, trait=trait, value=lead.contact.strip(), by=by)
        if isinstance(filled, Refused):
            return filled
        person = filled
    return person if person.company else _with_company(person, lead, by)


def _key_of(person: Person) -> Key | None:
    keys = Identity.objects.filter(workspace_id=person.workspace_id, person=person).values_list("kind", "value")
    return min(keys, key=rank, default=None)


def _with_company(person: Person, lead: Lead, by: By) -> Person | Refused:
    company: Company | Refused | None = lead.company
    if company is None and lead.company_name.strip():
        company = create_company(person.workspace, name=lead.company_name, by=by)
    if company is None or isinstance(company, Refused):
        return company or person
    return link_company(person, company=company, by=by)


def _hand_over(person: Person, lead: Lead, by: By) -> HandOver | Refused:
    why = SAYS[lead.via] + (f": {lead.about.strip()}" if lead.about.strip() else "")
    if lead.referred_by is not None:
        said = note_advocacy(lead.referred_by, what=Advocacy.REFERRED, by=by, referred=person)
        if isinstance(said, Refused):
            return said
    if refused := reason_no_member(lead.owner, person.workspace_id):
        return refused
    with nullcontext() if lead.is_by_rule else chosen_by(by, lead.owner):
        return hand_over(person, cause_event=lead.cause, why=[why], by=by, via=lead.via)
