"""What is planted in Halden is what the question of leaks tells first, at the price that the specification names."""

import pytest

from fullfunnel.journeys import ask
from tests.engines.halden import PERIOD, halden


def asked(**more):
    return ask.answer({"kind": "leaks", "sells": "companies", "period": PERIOD} | more, halden())


@pytest.fixture(scope="module")
def answer():
    return asked()


def side(people, went_on):
    return {"people": people, "went_on": went_on, "rate": round(went_on / people, 6)}


def test_leads_that_waited_over_a_day_are_the_costliest_leak(answer):
    leak = answer["leaks"][0]
    assert leak["key"] == "handed_over|waited_a_day|yes"
    assert (leak["group"], leak["others"], leak["hit"]) == (side(148, 22), side(264, 102), 148)
    assert leak["win"]["links"] == [{"won": 31, "decided": 93}]
    assert leak["total"]["lost"] == 126
    assert float(leak["per_month"]["amount"]) == pytest.approx(37_500, rel=0.05)
    assert float(leak["per_month"]["low"]) < 30_000 < 45_000 < float(leak["per_month"]["high"])


def test_the_demo_form_on_phones_is_the_second_and_its_broken_field_is_named(answer):
    leak = answer["leaks"][1]
    assert (leak["label"], leak["dimension"], leak["value"]) == ("Demo request", "device", "mobile")
    assert (leak["group"], leak["others"], leak["hit"]) == (side(240, 74), side(290, 180), 166)
    assert leak["field"] == {"name": "employees", "stopped": 125, "others_stopped": 22}
    assert leak["win"]["links"] == [{"won": 31, "decided": 319}]
    assert float(leak["per_month"]["amount"]) == pytest.approx(23_300, rel=0.05)


def test_who_waits_with_emil_is_no_leak_beside_the_waiting(answer):
    assert not any(leak["dimension"] == "seller" for leak in answer["leaks"])
    assert next(one["key"] for one in answer["leaks"][0]["same"]) == "handed_over|waited_a_working_day|yes"


def test_phones_that_are_not_handed_over_are_no_leak_beside_the_form(answer):
    assert not any(leak["step"] == "consideration" and leak["dimension"] == "device" for leak in answer["leaks"])


def test_spain_is_too_few_to_alarm_and_is_named(answer):
    assert not any(leak["value"] == "ES" for leak in answer["leaks"])
    (spain,) = [one for one in answer["silent"] if one["step"].startswith("form:") and one["value"] == "ES"]
    assert (spain["group"], spain["why"]) == (side(19, 1), "too few")


def test_the_last_fortnight_is_pending_and_alarms_nobody(answer):
    assert {leak["dimension"] for leak in answer["leaks"]} & {"week", "day", "month"} == set()
    joint = next(step for step in answer["steps"] if step["step"] == "handed_over")
    assert joint["reached"] == 412
    assert joint["pending"] >= 62


def test_deals_with_one_contact_are_shown_as_unproven_only(answer):
    assert not any(leak["dimension"] == "contacts" for leak in answer["leaks"])
    (alone,) = answer["unproven"]
    assert (alone["key"], alone["group"], alone["others"]) == ("opportunity|contacts|one", side(51, 9), side(42, 22))


@pytest.mark.parametrize(("key", "outcome", "many"), [
    ("handed_over|waited_a_day|yes", "hit", 148), ("handed_over|waited_a_day|yes", "lost", 126),
    ("form:Demo request|device|mobile", "hit", 166), ("form:Demo request|device|mobile", "all", 240),
])  # fmt: skip
def test_behind_a_leak_stand_as_many_as_it_says(key, outcome, many):
    listed = asked(show="people", leak=key, outcome=outcome, limit=1_000)
    assert listed["total"] == len(listed["people"]) == many


def test_one_leak_is_told_alone_as_among_all(answer):
    assert asked(leak="form:Demo request|device|mobile")["leak"] | {"same": [], "q": 0} == answer["leaks"][1] | {
        "same": [],
        "q": 0,
    }
