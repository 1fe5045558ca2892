"""The cards of the first five minutes: each has a page that opens, and tells the number of now."""

import pytest

from fullfunnel.core.directory import SIGN_IN_OF_DEMO
from fullfunnel.crm.actions import hand_over
from fullfunnel.demo.tour.facts import Facts
from fullfunnel.demo.tour.stops import STOPS, address_of


@pytest.fixture
def demo_of(alice, data_dir):
    (data_dir / SIGN_IN_OF_DEMO).write_text("{}", encoding="utf-8")
    return alice


def test_each_stop_has_a_page_that_opens(demo_of):
    for stop in STOPS:
        address = address_of(stop, "halden", Facts())
        if stop.title != "Walk me through":
            assert demo_of.client.get(address, follow=True).status_code == 200, address


def test_a_card_tells_the_number_of_now(demo_of, ada):
    ada.identifies("ada-1", email="ada@acme.example")
    hand_over(ada.person, cause_event="form-1", why=["Asked for a demo"], by=None)
    card = demo_of.client.get("/w/halden/tour/card/2/").content.decode()
    assert "Leads that wait for an answer: 1, 0 of them with Emil" in card
    assert "2 of 8" in card


def test_there_is_no_card_before_the_first_or_after_the_last(demo_of):
    assert [demo_of.client.get(f"/w/halden/tour/card/{number}/").status_code for number in (0, 9)] == [404, 404]


def test_only_the_demo_has_the_tour_and_names_it_in_the_menu(alice, data_dir):
    assert alice.client.get("/w/halden/tour/").status_code == 404
    assert "First five minutes" not in alice.client.get("/w/halden/people/").content.decode()
    (data_dir / SIGN_IN_OF_DEMO).write_text("{}", encoding="utf-8")
    assert "First five minutes" in alice.client.get("/w/halden/people/").content.decode()


def test_the_card_of_the_form_compares_phones_with_desktops():
    card = next(stop for stop in STOPS if stop.minute == "1:30")
    said = card.says(Facts(devices={"mobile": (240, 74), "desktop": (290, 180)}))
    assert said.startswith(
        "240 people began the demo form on a phone, and 74 forms arrived; on a desktop 180 of 290. Open the 166"
    )
