"""The pages of a person, a company and a deal say the stage now, since when, why, and that silence made it lower."""

import re
from datetime import UTC, timedelta

import pytest

from fullfunnel.core import clock
from fullfunnel.crm.actions import open_deal
from fullfunnel.events.conditions import Happening
from fullfunnel.journeys.stages.causes import causes_of
from fullfunnel.journeys.stages.rule_set import default_set
from fullfunnel.people.models import Company, Person
from tests.kit.cast import days_ago


@pytest.fixture
def firm(workspace):
    workspace.sells, workspace.created_at = "companies", days_ago(300)
    workspace.save()
    return workspace


def words_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def panel(member, visitor):
    return member.client.get(f"/w/halden/people/{visitor.person.public_id}/stage/")


def test_a_person_stands_where_the_events_say_that_caused_it(alice, ada, firm):
    ada.visits("/", at=days_ago(12))
    ada.visits("/", at=days_ago(9))
    where = panel(alice, ada).context["where"]
    assert (where.title, where.lower) == ("Interest", "")
    assert [(step.title, len(step.causes)) for step in where.steps] == [("Interest", 2), ("Awareness", 1)]
    assert where.since.date() == days_ago(9).date()
    page = alice.client.get(f"/w/halden/people/{ada.person.public_id}/")
    assert f"/w/halden/people/{ada.person.public_id}/stage/" in page.content.decode()


def test_a_stage_that_a_later_one_counts_is_skipped(alice, ada, firm):
    ada.visits("/vs/others", at=days_ago(2))
    shown = words_of(panel(alice, ada))
    assert "Consideration since" in shown
    assert "skipped: Consideration counts it too" in shown


def test_silence_makes_it_lower_and_says_so(alice, ada, ben, firm):
    ada.visits("/vs/others", at=days_ago(75))
    ben.visits("/")
    where = panel(alice, ada).context["where"]
    assert where.title == "Interest"
    assert where.lower == "Had come to Consideration; 75 days of silence, and a stage lower for each 60."
    assert where.since.date() == (days_ago(75) + timedelta(days=60)).date()


def test_who_is_in_no_stage_has_no_panel(alice, ada, charlie, firm):
    ada.visits("/login", at=days_ago(2))
    assert words_of(panel(alice, ada)) == ""
    assert panel(charlie, ada).status_code == 404


def test_a_company_stands_where_whoever_came_furthest_does(alice, ada, ben, firm):
    company = Company.objects.create(workspace=firm, key="clinic", name="Clinic")
    ada.visits("/vs/others", at=days_ago(2))
    ben.visits("/", at=days_ago(2))
    Person.objects.filter(pk__in=[ada.person.pk, ben.person.pk]).update(company=company)
    shown = words_of(alice.client.get(f"/w/halden/companies/{company.pk}/stage/"))
    assert "Consideration since" in shown
    assert "Awareness" in shown
    assert f"/companies/{company.pk}/stage/" in alice.client.get(f"/w/halden/companies/{company.pk}/").content.decode()


def test_a_deal_says_its_stage_and_where_its_people_stand(alice, ada, firm):
    ada.visits("/vs/others", at=days_ago(2))
    deal = open_deal(ada.person, by=None)
    shown = words_of(alice.client.get(f"/w/halden/deals/{deal.public_id}/stage/"))
    assert f"Opportunity: {deal.stage} since" in shown
    assert f"/deals/{deal.public_id}/stage/" in alice.client.get(f"/w/halden/deals/{deal.public_id}/").content.decode()


def test_the_events_of_a_rule_are_those_that_made_it_true():
    at = clock.now_us()
    rules = default_set("companies")
    journey = [
        Happening("page_viewed", at - 9, -1, {"path": "/"}),
        Happening("trait_changed", at - 3, -1, {"trait": "phone", "new": "1"}),
        Happening("note_added", at - 2),
        Happening("form_submitted", at),
    ]
    assert causes_of(rules.stage("prospect"), journey, at, UTC) == [1, 3]
    assert causes_of(rules.stage("awareness"), journey, at - 9, UTC) == [0]
    assert causes_of(rules.stage("interest"), journey, at, UTC) == []


def test_the_alternative_that_was_met_is_the_one_that_is_told(alice, ada, firm):
    # Two content pages of one visit: no second visit, though there are two pages.
    ada.visits("/", at=days_ago(3))
    ada.visits("/blog/a", at=days_ago(3) + timedelta(minutes=1))
    ada.visits("/blog/b", at=days_ago(3) + timedelta(minutes=2))
    interest = panel(alice, ada).context["where"].steps[0]
    assert [cause.sentence for cause in interest.causes] == ["Viewed /blog/a", "Viewed /blog/b"]
