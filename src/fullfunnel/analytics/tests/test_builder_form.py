"""The builder's query string, its edits and the question it asks."""

from datetime import UTC, datetime

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from fullfunnel.analytics.forms.link import read_fields, write_fields
from fullfunnel.analytics.forms.parts import join_list, split_list
from fullfunnel.analytics.forms.question import control_of, from_question, to_question
from fullfunnel.analytics.forms.state import (
    BreakdownFields,
    ConditionFields,
    ExclusionFields,
    FunnelFields,
    StepFields,
    edited,
)
from fullfunnel.journeys.questions.periods import PeriodFields, days_of, previous_days

NOW = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
word = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=8)
conditions = st.lists(
    st.builds(
        ConditionFields, word, st.sampled_from(["=", ">", "in", "contains"]), word, st.sampled_from(["event", "person"])
    ),
    max_size=3,
).map(tuple)
names = st.lists(word, min_size=1, max_size=3).map(tuple)
steps = st.lists(
    st.builds(
        StepFields, names, st.one_of(st.just(""), word), conditions, st.booleans(), st.booleans(), st.just("3"),
        st.sampled_from(["day", "hour"]),
    ),
    min_size=1,
    max_size=5,
).map(tuple)  # fmt: skip
exclusions = st.lists(st.builds(ExclusionFields, names, conditions, word, word, word), max_size=2).map(tuple)
builders = st.builds(
    FunnelFields,
    steps,
    exclusions,
    order=word,
    window=word,
    window_unit=word,
    breakdown=st.one_of(st.just(BreakdownFields()), st.builds(BreakdownFields, word, word, word, word, word)),
    period=st.one_of(st.just(PeriodFields("30d")), st.builds(PeriodFields, st.just("custom"), word, word, word)),
    late_conversions=st.booleans(),
    hold=st.one_of(st.just(""), word),
)


@given(builders)
def test_a_link_reads_as_the_builder_that_wrote_it(fields):
    assert read_fields(QueryDict(write_fields(fields))) == fields


def test_an_empty_query_names_no_funnel():
    assert read_fields(QueryDict("period=30d")) is None


def test_the_default_funnel_makes_a_short_link():
    fields = FunnelFields(steps=(StepFields(("page_viewed",)), StepFields(("deal_won",))))
    assert write_fields(fields) == "s1=page_viewed&s2=deal_won"


def test_parts_still_empty_are_left_out_of_link_and_question():
    fields = read_fields(QueryDict("s1=a&s2=&s3=b&s3.p=&s3.v=x&s3.p=path&s3.v=/y"))
    assert write_fields(fields) == "s1=a&s2=b&s2.p=path&s2.v=/y"
    question = to_question(fields, NOW, "UTC")
    assert question["steps"] == [
        {"event": "a"},
        {"event": "b", "where": [{"property": "path", "op": "=", "value": "/y"}]},
    ]


def test_the_question_carries_every_control():
    link = (
        "s1=a&s1=b&s1.label=Began&s1.p=seats&s1.op=between&s1.v=2,+10.5&s1.of=person&s2=c&s2.optional=1&s2.first=1"
        "&s2.within=3&s2.unit=hour&x1=d&x1.to=2&x1.effect=stop&order=strict&entries=first&count=sessions&unit=none"
        "&by=device&by.how=step&by.step=2&by.limit=5&period=custom&from=2026-01-01&to=2026-01-31&tz=Europe/Berlin&late=0"
    )
    assert to_question(read_fields(QueryDict(link)), NOW, "UTC") == {
        "kind": "funnel",
        "steps": [
            {
                "event": ["a", "b"],
                "where": [{"property": "seats", "op": "between", "value": [2, 10.5], "of": "person"}],
                "label": "Began",
            },
            {"event": "c", "optional": True, "first_ever": True, "within": {"value": 3, "unit": "hour"}},
        ],
        "order": "strict",
        "count": "sessions",
        "entries": "first",
        "window": None,
        "exclude": [{"event": "d", "from": 1, "to": 2, "effect": "stop"}],
        "breakdown": {"property": "device", "of": "event", "limit": 5, "attribution": "step", "step": 2},
        "period": {"from": "2026-01-01", "to": "2026-01-31", "timezone": "Europe/Berlin"},
        "late_conversions": False,
    }


