"""Every model that names a person, a company or a deal says what becomes of its rows: wiring.ROWS_OF_PEOPLE."""

import re

from django.apps import apps
from django.conf import settings
from django.db.models import Field, Model

from fullfunnel.people.following import rows_of_people
from fullfunnel.people.models import Company, Person

# A field is called so that names one, without a foreign key.
NAMES = re.compile(r"(^|_)(person|people|identity|identities|winner|loser|company|companies|deal|visitor)(_|$)")
# model -> why it need not be listed.
OWN = "people's own: merge_people, unmerge_people, forget_person and about_people see to it"
STAYS = "a deal and its history stay without its people; crm.retelling takes whom its events were about out of it"
OF_COMPANIES = "of a company, which stays"
NOT_LISTED = {
    "people.Person": OWN,
    "people.Identity": OWN,
    "people.Merge": OWN,
    "people.MergeProposal": OWN,
    "people.Consent": OWN,
    "people.CompanyDomain": OF_COMPANIES,
    "crm.Deal": STAYS,
    "crm.DealMove": STAYS,
    "people.Erasure": "its people are gone; it holds their ids until the stream and the journal are done",
}


def label(model: type[Model]) -> str:
    return f"{model._meta.app_label}.{model.__name__}"


def names_somebody(field: Field) -> bool:
    related = field.related_model
    return related in (Person, Company) or (not field.auto_created and bool(NAMES.search(field.name)))


def models_that_name_somebody() -> set[str]:
    return {
        label(model)
        for model in apps.get_models()
        if model._meta.app_label in settings.ROOMS
        and any(names_somebody(field) for field in model._meta.get_fields() if isinstance(field, Field))
    }


def test_the_walk_finds_the_models_of_people():
    assert {"people.Person", "people.Identity", "people.Consent", "people.Erasure"} <= models_that_name_somebody()


def test_every_model_that_names_somebody_is_listed():
    listed = [label(model) for rows in rows_of_people().values() for model in rows.models]
    missing = models_that_name_somebody() - set(listed) - set(NOT_LISTED)
    assert sorted(missing) == [], "put them into wiring.ROWS_OF_PEOPLE"
    assert sorted(NOT_LISTED.keys() - {label(model) for model in apps.get_models()}) == [], "excused, but not there"
    assert sorted(set(listed) & set(NOT_LISTED)) == [], "listed and excused"
    assert len(listed) == len(set(listed))
