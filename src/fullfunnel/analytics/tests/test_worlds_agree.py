"""The same story as a file and as a workspace has the same answers; and no question, however odd, breaks either."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fullfunnel.core import clock
from fullfunnel.events.event import Arrival
from fullfunnel.journeys.ask import QuestionError, answer
from fullfunnel.journeys.datasets.file import dataset_of_rows
from fullfunnel.segments.dataset import dataset_of
from tests.kit.cast import drain, send

START = datetime(2026, 3, 27, 21, tzinfo=UTC)
STORY = [
    ("ada", "trial_begun", 0, {"revenue": "10.50", "seats": "3", "plan's": "pro"}),
    ("ben", "trial_begun", 20, {"revenue": "0.10", "plan's": "free"}),
    ("ada", "trial_begun", 26, {"revenue": "100", "seats": "n/a"}),
    ("cleo", "paid", 27.5, {"revenue": "7", "seats": "1.5"}),
    ("ada", "paid", 51, {"revenue": "0.0001", "plan's": "pro"}),
]
PEOPLE = {"ada": {"team": "red"}, "ben": {"team": "blue"}}
ANY = {"event": ["trial_begun", "paid"]}


def moment(hours):
    return START + timedelta(hours=hours)


@pytest.fixture
def worlds(workspace, server):
    """(file, workspace) that were told the same."""
    arrivals = [
        Arrival(name=name, at=clock.to_us(moment(hours)), id=f"e{at}", user=person, properties=properties)
        for at, (person, name, hours, properties) in enumerate(STORY)
    ]
    arrivals += [
        Arrival(kind="identify", name="person_identified", at=clock.to_us(START), id=person, user=person, traits=traits)
        for person, traits in PEOPLE.items()
    ]
    with clock.frozen(moment(51)):
        send(server, arrivals)
        drain()
        rows = [
            {"person": person, "event": name, "timestamp": moment(hours).isoformat(), "properties": properties}
            for person, name, hours, properties in STORY
        ]
        people = [{"person": person, "properties": traits} for person, traits in PEOPLE.items()]
        yield dataset_of_rows(rows, people), dataset_of(workspace)


@pytest.mark.parametrize(
    "question",
    [
        {"series": [{**ANY, "measure": measure, "property": "revenue"}]}
        for measure in ("events", "people", "sum", "mean", "median", "p90")
    ]
    + [
        {"series": [ANY], "by": "hour"},
        {"series": [{**ANY, "measure": "sum", "property": "seats"}], "by": "month"},
        {
            "series": [{**ANY, "measure": "people"}, {"event": "paid"}],
            "by": "week",
            "breakdown": {"property": "plan's"},
        },
        {"series": [ANY], "by": "month", "breakdown": {"property": "revenue", "limit": 2}},
        {"series": [{**ANY, "measure": "people"}], "by": "month", "breakdown": {"property": "team", "of": "person"}},
        {"series": [ANY], "where": [{"property": "team", "op": "!=", "value": "red", "of": "person"}]},
        {"series": [ANY], "where": [{"property": "revenue", "op": ">=", "value": 10}]},
        {"series": [ANY], "where": [{"property": "revenue", "op": "=", "value": "10.5"}]},
        {"series": [ANY], "where": [{"property": "plan's", "op": "is_not_set"}]},
    ],
)
def test_a_trend_is_the_same_of_a_file_and_of_a_workspace(worlds, question):
    asked = {"kind": "trend", "period": {"timezone": "Europe/Berlin"}, **question}
    file, workspace = (answer(asked, world) for world in worlds)
    assert file["rows"]
    assert file == workspace


@pytest.mark.parametrize("written", ["EUR", "eur", " Eur "])
def test_a_currency_is_one_however_its_code_is_written(workspace, server, written):
    """Of a file and of a workspace: neither total is lost, neither is counted twice."""
    sold = [{"revenue": "10.50", "currency": "EUR"}, {"revenue": "2", "currency": written}]
    arrivals = [
        Arrival(name="paid", at=clock.to_us(moment(at)), id=f"e{at}", user="ada", properties=properties)
        for at, properties in enumerate(sold)
    ]
    with clock.frozen(moment(51)):
        send(server, arrivals)
        drain()
        rows = [
            {"person": "ada", "event": "paid", "timestamp": moment(at).isoformat(), **one}
            for at, one in enumerate(sold)
        ]
        worth = {"kind": "attribution", "conversion": {"event": "paid", "value": "revenue"}, "bootstrap": 0}
        measure = {"event": "paid", "measure": "sum", "property": "revenue"}
        by_currency = {"kind": "trend", "series": [measure], "by": "month", "breakdown": {"property": "currency"}}
        for world in (dataset_of_rows(rows), dataset_of(workspace)):
            assert answer(worth, world)["totals"] == [{"currency": "EUR", "amount": "12.50"}]
            assert [(row["group"], row["value"]) for row in answer(by_currency, world)["rows"]] == [("EUR", "12.5")]


def test_what_is_no_code_of_a_currency_stays_in_a_file_as_it_is_written():
    rows = [{"person": "ada", "event": "paid", "timestamp": 1, "revenue": "3", "currency": "euros"}]
    question = {"kind": "attribution", "conversion": {"event": "paid", "value": "revenue"}, "bootstrap": 0}
    assert answer(question, dataset_of_rows(rows))["totals"] == [{"currency": "euros", "amount": "3.00"}]


def test_a_funnel_is_the_same_of_a_file_and_of_a_workspace(worlds):
    asked = {
        "kind": "funnel",
        "steps": [{"event": "trial_begun"}, {"event": "paid"}],
        "breakdown": {"property": "team", "of": "person"},
    }
    file, workspace = (answer(asked, world) for world in worlds)
    assert [step["count"] for step in file["steps"]] == [2, 1]
    assert file == workspace


# A workspace's stream also holds that somebody was identified: "*" would find it.
NAMED = ["trial_begun", "paid"]


@pytest.mark.parametrize(
    "question",
    [
        {"kind": "retention", "start": "trial_begun", "return": NAMED, "by": "day", "periods": 3},
        {"kind": "retention", "start": NAMED, "by": "hour", "mode": "on_or_after", "breakdown": {"property": "plan's"}},
        {
            "kind": "paths",
            "anchor": NAMED,
            "nodes": NAMED,
            "by": "plan's",
            "breakdown": {"property": "team", "of": "person"},
        },
        {"kind": "paths", "anchor": "paid", "nodes": NAMED, "direction": "before", "collapse_repeats": False},
    ],
)
def test_retention_and_paths_are_the_same_of_a_file_and_of_a_workspace(worlds, question):
    asked = {**question, "period": {"to": "2027-01-01", "timezone": "Europe/Berlin"}}
    file, workspace = (answer(asked, world) for world in worlds)
    assert file.get("rows") or file["nodes"]
    assert file == workspace


ODD = st.text(max_size=5) | st.sampled_from(
    ["'", '"', "?", "\0", "%s", "$1", "revenue", "path", "plan's", "é", "(", "\\"]
)
OPS = ["=", "!=", "in", "contains", "starts_with", "matches", ">", "between", "is_set"]
VALUES = ODD | st.integers() | st.floats() | st.none() | st.booleans() | st.lists(ODD | st.integers(), max_size=2)
CONDITIONS = st.fixed_dictionaries(
    {"property": ODD, "op": st.sampled_from(OPS), "value": VALUES, "of": st.sampled_from(["event", "person"])}
)
TRENDS = st.fixed_dictionaries(
    {
        "kind": st.just("trend"),
        "series": st.lists(
            st.fixed_dictionaries(
                {
                    "event": st.sampled_from(["trial_begun", "paid", "*"]) | ODD,
                    "measure": st.sampled_from(["events", "people", "sum", "p90"]),
                    "property": ODD,
                }
            ),
            min_size=1,
            max_size=2,
        ),
        "where": st.lists(CONDITIONS, max_size=2),
        "by": st.sampled_from(["hour", "day", "week", "month"]),
        "breakdown": st.none()
        | st.fixed_dictionaries({"property": ODD, "of": st.sampled_from(["event", "person", "company"])}),
        "period": st.fixed_dictionaries(
            {},
            optional={
                "from": st.sampled_from(["2026-03-28", "0001-01-01", "2026-03-28T10:00:00"]),
                "to": st.sampled_from(["2026-03-29", "9999-12-31", "2020-01-01"]),
                "timezone": st.sampled_from(["Europe/Berlin", "Pacific/Kiritimati", "UTC", "Nowhere"]),
            },
        ),
    }
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(TRENDS)
@example({"kind": "trend", "series": [ANY], "period": {}, "breakdown": {"property": "a\0", "of": "person"}})
@example({"kind": "trend", "series": [ANY], "period": {}, "breakdown": {"property": "\0", "of": "company"}})
def test_an_odd_trend_is_answered_alike_or_refused_alike(worlds, question):
    told = []
    for world in worlds:
        try:
            found = answer(question | {"period": {"timezone": "UTC", **question["period"]}}, world)
            # What is noted of unknown names is about the world: a workspace has promoted columns, a file has its own.
            told.append({name: value for name, value in found.items() if name != "notes"})
        except QuestionError as error:
            told.append((error.field, error.message))
    if "*" not in [each["event"] for each in question["series"]]:
        assert told[0] == told[1]
