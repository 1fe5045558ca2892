"""A clause names the same people as judging them one by one; days and @me are those of who asks."""

import pytest

from fullfunnel.events.conditions import parse_clause
from fullfunnel.segments.who import people_who
from tests.kit.cast import days_ago


@pytest.fixture
def three(ada, ben, cleo):
    """Ada came twice lately and pays, Ben came once, Cleo long ago."""
    ada.visits("/pricing", at=days_ago(5))
    ada.visits("/pricing", at=days_ago(3))
    ada.identifies("a", email="ada@clinic.example", plan="pro")
    ben.visits("/pricing", at=days_ago(4))
    ben.identifies("b", email="ben@gmail.com", plan="free")
    cleo.visits("/", at=days_ago(60))
    return {"ada": ada, "ben": ben, "cleo": cleo}


TWICE = {"has": {"event": "page_viewed", "at_least": 2, "count": "sessions", "within": {"value": 14, "unit": "day"}}}
PRO = {"property": "plan", "op": "=", "value": "pro"}


@pytest.mark.parametrize(
    ("said", "names"),
    [
        (PRO, ["ada"]),
        ({"property": "plan", "op": "!=", "value": "pro"}, ["ben", "cleo"]),
        ({"property": "email", "op": "ends_with", "value": "@gmail.com"}, ["ben"]),
        ({"property": "identified", "op": "=", "value": True}, ["ada", "ben"]),
        ({"property": "name", "op": "is_set"}, []),
        (TWICE, ["ada"]),
        ({"has": {"event": "page_viewed", "where": [{"property": "path", "op": "=", "value": "/pricing"}]}}, ["ada", "ben"]),
        ({"has": {"event": "page_viewed", "since": {"days_ago": 30}}}, ["ada", "ben"]),
        ({"none": [TWICE]}, ["ben", "cleo"]),
        ({"all": [{"property": "plan", "op": "is_set"}, {"none": [PRO]}]}, ["ben"]),
        ({"any": [TWICE, {"property": "first_seen", "op": "before", "value": {"days_ago": 30}}]}, ["ada", "cleo"]),
        ({"property": "last_seen", "op": "since", "value": {"days_ago": 10}}, ["ada", "ben"]),
        ({"property": "email", "op": "=", "value": "@me"}, ["ada"]),
        ({"has": {"event": "nothing"}}, []),
    ],
)  # fmt: skip
def test_a_clause_is_true_of(three, workspace, said, names):
    found = people_who(workspace, parse_clause(said), me="ada@clinic.example")
    assert found == sorted(three[name].person.pk for name in names)


def test_another_workspaces_people_are_nobody(three, charlie):
    elsewhere = charlie.user.memberships.get().workspace
    assert people_who(elsewhere, parse_clause({"none": [PRO]}), me="") == []
