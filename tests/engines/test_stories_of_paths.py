"""Paths counted by hand: one tiny story for each sentence of docs/spec/questions.md."""

import pytest

from fullfunnel.journeys.paths import answer as paths
from fullfunnel.journeys.questions.reading import QuestionError
from tests.engines.sliced import Sliced
from tests.engines.stream import Row, microseconds

NOON = microseconds("2026-03-02T12:00:00Z")


def told(*happened, people=None):
    """A world from texts "ada view 3 path=/a": who, what, seconds after noon, properties."""
    rows = []
    for one in happened:
        who, what, seconds, *rest = one.split()
        given = dict(part.split("=") for part in rest)
        rows.append(Row(who, what, NOON + round(float(seconds) * 1e6), given, actor=given.pop("by", "person")))
    return Sliced(rows, people)


def ask(world, anchor="a", **fields):
    return world.ask({"kind": "paths", "anchor": anchor, **fields})


def nodes(answer):
    found = {}
    for node in answer["nodes"]:
        found.setdefault(node["depth"], {})[node["name"]] = node["count"]
    return list(found.values())


def links(answer):
    return [(one["depth"], one["from"], one["to"], one["count"], one["seconds"]["median"]) for one in answer["links"]]


WORLD = ("ada x 0", "ada a 1", "ada b 3", "ada c 4", "ben a 0", "ben b 10", "cleo a 5", "dan b 1")


def test_each_person_has_one_path_from_its_first_anchor():
    answer = ask(told(*WORLD, "ada a 20", "ada z 21"), depth=2)
    assert answer["units"] == 3
    assert nodes(answer) == [{"a": 3}, {"b": 2, "(end)": 1}, {"c": 1, "(end)": 1}]
    assert links(answer) == [
        (1, "a", "b", 2, 6.0),
        (1, "a", "(end)", 1, None),
        (2, "b", "(end)", 1, None),
        (2, "b", "c", 1, 1.0),
    ]


def test_before_goes_back_from_the_last_anchor_and_links_still_go_with_the_time():
    answer = ask(told(*WORLD), "b", direction="before", depth=2)
    assert nodes(answer) == [{"b": 3}, {"a": 2, "(start)": 1}, {"x": 1, "(start)": 1}]
    assert links(answer) == [
        (1, "a", "b", 2, 6.0),
        (1, "(start)", "b", 1, None),
        (2, "(start)", "a", 1, None),
        (2, "x", "a", 1, 1.0),
    ]
    twice = told("ada b 0", "ada c 1", "ada b 2", "ada x 3")
    assert nodes(ask(twice, "b", direction="before", depth=1)) == [{"b": 1}, {"c": 1}]


def test_equal_nodes_one_after_the_other_are_one_unless_asked_otherwise():
    world = told("ada a 0", "ada a 1", "ada b 5", "ada b 7", "ada a 9")
    assert links(ask(world, depth=3)) == [(1, "a", "b", 1, 5.0), (2, "b", "a", 1, 4.0), (3, "a", "(end)", 1, None)]
    found = links(ask(world, depth=2, collapse_repeats=False))
    assert found == [(1, "a", "a", 1, 1.0), (2, "a", "b", 1, 4.0)]


def test_pages_are_named_by_their_path_and_a_form_keeps_its_name_where_it_is_left_out():
    world = told("ada view 0 path=/", "ada view 1 path=/price", "ada form 2 path=/price", "ada mail 3")
    anchor = {"event": "view", "where": [{"property": "path", "value": "/"}]}
    assert nodes(ask(world, anchor, by="path", depth=2)) == [{"/": 1}, {"/price": 1}, {"mail": 1}]
    named = ask(world, anchor, by={"property": "path", "event": "view"}, depth=3)
    assert nodes(named) == [{"/": 1}, {"/price": 1}, {"form": 1}, {"mail": 1}]


def test_a_path_has_only_the_events_that_may_be_nodes():
    world = told("ada a 0", "ada x 1", "ada b 2", "ada x 3", "ada c 4")
    assert nodes(ask(world, nodes=["b", "c"], depth=2)) == [{"a": 1}, {"b": 1}, {"c": 1}]


def test_what_was_done_to_the_person_is_no_node_unless_it_is_named():
    world = told("ada a 0", "ada mail 1 by=us", "ada b 2")
    assert nodes(ask(world, depth=1)) == [{"a": 1}, {"b": 1}]
    assert nodes(ask(world, nodes=["*", "mail"], depth=1)) == [{"a": 1}, {"mail": 1}]
    assert nodes(ask(world, "mail", depth=1)) == [{"mail": 1}, {"b": 1}]


@pytest.mark.parametrize(("seconds", "found"), [(2, {"b": 1}), (1.999999, {"(end)": 1})])
def test_a_window_counts_from_the_anchor_its_end_included(seconds, found):
    answer = ask(told("ada a 0", "ada b 2"), window={"value": seconds, "unit": "second"}, depth=1)
    assert nodes(answer)[1] == found


def test_beyond_the_top_names_are_other_and_the_end_is_never_among_them():
    world = told("ada a 0", "ada b 1", "ben a 0", "ben b 1", "cleo a 0", "cleo c 1", "dan a 0", "dan d 1", "eve a 0")
    answer = ask(world, top=1, depth=2)
    assert nodes(answer) == [{"a": 5}, {"b": 2, "(other)": 2, "(end)": 1}, {"(end)": 4}]
    assert links(answer)[0] == (1, "a", "(other)", 2, 1.0)


def test_an_event_that_is_called_as_our_own_nodes_counts_as_other():
    world = told("ada a 0", "ada (end) 1", "ada b 2")
    assert nodes(ask(world, depth=2)) == [{"a": 1}, {"(other)": 1}, {"b": 1}]


def test_the_anchor_lies_in_the_period_and_what_follows_may_not():
    world = told("ada a 0", "ada a 86400", "ada b 172800")
    answer = ask(world, period={"from": "2026-03-03", "to": "2026-03-03"}, depth=1)
    assert links(answer) == [(1, "a", "b", 1, 86400.0)]
    assert ask(world, period={"from": "2026-03-05"})["nodes"] == []


def test_a_group_is_what_the_question_answers_about_its_people_alone():
    world = told(*WORLD, people={"ada": {"plan": "pro"}, "cleo": {"plan": "pro"}})
    answer = ask(world, breakdown={"property": "plan", "of": "person"}, depth=1)
    assert [(one["value"], one["units"], nodes(one)) for one in answer["groups"]] == [
        ("pro", 2, [{"a": 2}, {"b": 1, "(end)": 1}]),
        (None, 1, [{"a": 1}, {"b": 1}]),
    ]
    assert answer["units"] == 3


def test_more_rows_than_an_answer_may_have_are_refused(monkeypatch):
    monkeypatch.setattr(paths, "MAX_ROWS", 5)
    with pytest.raises(QuestionError) as refused:
        ask(told(*WORLD), breakdown={"property": "p"})
    assert refused.value.field == "breakdown.limit"
    assert "more than 5 nodes and links" in refused.value.message
