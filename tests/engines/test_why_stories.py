"""The sentences of a trace, each with a story that can be checked by hand."""

import random
import re

import pytest

from fullfunnel.journeys.ask import answer
from fullfunnel.journeys.datasets.file import dataset_of_rows
from fullfunnel.journeys.questions.reading import QuestionError
from tests.engines.tell import ask, told
from tests.engines.worlds import random_question, random_world

DAY = 24
WEEK = {"value": 7, "unit": "day"}


def why(world, question, unit="ada", **more):
    return answer({"kind": "why", "question": question, "unit": unit, **more}, getattr(world, "dataset", world))


def verdicts(found):
    return [(one["event"], one.get("step"), one.get("reason"), one["sentence"]) for one in found["events"]]


def reasons(found):
    return [one.get("reason") for one in found["events"]]


def test_nine_days_would_have_been_enough():
    world = told("ada see 0", f"ada form_sent {8 * DAY + 4}", until=100 * DAY)
    found = why(world, ask("see", "form_sent", window=WEEK))
    assert (found["outcome"], found["reached"]) == ("dropped", 1)
    assert [(one["change"], one["value"], one["sentence"]) for one in found["would_have"]] == [
        (
            "window",
            {"value": 9, "unit": "day", "seconds": 705_600.0},
            "9 days would have been enough: the window is 7 days and step 2, “Form sent”, came 8\xa0d\xa04\xa0h after the entry began.",
        )
    ]
    assert verdicts(found) == [
        ("see", 1, None, "Taken for step 1, “See”."),
        ("form_sent", None, "outside_window", "It came 8\xa0d\xa04\xa0h after the entry began; the window is 7 days."),
    ]
    assert found["sentence"] == (
        "It began on 2 Mar 2026, 12:00 and reached step 1, “See”. Step 2, “Form sent”, did not come within 7 days of the beginning."
    )
    assert found["entries"] == [
        {
            "entered_at": "2026-03-02T12:00:00Z",
            "reached": 1,
            "stands": True,
            "ended": "window",
            "until": "2026-03-09T12:00:00Z",
            "steps": [{"step": 1, "label": "See", "at": "2026-03-02T12:00:00Z", "event": "see"}],
        }
    ]


def test_a_step_that_came_later_than_its_own_limit():
    step = {"event": "buy", "within": {"value": 2, "unit": "hour"}}
    found = why(told("ada see 0", "ada buy 2.5", until=99), ask("see", step))
    assert found["would_have"][0]["value"] == {"step": 2, "value": 3, "unit": "hour", "seconds": 9000.0}
    assert verdicts(found)[1][2:] == (
        "later_than_within",
        "It came 2\xa0h\xa030\xa0min after the step before; this step must follow within 2 hours.",
    )


def test_without_the_exclusion_it_would_have_converted():
    world = told("ada see 0", "ada refund_asked 1", "ada buy 2")
    found = why(world, ask("see", "buy", exclude=[{"event": "refund_asked"}]))
    assert found["outcome"] == "removed"
    assert found["would_have"][0]["sentence"] == (
        "Without the exclusion of “Refund asked” it would have reached step 2, “Buy”."
    )
    assert reasons(found) == ["entry_excluded", "exclusion", "entry_excluded"]
    assert found["entries"][0]["ended"] == "excluded"


def test_a_condition_that_is_not_met_is_said_with_both_values():
    buy = {"event": "buy", "where": [{"property": "plan", "value": "pro"}]}
    found = why(told("ada see 0", "ada buy 1 plan=free"), ask("see", buy))
    assert verdicts(found)[1][2:] == ("condition", "Plan is free, not pro.")
    assert found["would_have"][0]["sentence"] == (
        "Without the condition on plan in step 2, “Buy”, it would have reached step 2, “Buy”."
    )


def test_who_still_has_time_is_told_until_when():
    found = why(told("ada see 0", until=5), ask("see", "buy", window={"value": 1, "unit": "day"}))
    assert (found["outcome"], found["entries"][0]["ended"]) == ("pending", "open")
    assert found["sentence"].endswith("It can still go on until 3 Mar 2026, 12:00.")


