"""Forms of declared kinds: the link, the question and the fields say the same; presses and refusals find their control."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from fullfunnel.analytics.forms.form import QuestionFields
from fullfunnel.analytics.forms.state import BreakdownFields, ConditionFields
from fullfunnel.analytics.kinds.attribution import ATTRIBUTION
from fullfunnel.analytics.kinds.paths import PATHS
from fullfunnel.analytics.kinds.retention import RETENTION
from fullfunnel.analytics.kinds.trend import TREND
from fullfunnel.journeys.questions.periods import PeriodFields
from fullfunnel.journeys.questions.reading import parse

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
DECLARED = [TREND, RETENTION, PATHS, ATTRIBUTION]
word = st.text("abcÄ/_ &=+,;", min_size=1, max_size=6).map(str.strip).filter(bool)
conditions = st.lists(st.builds(ConditionFields, word, st.sampled_from(["=", ">", "in"]), word), max_size=2).map(tuple)


@st.composite
def filled(draw, kind):
    """Fields of this kind with something in every control."""

    def said(controls):
        found = {}
        for control in controls:
            if control.options and control.form != "span":
                found[control.key] = draw(st.sampled_from([value for value, _ in control.options]))
            else:
                found[control.key] = draw(st.sampled_from([control.default, "7", "x"]))
            if control.form == "span":
                found[f"{control.key}.unit"] = draw(st.sampled_from(["hour", "none"]))
        return found

    parts = {}
    for part in kind.parts:
        count = draw(st.integers(1, min(part.most, 3)))
        steps = []
        for _ in range(count):
            events = tuple(draw(st.lists(word, min_size=1, max_size=2)))
            steps.append(
                replace(kind.empty(part.letter), events=events, conditions=draw(conditions), own=said(part.controls))
            )
        parts[part.letter] = tuple(steps)
    breakdown = BreakdownFields("plan", "person") if kind.breakdown_owners else BreakdownFields()
    return QuestionFields(parts, said(kind.controls), breakdown, PeriodFields("30d"))


@pytest.mark.parametrize("kind", DECLARED, ids=lambda kind: kind.name)
@given(data=st.data())
def test_a_link_reads_as_the_fields_that_wrote_it(kind, data):
    fields = data.draw(filled(kind))
    assert kind.read(QueryDict(kind.write(fields))) == fields


@pytest.mark.parametrize("kind", DECLARED, ids=lambda kind: kind.name)
def test_an_address_without_an_event_says_no_question(kind):
    assert kind.read(QueryDict("period=30d&by=device")) is None


@pytest.mark.parametrize("kind", DECLARED, ids=lambda kind: kind.name)
def test_what_the_fields_ask_can_be_read_and_comes_back(kind):
    fields = kind.fields(**{part.letter: "page_viewed" for part in kind.parts})
    fields = replace(fields, breakdown=BreakdownFields("device") if kind.breakdown_owners else BreakdownFields())
    question = kind.to_question(fields, NOW, "Europe/Berlin")
    assert parse(question).kind == kind.name
    assert kind.from_question(question, "90d", "Europe/Berlin", kind.view_of(fields)) == fields


def test_the_question_of_a_trend_says_its_series_and_leaves_out_what_is_empty():
    fields = TREND.read(
        QueryDict("e1=order_completed&e1.measure=sum&e1.property=revenue&e1.p=plan&e1.v=pro&e2=a&e2=b&each=week")
    )
    assert TREND.to_question(fields, NOW, "UTC") == {
        "kind": "trend",
        "series": [
            {
                "event": "order_completed",
                "where": [{"property": "plan", "op": "=", "value": "pro"}],
                "measure": "sum",
                "property": "revenue",
            },
            {"event": ["a", "b"], "measure": "people"},
        ],
        "by": "week",
        "period": {"from": "2026-01-01", "to": "2026-03-31", "timezone": "UTC"},
    }


def test_a_return_that_is_left_empty_is_not_asked():
    question = RETENTION.to_question(RETENTION.fields(a="signed_up"), NOW, "UTC")
    assert "return" not in question
    assert (question["start"], question["periods"], question["mode"]) == ({"event": "signed_up"}, 8, "on")


def test_a_limit_of_time_is_asked_only_when_it_is_said():
    assert "window" not in PATHS.to_question(PATHS.fields(a="x"), NOW, "UTC")
    asked = PATHS.to_question(PATHS.read(QueryDict("a1=x&window=3&window.unit=hour&collapse=0")), NOW, "UTC")
    assert (asked["window"], asked["collapse_repeats"]) == ({"value": 3, "unit": "hour"}, False)
    assert PATHS.from_question(asked, "", "UTC").values["window"] == "3"


@pytest.mark.parametrize(
    ("do", "events", "focus"),
    [
        ("e-add", [("a",), ("b",), ("",)], "e3-e0"),
        ("e-remove:0", [("b",)], "e1-e0"),
        ("e-add-name:1", [("a",), ("b", "")], "e2-e1"),
        ("e-remove:x", [("a",), ("b",)], ""),
        ("e-add-name:9", [("a",), ("b",)], ""),
        ("z-add", [("a",), ("b",)], ""),
        ("nonsense", [("a",), ("b",)], ""),
    ],
)
def test_a_press_changes_the_steps_and_says_where_the_focus_goes(do, events, focus):
    fields, found = TREND.edited(TREND.fields(e=["a", "b"]), do)
    assert [step.events for step in fields.parts["e"]] == events
    assert found == focus


def test_a_condition_comes_and_goes():
    fields, focus = PATHS.edited(PATHS.fields(a="x"), "a-add-condition:0")
    assert (len(fields.parts["a"][0].conditions), focus) == (1, "a1-0-p")
    fields, _ = PATHS.edited(fields, "a-remove-condition:0:0")
    assert fields.parts["a"][0].conditions == ()


@pytest.mark.parametrize(
    ("kind", "link", "field", "control"),
    [
        (TREND, "e1=&e2=a", "series[0].event", "e2-e0"),
        (TREND, "e1=a&e1.measure=sum", "series[0].property", "e1-property"),
        (TREND, "e1=a&e1.p=&e1.v=&e1.p=x&e1.v=y", "series[0].where[0].op", "e1-1-op"),
        (TREND, "e1=a", "by", "each"),
        (TREND, "e1=a", "period.to", "to"),
        (RETENTION, "a1=a", "return.event", "r1-e0"),
        (RETENTION, "a1=a", "periods", "periods"),
        (RETENTION, "a1=a", "start", "a1-e0"),
        (PATHS, "a1=a", "window.value", "window"),
        (PATHS, "a1=a", "people.segment", ""),
    ],
)
def test_a_refusal_finds_its_control(kind, link, field, control):
    assert kind.control_of(field, kind.read(QueryDict(link))) == control


def test_the_words_of_a_question():
    question = TREND.to_question(TREND.read(QueryDict("e1=deal_won&e1.p=plan&e1.v=pro&e2=page_viewed")), NOW, "UTC")
    assert TREND.words(question) == "Deal won where plan is pro; Page viewed"
