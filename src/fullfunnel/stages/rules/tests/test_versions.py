"""Versions of the rules: drafted, changed, adopted with a reason, adopted again, thrown away; who may."""

import json

import pytest
from django.test import Client

from fullfunnel.events.event import Arrival
from fullfunnel.journeys.stages.rule_set import default_set, set_json
from fullfunnel.people.models import Person
from fullfunnel.people.timeline import timeline_of
from fullfunnel.stages.models import RuleVersion
from fullfunnel.stages.rule_actions import adopt_rules, change_rules, discard_rules, draft_rules
from fullfunnel.stages.rules.kept import kept_rules
from fullfunnel.workspaces.keys import make_api_key
from fullfunnel.workspaces.models import AuditEntry
from tests.kit.cast import days_ago, drain
from tests.kit.refusals import refusal_of

INTEREST = {"has": {"event": ["newsletter_confirmed"]}}


@pytest.fixture
def firm(workspace):
    workspace.sells, workspace.created_at = "companies", days_ago(200)
    workspace.save()
    return workspace


def other_rules():
    said = set_json(default_set("companies"))
    said["stages"]["interest"]["rule"] = INTEREST
    return said


def adopted(firm, note="Only subscribers"):
    draft = draft_rules(firm, based_on=None, by=None)
    change_rules(draft, rules=other_rules(), by=None)
    return adopt_rules(draft, note=note, by=None)


def interested(firm, **asked):
    key = make_api_key(firm, name="for tests", scopes=["ask"], by=None)
    question = json.dumps({"kind": "stages"} | asked)
    headers = {"Authorization": f"Bearer {key}"}
    answer = Client().post("/api/v1/ask", question, content_type="application/json", headers=headers).json()
    return (answer["marketing"][1]["people"], answer["rules"]) if "marketing" in answer else answer


def test_a_draft_changes_nothing_and_the_adopted_version_redraws_the_past(ada, firm):
    ada.visits("/", at=days_ago(20))
    ada.visits("/", at=days_ago(10))
    assert interested(firm) == (1, 1)
    draft = draft_rules(firm, based_on=None, by=None)
    change_rules(draft, rules=other_rules(), by=None)
    assert (interested(firm), interested(firm, rules=2)) == ((1, 1), (0, 2))
    adopt_rules(draft, note="Only subscribers", by=None)
    assert (interested(firm), interested(firm, rules=1)) == ((0, 2), (1, 1))
    assert interested(firm, rules=9)["error"]["field"] == "rules"


def test_adopting_leaves_an_entry_an_event_and_the_reason(alice, firm):
    draft = draft_rules(firm, based_on=None, by=alice.user)
    adopt_rules(draft, note=" Only subscribers ", by=alice.user)
    kept = kept_rules(firm)
    assert (kept.rules.number, kept.row.note, kept.row.adopted_by) == (2, "Only subscribers", alice.user)
    entry = AuditEntry.objects.get(action="adopt_rules")
    assert (entry.user, entry.detail) == (alice.user, {"version": 2, "before": 1, "note": "Only subscribers"})
    drain()
    firm_itself = Person.objects.get(is_contact_unknown=True)
    assert [line.sentence for line in timeline_of(firm_itself).lines] == [
        "Version 2 of the rules of the funnels adopted"
    ]


def test_the_default_is_kept_and_an_older_version_is_adopted_again_as_a_new_one(firm):
    adopted(firm)
    first = RuleVersion.objects.get(number=1)
    assert (first.note, first.adopted_at, first.is_draft) == ("The default", firm.created_at, False)
    again = adopt_rules(first, note="Too few", by=None)
    assert (again.number, again.based_on, again.rules) == (3, 1, first.rules)
    assert kept_rules(firm).rules.rules == default_set("companies").rules
    assert "is what holds" in str(adopt_rules(again, note="Again", by=None))


def test_what_was_adopted_stays_as_it_is(firm):
    version = adopted(firm)
    assert "stays as it is" in refusal_of(lambda: change_rules(version, rules=other_rules(), by=None), [RuleVersion])
    assert "stays as it is" in refusal_of(lambda: discard_rules(version, by=None), [RuleVersion])


def test_a_draft_thrown_away_is_gone(firm):
    discard_rules(draft_rules(firm, based_on=None, by=None), by=None)
    assert list(RuleVersion.objects.values_list("number", flat=True)) == [1]


@pytest.mark.parametrize("note", ["", "  ", "x" * 301])
def test_adopting_asks_why(firm, note):
    draft = draft_rules(firm, based_on=None, by=None)
    assert "why" in refusal_of(lambda: adopt_rules(draft, note=note, by=None), [RuleVersion, AuditEntry])


def test_rules_that_cannot_be_read_are_refused_with_their_place(firm):
    draft = draft_rules(firm, based_on=None, by=None)
    wrong = other_rules() | {"silence_days": 0}
    assert "rules.silence_days" in refusal_of(lambda: change_rules(draft, rules=wrong, by=None), [RuleVersion])


def test_members_who_are_no_admins_change_nothing(bob, firm):
    draft = draft_rules(firm, based_on=None, by=None)
    for act in (
        lambda: draft_rules(firm, based_on=None, by=bob.user),
        lambda: change_rules(draft, rules=other_rules(), by=bob.user),
        lambda: adopt_rules(draft, note="Mine", by=bob.user),
        lambda: discard_rules(draft, by=bob.user),
    ):
        assert "Only these roles" in refusal_of(act, [RuleVersion, AuditEntry])


def test_another_way_of_selling_has_its_own_rules(firm):
    adopted(firm)
    firm.sells = "online"
    firm.save()
    assert (kept_rules(firm).rules.sells, kept_rules(firm).rules.number) == ("online", 3)
    old = RuleVersion.objects.get(number=2)
    assert "sells otherwise" in refusal_of(lambda: adopt_rules(old, note="Back", by=None), [RuleVersion])
    assert draft_rules(firm, based_on=None, by=None).number == 4


def test_no_client_says_that_rules_were_adopted(website):
    from fullfunnel.events.names import STAGE_RULES_ADOPTED, is_about_sales

    assert is_about_sales(STAGE_RULES_ADOPTED)
    assert Arrival(name=STAGE_RULES_ADOPTED, at=0, id="x").actor == "person"
