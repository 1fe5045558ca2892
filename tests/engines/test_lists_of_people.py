"""The people behind a number are as many as the number says, over random worlds and questions; and who they are is told by a story."""

import random

import pytest

from fullfunnel.events.conditions import QuestionError
from tests.engines import oracle_paths
from tests.engines.sliced import Sliced
from tests.engines.stream import Row, microseconds
from tests.engines.worlds_of_order import random_paths, random_retention, random_world

WORLDS = 120


def listed(world, question, **which):
    answer = world.ask(question | {"show": "people", "limit": 1000} | which)
    assert answer["total"] == len(answer["people"])
    moments = [microseconds(row["entered_at"]) for row in answer["people"]]
    assert moments == sorted(moments)
    return [row.get("person", row.get("company")) for row in answer["people"]]


def group_of(row):
    return {"group": row["group"]} if "group" in row else {}


@pytest.mark.parametrize("by", ["hour", "day", "week", "month"])
def test_a_cell_of_retention_lists_who_it_counts(by):
    for seed in range(WORLDS // 4):
        rng = random.Random(f"{by}/{seed}")
        world = random_world(rng, by)
        question = random_retention(rng, world, by)
        answer = world.ask(question)
        for row in rng.sample(answer["rows"], min(4, len(answer["rows"]))):
            which = {"cohort": row["cohort"], "after": row["period"]} | group_of(row)
            back, away, began = (listed(world, question, outcome=one, **which) for one in OUTCOMES)
            assert (len(back), len(began)) == (row["count"], row["size"]), (question, row)
            assert sorted(back + away) == sorted(began)
        for row in rng.sample(answer["overall"], min(2, len(answer["overall"]))):
            which = {"after": row["period"]} | group_of(row)
            back, _, began = (listed(world, question, outcome=one, **which) for one in OUTCOMES)
            assert (len(back), len(began)) == (row["count"], row["size"]), (question, row)


OUTCOMES = ("returned", "stayed_away", "began")


def test_a_node_of_paths_lists_who_it_counts():
    for seed in range(WORLDS):
        rng = random.Random(f"paths/{seed}")
        world = random_world(rng, "day")
        question = random_paths(rng, world)
        answer = world.ask(question)
        blocks = [({}, answer), *(({"group": each["value"]}, each) for each in answer.get("groups", []))]
        for which, block in blocks:
            for node in rng.sample(block["nodes"], min(4, len(block["nodes"]))):
                chosen = {"node": node["name"], "node_depth": node["depth"]} | which
                assert_lists(world, question, chosen, node["count"])


def test_a_link_of_paths_lists_who_it_counts():
    seen = 0
    for seed in range(WORLDS):
        rng = random.Random(f"links/{seed}")
        world = random_world(rng, "day")
        question = random_paths(rng, world)
        answer = world.ask(question)
        blocks = [({}, answer), *(({"group": each["value"]}, each) for each in answer.get("groups", []))]
        for which, block in blocks:
            for link in rng.sample(block["links"], min(4, len(block["links"]))):
                chosen = {"from": link["from"], "to": link["to"], "link_depth": link["depth"]} | which
                assert_lists(world, question, chosen, link["count"])
                seen += 1
    assert seen > WORLDS


def assert_lists(world, question, chosen, count):
    """As many as the number says, each once, and just those whom the oracle means."""
    found = listed(world, question, **chosen)
    assert len(set(found)) == len(found) == count, (question, chosen)
    assert sorted(found) == sorted(person for person, _ in oracle_paths.people(world, question | chosen))


def walk():
    """Ada reads and then buys, Ben reads and leaves, Cleo buys at once."""
    steps = [("ada", "seen", 0), ("ada", "read", 1), ("ada", "bought", 2), ("ben", "seen", 3), ("ben", "read", 4)]
    steps += [("cleo", "seen", 5), ("cleo", "bought", 6)]
    return Sliced([Row(who, name, at * 1_000_000, {}) for who, name, at in steps], {}, until=10**9)


def test_a_link_is_asked_by_the_words_of_its_row():
    after = {"kind": "paths", "anchor": "seen"}
    assert listed(walk(), after, **{"from": "seen", "to": "read"}) == ["ada", "ben"]
    assert listed(walk(), after, **{"from": "read", "to": "bought", "link_depth": 2}) == ["ada"]
    assert listed(walk(), after, **{"from": "read", "to": "(end)", "link_depth": 2}) == ["ben"]
    before = {"kind": "paths", "anchor": "bought", "direction": "before"}
    assert listed(walk(), before, **{"from": "seen", "to": "bought"}) == ["cleo"]
    assert listed(walk(), before, **{"from": "seen", "to": "read", "link_depth": 2}) == ["ada"]
    assert listed(walk(), before, **{"from": "(start)", "to": "seen", "link_depth": 2}) == ["cleo"]


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"node": "raed", "node_depth": 1}, "node", "is no node at depth 1 of this question; use one that its nodes name; did you mean 'read'?"),
        ({"node": "read"}, "node", "is no node at depth 0 of this question; use one that its nodes name"),
        ({"node": "read", "node_depth": 4}, "node", "is no node at depth 4 of this question; no path comes so far"),
        ({"node": "read", "node_depth": 5}, "node_depth", "must be a whole number from 0 to 4"),
        ({}, "node", "is needed: the name"),
        ({"from": "seen"}, "to", "is needed: the name"),
        ({"to": "read"}, "from", "is needed: the name"),
        ({"from": "seen", "to": "read", "node": "read"}, "node", "ask about one of them"),
        ({"from": "seen", "to": "read", "link_depth": 0}, "link_depth", "must be a whole number from 1 to 4"),
        ({"from": "sen", "to": "read"}, "from", "did you mean 'seen'?"),
        ({"from": "seen", "to": "red"}, "to", "is no node at depth 1 of this question; use one that its nodes name; did you mean 'read'?"),
        ({"from": "bought", "to": "bought", "link_depth": 2}, "to", "is no node that a path reaches from 'bought' at that depth; use one that its links name"),
    ],
)  # fmt: skip
def test_a_node_or_link_that_is_none_is_refused_with_the_nearest(given, field, says):
    with pytest.raises(QuestionError) as refused:
        walk().ask({"kind": "paths", "anchor": "seen", "show": "people"} | given)
    assert refused.value.field == field
    assert says in refused.value.message


