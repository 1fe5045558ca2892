"""A file as a world: rows into journeys, with nothing lost and nothing out of order."""

import threading

import numpy as np
import pytest

from fullfunnel.events.store import portions
from fullfunnel.journeys.datasets.file import dataset_of_file, dataset_of_rows
from fullfunnel.journeys.datasets.file_rows import Loaded, Reading

MINUTE = 60
ODD = "k'; --"


def journeys(world, *columns):
    """Each person's events as (name, *texts of the columns), by person."""
    found = {}
    for chunk in portions.journeys_of(world.index(), columns):
        for at, unit in enumerate(world.names.of_people(chunk.units)):
            rows = range(chunk.offsets[at], chunk.offsets[at + 1])
            texts = [[text_at(chunk.columns[name], row) for name in columns] for row in rows]
            found[unit] = [(chunk.names[chunk.name[row]], *text) for row, text in zip(rows, texts, strict=True)]
    return found


def text_at(column, row):
    return column.values[column.codes[row]] if column.codes[row] >= 0 else None


def event(person, name, at, **further):
    return {"person": person, "event": name, "timestamp": at, **further}


def load(rows, **reading):
    refused = []
    loaded = Loaded()
    loaded.add_events(enumerate(rows, 2), Reading(**reading), lambda line, reason: refused.append((line, reason)))
    return dataset_of_file(loaded), refused


def test_events_are_in_order_of_time_and_then_of_the_file():
    world = dataset_of_rows(
        [
            event("a", "third", 5),
            event("b", "x", 1),
            event("a", "first", 1),
            event("a", "fourth", 5),
            event("a", "second", 4),
        ]
    )
    assert journeys(world) == {"a": [("first",), ("second",), ("third",), ("fourth",)], "b": [("x",)]}
    assert world.facts.data_until == 5_000_000


def test_every_further_column_is_a_property_and_values_are_texts():
    rows = [
        event(
            "a",
            "x",
            1,
            properties={"n": 1.5, "deep": {"er": True}, "list": [1, "b"], "none": None, "": "odd"},
            plan="pro",
        ),
        event("a", "x", 2, properties={"plan": "from properties"}, plan="from the row"),
        event("a", "x", 3, properties='{"plan": "from JSON in a cell"}'),
    ]
    told = journeys(dataset_of_rows(rows), "n", "deep.er", "list", "none", "", "plan", "missing")
    assert told["a"] == [
        ("x", "1.5", "true", '[1,"b"]', None, "odd", "pro", None),
        ("x", None, None, None, None, None, "from properties", None),
        ("x", None, None, None, None, None, "from JSON in a cell", None),
    ]


def test_columns_can_have_other_names_and_a_file_one_event():
    rows = [
        {"who": 17850, "when": "15 Apr, 2021 00:03:00", "event": "kept as a property", "sess": "s1", "firm": "Acme"}
    ]
    world, refused = load(rows, person="who", time="when", name="order", session="sess", company="firm")
    assert refused == []
    assert journeys(world, "event", "who", "sess") == {"17850": [("order", "kept as a property", None, None)]}
    assert text_at(world.traits.of_their_companies("name", np.array([0])), 0) == "Acme"


def test_a_bad_row_is_refused_with_its_line_and_the_rest_goes_on():
    rows = [
        event("", "x", 1),
        {"event": "x", "timestamp": 1},
        event("a", None, 1),
        event("a", ["x"], 1),
        event("a", "x", "soon"),
        event("a", "x", 1, properties=[1]),
        event("a", "x", 1, actor="robot"),
        "cannot be read as JSON: …",
        event("a", "x", 1),
    ]
    world, refused = load(rows)
    assert refused == [
        (2, "has no person: 'person' is empty"),
        (3, "has no person: 'person' is missing"),
        (4, "has no event: 'event' is empty"),
        (5, "has no event: 'event' is neither a text nor a number"),
        (
            6,
            "'timestamp': 'soon' is no time: write ISO 8601 such as 2026-01-31T12:00:00Z, or say the form with --time-format",
        ),
        (7, '\'properties\' is not an object such as {"plan": "pro"}'),
        (8, "'actor' is 'robot'; right would be person, us, system"),
        (9, "cannot be read as JSON: …"),
    ]
    assert journeys(world) == {"a": [("x",)]}


