"""Fit and engagement: points that halve, limits, reasons that add up; and the panel of a person."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from fullfunnel.events.conditions import Happening
from fullfunnel.journeys.stages.score import DAY, OVER, Score, engagement, fit, score_of
from fullfunnel.journeys.stages.weights import WEIGHTS, weights_of
from fullfunnel.people.models import Person
from tests.kit.cast import days_ago

BERLIN = ZoneInfo("Europe/Berlin")
COMPANIES = weights_of("companies", {})
NOON = 20_000 * DAY + DAY // 2


def seen(path, days_before=0.0):
    return Happening("page_viewed", NOON - int(days_before * DAY), 1, {"path": path})


def engaged(*journey):
    return engagement(journey, COMPANIES.engagement, NOON, BERLIN)


def test_a_page_counts_by_what_it_is_worth_most():
    assert engaged(seen("/")) == Score(1, (("page seen", 1),))
    assert engaged(seen("/pricing")) == Score(10, (("price page", 10),))


def test_points_halve_every_fourteen_days():
    assert engaged(seen("/pricing", 14)).value == 5
    assert engaged(seen("/pricing", 28), seen("/pricing", 14), seen("/pricing")) == Score(18, (("price page", 18),))


def test_one_kind_gives_twenty_points_a_day_or_what_one_event_of_it_gives():
    assert engaged(*(seen("/pricing", minutes / 1_440) for minutes in (9, 6, 3))).value == 20
    asked = [Happening("form_submitted", NOON - at, 1, {"form": "demo"}) for at in (9, 6)]
    assert engaged(*asked).value == 40
    assert engaged(seen("/pricing", 1), seen("/pricing", 1), seen("/pricing", 1)).value == 19


def test_what_comes_later_counts_nothing():
    assert engaged(seen("/pricing", -1)).value == 0


def test_more_than_a_hundred_counts_as_a_hundred_and_says_so():
    score = score_of({"a": 90.0, "b": 30.4})
    assert score == Score(100, (("a", 90), ("b", 30), (OVER, -20)))


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.0, 60.0)))
def test_reasons_add_up_to_the_score(sums):
    score = score_of(sums)
    assert sum(points for _, points in score.reasons) == score.value


def test_fit_is_a_sum_of_what_is_known():
    traits = {"email": "a@clinic.example", "employees": "250", "title": "Head of nursing"}
    assert fit(traits, COMPANIES.fit, BERLIN) == Score(
        70, (("20 to 5,000 employees", 30), ("deciding role", 20), ("work e-mail", 20))
    )
    assert fit({"email": "a@gmail.com", "employees": "3", "title": "Nurse"}, COMPANIES.fit, BERLIN).value == 0
    assert sum(weight.points for weight in WEIGHTS["households"].fit) == 100


def test_the_panel_says_both_with_their_reasons(alice, ada):
    ada.visits("/pricing", at=days_ago(0) - timedelta(minutes=1))
    ada.identifies("a-1", email="ada@clinic.example", title="Head of nursing")
    said = alice.client.get(f"/w/halden/people/{ada.person.public_id}/score/")
    assert dict(said.context["scores"]) == {
        "Fit": Score(40, (("deciding role", 20), ("work e-mail", 20))),
        "Engagement": Score(10, (("price page", 10),)),
    }
    assert "Engagement 10" in said.content.decode()


def test_a_shop_scores_nobody(alice, ada, workspace):
    ada.visits("/pricing")
    workspace.sells = "online"
    workspace.save()
    assert alice.client.get(f"/w/halden/people/{ada.person.public_id}/score/").content.strip() == b""


def test_another_workspaces_member_sees_no_score(charlie, ada):
    ada.visits("/pricing")
    address = f"/w/halden/people/{ada.person.public_id}/score/"
    assert charlie.client.get(address).status_code == 404
    assert charlie.client.get(address.replace("halden", "elsewhere")).status_code == 404
    assert Person.objects.count() == 1
