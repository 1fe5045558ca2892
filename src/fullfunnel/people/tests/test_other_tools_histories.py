"""Two identified people who meet, as other tools' histories have it (the histories themselves: tests/cases/identity.py)."""

import pytest

from fullfunnel.people.models import MergeProposal, Person
from fullfunnel.people.tests.world import Stream


def living():
    people = Person.objects.filter(merged_into=None).prefetch_related("identities")
    # An e-mail address is an identifier with us; with PostHog it is a property only.
    return {frozenset(i.value for i in person.identities.all() if i.kind != "email"): person for person in people}


@pytest.mark.parametrize("kind", ["web", "server"])
def test_two_identified_people_who_meet_in_a_browser_are_proposed_and_a_server_merges_them(workspace, kind):
    stream = Stream(workspace)
    stream.identify(user="old")
    stream.identify(user="new")
    stream.alias(kind=kind, user="new", previous="old")
    assert len(living()) == (2 if kind == "web" else 1)
    assert MergeProposal.objects.count() == (1 if kind == "web" else 0)
