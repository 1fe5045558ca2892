"""The grammar over a person and a journey: read, said in words, bound, judged."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullfunnel.events.conditions import (
    Happening,
    QuestionError,
    bound,
    clause_json,
    clause_words,
    first_moment,
    holds,
    parse_clause,
)

BERLIN, DAY = ZoneInfo("Europe/Berlin"), 86_400_000_000
PRICE = {"property": "path", "op": "=", "value": "/pricing"}


def seen(day, path="/pricing", session=1, name="page_viewed", **properties):
    return Happening(name, int(day * DAY), session, {"path": path} | properties)


def has(**said):
    return parse_clause({"has": {"event": "page_viewed"} | said})


def first(clause, *journey):
    moment = first_moment(clause, journey, BERLIN)
    return None if moment is None else moment / DAY


def test_events_are_counted_from_the_one_that_makes_them_enough():
    clause = has(where=[PRICE], at_least=2)
    assert first(clause, seen(1), seen(2, "/docs"), seen(3), seen(4)) == 3
    assert first(clause, seen(1), seen(2, "/docs")) is None


def test_sessions_count_once_and_what_is_in_none_does_not_count():
    clause = has(at_least=2, count="sessions")
    assert first(clause, seen(1, session=1), seen(2, session=1), seen(3, session=-1), seen(4, session=2)) == 4


def test_a_span_slides_and_its_ends_count():
    clause = has(at_least=2, count="sessions", within={"value": 14, "unit": "day"})
    assert first(clause, seen(0, session=1), seen(15, session=2), seen(29, session=3)) == 29
    assert first(clause, seen(0, session=1), seen(15, session=2), seen(30, session=3)) is None


def test_a_session_counts_by_its_latest_event_within_the_span():
    clause = has(at_least=2, count="sessions", within={"value": 1, "unit": "day"})
    assert first(clause, seen(0, session=1), seen(0.5, session=1), seen(1.5, session=2)) == 1.5


def test_days_are_those_of_the_zone():
    # 23:30 UTC is the next day in Berlin.
    clause = has(at_least=2, count="days")
    assert first(clause, seen(0.1), seen(0.98)) == 0.98
    assert first_moment(clause, [seen(0.1), seen(0.98)], ZoneInfo("UTC")) is None


def test_weeks_begin_on_monday():
    # 1970 began on a Thursday: day 4 is a Monday.
    clause = has(at_least=2, count="weeks")
    assert first(clause, seen(0.1), seen(3.5), seen(4.5)) == 4.5


def test_values_and_the_same_value():
    assert first(has(at_least=2, count="values", value="path"), seen(1, "/a"), seen(2, "/a"), seen(3, "/b")) == 3
    same = has(at_least=2, count="days", each="path")
    assert first(same, seen(1, "/a"), seen(2, "/b"), seen(3, "/b")) == 3


def test_moments_before_one_count_towards_it_and_are_not_it():
    clause = has(at_least=2)
    assert first_moment(clause, [seen(1), seen(2), seen(9)], BERLIN, not_before=5 * DAY) == 9 * DAY


def test_groups_join_what_is_known_of_a_person():
    journey = [seen(1), seen(2, session=2)]
    pro = {"property": "plan", "op": "=", "value": "pro"}
    twice = {"has": {"event": "page_viewed", "count": "sessions", "at_least": 2}}
    thrice = {"has": {"event": "page_viewed", "at_least": 3}}
    for said, expected in [
        ({"all": [pro, twice]}, True),
        ({"all": [pro, thrice]}, False),
        ({"any": [thrice, twice]}, True),
        ({"any": [thrice]}, False),
        ({"none": [thrice]}, True),
        ({"none": [thrice, pro]}, False),
    ]:
        assert holds(parse_clause(said), {"plan": "pro"}, journey, BERLIN) is expected, said


def test_relative_days_are_days_of_the_zone():
    clause = parse_clause({"property": "first_seen", "op": "since", "value": {"days_ago": 2}})
    then = bound(clause, me="", today=date(2026, 3, 31))
    assert clause_json(then)["value"] == "2026-03-29"
    # Midnight in Berlin is 23:00 UTC of the day before.
    assert holds(then, {"first_seen": "2026-03-28T23:00:00+00:00"}, [], BERLIN)
    assert not holds(then, {"first_seen": "2026-03-28T22:59:59+00:00"}, [], BERLIN)
    assert not holds(then, {}, [], BERLIN)
    before = parse_clause({"property": "first_seen", "op": "before", "value": "2026-03-29"})
    assert holds(before, {"first_seen": "2026-03-28T22:59:59+00:00"}, [], BERLIN)


def test_events_since_a_day():
    clause = has(at_least=2, since={"days_ago": 1})
    then = bound(clause, me="", today=date(1970, 1, 5))
    assert holds(then, {}, [seen(3.5), seen(4)], BERLIN)
    assert not holds(then, {}, [seen(2.5), seen(4)], BERLIN)


def test_me_is_the_one_who_asks():
    clause = parse_clause({"property": "owner", "op": "in", "value": ["@me", "Bob"]})
    assert holds(bound(clause, me="Alice", today=date(2026, 1, 1)), {"owner": "Alice"}, [], BERLIN)
    assert not holds(bound(clause, me="Carol", today=date(2026, 1, 1)), {"owner": "Alice"}, [], BERLIN)


def test_in_words():
    price = has(where=[PRICE], at_least=2, count="sessions", within={"value": 14, "unit": "day"})
    assert clause_words(price) == "page_viewed where path is /pricing, in 2 sessions within 14 days"
    said = {"all": [{"none": [PRICE]}, {"any": [PRICE, {"has": {"event": ["a", "b"], "since": {"days_ago": 1}}}]}]}
    assert clause_words(parse_clause(said)) == (
        "not (path is /pricing) and (path is /pricing or a or b, since yesterday)"
    )
    assert clause_words(has(at_least=2, count="values", value="path")) == "page_viewed, with 2 values of path"
    assert clause_words(has(at_least=2, count="days", each="sku")) == "page_viewed, on 2 days with the same sku"


@pytest.mark.parametrize(
    ("said", "field", "message"),
    [
        ([], "where", "must be an object"),
        ({"any": []}, "where.any", "must be a list of 1 to 50"),
        ({"all": [{"any": [{"none": [{"all": [PRICE]}]}]}]}, "where.all[0].any[0].none[0].all", "nested too deep"),
        ({"any": [PRICE], "all": [PRICE]}, "where.any", "is not known here"),
        ({"has": {"event": "a", "at_leest": 2}}, "where.has.at_leest", "did you mean 'at_least'"),
        ({"has": {"event": "a", "at_least": 0}}, "where.has.at_least", "a whole number from 1 to 1,000"),
        ({"has": {"event": "a", "count": "hours"}}, "where.has.count", "use one of: times, sessions"),
        ({"has": {"event": "a", "count": "values"}}, "where.has.value", "names the property"),
        ({"has": {"event": "a", "within": {"value": 1, "unit": "year"}}}, "where.has.within.unit", "use one of"),
        ({"has": {"event": "a", "within": {"value": 1, "unit": []}}}, "where.has.within.unit", "use one of"),
        ({"property": "first_seen", "op": "since", "value": "soon"}, "where.value", "must be a date"),
        ({"property": "first_seen", "op": "since", "value": "0001-01-01"}, "where.value", "between the years"),
        ({"property": "first_seen", "op": "since", "value": "9999-12-31"}, "where.value", "between the years"),
        ({"property": "a", "op": "since", "value": {"days_ago": -1}}, "where.value.days_ago", "a whole number"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(said, field, message):
    with pytest.raises(QuestionError) as refused:
        parse_clause(said)
    assert refused.value.field == field
    assert message in refused.value.message


NAMES = st.sampled_from(["a", "b"])
LEAVES = st.one_of(
    st.builds(lambda n: {"property": n, "op": "=", "value": n}, NAMES),
    st.builds(lambda n, d: {"property": n, "op": "since", "value": {"days_ago": d}}, NAMES, st.integers(0, 9)),
    st.builds(
        lambda n, k, c, w: {"has": {"event": n, "at_least": k, "count": c, "within": {"value": w, "unit": "hour"}}},
        NAMES, st.integers(1, 4), st.sampled_from(["times", "days"]), st.integers(1, 99),
    ),
)  # fmt: skip
GROUPED = st.builds(
    lambda op, of: {op: of}, st.sampled_from(["all", "any", "none"]), st.lists(LEAVES, min_size=1, max_size=3)
)


@given(st.one_of(LEAVES, GROUPED))
def test_json_is_read_as_what_wrote_it(said):
    clause = parse_clause(said)
    assert parse_clause(clause_json(clause)) == clause
