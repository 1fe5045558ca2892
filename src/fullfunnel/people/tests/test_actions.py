import pytest

from fullfunnel.core.refused import Refused
from fullfunnel.events.models import Outbox
from fullfunnel.people import actions
from fullfunnel.people.models import Company, Consent, Identity, Merge, MergeProposal, Person
from fullfunnel.people.tests.world import Stream, people_of, person
from fullfunnel.workspaces.models import AuditEntry, Workspace
from tests.kit.outbox import recorded


@pytest.fixture
def stream(workspace):
    return Stream(workspace)


@pytest.fixture
def ada(stream, workspace):
    stream.identify(kind="server", user="ada", email="ada@example.com", traits={"plan": "free"})
    return person(workspace, "user_id", "ada")


@pytest.fixture
def ben(stream, workspace):
    stream.identify(kind="server", user="ben")
    return person(workspace, "user_id", "ben")


def audited(workspace):
    return list(AuditEntry.objects.filter(workspace=workspace).order_by("id").values_list("action", flat=True))


def test_identify_finds_or_makes_somebody_and_says_so_in_the_stream(workspace, ada, alice):
    found = actions.identify_person(
        workspace,
        identifiers=[("email", "ADA@example.com"), ("linkedin", "li:1")],
        traits={"plan": "pro"},
        by=alice.user,
    )
    assert (found, found.traits) == (ada, {"plan": "pro"})
    assert Identity.objects.get(kind="linkedin").person == ada
    assert [(a.name, a.actor) for a in recorded(workspace)] == [
        ("trait_changed", "system"),
        ("person_identified", "us"),
    ]
    assert audited(workspace) == ["identify_person"]


def test_identify_refuses_placeholders(workspace, db):
    refused = actions.identify_person(workspace, identifiers=[("user_id", "null")], traits={}, by=None)
    assert isinstance(refused, Refused)
    assert Person.objects.count() == 0


def test_a_merge_by_a_user_is_kept_with_its_author_and_closes_the_proposal(workspace, ada, ben, alice):
    MergeProposal.objects.create(workspace=workspace, first=ada, second=ben, reason="test")
    assert actions.merge_people(ben, loser=ada, by=alice.user).pk == ben.pk
    assert people_of(workspace) == {frozenset({"user_id:ada", "email:ada@example.com", "user_id:ben"})}
    merge = Merge.objects.get()
    assert (merge.cause, merge.by, merge.winner, merge.loser) == ("user", alice.user, ben, ada)
    assert MergeProposal.objects.get().decision == "merged"
    assert audited(workspace) == ["merge_people"]


def test_people_who_cannot_be_merged_stay_as_they_are(workspace, ada, ben):
    elsewhere = Stream(Workspace.objects.create(name="Elsewhere", slug="elsewhere"))
    elsewhere.batch = 900
    elsewhere.identify(user="eve")
    eve = person(elsewhere.workspace, "user_id", "eve")
    for loser in (ada, eve):
        assert isinstance(actions.merge_people(ada, loser=loser, by=None), Refused)
    actions.merge_people(ada, loser=ben, by=None)
    before = people_of(workspace)
    assert isinstance(actions.merge_people(ada, loser=ben, by=None), Refused)
    assert people_of(workspace) == before
    assert Merge.objects.count() == 1


def test_an_event_of_two_merged_people_still_teaches_us_their_devices(stream, workspace, ada, ben):
    actions.merge_people(ada, loser=ben, by=None)
    stream.page(user="ben", anonymous="new")
    assert person(workspace, "anonymous_id", "new") == ada


@pytest.mark.parametrize("decision", ["merged", "kept"])
def test_a_proposal_is_decided_once(stream, workspace, ada, alice, decision):
    stream.identify(user="ben", email="ada@example.com")
    proposal = MergeProposal.objects.get()
    assert actions.decide_proposal(proposal, decision=decision, by=alice.user).decision == decision
    assert len(people_of(workspace)) == (1 if decision == "merged" else 2)
    assert isinstance(actions.decide_proposal(proposal, decision="merged", by=alice.user), Refused)
    stream.identify(user="ben", email="ada@example.com")
    assert MergeProposal.objects.filter(decision="").count() == 0


def test_a_trait_changed_by_a_user_holds_against_older_events(stream, workspace, ada, alice):
    actions.change_trait(ada, trait="plan", value="gold", by=alice.user)
    stream.identify(kind="server", user="ada", traits={"plan": "free"})
    ada.refresh_from_db()
    assert ada.traits == {"plan": "gold"}
    changed = {"trait": "plan", "old": "free", "new": "gold", "by": alice.user.public_id}
    assert recorded(workspace)[0].properties == changed
    actions.change_trait(ada, trait="plan", value="", by=alice.user)
    ada.refresh_from_db()
    assert ada.traits == {}
    assert isinstance(actions.change_trait(ada, trait="  ", value="x", by=alice.user), Refused)
    assert audited(workspace) == ["change_trait", "change_trait"]


def test_a_consent_has_its_source_its_text_and_its_event(workspace, ada, alice):
    actions.change_consent(ada, purpose="email", given=True, source="phone call", text_version="2026-01", by=alice.user)
    actions.change_consent(ada, purpose="email", given=False, source="letter", by=alice.user)
    assert list(Consent.objects.values_list("purpose", "given", "source")) == [("email", False, "letter")]
    by = {"by": alice.user.public_id}
    assert [(a.name, a.user, a.properties) for a in recorded(workspace)] == [
        (
            "consent_changed",
            "ada",
            {"purpose": "email", "given": "true", "source": "phone call", "text_version": "2026-01", **by},
        ),
        ("consent_changed", "ada", {"purpose": "email", "given": "false", "source": "letter", "old": "true", **by}),
    ]
    assert isinstance(actions.change_consent(ada, purpose="", given=True, source="x", by=None), Refused)
    assert Consent.objects.count() == 1


def test_a_company_is_linked_by_its_key_and_taken_away_again(workspace, ada, alice):
    assert actions.link_company(ada, company="acme", by=alice.user).company == Company.objects.get(key="acme")
    assert recorded(workspace)[0].company == "acme"
    assert actions.link_company(ada, company=None, by=alice.user).company is None
    other = Company.objects.create(workspace=Workspace.objects.create(name="E", slug="e"), key="acme")
    assert isinstance(actions.link_company(ada, company=other, by=alice.user), Refused)
    ada.refresh_from_db()
    assert ada.company is None


def test_somebody_who_was_merged_away_is_not_changed(workspace, ada, ben):
    actions.merge_people(ada, loser=ben, by=None)
    Outbox.objects.all().delete()
    for refused in (
        actions.change_trait(ben, trait="plan", value="x", by=None),
        actions.change_consent(ben, purpose="email", given=True, source="x", by=None),
        actions.link_company(ben, company="acme", by=None),
    ):
        assert isinstance(refused, Refused)
    assert recorded(workspace) == []
    assert (Consent.objects.count(), Company.objects.count()) == (0, 0)
