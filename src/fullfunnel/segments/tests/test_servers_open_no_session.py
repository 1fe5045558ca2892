"""What a server tells of a person, without naming a session, is no visit: it begins none and is no touch."""

import pytest

from fullfunnel.events.event import Arrival
from fullfunnel.events.on_tick import publish
from fullfunnel.events.store import open_store
from fullfunnel.events.store.building import build
from fullfunnel.events.store.folders import remove_older_kinds
from fullfunnel.journeys.ask import answer
from fullfunnel.segments.dataset import dataset_of
from tests.kit.cast import drain, send

NOON, MINUTE = 1_767_268_800_000_000, 60_000_000
DAY = 24 * 60 * MINUTE
LETTER = {"url": "https://shop.example/?utm_source=newsletter&utm_medium=email", "referrer": ""}
DIRECT = {"url": "https://shop.example/", "referrer": ""}


def view(at, context, **more):
    return Arrival(name="page_viewed", at=NOON + at, id=f"v{at}", user="ada", context=context, **more)


def paid(at, **more):
    return Arrival(
        name="paid", at=NOON + at, id=f"p{at}", user="ada", properties={"revenue": "50", "currency": "EUR"}, **more
    )


def credits(workspace):
    question = {
        "kind": "attribution", "conversion": {"event": "paid", "value": "revenue"}, "by": "channel",
        "models": ["last_touch", "first_touch"], "bootstrap": 0,
    }  # fmt: skip
    rows = answer(question, dataset_of(workspace))["rows"]
    return {row["value"]: row["conversions"] for row in rows if row["model"] == "last_touch" and row["conversions"]}


def sessions(workspace, *events):
    found = answer({"kind": "funnel", "steps": list(events), "count": "sessions"}, dataset_of(workspace))
    return [step["count"] for step in found["steps"]]


@pytest.mark.parametrize("publishes", [False, True])
def test_a_servers_order_leaves_the_credit_with_the_visit(workspace, website, server, publishes):
    send(website, [view(0, LETTER)])
    drain()
    if publishes:
        publish()
    send(server, [paid(3 * DAY), Arrival(name="shipped", at=NOON - MINUTE, id="s", user="ada")])
    drain()
    if publishes:
        publish()
    assert credits(workspace) == {"Email": 1}
    assert sessions(workspace, "*") == [1]
    assert sessions(workspace, "page_viewed") == [1]
    assert sessions(workspace, "paid") == [0]


def test_a_server_event_just_before_the_visit_does_not_take_its_touch(workspace, website, server):
    send(server, [Arrival(name="signed_up", at=NOON - MINUTE, id="s", user="ada")])
    send(website, [view(0, LETTER), paid(5 * MINUTE)])
    drain()
    assert credits(workspace) == {"Email": 1}


def test_a_server_that_names_the_session_joins_it(workspace, website, server):
    send(website, [view(0, LETTER, session="s1")])
    send(server, [paid(MINUTE, session="s1"), paid(2 * MINUTE)])
    drain()
    assert sessions(workspace, "page_viewed", "paid") == [1, 1]
    assert sessions(workspace, "paid") == [1]


def test_a_servers_own_view_or_word_of_a_campaign_is_a_visit(workspace, website, server):
    send(server, [view(0, LETTER)])
    campaign = {"campaign": {"source": "google", "medium": "cpc"}}
    send(server, [Arrival(name="opened", at=NOON + DAY, id="o", user="ben", context=campaign)])
    send(server, [Arrival(name="opened", at=NOON + DAY, id="o2", user="cleo")])
    drain()
    assert sessions(workspace, "*") == [2]


def test_an_index_made_by_the_rules_before_is_made_anew(workspace, website):
    send(website, [view(0, LETTER)])
    drain()
    data = open_store().data
    build(open_store(), workspace.pk)
    [about] = (data / "index").glob(f"{workspace.pk}/*/about-2.json")
    about.rename(about.with_name("about.json"))
    assert sessions(workspace, "*") == [1]
    remove_older_kinds(data)
    assert not list((data / "index").glob(f"{workspace.pk}/*/about.json"))
    assert sessions(workspace, "*") == [1]
