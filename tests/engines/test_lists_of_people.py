"""The people behind a number are as many as the number says, over random worlds and questions; and who they are is told by a story."""

import random

import pytest

from fullfunnel.events.conditions import QuestionError
from tests.engines.stream import microseconds
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
                people = listed(world, question, node=node["name"], node_depth=node["depth"], **which)
                assert len(set(people)) == len(people) == node["count"], (question, node)


def test_who_stayed_away_is_who_began_and_did_not_come_back():
    from tests.engines.sliced import Sliced
    from tests.engines.stream import Row

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
