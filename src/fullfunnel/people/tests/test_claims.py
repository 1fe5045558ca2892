"""What a browser may claim: its write key is public, so anybody can send anything with it."""

import pytest

from fullfunnel.people.models import Consent, MergeProposal, Person
from fullfunnel.people.tests.world import Stream, people_of, person


@pytest.fixture
def stream(workspace):
    return Stream(workspace)


def says(purpose, given):
    return {"consent": {"categoryPreferences": {purpose: given}}}


@pytest.fixture
def victim(stream, workspace):
    """Jane, as the server knows her, with her own browser and her word on e-mail."""
    stream.identify(kind="server", user="jane", email="jane@example.com", anonymous="janes-phone",
                    traits={"email": "jane@example.com", "plan": "gold"}, context=says("email", False))  # fmt: skip
    return person(workspace, "user_id", "jane")


def unchanged(victim):
    before = (victim.traits, victim.email, victim.is_identified)
    victim.refresh_from_db()
    return (victim.traits, victim.email, victim.is_identified) == before and not Consent.objects.get(
        person=victim
    ).given


def test_a_claimed_address_links_but_overwrites_no_trait_and_no_consent(stream, workspace, victim):
    stream.page(anonymous="evil")
    stream.identify(
        anonymous="evil",
        email="jane@example.com",
        traits={"email": "jane@example.com", "plan": "none"},
        context=says("email", True),
    )
    stream.identify(anonymous="evil", traits={"plan": "none"}, context=says("email", True))
    assert person(workspace, "anonymous_id", "evil") == victim
    assert unchanged(victim)


def test_a_claimed_address_may_add_what_was_not_known(stream, victim):
    stream.identify(anonymous="a1", email="jane@example.com", traits={"city": "Bonn"})
    victim.refresh_from_db()
    assert victim.traits == {"email": "jane@example.com", "plan": "gold", "city": "Bonn"}


def test_consent_given_in_ones_own_name_before_is_not_carried_over_to_a_claimed_address(stream, victim):
    stream.page(anonymous="evil", context=says("phone", True))
    stream.identify(anonymous="evil", email="jane@example.com")
    assert unchanged(victim)
    assert list(Consent.objects.filter(person=victim).values_list("purpose", flat=True)) == ["email"]


def test_a_browser_cannot_take_over_an_address(stream, workspace, victim):
    stream.identify(anonymous="evil", user="evil", email="jane@example.com", traits={"email": "jane@example.com"})
    assert people_of(workspace) == {
        frozenset({"user_id:jane", "email:jane@example.com", "anonymous_id:janes-phone"}),
        frozenset({"user_id:evil", "anonymous_id:evil"}),
    }
    assert unchanged(victim)
    assert person(workspace, "user_id", "evil").email == ""
    assert MergeProposal.objects.get().decision == ""


def test_an_address_claimed_first_goes_to_whom_the_server_names(stream, workspace):
    stream.identify(anonymous="evil", user="evil", email="jane@example.com", traits={"email": "jane@example.com"})
    stream.identify(kind="server", user="jane", email="jane@example.com", traits={"email": "jane@example.com"})
    assert person(workspace, "email", "jane@example.com") == person(workspace, "user_id", "jane")
    assert person(workspace, "user_id", "jane").email == "jane@example.com"
    assert person(workspace, "user_id", "evil").email == ""


@pytest.mark.parametrize("call", ["alias", "anonymous and user", "user and address"])
def test_a_browser_cannot_merge_two_identified_people(stream, workspace, victim, call):
    stream.identify(user="evil", anonymous="evil")
    before = people_of(workspace)
    if call == "alias":
        stream.alias(user="evil", previous="jane")
    elif call == "anonymous and user":
        stream.page(user="evil", anonymous="janes-phone")
    else:
        stream.page(user="evil", email="jane@example.com")
    assert people_of(workspace) == before
    assert unchanged(victim)
    assert MergeProposal.objects.count() == 1


def test_a_browser_cannot_attach_a_new_user_id_to_a_verified_address(stream, workspace):
    stream.identify(kind="file", email="lead@example.com", traits={"name": "Lead"})
    stream.identify(anonymous="a1", user="new", email="lead@example.com", traits={"name": "Other"})
    assert people_of(workspace) == {
        frozenset({"email:lead@example.com"}),
        frozenset({"user_id:new", "anonymous_id:a1"}),
    }
    assert MergeProposal.objects.count() == 1


def test_a_server_merges_two_identified_people_by_an_alias(stream, workspace, victim):
    stream.identify(user="jane-old")
    stream.alias(kind="server", user="jane", previous="jane-old")
    assert person(workspace, "user_id", "jane-old") == victim
    assert Person.objects.filter(merged_into=victim).count() == 1


def test_consent_cannot_be_given_for_another_by_naming_its_user_id_but_it_can_be_withdrawn(stream, workspace, victim):
    stream.page(user="jane", anonymous="evil", context=says("email", True))
    stream.page(user="jane", anonymous="evil", context=says("phone", True))
    assert unchanged(victim)
    stream.page(anonymous="janes-phone", context=says("email", True))
    assert Consent.objects.get(person=victim, purpose="email").given
    stream.page(user="jane", anonymous="evil", context=says("email", False))
    assert not Consent.objects.get(person=victim, purpose="email").given


def test_an_alias_from_a_fresh_browser_gives_no_right_to_overwrite(stream, workspace, victim):
    stream.alias(anonymous="evil", previous="jane", traits={"plan": "none"}, context=says("email", True))
    assert unchanged(victim)


def test_the_address_of_a_person_is_not_overwritten_from_a_browser(stream, workspace, victim):
    stream.identify(user="jane", traits={"email": "evil@example.com", "plan": "silver"})
    victim.refresh_from_db()
    assert (victim.email, victim.traits["plan"]) == ("jane@example.com", "silver")


def test_a_guessed_customers_number_links_and_gives_no_right_to_overwrite(stream, workspace, victim):
    stream.identify(kind="server", user="jane", identifiers=[("crm_id", "17")])
    stream.page(anonymous="evil")
    stream.identify(
        anonymous="evil", identifiers=[("crm_id", "17")], traits={"plan": "none"}, context=says("email", True)
    )
    stream.identify(identifiers=[("crm_id", "17")], traits={"plan": "none"}, context=says("email", True))
    assert person(workspace, "anonymous_id", "evil") == victim
    assert unchanged(victim)


def test_a_number_claimed_first_goes_to_whom_the_server_names(stream, workspace):
    stream.identify(user="evil", identifiers=[("crm_id", "17")])
    stream.identify(kind="server", user="jane", identifiers=[("crm_id", "17")])
    assert person(workspace, "crm_id", "17") == person(workspace, "user_id", "jane")
