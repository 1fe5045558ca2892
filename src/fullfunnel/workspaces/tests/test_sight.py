"""Who sees what, as an admin sets it: a rule for each role and kind, and what a member sees by it."""

import pytest

from fullfunnel.workspaces.actions import set_sight
from fullfunnel.workspaces.models import AuditEntry, Membership, SightRule
from fullfunnel.workspaces.sight.reach import LABELS, OWN, Of, Reach, Rule, narrower, wrong_rule
from tests.kit.refusals import refusal_of

HERE = "/w/halden/settings/who-sees-what/"


def member(who):
    return Membership.objects.get(user=who.user)


def said(role="seller", **changes):
    """What the form of a role sends: all, but for `leads_see="own"`."""
    acts = ("see", "change") if role != "viewer" else ("see",)
    sent = {f"{role}-{of}_{act}": "all" for of in Of for act in acts}
    return sent | {f"{role}-{name}": value for name, value in changes.items()} | {"role": role}


def test_every_kind_has_its_words():
    assert set(LABELS) == set(OWN) == set(Of)


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [("all", "own", "own"), ("team", "all", "team"), ("own", "team", "own"), ("all", "all", "all")],
)
def test_of_two_reaches_one_holds_less(one, other, least):
    assert narrower(Reach(one), Reach(other)) == least


def test_nobody_changes_what_they_do_not_see():
    assert wrong_rule(Rule(Reach.TEAM, Reach.OWN)) == wrong_rule(Rule(Reach.OWN, Reach.OWN)) == ""
    assert wrong_rule(Rule(Reach.OWN, Reach.TEAM)) == (
        "Who sees their own cannot change their team's: choose as much, or less."
    )


def test_an_admin_sets_the_rules_of_a_role_and_the_audit_trail_says_what_changed(workspace, alice, bob):
    sent = said(leads_see="team", leads_change="own", deals_see="own", deals_change="own")
    assert alice.client.post(HERE, sent).status_code == 302
    kept = {row.of: (row.see, row.change) for row in SightRule.objects.filter(workspace=workspace, role="seller")}
    assert kept == {"leads": ("team", "own"), "deals": ("own", "own")}
    assert AuditEntry.objects.get(action="set_sight").detail == {
        "role": "seller",
        "leads": ["sees all, changes all", "sees team, changes own"],
        "deals": ["sees all, changes all", "sees own, changes own"],
    }
    assert alice.client.post(HERE, sent).status_code == 302
    assert AuditEntry.objects.filter(action="set_sight").count() == 1


def test_a_role_that_would_change_more_than_it_sees_is_refused_beside_its_box(workspace, alice):
    answer = alice.client.post(HERE, said(leads_see="own", leads_change="all"))
    assert answer.status_code == 422
    assert "Leads: Who sees their own cannot change all: choose as much, or less." in answer.content.decode()
    assert not SightRule.objects.exists()


def test_viewers_are_asked_what_they_see_alone(workspace, alice):
    assert "viewer-leads_change" not in alice.client.get(HERE).content.decode()
    assert alice.client.post(HERE, said("viewer", companies_see="own")).status_code == 302
    assert [(row.of, row.see, row.change) for row in SightRule.objects.all()] == [("companies", "own", "own")]


def test_owners_and_admins_always_see_all(workspace, alice):
    rules = {Of.LEADS: Rule(Reach.OWN, Reach.OWN)}
    by = member(alice)
    refused = refusal_of(lambda: set_sight(workspace, role="admin", rules=rules, by=by), [SightRule, AuditEntry])
    assert refused == "Owners and admins always see and change all; choose another role."


def test_a_seller_sets_no_rules(workspace, alice, bob):
    assert bob.client.post(HERE, said()).status_code == 403
    refused = set_sight(workspace, role="seller", rules={}, by=member(bob))
    assert refused.sentence == "Only these roles of this workspace can do that: owner, admin."
    assert not SightRule.objects.exists()
