"""The page of the workspace's own channels: rules are ordered, tried, refused in words, and applied when asked."""

import pytest

from fullfunnel.capture.models import ChannelGroup, load_rules
from fullfunnel.workspaces.models import AuditEntry
from tests.kit.cast import days_ago

HERE = "/w/halden/settings/channels/"
FORM = {"r1.name": "Partners", "r1.p": ["source", "medium"], "r1.op": ["in", "!="], "r1.v": ["acme, umbrella", "email"]}
RULES = [
    {
        "name": "Partners",
        "where": [
            {"property": "source", "op": "in", "value": ["acme", "umbrella"]},
            {"property": "medium", "op": "!=", "value": "email"},
        ],
    }
]


@pytest.fixture
def visits(ada, ben):
    ada.visits("/?utm_source=acme&utm_medium=referral", at=days_ago(3))
    ben.visits("/?utm_source=acme&utm_medium=referral", at=days_ago(40))


def body(response, status=200):
    assert response.status_code == status, response.content[:500]
    return " ".join(response.content.decode().split())


def test_the_preview_says_what_would_change_and_keeps_nothing(visits, alice):
    page = body(alice.client.post(HERE, FORM | {"do": "preview"}))
    assert "Of 1 touch in the last 30 days, 1 gets another channel." in page
    assert "acme / referral" in page
    assert "what stands here is not applied" in page
    assert not ChannelGroup.objects.exists()
    assert not AuditEntry.objects.exists()


def test_applied_rules_are_kept_shown_audited_and_in_force(visits, alice, workspace):
    assert alice.client.post(HERE, FORM | {"do": "apply"}).status_code == 302
    group = ChannelGroup.objects.get()
    assert (group.rules, group.version, group.applied_by) == (RULES, 1, alice.user)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.detail) == ("apply_channel_rules", {"channels": ["Partners"], "rules": 1})
    page = body(alice.client.get(HERE))
    assert 'value="acme, umbrella"' in page
    assert "what stands here is not applied" not in page


def test_the_same_rules_again_change_nothing(alice):
    for _ in range(2):
        alice.client.post(HERE, FORM | {"do": "apply"})
    assert (ChannelGroup.objects.get().version, AuditEntry.objects.count()) == (1, 1)


def test_a_press_keeps_what_is_typed_and_moves_the_focus(alice):
    page = body(alice.client.post(HERE, FORM | {"do": "add-condition:0"}))
    assert page.count('name="r1.p"') == 3
    assert 'id="r1-2-p" list="properties" value="source" placeholder="property" aria-label="Property" autofocus' in page
    assert 'value="Partners"' in page
    assert not ChannelGroup.objects.exists()


@pytest.mark.parametrize("do", ["apply", "preview"])
@pytest.mark.parametrize(
    ("further", "said"),
    [
        ({"r1.name": " "}, "Must be a channel’s name of 1 to 60 characters"),
        ({"r1.op": ["in", ">"]}, "compares numbers"),
        ({"r1.v": ["", "email"]}, "needs a list of values"),
        ({"r1.p": ["source", ""]}, "Must be the name of a property"),
    ],
)
def test_rules_that_cannot_be_are_refused_beside_the_rule_and_change_nothing(alice, do, further, said):
    page = body(alice.client.post(HERE, FORM | further | {"do": do}), 422)
    assert said.replace("’", "&#x27;") in page
    assert 'aria-invalid="true"' in page
    assert not ChannelGroup.objects.exists()


def test_who_is_no_admin_may_not(bob, workspace):
    assert bob.client.get(HERE).status_code == 403
    assert bob.client.post(HERE, FORM | {"do": "apply"}).status_code == 403
    assert load_rules(workspace.pk) == (0, ())


def test_an_empty_list_of_rules_can_be_applied_again(alice, workspace):
    alice.client.post(HERE, FORM | {"do": "apply"})
    alice.client.post(HERE, {"do": "apply"})
    assert load_rules(workspace.pk) == (2, ())
