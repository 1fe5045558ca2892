"""Questions are read as the contract writes them, and refused with where, what is wrong and what would be right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullfunnel.core import clock
from fullfunnel.journeys.questions.reading import QuestionError, parse

DAY = 86_400_000_000


def funnel(**fields):
    return {"kind": "funnel", "steps": [{"event": "a"}, {"event": "b"}]} | fields


def day(text):
    return clock.to_us(clock.datetime.fromisoformat(text))


def test_only_kind_and_steps_are_required_and_defaults_are_those_of_the_contract():
    question = parse(funnel())
    assert (question.order, question.count, question.entries, question.window) == (
        "ordered",
        "people",
        "best",
        14 * DAY,
    )
    assert (question.late_conversions, question.show, question.exclude, question.breakdown) == (True, "steps", (), None)


def test_the_example_of_the_contract_is_read_but_for_what_follows_later():
    question = parse(
        {
            "kind": "funnel",
            "steps": [
                {
                    "event": "page_viewed",
                    "where": [{"property": "path", "op": "=", "value": "/pricing"}],
                    "label": "Saw the price",
                },
                {"event": ["form_submitted", "demo_requested"]},
                {"event": "proposal_sent", "optional": True},
                {"event": "deal_won"},
            ],
            "order": "ordered",
            "count": "people",
            "entries": "best",
            "window": {"value": 14, "unit": "day"},
            "exclude": [{"event": "refund_asked", "from": 1, "to": 2, "effect": "drop"}],
            "breakdown": {"property": "device", "of": "event", "attribution": "first", "step": 1, "limit": 25},
            "period": {"from": "2026-01-01", "to": "2026-03-31", "timezone": "Europe/Berlin"},
            "late_conversions": True,
            "show": "steps",
        }
    )
    assert [step.label for step in question.steps] == [
        "Saw the price",
        "form_submitted or demo_requested",
        "proposal_sent",
        "deal_won",
    ]
    assert (question.period.start, question.period.end) == (
        day("2025-12-31T23:00:00+00:00"),
        day("2026-03-31T22:00:00+00:00"),
    )


def test_event_names_pass_through_the_vocabulary_and_the_star_does_not():
    question = parse(
        funnel(steps=[{"event": ["Order Completed", "*"]}]), canonical=lambda name: name.lower().replace(" ", "_")
    )
    assert question.steps[0].events == ("order_completed", "*")


def test_a_date_without_a_zone_is_of_the_zone_given():
    question = parse(funnel(period={"from": "2026-03-29", "to": "2026-03-29"}), timezone="Europe/Berlin")
    assert question.period.end - question.period.start == 23 * 3_600_000_000


def test_a_time_of_day_is_included():
    question = parse(
        funnel(period={"from": "2026-01-01T10:00", "to": "2026-01-01T10:00:00.5+01:00"} | {"from": "2026-01-01T08:00"})
    )
    assert question.period.end == day("2026-01-01T09:00:00.500001+00:00")


@pytest.mark.parametrize(
    ("span", "microseconds"),
    [({"value": 1.5, "unit": "hour"}, 5_400_000_000), ({"value": 1, "unit": "month"}, 30 * DAY)],
)
def test_a_span_is_absolute(span, microseconds):
    assert parse(funnel(window=span)).window == microseconds


def test_null_is_no_window():
    assert parse(funnel(window=None)).window is None


def test_a_trend_is_read_with_its_series():
    question = parse(
        {"kind": "trend", "series": [{"event": "a", "measure": "sum", "property": "revenue"}], "by": "week"}
    )
    assert (question.series[0].measure, question.series[0].property, question.by) == ("sum", "revenue", "week")


@pytest.mark.parametrize(
    ("question", "field", "part"),
    [
        ([], "question", "JSON object"),
        ({"steps": ["a"]}, "kind", "funnel, trend"),
        ({"kind": "funel"}, "kind", "'funnel'"),
        ({"kind": "stages", "sells": "houses"}, "sells", "companies, households, online, both"),
        ({"kind": "stages", "stage": "lead"}, "stage", "is not known here"),
        ({"kind": "stages", "show": "people", "stage": "lead"}, "stage", "use one of: awareness"),
        ({"kind": "stages", "show": "people", "stage": "opportunity", "outcome": "alone"}, "outcome", "reached, won"),
        ({"kind": "stages", "breakdown": {"property": "browser"}}, "breakdown.property", "channel, campaign, device"),
        ({"kind": "stages", "channel": [7]}, "channel", "a list of at most 50 texts"),
        ({"kind": "funnel"}, "steps", "list of 1 to 30"),
        (funnel(steps=[]), "steps", "list of 1 to 30"),
        (funnel(steps=[{"event": "a"}] * 31), "steps", "30"),
        (funnel(windw=None), "windw", "'window'"),
        ({"kind": "funnel", "stesp": ["a"]}, "stesp", "did you mean 'steps'?"),
        (funnel(steps=[{"evnt": "a"}]), "steps[0].evnt", "'event'"),
        (funnel(steps=[{"event": ""}]), "steps[0].event", "name"),
        (funnel(steps=[{"event": []}]), "steps[0].event", "name"),
        (
            funnel(steps=["a", {"event": "b", "where": [{"property": "p", "op": "~", "value": 1}]}]),
            "steps[1].where[0].op",
            "contains",
        ),
        (funnel(steps=["a", {"event": "b", "where": {}}]), "steps[1].where", None),
        (funnel(steps=["a", {"event": "b", "where": [{}] * 51}]), "steps[1].where", "at most 50 conditions"),
        (funnel(steps=[{"event": "a", "optional": True}]), "steps[0].optional", "first step"),
        (funnel(steps=["a", {"event": "b", "optional": 1}]), "steps[1].optional", "true or false"),
        (funnel(steps=["a", {"event": "b", "optional": True}], order="any"), "steps[1].optional", "any"),
        (funnel(steps=["a", {"event": "b", "within": {"value": 1}}], order="any"), "steps[1].within", "window"),
        (funnel(steps=["a", {"event": "b", "within": {"value": -1}}]), "steps[1].within.value", "0 or more"),
        (funnel(steps=["a", *[{"event": "b", "optional": True}] * 7], order="strict"), "steps", "at most 6"),
        (funnel(order="orderd"), "order", "'ordered'"),
        (funnel(order=["any"]), "order", "strict"),
        (funnel(count="company"), "count", "'companies'"),
        (funnel(show="trend", by="year"), "by", "month"),
        (funnel(hold="product"), "hold", "at most 4 names"),
        (funnel(hold=["a", "b", "c", "d", "e"]), "hold", "at most 4 names"),
        (funnel(hold=["a", ""]), "hold", "names of event properties"),
        (funnel(hold=["a", "a"]), "hold", "once"),
        (funnel(people={"segment": "b2b"}), "people.segment", "not answered yet"),
        (funnel(window={"value": 1, "unit": "days"}), "window.unit", "'day'"),
        (funnel(window={"value": "1"}), "window.value", "number"),
        (funnel(window={"value": True}), "window.value", "number"),
        (funnel(window={"value": 1e30}), "window.value", "at most 7,300,000 days"),
        (funnel(window={"value": float("nan")}), "window.value", "number"),
        (funnel(window=14), "window", "object"),
        (funnel(exclude=[{"event": "x", "from": 2, "to": 2}]), "exclude[0].from", "must be 1, the only"),
        (funnel(exclude=[{"event": "x", "from": 1, "to": 3}]), "exclude[0].to", "must be 2, the only"),
        (funnel(steps=["a"], exclude=[{"event": "x"}]), "exclude[0]", "two steps"),
        (funnel(exclude=[{"event": "x", "effect": "delete"}]), "exclude[0].effect", "remove"),
        (funnel(breakdown={"of": "event"}), "breakdown.property", "name"),
        (funnel(breakdown={"property": "p", "step": 3}), "breakdown.step", "1 to 2"),
        (funnel(breakdown={"property": "p", "limit": 0}), "breakdown.limit", "1 to 1000"),
        (funnel(period={"from": "2026-13-01"}), "period.from", "date"),
        (funnel(period={"from": "yesterday"}), "period.from", "date"),
        (funnel(period={"from": "2026-01-02", "to": "2026-01-01"}), "period.to", "before"),
        (funnel(period={"to": "9999-12-31"}), "period.to", "too far away; use a moment from"),
        (funnel(period={"timezone": "Mars"}), "period.timezone", "Europe/Berlin"),
        (funnel(period={"timezone": "../etc/passwd"}), "period.timezone", "Europe/Berlin"),
        (funnel(period={"timezone": "localtime"}), "period.timezone", "Europe/Berlin"),
        (funnel(period={"timezone": 1}), "period.timezone", "Europe/Berlin"),
        (funnel(late_conversions="no"), "late_conversions", "true or false"),
        (funnel(show="people", step=3), "step", "1 to 2"),
        (funnel(show="people", outcome="lost"), "outcome", "dropped"),
        (funnel(show="people", limit=-1), "limit", "0 to"),
        (funnel(show="people", group="x"), "group", "breakdown"),
        (funnel(show="time_to_convert", from_step=2, to_step=2), "from_step", "must be 1, the only"),
        (funnel(steps=["a"], show="time_to_convert"), "show", "two steps"),
        ({"kind": "trend", "series": []}, "series", "list of 1"),
        ({"kind": "trend", "series": [{"event": "a", "measure": "sum"}]}, "series[0].property", "revenue"),
        (
            {
                "kind": "trend",
                "series": [{"event": "a", "where": [{"property": "p", "op": "is_set", "of": "person_then"}]}],
            },
            "series[0].where[0].of",
            "person",
        ),
        (
            {"kind": "trend", "series": [{"event": "a"}], "breakdown": {"property": "p", "attribution": "first"}},
            "breakdown.attribution",
            "use: property, of, limit",
        ),
    ],
)
def test_a_question_that_cannot_be_read_says_where_and_what_would_be_right(question, field, part):
    if part is None:
        assert parse(question).steps[1].where == ()
        return
    with pytest.raises(QuestionError) as caught:
        parse(question)
    assert caught.value.field == field
    assert part in caught.value.message


json = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.sampled_from(["a", "funnel", "any", "day"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=8,
)
KEYS = [
    "steps",
    "order",
    "count",
    "entries",
    "window",
    "exclude",
    "breakdown",
    "period",
    "show",
    "step",
    "group",
    "limit",
    "bins",
    "people",
    "hold",
]


def refusal(question):
    """Why a question is refused; None when it is read."""
    try:
        parse(question)
    except QuestionError as error:
        return error
    return None


@given(st.dictionaries(st.sampled_from(KEYS), json, max_size=4))
def test_whatever_stands_in_a_field_it_is_read_or_refused_with_a_sentence(fields):
    refused = refusal(funnel(**fields))
    assert refused is None or (refused.field and refused.message)


@given(json)
def test_whatever_is_asked_it_is_refused_with_a_sentence_unless_it_is_a_question(question):
    refused = refusal(question)
    assert refused is not None
    assert refused.field in ("question", "kind")
