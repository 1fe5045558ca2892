"""Every model that names a person, a company or a deal says what becomes of its rows: wiring.ON_ERASE, ON_MERGE, ABOUT_A_PERSON."""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Field, Model

from fullfunnel.people.models import Company, Person

# A field is called so that names one, without a foreign key.
NAMES = re.compile(r"(^|_)(person|people|identity|identities|winner|loser|company|companies|deal|visitor)(_|$)")
# model -> why its rows need no entry in that list.
OWN = "people's own: goes with the person, by forget_person"
KEEPS = "people's own: merge_people and unmerge_people see to it"
NOT_ERASED = {
    "people.Person": OWN,
    "people.Identity": OWN,
    "people.Merge": OWN,
    "people.MergeProposal": OWN,
    "people.Consent": OWN,
    "people.Erasure": "holds ids and identifiers only until the stream and the journal are done",
}
NOT_MOVED = {
    "people.Person": KEEPS,
    "people.Identity": KEEPS,
    "people.Merge": KEEPS,
    "people.MergeProposal": KEEPS,
    "people.Consent": KEEPS,
    "people.Erasure": "its people are gone",
}
NOT_TOLD = {"people.Erasure": "its people are gone"}


def covered(entries: list[tuple]) -> list[str]:
    return [f"{name}.{model}" for name, models, *_ in entries for model in models]


def names_somebody(field: Field) -> bool:
    related = field.related_model
    return related in (Person, Company) or (not field.auto_created and bool(NAMES.search(field.name)))


def models_that_name_somebody() -> dict[str, type[Model]]:
    return {
        f"{model._meta.app_label}.{model.__name__}": model
        for model in apps.get_models()
        if model._meta.app_label in settings.ROOMS
        and any(names_somebody(field) for field in model._meta.get_fields() if isinstance(field, Field))
    }


def test_the_walk_finds_the_models_of_people():
    assert {
        "people.Person",
        "people.Identity",
        "people.Consent",
        "people.Erasure",
    } <= models_that_name_somebody().keys()


@pytest.mark.parametrize(
    ("name", "reasons"), [("ON_ERASE", NOT_ERASED), ("ON_MERGE", NOT_MOVED), ("ABOUT_A_PERSON", NOT_TOLD)]
)
def test_every_model_that_names_somebody_is_in_the_list(name, reasons):
    listed = covered(getattr(settings, name))
    assert sorted(set(models_that_name_somebody()) - set(listed) - set(reasons)) == [], f"put them into wiring.{name}"
    there = {f"{model._meta.app_label}.{model.__name__}" for model in apps.get_models()}
    assert sorted({*listed, *reasons} - there) == [], "listed, but not there"
    assert sorted(set(listed) & set(reasons)) == [], "listed and excused"
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("name", ["ON_ERASE", "ON_MERGE", "ABOUT_A_PERSON"])
def test_the_entries_of_a_list_have_names_of_their_own(name):
    names = [entry[0] for entry in getattr(settings, name)]
    assert len(names) == len(set(names))