@pytest.mark.parametrize(
    ("happened", "question", "expected"),
    [
        (["ada see 0", "ada see 1", "ada buy 2"], ask("see", "buy", entries="first"), [None, "entry_not_first", None]),
        (
            ["ada see 0", "ada buy 1", "ada see 2", "ada buy 3"],
            ask("see", "buy"),
            ["later_entry", "before_entry", None, None],
        ),
        (
            ["ada see 0", "ada buy 1", "ada see 9"],
            ask("see", "buy", window={"value": 2, "unit": "hour"}),
            [None, None, "better_entry"],
        ),
        (["ada buy 0", "ada see 1"], ask("see", "read", "buy"), ["before_entry", None]),
        (["ada see 0", "ada buy 1", "ada read 2"], ask("see", "read", "buy"), [None, "too_early", None]),
        (["ada see 0", "ada buy 1", "ada buy 2"], ask("see", "buy"), [None, None, "already_reached"]),
        (
            ["ada see 0", "ada look 1", "ada buy 2"],
            ask("see", "buy", order="strict"),
            [None, "came_between", "entry_ended"],
        ),
        (["ada see 0", "ada mail 1 by=us"], ask("see", "*"), [None, "not_by_person"]),
        (["ada see 0", "ada see 1"], ask({"event": "see", "first_ever": True}), [None, "not_first_ever"]),
        (["ada see 0", "ada see 30"], ask("see", period={"to": "2026-03-02"}), [None, "after_period"]),
        (
            ["ada see 0", "ada x 5"],
            ask("see", "buy", exclude=[{"event": "x"}], window={"value": 1, "unit": "hour"}),
            [None, "exclusion_elsewhere"],
        ),
        (["ada see 0 p=a", "ada buy 1 p=b"], ask("see", "buy", hold=["p"]), [None, "held_value"]),
        (
            ["ada see 0 in=s1", "ada buy 1 in=s2", "ada buy 2"],
            ask("see", "buy", count="sessions"),
            [None, "other_session", "no_session"],
        ),
        (["ada see 0", "ada see 1", "ada buy 2"], ask("see", "buy", count="entries"), [None, "entry_running", None]),
    ],
)
def test_what_was_passed_over_has_its_reason(happened, question, expected):
    assert reasons(why(told(*happened, until=900), question)) == expected


def test_what_would_have_changed_it_speaks_of_the_rules_of_the_funnel_too():
    def changes(world, question):
        return [one["change"] for one in why(world, question)["would_have"]]

    assert changes(told("ada see 0", "ada look 1", "ada buy 2"), ask("see", "buy", order="strict")) == ["order"]
    assert changes(told("ada buy 0", "ada see 1"), ask("see", "buy")) == ["order"]
    assert changes(told("ada see 0", "ada see 900", "ada buy 901"), ask("see", "buy", entries="first")) == [
        "window",
        "entries",
    ]
    assert changes(told("ada see 0 p=a", "ada buy 1 p=b"), ask("see", "buy", hold=["p"])) == ["hold"]
    late = ask("see", "buy", period={"to": "2026-03-02"}, late_conversions=False)
    found = why(told("ada see 0", "ada buy 30"), late)["would_have"]
    assert [(one["change"], one["value"]) for one in found] == [
        ("period", {"to": "2026-03-03"}),
        ("late_conversions", True),
    ]


def test_who_is_not_known_is_refused_and_who_did_nothing_of_it_began_nothing():
    world = told("ada see 0", "ben look 0")
    with pytest.raises(QuestionError, match="unit: is nobody known here"):
        why(world, ask("see"), unit="cleo")
    found = why(world, ask("see"), unit="ben")
    assert (found["outcome"], found["events"], found["sentence"]) == (
        "no_entry",
        [],
        "No entry began: no event fits step 1, “See”.",
    )


def test_entries_of_thousands_of_held_values_are_refused_before_they_fill_the_memory():
    events = [{"person": "ada", "event": "x", "timestamp": at, "properties": {"k": str(at)}} for at in range(4_000)]
    world = dataset_of_rows(events)
    question = {"kind": "funnel", "steps": ["x", "y"], "count": "entries", "order": "strict"}
    assert why(world, question)["entries_left_out"] == 3_950
    with pytest.raises(QuestionError) as refused:
        why(world, question | {"hold": ["k"]})
    assert refused.value.field == "question.hold"


def test_of_several_entries_the_one_that_was_asked_for_is_told():
    world = told("ada see 0", "ada see 1", "ada buy 30", until=900)
    question = ask("see", "buy", count="entries", window={"value": 1, "unit": "hour"})
    assert why(world, question)["outcome"] == "dropped"
    first = why(world, question, entered_at="2026-03-02T12:00:00Z")
    assert "It began on 2 Mar 2026, 12:00" in first["sentence"]


def test_of_a_very_long_journey_some_hundred_events_are_told_and_the_rest_counted():
    world = told(*[f"ada see {n}" for n in range(700)], "ada buy 800", until=3000)
    found = why(world, ask("see", "buy", window={"value": 5, "unit": "hour"}))
    assert (len(found["events"]), found["events_left_out"]) == (300, 401)
    assert (len(found["entries"]), found["entries_left_out"]) == (50, 650)


def test_no_sentence_holds_a_code_or_a_name_with_underscores():
    codes = re.compile(r"[a-z]+_[a-z]+|\bNone\b|\{|\}")
    for seed in range(150):
        rng = random.Random(f"words/{seed}")
        world, question = random_world(rng), random_question(rng)
        if question["count"] in ("companies", "deals"):
            question["count"] = "people"
        for row in world.rows:
            if row.event == "mail":
                object.__setattr__(row, "event", "mail_sent")
        for part in (*question["steps"], *question.get("exclude", [])):
            named = part["event"] if isinstance(part["event"], list) else [part["event"]]
            part["event"] = [{"mail": "mail_sent", "a": "trait_changed"}.get(name, name) for name in named]
        found = why(world, question, world.names[0])
        said = [found["sentence"], *(one["sentence"] for one in found["events"] + found["would_have"])]
        assert [one for one in said if codes.search(one)] == []
