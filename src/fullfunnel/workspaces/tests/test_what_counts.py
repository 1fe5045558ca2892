"""Which money counts as a result, and where visits never come from, is the workspace's to say."""

import pytest

from fullfunnel.workspaces.actions import set_what_counts
from fullfunnel.workspaces.models import AuditEntry, Workspace

HERE = "/w/halden/settings/what-counts/"


@pytest.mark.parametrize(
    ("sells", "said", "counts"),
    [
        ("companies", "", False), ("households", "", False), ("online", "", True), ("both", "", True), ("", "", False),
        ("companies", "counted", True), ("online", "left_out", False),
    ],
)  # fmt: skip
def test_money_of_a_browser_counts_where_one_sells_online_unless_it_is_said_otherwise(sells, said, counts):
    assert Workspace(sells=sells, browser_money=said).counts_browser_money is counts


def test_an_admin_keeps_all_of_it_and_it_is_audited(alice, workspace):
    form = {"browser_money": "counted", "uncredited_hosts": "Pay.Example.com\nwww.bank.example  pay.example.com\n"}
    form |= {"attribution_model": "linear"}
    assert alice.client.post(HERE, form).status_code == 302
    workspace.refresh_from_db()
    assert (workspace.browser_money, workspace.uncredited_hosts) == ("counted", ["bank.example", "pay.example.com"])
    assert workspace.attribution_model == "linear"
    assert AuditEntry.objects.get().detail == {
        "browser_money": ["", "counted"],
        "uncredited_hosts": [[], ["bank.example", "pay.example.com"]],
        "attribution_model": ["last_non_direct", "linear"],
    }
    page = alice.client.get(HERE).content.decode()
    assert "pay.example.com" in page
    settings = alice.client.get("/w/halden/settings/workspace/").content.decode()
    assert "counted, and marked" in settings
    assert "Attribution opens with Linear." in settings


@pytest.mark.parametrize(
    "host", ["https://pay.example.com", "localhost", "a b@c", "pay.example.com/x", "x" * 300 + ".com"]
)
def test_what_is_no_host_is_refused_and_nothing_changes(alice, workspace, host):
    sent = {"browser_money": "counted", "uncredited_hosts": host, "attribution_model": "linear"}
    answer = alice.client.post(HERE, sent)
    assert answer.status_code == 422
    assert "is no host" in answer.content.decode()
    workspace.refresh_from_db()
    assert (workspace.browser_money, workspace.uncredited_hosts) == ("", [])


def test_a_model_that_is_none_is_refused_and_nothing_changes(alice, workspace):
    answer = alice.client.post(HERE, {"browser_money": "counted", "attribution_model": "guess"})
    assert answer.status_code == 422
    workspace.refresh_from_db()
    assert (workspace.browser_money, workspace.attribution_model) == ("", "last_non_direct")
    refused = set_what_counts(workspace, browser_money="", uncredited_hosts=[], attribution_model="guess", by=None)
    assert (refused.sentence[:22], refused.field) == ("'guess' is not one of ", "attribution_model")


def test_a_seller_may_not(bob, workspace):
    assert bob.client.post(HERE, {"uncredited_hosts": "pay.example.com"}).status_code == 403
    workspace.refresh_from_db()
    assert workspace.uncredited_hosts == []


def test_a_sources_page_shows_its_repeats(alice, website):
    website.repeats, website.last_arrival_at = 1204, website.created_at
    website.save()
    assert "1,204 repeats" in alice.client.get(f"/w/halden/settings/sources/{website.pk}/").content.decode()
