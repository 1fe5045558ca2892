"""The workspace's own channels in questions: of every kind, for all of the past, as soon as they are applied."""

from datetime import timedelta

import pytest

from fullfunnel.capture.actions import apply_channel_rules
from fullfunnel.journeys.ask import answer
from fullfunnel.segments.dataset import dataset_of
from fullfunnel.workspaces.models import Workspace
from tests.kit.cast import days_ago

RULES = [
    {"name": "Partners", "where": [{"property": "source", "value": "acme"}]},
    {"name": "Ads", "where": [{"property": "gclid", "op": "is_set"}]},
]
GROUP = {"property": "channel_group", "limit": 10}


@pytest.fixture
def visits(ada, ben, cleo):
    came = days_ago(40)
    ada.visits("/?utm_source=acme&utm_medium=referral", at=came)
    ada.visits("/?utm_source=google&utm_medium=cpc&gclid=a1", at=came + timedelta(days=1))
    ada.submits("demo", at=came + timedelta(days=1, minutes=5))
    ben.visits("/?gclid=b2", at=came)
    cleo.visits("/", at=came, referrer="https://chatgpt.com/")
    cleo.submits("demo", at=came + timedelta(minutes=5))


@pytest.fixture
def ask(workspace):
    return lambda question: answer(question, dataset_of(workspace))


def trend(ask, **further):
    question = {"kind": "trend", "by": "month", "series": [{"event": "page_viewed", **further}], "breakdown": GROUP}
    found = {}
    for row in ask(question)["rows"]:
        found[row["group"]] = found.get(row["group"], 0) + row["value"]
    return {group: value for group, value in found.items() if value}


def funnel(ask):
    steps = [{"event": "page_viewed"}, {"event": "form_submitted"}]
    found = ask({"kind": "funnel", "steps": steps, "breakdown": {**GROUP, "attribution": "last"}})
    return {group["value"]: [step["count"] for step in group["steps"]] for group in found["groups"]}


def test_without_rules_it_is_our_own_group(visits, ask):
    assert trend(ask) == {"Referral": 1, "Paid Search": 2, "AI Assistant": 1}


def test_applied_rules_group_the_past_anew_in_every_kind(visits, ask, workspace, alice):
    assert trend(ask) == {"Referral": 1, "Paid Search": 2, "AI Assistant": 1}
    apply_channel_rules(workspace, rules=RULES, by=alice.user)
    named = {"Partners": 1, "Ads": 2, "AI Assistant": 1}
    assert trend(ask) == named
    assert trend(ask, measure="people") == named
    assert funnel(ask)["Ads"] == [2, 1]
    question = {"kind": "attribution", "conversion": "form_submitted", "by": "channel_group", "models": ["first_touch"]}
    rows = ask(question | {"lookback": None, "bootstrap": 0})["rows"]
    assert {row["value"]: row["conversions"] for row in rows if row["conversions"]} == {
        "Partners": 1,
        "AI Assistant": 1,
    }
    asked = {"kind": "retention", "start": "page_viewed", "return": "form_submitted", "breakdown": GROUP}
    assert {row["group"] for row in ask(asked)["overall"]} == {"Partners", "Ads", "AI Assistant"}


@pytest.mark.parametrize(
    ("op", "value", "count"),
    [("=", "Ads", 2), ("!=", "Ads", 2), ("in", ["Ads", "Partners"], 3), ("is_set", None, 4), ("contains", "assist", 1)],
)
def test_conditions_ask_for_it_by_sql_and_by_fold_alike(visits, ask, workspace, op, value, count):
    apply_channel_rules(workspace, rules=RULES, by=None)
    where = [{"property": "channel_group", "op": op} | ({} if value is None else {"value": value})]
    found = ask({"kind": "trend", "by": "month", "series": [{"event": "page_viewed", "where": where}]})
    assert sum(row["value"] for row in found["rows"]) == count
    entries = ask({"kind": "funnel", "count": "entries", "steps": [{"event": "page_viewed", "where": where}]})
    assert entries["steps"][0]["count"] == count


def test_a_question_that_names_it_has_no_note_that_it_never_came(visits, ask):
    assert "notes" not in ask({"kind": "funnel", "steps": ["page_viewed"], "breakdown": GROUP})


def test_what_comes_after_the_rules_is_grouped_as_well(visits, ask, workspace, ben):
    apply_channel_rules(workspace, rules=RULES, by=None)
    assert trend(ask)["Partners"] == 1
    ben.visits("/?utm_source=acme&utm_medium=email", at=days_ago(1))
    assert trend(ask)["Partners"] == 2
    assert funnel(ask)["Partners"] == [1, 0]


def test_another_workspace_has_its_own(visits, ask, workspace):
    other = Workspace.objects.create(name="Elsewhere", slug="elsewhere")
    apply_channel_rules(other, rules=RULES, by=None)
    assert trend(ask) == {"Referral": 1, "Paid Search": 2, "AI Assistant": 1}


def test_an_answer_that_was_kept_is_not_given_for_other_rules(visits, workspace):
    before = dataset_of(workspace).facts.version
    apply_channel_rules(workspace, rules=RULES, by=None)
    assert dataset_of(workspace).facts.version != before