def test_people_have_the_traits_their_rows_say_the_later_row_holding():
    people = [
        {"person": "b", "properties": {"plan": "free", "seats": 3}},
        {"person": "b", "plan": "pro"},
        {"person": "nobody here", "plan": "x"},
    ]
    world = dataset_of_rows([event("a", "x", 1), event("b", "x", 1)], people)
    units = np.array([1, 0, 1])
    assert [text_at(world.traits.of_people("plan", units), row) for row in range(3)] == ["pro", None, "pro"]
    assert [text_at(world.traits.of_people("seats", units), row) for row in range(3)] == ["3", None, "3"]


def test_the_company_is_what_the_person_says_else_what_the_latest_event_says():
    rows = [event("a", "x", 1, company="Old"), event("a", "x", 3, company="New"), event("a", "x", 2, company="Middle")]
    world = dataset_of_rows([*rows, event("b", "x", 1, company="Old")], [{"person": "b", "company": "Said"}])
    assert [text_at(world.traits.of_their_companies("name", np.array([0, 1])), row) for row in (0, 1)] == [
        "New",
        "Said",
    ]


def test_sessions_are_those_named_else_cut_at_pauses_of_more_than_half_an_hour():
    world = dataset_of_rows(
        [
            event("a", "x", 0),
            event("a", "x", 30 * MINUTE),
            event("a", "x", 60 * MINUTE + 0.000001),
            event("a", "mail", 61 * MINUTE, actor="us"),
            event("a", "x", 62 * MINUTE, session="named"),
            event("b", "x", 62 * MINUTE),
        ]
    )
    (chunk,) = portions.journeys_of(world.index(), [])
    first, second, third, mail, named, other = chunk.session.tolist()
    assert first == second != third
    assert mail == -1
    assert len({first, third, named, other, -1}) == 5


def test_a_session_lasts_a_day_at_most():
    world = dataset_of_rows([event("a", "x", quarter * 15 * MINUTE) for quarter in range(24 * 4 * 2 + 2)])
    (chunk,) = portions.journeys_of(world.index(), [])
    _, counts = np.unique(chunk.session, return_counts=True)
    assert counts.tolist() == [97, 97]


def test_chunks_hold_whole_people(monkeypatch):
    monkeypatch.setattr(portions, "PORTION", 5)
    rows = [event(person, f"e{n}", n) for person, many in (("a", 2), ("b", 3), ("c", 9), ("d", 1)) for n in range(many)]
    world = dataset_of_rows(rows)
    assert [chunk.offsets.tolist() for chunk in portions.journeys_of(world.index(), [])] == [[0, 2, 5], [0, 9], [0, 1]]
    assert {person: len(each) for person, each in journeys(world).items()} == {"a": 2, "b": 3, "c": 9, "d": 1}


def test_sql_sees_the_columns_of_the_stream_and_only_the_people_given():
    world = dataset_of_rows(
        [event("a", "x", 1.5, properties={"path": "/p", ODD: "v", "revenue": "10"}), event("b", "y", 2)]
    )

    def write(d):
        return (
            f"SELECT workspace_id, name, occurred_at, actor, path, country, unit_id, {d.property(ODD)} AS k, "
            "CAST(revenue AS VARCHAR) AS revenue FROM events JOIN units USING (identity_id) WHERE workspace_id = ? ORDER BY seq"
        )

    rows = world.sql(write, [0], units=world.facts.people)
    assert [(row["name"], row["path"], row["k"], row["revenue"], row["unit_id"]) for row in rows] == [
        ("x", "/p", "v", "10.", 0),
        ("y", None, None, None, 1),
    ]
    assert str(rows[0]["occurred_at"]) == "1970-01-01 00:00:01.500000"
    assert world.sql(write, [1], units=world.facts.people) == []


def test_a_world_of_nothing_is_a_world():
    world = dataset_of_rows([])
    assert list(portions.journeys_of(world.index(), ["a"])) == []
    assert world.facts.data_until == 0
    assert world.sql(lambda d: "SELECT count(*) AS n FROM events") == [{"n": 0}]


def test_an_answer_leaves_no_thread_behind_that_holds_the_engine():
    world = dataset_of_rows([])
    for _ in range(50):
        world.sql(lambda d: "SELECT count(*) AS n FROM events")
        assert [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)] == []


def test_rows_given_as_dicts_that_are_no_events_are_an_error():
    with pytest.raises(ValueError, match="row 1 has no event: 'event' is missing"):
        dataset_of_rows([{"person": "a", "timestamp": 1}])
