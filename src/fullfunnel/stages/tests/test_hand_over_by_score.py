"""Who suits and does enough is handed over, once, with the reasons; never for what happened before, or long ago."""

from datetime import timedelta

import pytest

from fullfunnel.core import clock
from fullfunnel.crm import actions as sales
from fullfunnel.crm.models import HandOver
from fullfunnel.people.models import Company, Person
from fullfunnel.people.timeline import timeline_of
from fullfunnel.stages.models import RuleVersion
from fullfunnel.stages.rule_actions import set_score_rule
from fullfunnel.stages.score_rules import score_rule_of
from fullfunnel.workspaces.models import AuditEntry
from tests.kit.cast import days_ago, drain
from tests.kit.refusals import refusal_of

PANEL, SETTINGS = "/w/halden/settings/sales/by-score/", "/w/halden/settings/sales/"
FITS = {"email": "ada@clinic.example", "title": "Head of nursing", "country": "AT"}


@pytest.fixture
def firm(workspace):
    workspace.sells, workspace.created_at = "companies", days_ago(200)
    workspace.save()
    return workspace


def does_enough(visitor, **when):
    """30 and, on one day, at most 20 points."""
    visitor.does("trial_started", **when)
    visitor.visits("/pricing", **when)
    visitor.visits("/pricing", **when)


def handed_over():
    return list(HandOver.objects.order_by("pk"))


def test_who_meets_both_by_what_they_did_just_now_is_handed_over_with_the_reasons(alice, ada, firm):
    ada.identifies("a-1", **FITS)
    ada.does("trial_started")
    ada.visits("/pricing")
    assert handed_over() == []
    ada.visits("/pricing")
    (made,) = handed_over()
    assert (made.person, made.fit, made.engagement, made.outcome) == (ada.person, 55, 50, "waiting")
    assert [(one["text"], one["points"], one["of"]) for one in made.why] == [
        ("By score: fit 55 and engagement 50, of at least 50 and 50", 0, ""),
        ("deciding role", 20, "fit"), ("work e-mail", 20, "fit"), ("country known", 15, "fit"),
        ("trial begun", 30, "engagement"), ("price page", 20, "engagement"),
    ]  # fmt: skip
    shown = alice.client.get(f"/w/halden/inbox/{made.public_id}/").content.decode()
    assert "By score: fit 55 and engagement 50" in shown
    drain()
    history = timeline_of(ada.person)
    assert (history.names["lead_handed_over"], history.names["stage_entered"]) == (1, 1)
    assert "Entered the stage handed over by score" in [line.sentence for line in history.lines]


def test_whatever_they_do_then_hands_them_over_no_more(ada, firm):
    ada.identifies("a-1", **FITS)
    does_enough(ada)
    does_enough(ada)
    (made,) = handed_over()
    assert made.asked_again == 0
    sales.accept_hand_over(made, by=None)
    does_enough(ada)
    assert len(handed_over()) == 1


@pytest.mark.parametrize("lacks", ["title", "email", "engagement"])
def test_who_lacks_one_of_both_is_not(ada, firm, lacks):
    ada.identifies("a-1", **{name: value for name, value in FITS.items() if name != lacks})
    ada.visits("/pricing")
    if lacks != "engagement":
        does_enough(ada)
    assert handed_over() == []


def test_what_happened_long_ago_or_before_the_rule_hands_nobody_over(ada, ben, firm):
    ada.identifies("a-1", **FITS)
    does_enough(ada, at=days_ago(2))
    assert handed_over() == []
    # Ben did enough an hour before the workspace began: a demo's past is told like this.
    firm.created_at = clock.now() - timedelta(minutes=30)
    firm.save()
    ben.identifies("b-1", **FITS | {"email": "ben@spital.example"})
    does_enough(ben, at=clock.now() - timedelta(hours=1))
    ben.visits("/blog/a")
    assert handed_over() == []
    does_enough(ben)
    assert [one.person for one in handed_over()] == [ben.person]


@pytest.mark.parametrize("sells", ["", "households", "online"])
def test_only_who_sells_to_companies_has_the_rule(alice, ada, firm, sells):
    firm.sells = sells
    firm.save()
    ada.identifies("a-1", **FITS)
    does_enough(ada)
    assert handed_over() == []
    assert alice.client.get(PANEL).content.decode().strip() == ""
    refused = refusal_of(lambda: set_score_rule(firm, is_on=True, fit=1, engagement=1, by=None), [RuleVersion])
    assert "does not sell to companies" in refused


def test_own_people_and_competitors_are_left_out(alice, ada, ben, firm):
    ada.identifies("a-1", **FITS | {"email": "new@halden.example"})
    does_enough(ada)
    ben.identifies("b-1", **FITS | {"email": "ben@rival.example"})
    rival = Company.objects.create(workspace=firm, key="rival", name="Rival", is_competitor=True)
    Person.objects.filter(pk=ben.person.pk).update(company=rival)
    does_enough(ben)
    assert handed_over() == []


def test_who_was_recycled_comes_back_after_doing_as_much_anew_and_who_was_rejected_does_not(ada, ben, firm):
    ada.identifies("a-1", **FITS)
    ben.identifies("b-1", **FITS | {"email": "ben@spital.example"})
    for visitor in (ada, ben):
        does_enough(visitor)
    first, second = handed_over()
    sales.recycle_hand_over(first, reason="Too early", by=None)
    sales.reject_hand_over(second, reason="Too small", by=None)
    for visitor in (ada, ben):
        visitor.visits("/pricing")
    assert len(handed_over()) == 2
    for visitor in (ada, ben):
        does_enough(visitor)
    assert [one.person for one in handed_over()] == [ada.person, ben.person, ada.person]


def test_the_settings_say_whether_and_from_which_score_on(alice, ada, firm):
    page = alice.client.get(SETTINGS)
    assert page.context["panels"][0] == PANEL
    shown = alice.client.get(PANEL).content.decode()
    assert ('value="50"' in shown, "checked" in shown) == (True, True)
    alice.client.post(PANEL + "set/", {"fit": "55", "engagement": "30"})
    kept = score_rule_of(firm)
    assert (kept.is_on, kept.fit, kept.engagement) == (False, 55, 30)
    assert AuditEntry.objects.get(action="adopt_rules").detail == {
        "version": 2, "before": 1, "note": "Hand-over by score: switched off",
    }  # fmt: skip
    ada.identifies("a-1", **FITS)
    does_enough(ada)
    assert handed_over() == []
    alice.client.post(PANEL + "set/", {"is_on": "on", "fit": "55", "engagement": "30"})
    ada.visits("/")
    assert handed_over() == []
    ada.does("trial_started")
    assert [one.engagement for one in handed_over()] == [31]


@pytest.mark.parametrize("given", [{"fit": "0", "engagement": "50"}, {"fit": "50", "engagement": "101"}, {"fit": "x"}])
def test_a_score_that_is_none_is_refused(alice, firm, given):
    answer = alice.client.post(PANEL + "set/", {"is_on": "on"} | given, follow=True)
    assert "from 1 to 100" in answer.content.decode()
    assert not RuleVersion.objects.exists()
