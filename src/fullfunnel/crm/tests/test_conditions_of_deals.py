"""The list of deals is filtered by the grammar of conditions: by what a deal says, and by what somebody on it did."""

import csv
import io
import json

import pytest

from fullfunnel.crm import actions
from fullfunnel.crm.models import Deal
from fullfunnel.people.models import Company
from tests.kit.cast import days_ago

LIST = "/w/halden/deals/list/"


@pytest.fixture
def three(waiting, known, ada, workspace, bob):
    """Ada's deal of 9,600 in Discovery, Birk's of 100.50 without an owner, Kron's without an amount."""
    ada.visits("/pricing", at=days_ago(3))
    first = actions.open_deal(waiting, details={"amount": "9600", "closes_on": "2099-12-18"}, by=bob.user)
    for name, details in (("Birk", {"amount": "100.50"}), ("Kron", {"next_step": "Call"})):
        company = Company.objects.create(workspace=workspace, key=name, name=name)
        actions.open_deal(company, details=details, by=bob.user)
    Deal.objects.filter(name="Birk").update(opened_at=days_ago(40), owner=None)
    return first


def listed(member, *clauses, **more):
    page = member.client.get(LIST, {"where": json.dumps(clauses), **more})
    assert page.status_code == 200
    return sorted(deal.name for deal in page.context["listing"].page.rows)


def is_(name, op="=", value=None):
    return {"property": name, "op": op} | ({} if value is None else {"value": value})


@pytest.mark.parametrize(
    ("clause", "names"),
    [
        (is_("amount", ">=", 100), ["Acme", "Birk"]),
        (is_("amount", "=", 9600), ["Acme"]),
        (is_("amount", "is_not_set"), ["Kron"]),
        (is_("deal", "contains", "r"), ["Birk", "Kron"]),
        (is_("stage", "in", ["Discovery", "Demo"]), ["Acme", "Birk", "Kron"]),
        (is_("next_step", "is_set"), ["Kron"]),
        (is_("next_step", "!=", "Call"), ["Acme", "Birk"]),
        (is_("owner", "=", "@me"), ["Acme", "Kron"]),
        (is_("owner", "is_not_set"), ["Birk"]),
        (is_("opened", "before", {"days_ago": 30}), ["Birk"]),
        (is_("opened", "since", {"days_ago": 30}), ["Acme", "Kron"]),
        (is_("closes", "since", "2099-12-18"), ["Acme"]),
        (is_("closes", "before", "2099-12-18"), []),
        ({"none": [is_("amount", ">=", 100)]}, ["Kron"]),
        ({"any": [is_("deal", "=", "Kron"), is_("amount", "<", 200)]}, ["Birk", "Kron"]),
        ({"has": {"event": "page_viewed", "where": [is_("path", "=", "/pricing")]}}, ["Acme"]),
        (is_("email", "=", "ada@acme.example"), ["Acme"]),
    ],
)
def test_a_clause_lists_the_deals_of_which_it_is_true(bob, three, clause, names):
    assert listed(bob, clause) == names


def test_the_form_adds_a_condition_and_the_file_has_the_same(bob, three):
    page = bob.client.get(LIST, {"property": "amount", "op": ">=", "value": "1000", "state": "open"})
    assert [deal.name for deal in page.context["listing"].page.rows] == ["Acme"]
    assert page.context["bar"].chips == [("amount is at least 1000", "state=open")]
    sent = bob.client.get(page.context["listing"].csv).getvalue().decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(sent))
    assert [row["name"] for row in rows] == ["Acme"]


def test_many_values_are_judged_as_few_are(bob, three, monkeypatch):
    monkeypatch.setattr("fullfunnel.crm.deals.conditions.FEW", 1)
    assert listed(bob, is_("amount", ">=", 100)) == ["Acme", "Birk"]
    assert listed(bob, is_("next_step", "!=", "Call")) == ["Acme", "Birk"]


def test_what_cannot_be_read_filters_nothing_and_says_why(bob, three):
    page = bob.client.get(LIST, {"where": "{"})
    assert len(page.context["listing"].page.rows) == 3
    assert "The filter was not read" in page.content.decode()
