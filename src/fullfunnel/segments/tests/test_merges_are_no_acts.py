"""That two people became one is noted about them: questions about what people do pass it over."""

from fullfunnel.events.event import Arrival
from fullfunnel.events.store import open_store
from fullfunnel.journeys.ask import answer
from fullfunnel.people import actions
from fullfunnel.segments.dataset import dataset_of
from tests.kit.cast import days_ago, drain, send

NOON = 1_767_268_800_000_000


def test_it_is_no_act_no_visit_and_no_step_of_any_event(ada, ben, server, alice):
    ada.visits("/pricing", at=days_ago(3))
    ben.visits("/pricing", at=days_ago(3))
    seen = ben.person.last_seen_at
    actions.merge_people(ada.person, loser=ben.person, by=alice.user)
    one, other = (Arrival(kind="identify", name="person_identified", at=NOON, id=i, user=i) for i in ("u1", "u2"))
    send(
        server,
        [one, other, Arrival(kind="alias", name="identities_aliased", at=NOON, id="x", user="u1", previous="u2")],
    )
    drain()
    rows = open_store().ask(lambda d: "SELECT actor FROM events WHERE name = 'people_merged' ORDER BY actor")
    assert [row["actor"] for row in rows] == ["system", "us"]
    assert ada.person.last_seen_at == seen
    every = {"kind": "funnel", "steps": ["page_viewed", "*"], "window": {"value": 30, "unit": "day"}}
    assert [step["count"] for step in answer(every, dataset_of(server.workspace))["steps"]] == [1, 1]
    assert answer({"kind": "trend", "series": [{"event": "*"}]}, dataset_of(server.workspace))["rows"][0]["value"] == 2
