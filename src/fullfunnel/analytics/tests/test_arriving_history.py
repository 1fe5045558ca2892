"""While history arrives the overview says so: figures that still grow are no figures of the company."""

from datetime import timedelta

from fullfunnel.core import clock
from tests.kit.cast import days_ago

PAGES = "/w/halden/"
HOME = f"{PAGES}overview/"


def test_events_of_earlier_days_are_counted_while_they_arrive(ada, ben, cleo, carol):
    ada.visits("/pricing", at=days_ago(20))
    ben.visits("/pricing", at=days_ago(2))
    cleo.visits("/pricing")
    for address in (HOME, f"{PAGES}now/"):
        response = carol.client.get(address)
        assert response.context["history"] == 2
        assert "2 events of earlier days came in the last minute" in " ".join(response.content.decode().split())


def test_what_happens_now_is_no_history(cleo, carol):
    cleo.visits("/pricing")
    response = carol.client.get(f"{PAGES}now/")
    assert response.context["history"] == 0
    assert "earlier days" not in response.content.decode()


def test_what_came_more_than_a_minute_ago_has_arrived(ada, carol):
    ada.visits("/pricing", at=days_ago(20))
    with clock.frozen(clock.now() + timedelta(seconds=90)):
        assert carol.client.get(f"{PAGES}now/").context["history"] == 0