def test_a_question_opens_in_the_builder_that_asks_it():
    link = "s1=a&s2=c&s2.p=x&s2.op=in&s2.v=one,+two&x1=d&x1.from=2&window=2&unit=week&by=plan&by.of=person&period=custom&from=2026-01-01&to=2026-01-31&tz=UTC"
    fields = read_fields(QueryDict(link))
    again = from_question(to_question(fields, NOW, "UTC"))
    assert to_question(again, NOW, "UTC") == to_question(fields, NOW, "UTC")
    assert from_question(to_question(fields, NOW, "UTC"), preset="30d").period == PeriodFields("30d", zone="UTC")


def test_days_are_those_of_the_zone():
    question = to_question(FunnelFields(period=PeriodFields("7d")), NOW, "Europe/Berlin")
    assert question["period"] == {"from": "2026-03-26", "to": "2026-04-01", "timezone": "Europe/Berlin"}


@pytest.mark.parametrize(
    ("preset", "days"),
    [
        ("month", ("2026-03-01", "2026-03-31")),
        ("last-month", ("2026-02-01", "2026-02-28")),
        ("7d", ("2026-03-25", "2026-03-31")),
    ],
)
def test_presets_are_whole_days(preset, days):
    assert tuple(day.isoformat() for day in days_of(preset, NOW.date())) == days


def test_the_period_before_has_the_same_length():
    start, end = days_of("7d", NOW.date())
    assert tuple(day.isoformat() for day in previous_days(start, end)) == ("2026-03-18", "2026-03-24")


@pytest.mark.parametrize(
    ("do", "events"),
    [
        ("up:1", ["b", "a", "c"]),
        ("down:1", ["a", "c", "b"]),
        ("move:0:2", ["b", "c", "a"]),
        ("remove-step:1", ["a", "c"]),
        ("add-step", ["a", "b", "c", ""]),
        ("up:0", ["a", "b", "c"]),
        ("down:2", ["a", "b", "c"]),
        ("move:0:9", ["a", "b", "c"]),
        ("up:x", ["a", "b", "c"]),
        ("up", ["a", "b", "c"]),
        ("explode:1", ["a", "b", "c"]),
    ],
)
def test_steps_are_added_removed_and_moved(do, events):
    fields = FunnelFields(steps=tuple(StepFields((name,)) for name in "abc"))
    assert [step.events[0] for step in edited(fields, do).steps] == events


def test_the_last_step_can_be_emptied_but_not_taken_away():
    assert edited(FunnelFields(steps=(StepFields(("a",)),)), "remove-step:0").steps == (StepFields(),)


def test_names_conditions_and_exclusions_are_added_and_removed():
    fields = FunnelFields(steps=(StepFields(("a",)),))
    for do in ("add-name:0", "add-condition:0", "add-exclusion", "x-add-condition:0"):
        fields = edited(fields, do)
    assert fields.steps[0] == StepFields(("a", ""), conditions=(ConditionFields(),))
    assert fields.exclusions == (ExclusionFields(conditions=(ConditionFields(),)),)
    for do in ("remove-name:0:0", "remove-condition:0:0", "remove-exclusion:0"):
        fields = edited(fields, do)
    assert fields == FunnelFields(steps=(StepFields(),))


@pytest.mark.parametrize(
    ("field", "control"),
    [
        ("steps[1].where[0].op", "s3-1-op"),
        ("steps[0].event", "s1-e0"),
        ("steps[1].within.value", "s3-within"),
        ("steps[1].label", "s3-label"),
        ("exclude[0].to", "x1-to"),
        ("window", "window"),
        ("period.timezone", "tz"),
        ("steps[7].event", ""),
        ("hold[0]", ""),
    ],
)
def test_a_refusal_points_at_its_control_past_the_empty_ones(field, control):
    fields = read_fields(QueryDict("s1=a&s2=&s3=b&s3.p=&s3.v=&s3.p=path&s3.v=/y&x1=d"))
    assert control_of(field, fields) == control


@given(st.lists(word, max_size=4))
def test_lists_read_as_they_were_written(values):
    assert split_list(join_list(values)) == values
