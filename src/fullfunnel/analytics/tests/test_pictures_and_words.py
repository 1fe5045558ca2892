"""The picture of a funnel and the words beside it."""

import json

import pytest

from fullfunnel.analytics.pictures import groups_of, picture, table
from fullfunnel.analytics.presenters.drop_off import odds_words, ratio_words
from fullfunnel.analytics.suggestions import suggested_steps
from fullfunnel.analytics.views.behind import histogram
from fullfunnel.events.conditions import condition_words
from fullfunnel.journeys.questions.words import event_words, funnel_sentence, period_words, step_words

NO_TIME = {"median": None, "mean": None, "p90": None}
QUESTION = {
    "kind": "funnel",
    "steps": [{"event": "page_viewed"}, {"event": ["form_submitted", "demo_requested"]}, {"event": "deal_won"}],
    "window": {"value": 14, "unit": "day"},
}


def step(label, count, dropped=0, pending=0, median=None):
    seconds = NO_TIME | {"median": median}
    shares = {"from_previous": 1.0, "from_first": 1.0}
    return {
        "label": label,
        "count": count,
        "dropped": dropped,
        "pending": pending,
        "seconds_from_previous": seconds,
    } | shares


ANSWER = {
    "steps": [
        step("page_viewed", 1000),
        step("form_submitted", 400, 480, 120, 3600.0),
        step("deal_won", 31, 369, 0, 86400.0),
    ],
    "groups": [],
    "data_until": "2026-03-31T10:00:00Z",
}


def test_a_bar_is_what_reached_then_pending_then_lost():
    row = picture(QUESTION, ANSWER, "/people/", "s1=a")[1]
    assert [(part.kind, part.count, part.x, part.width) for part in row.parts] == [
        ("reached", 400, 0.0, 40.0),
        ("pending", 120, 40.0, 12.0),
        ("dropped", 480, 52.0, 48.0),
    ]
    assert row.links()["dropped"] == "/people/?s1=a&step=2&outcome=dropped"
    assert (row.previous, row.base) == (1000, 1000)


def test_a_few_of_very_many_can_still_be_seen():
    answer = {"steps": [step("a", 1_000_000), step("b", 3, 999_997)]}
    assert picture(QUESTION, answer, "/people/", "")[1].parts[0].width == 0.3


def test_a_step_after_an_optional_one_is_measured_against_the_required_one():
    question = QUESTION | {"steps": [{"event": "a"}, {"event": "b", "optional": True}, {"event": "c"}]}
    rows = picture(question, ANSWER, "/people/", "")
    assert [row.previous for row in rows] == [1000, 1000, 1000]
    assert [row.optional for row in rows] == [False, True, False]


def test_six_groups_are_drawn_and_the_rest_stand_in_the_table():
    groups = [{"value": f"g{n}", "steps": [step("a", 100 - n), step("b", 10)]} for n in range(8)]
    groups[0]["value"] = None
    answer = {"steps": [step("a", 800), step("b", 80)], "groups": groups}
    rows = picture(QUESTION, answer, "/people/", "")
    assert [cell.name for cell in rows[1].groups] == ["no value", "g1", "g2", "g3", "g4", "g5"]
    assert rows[1].groups[0].reached.link == "/people/?&step=2&outcome=reached&nogroup=1"
    assert rows[1].groups[1].reached.link == "/people/?&step=2&outcome=reached&group=g1"
    assert [group.hue for group in groups_of(answer)] == [1, 2, 3, 4, 5, 6, 0, 0]


def test_the_table_has_a_row_for_each_step_and_group():
    answer = ANSWER | {"groups": [{"value": None, "steps": [step("page_viewed", 5)]}]}
    rows = table(answer)
    assert rows[0][:4] == ["group", "step", "label", "count"]
    assert rows[2] == ["", 2, "form_submitted", 400, 1.0, 1.0, 480, 120, 3600.0, None, None]
    assert rows[4][:4] == ["no value", 1, "page_viewed", 5]


def test_the_sentence_says_who_began_arrived_was_lost_and_can_still_go_on():
    assert funnel_sentence(QUESTION, ANSWER, "90d") == (
        "1,000 people began with “Page viewed” in the last 90 days; 31 (3.1\u00a0%) reached “Deal won”. "
        "Most were lost between “Page viewed” and “Form submitted or Demo requested”: 480. 120 can still go on."
    )


def test_the_sentence_gives_no_percentage_of_fewer_than_twenty():
    question = QUESTION | {"steps": [{"event": "page_viewed"}, {"event": "Pressed Buy", "label": "Bought"}]}
    answer = {"steps": [step("page_viewed", 12), step("Bought", 3, 9)]}
    assert funnel_sentence(question, answer, "all") == (
        "12 people began with “Page viewed” so far; 3 reached “Bought”. "
        "Most were lost between “Page viewed” and “Bought”: 9."
    )