def test_a_node_with_nobody_on_this_page_is_an_empty_page():
    asked = {"kind": "paths", "anchor": "seen", "show": "people", "node": "read", "node_depth": 1}
    assert walk().ask(asked | {"offset": 2}) == {"kind": "paths", "people": [], "total": 2}
    unknown = {"breakdown": {"property": "device"}, "group": "mobile"}
    assert walk().ask(asked | unknown) == {"kind": "paths", "people": [], "total": 0}


def test_who_stayed_away_is_who_began_and_did_not_come_back():
    rows = [
        Row("ada", "a", microseconds("2026-01-05T09:00:00Z"), {}),
        Row("ada", "a", microseconds("2026-01-13T09:00:00Z"), {}),
        Row("ben", "a", microseconds("2026-01-06T09:00:00Z"), {}),
    ]
    world = Sliced(rows, {}, until=microseconds("2026-02-01T00:00:00Z"))
    question = {"kind": "retention", "start": "a", "by": "week", "cohort": "2026-01-05", "after": 1}
    assert listed(world, question) == ["ada"]
    assert listed(world, question, outcome="stayed_away") == ["ben"]
    assert world.ask(question | {"show": "people", "outcome": "began", "limit": 1, "offset": 1}) == {
        "kind": "retention",
        "people": [{"person": "ben", "entered_at": "2026-01-06T09:00:00Z"}],
        "total": 2,
    }
    with pytest.raises(QuestionError, match="is no cohort of this question; use one that its rows name"):
        listed(world, question, cohort="2026-01-06")
