"""Which money counts as a result, and where visits never come from, is the workspace's to say."""

import pytest

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


def test_an_admin_keeps_both_and_it_is_audited(alice, workspace):
    form = {"browser_money": "counted", "uncredited_hosts": "Pay.Example.com\nwww.bank.example  pay.example.com\n"}
    assert alice.client.post(HERE, form).status_code == 302
    workspace.refresh_from_db()
    assert (workspace.browser_money, workspace.uncredited_hosts) == ("counted", ["bank.example", "pay.example.com"])
    assert AuditEntry.objects.get().detail == {
        "browser_money": ["", "counted"],
        "uncredited_hosts": [[], ["bank.example", "pay.example.com"]],
    }
    page = alice.client.get(HERE).content.decode()
    assert "pay.example.com" in page
    assert "counted, and marked" in alice.client.get("/w/halden/settings/workspace/").content.decode()


@pytest.mark.parametrize(
    "host", ["https://pay.example.com", "localhost", "a b@c", "pay.example.com/x", "x" * 300 + ".com"]
)
def test_what_is_no_host_is_refused_and_nothing_changes(alice, workspace, host):
    answer = alice.client.post(HERE, {"browser_money": "counted", "uncredited_hosts": host})
    assert answer.status_code == 422
    assert "is no host" in answer.content.decode()
    workspace.refresh_from_db()
    assert (workspace.browser_money, workspace.uncredited_hosts) == ("", [])


def test_a_seller_may_not(bob, workspace):
    assert bob.client.post(HERE, {"uncredited_hosts": "pay.example.com"}).status_code == 403
    workspace.refresh_from_db()
    assert workspace.uncredited_hosts == []


def test_a_sources_page_shows_its_repeats(alice, website):
    website.repeats, website.last_arrival_at = 1204, website.created_at
    website.save()
    assert "1,204 repeats" in alice.client.get(f"/w/halden/settings/sources/{website.pk}/").content.decode()