def test_the_sentence_of_an_empty_funnel_says_what_was_not_seen():
    question = QUESTION | {"steps": [{"event": "deal_won"}, {"event": "page_viewed"}]}
    answer = {"steps": [step("deal_won", 0), step("page_viewed", 0)]}
    said = "Nobody began this funnel this month: “Deal won” was not seen."
    assert funnel_sentence(question, answer, "month") == said


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("page_viewed", "Page viewed"),
        ("signup", "Signup"),
        ("nps_submitted", "NPS submitted"),
        ("Pressed Buy", "Pressed Buy"),
        ("checkout:Step_2", "checkout:Step_2"),
        ("*", "any event"),
    ],
)
def test_a_name_in_snake_case_is_shown_in_words_and_any_other_as_it_was_sent(name, words):
    assert event_words(name) == words


@pytest.mark.parametrize(
    ("preset", "period", "words"),
    [
        ("30d", {}, "in the last 30 days"),
        ("last-month", {}, "last month"),
        ("all", {}, "so far"),
        ("custom", {"from": "2026-01-01", "to": "2026-01-31"}, "from 1 Jan 2026 to 31 Jan 2026"),
        ("custom", {"from": "2026-01-01"}, "since 1 Jan 2026"),
        ("custom", {"to": "2026-01-31"}, "until 31 Jan 2026"),
    ],
)
def test_periods_in_words(preset, period, words):
    assert period_words(preset, {"period": period}) == words


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"property": "path", "op": "=", "value": "/pricing"}, "path is /pricing"),
        (
            {"property": "plan", "op": "in", "value": ["pro", "team"], "of": "person"},
            "the person’s plan is one of pro, team",
        ),
        ({"property": "seats", "op": "between", "value": [2, 10]}, "seats is between 2 and 10"),
        ({"property": "plan", "op": "is_set", "of": "person_then"}, "the person’s plan at that time has any value"),
    ],
)
def test_conditions_in_words(condition, words):
    assert condition_words(condition) == words


def test_a_step_says_what_it_counts():
    question = QUESTION | {"steps": [{"event": "a"}, {"event": ["b", "c"], "within": {"value": 1, "unit": "hour"}}]}
    assert step_words(question, 0) == "Counts the people that began with “A”."
    assert step_words(question, 1) == (
        "Counts the people that went on to “B” or “C”, after the step before. It must follow within 1 hour. "
        "All steps lie within 14 days of the first."
    )
    assert step_words(question | {"order": "any"}, 1).startswith("Counts the people that completed 2 of the steps")


@pytest.mark.parametrize(
    ("seen", "steps"),
    [
        (set(), []),
        ({"page_viewed", "pressed"}, ["page_viewed"]),
        ({"page_viewed", "order_completed", "product_viewed"}, ["page_viewed", "product_viewed", "order_completed"]),
        ({"page_viewed", "form_submitted", "deal_won"}, ["page_viewed", "form_submitted", "deal_won"]),
    ],
)
def test_a_first_funnel_is_suggested_from_what_was_seen(seen, steps):
    assert suggested_steps(seen) == steps


@pytest.mark.parametrize(
    ("ratio", "words"),
    [(0.019, "<\xa00.02"), (0.02, "0.02"), (0.27, "0.27"), (9.99, "9.99"), (50, "50"), (12_591.2, ">\xa050")],
)
def test_an_odds_ratio_is_told_up_to_fifty_times(ratio, words):
    assert ratio_words(ratio) == words


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (0.27, "Odds ratio 0.27 (0.03 to >\xa050)"),
        (74.0, "Odds more than 50 times those of the others"),
        (0.0001, "Odds less than a 50th of those of the others"),
    ],
)
def test_more_than_fifty_times_is_told_without_an_interval(ratio, words):
    assert odds_words({"odds_ratio": ratio, "low": 0.03, "high": 900.0}) == words


def test_neighbouring_bars_of_time_never_have_the_same_words():
    bins = [{"from": at / 2, "to": (at + 1) / 2, "count": 1} for at in range(359, 362)]
    answer = {"bins": bins, "converted": 3, "seconds": {}}
    found = histogram(answer, {"kind": "funnel", "steps": [{"event": "a"}], "count": "deals"})
    assert [row["span"].replace("\xa0", " ") for row in found["bins"]] == [
        "2 min 59.5 s to 3 min",
        "3 min to 3 min 0.5 s",
        "3 min 0.5 s to 3 min 1 s",
    ]
    assert json.loads(found["chart_json"])["unit"] == "deals"
