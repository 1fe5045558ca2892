"""An action writes about who somebody is now, whatever its caller loaded before."""

import pytest
from django.db import transaction

from fullfunnel.core.refused import Refused
from fullfunnel.people import actions, ledger
from fullfunnel.people.living import living_or_refused
from fullfunnel.people.models import Person
from fullfunnel.people.tests.world import Stream, person


@pytest.fixture
def people(workspace):
    stream = Stream(workspace)
    for name in ("ada", "ben", "cleo"):
        stream.identify("server", user=name)
    return [person(workspace, "user_id", name) for name in ("ada", "ben", "cleo")]


def test_somebody_merged_meanwhile_is_who_they_are_now(people):
    ada, ben, cleo = people
    loaded = Person.objects.select_related("merged_into").get(pk=cleo.pk)
    actions.merge_people(ben, loser=cleo, by=None)
    actions.merge_people(ada, loser=ben, by=None)
    with transaction.atomic():
        assert living_or_refused(loaded) == ada


def test_somebody_erased_meanwhile_is_refused(people):
    loaded = Person.objects.get(pk=people[0].pk)
    actions.forget_person(people[0], by=None)
    with transaction.atomic():
        assert living_or_refused(loaded) == Refused("This person was erased meanwhile; reload the page.")


def test_the_stream_need_not_read_people_again_for_it(people, workspace):
    before = ledger.locks([workspace.pk])
    with transaction.atomic():
        assert living_or_refused(people[0]) == people[0]
    assert ledger.locks([workspace.pk]) == before
