"""Questions about retention and paths are read with their defaults, or refused with where and why."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullfunnel.journeys.ask import answer
from fullfunnel.journeys.datasets.file import dataset_of_rows
from fullfunnel.journeys.questions.reading import QuestionError, parse
from fullfunnel.journeys.questions.shapes import ANY, Naming

DAY = 86_400_000_000


def retention(**fields):
    return {"kind": "retention", "start": "signed_up"} | fields


def paths(**fields):
    return {"kind": "paths", "anchor": "signed_up"} | fields


def test_a_retention_asks_by_default_who_did_the_same_again_by_week():
    question = parse(retention())
    assert question.start == question.comeback
    assert question.start.label == "signed_up"
    assert (question.by, question.periods, question.mode, question.count) == ("week", 8, "on", "people")
    assert (question.breakdown, question.period.start, question.period.end) == (None, None, None)


def test_a_retention_is_read_with_all_it_may_say():
    question = parse(
        retention(
            **{"return": {"event": ["a", "Order Completed"], "label": "Bought"}},
            by="month",
            periods=100,
            mode="on_or_after",
            where=[{"property": "device", "value": "mobile"}],
            breakdown={"property": "plan", "of": "person", "limit": 3},
            period={"from": "2026-01-01", "timezone": "Europe/Berlin"},
        ),
        canonical=lambda name: {"Order Completed": "order_completed"}.get(name, name),
    )
    assert (question.comeback.events, question.comeback.label) == (("a", "order_completed"), "Bought")
    assert [one.property for one in (*question.start.where, *question.comeback.where)] == ["device", "device"]
    assert (question.by, question.periods, question.mode) == ("month", 100, "on_or_after")
    assert (question.breakdown.of, question.breakdown.limit) == ("person", 3)
    assert question.period.timezone == "Europe/Berlin"


def test_paths_are_by_default_four_nodes_after_the_anchor_of_anything_that_the_person_did():
    question = parse(paths())
    assert (question.anchor.events, question.nodes.events) == (("signed_up",), (ANY,))
    assert (question.direction, question.depth, question.top) == ("after", 4, 6)
    assert (question.collapse_repeats, question.by, question.window) == (True, None, None)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("path", Naming("path", (ANY,))),
        ({"property": "path", "event": "page_viewed"}, Naming("path", ("page_viewed",))),
        (None, None),
    ],
)
def test_a_property_names_the_nodes_of_all_events_or_of_some(given, read):
    assert parse(paths(by=given)).by == read


def test_a_where_of_the_question_holds_for_anchor_and_nodes():
    where = [{"property": "device", "value": "mobile"}]
    question = parse(paths(where=where, nodes={"event": "a", "where": [{"property": "p", "op": "is_set"}]}))
    assert [one.property for one in question.anchor.where] == ["device"]
    assert [one.property for one in question.nodes.where] == ["p", "device"]


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"kind": "retention"}, "start", "is needed"),
        (retention(start={}), "start.event", "must be the name of an event"),
        (retention(start=7), "start", "must be an object"),
        (retention(**{"return": {"evnt": "a"}}), "return.evnt", "did you mean 'event'"),
        (retention(**{"return": {"zzz": "a"}}), "return.zzz", "is not known here; use: event, "),
        (retention(by="year"), "by", "use one of: hour, day, week, month"),
        (retention(by=None), "by", "use one of"),
        (retention(periods=0), "periods", "from 1 to 100"),
        (retention(periods=101), "periods", "from 1 to 100"),
        (retention(periods=2.0), "periods", "whole number"),
        (retention(mode="after"), "mode", "on, on_or_after"),
        (retention(count="deals"), "count", "use one of"),
        (retention(breakdown={"property": "p", "attribution": "all"}), "breakdown.attribution", "is not known here"),
        (retention(breakdown={"property": ""}), "breakdown.property", "name of a property"),
        (retention(period={"timezone": "Mars/Base"}), "period.timezone", "is no time zone"),
        (retention(people={"segment": "b2b"}), "people.segment", "not answered yet"),
        (retention(window=3), "window", "is not known here"),
        (
            retention(start={"event": "a", "where": [{"property": "p", "value": "x", "of": "person_then"}]}),
            "start.where[0].of",
            "must be event or person here",
        ),
        ({"kind": "paths"}, "anchor", "is needed"),
        (paths(anchor={"event": []}), "anchor.event", "must be the name of an event"),
        (paths(direction="around"), "direction", "after, before"),
        (paths(depth=0), "depth", "from 1 to 10"),
        (paths(depth=11), "depth", "from 1 to 10"),
        (paths(top=True), "top", "from 1 to 20"),
        (paths(collapse_repeats="yes"), "collapse_repeats", "true or false"),
        (paths(by=""), "by.property", "must be the name of a property"),
        (paths(by=3), "by", "must be an object"),
        (paths(by={"property": "path", "event": ""}), "by.event", "must be the name of an event"),
        (paths(window={"value": -1, "unit": "day"}), "window.value", "0 or more"),
        (paths(nodes={"event": "a", "where": [{"property": "p", "op": "~"}]}), "nodes.where[0].op", "no operator"),
        (paths(where=[{"property": "p", "value": "x", "of": "person_then"}]), "where[0].of", "event or person"),
        (paths(steps=[]), "steps", "is not known here"),
    ],
)
def test_what_cannot_be_read_is_refused_with_where_and_what_would_be_right(given, field, message):
    with pytest.raises(QuestionError) as refused:
        parse(given)
    assert refused.value.field == field
    assert message in refused.value.message


def test_a_window_is_read_in_microseconds():
    assert parse(paths(window={"value": 1.5, "unit": "day"})).window == DAY * 3 // 2


ODD = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=3)
    | st.sampled_from(["a", "*", "path", "day"])
)
ANYTHING = st.recursive(
    ODD, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner), max_leaves=4
)
STEP = st.sampled_from(["a", "*", ["a", "b"]]) | st.fixed_dictionaries(
    {"event": ODD}, optional={"where": ANYTHING, "label": ODD}
)
PERIOD = st.fixed_dictionaries(
    {},
    optional={name: ANYTHING | st.sampled_from(["0001-01-01", "2026-01-01", "9999-12-31"]) for name in ("from", "to")},
)
BREAKDOWN = st.fixed_dictionaries(
    {"property": st.sampled_from(["p", "\0", "'"])}, optional={"of": ODD, "limit": st.integers(0, 3)}
)
SHARED = {"period": PERIOD, "breakdown": BREAKDOWN | ANYTHING, "where": ANYTHING, "people": ANYTHING}
RETENTIONS = {
    "start": STEP,
    "return": STEP | ANYTHING,
    "by": st.sampled_from(["hour", "month", "week"]) | ODD,
    "periods": st.integers(-1, 101),
}
PATHS = {
    "anchor": STEP,
    "nodes": STEP | ANYTHING,
    "by": ANYTHING,
    "window": ANYTHING,
    "depth": st.integers(0, 11),
    "top": st.integers(0, 21),
}


@given(
    st.fixed_dictionaries({"kind": st.just("retention")}, optional=RETENTIONS | SHARED)
    | st.fixed_dictionaries({"kind": st.just("paths")}, optional=PATHS | SHARED)
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_asked_is_answered_or_refused(question):
    rows = [
        {"person": "x", "event": name, "timestamp": at, "properties": {"p": name}} for at, name in enumerate("abab")
    ]
    world = dataset_of_rows(rows)
    with suppress(QuestionError):
        assert answer(question, world)["kind"] == question["kind"]
