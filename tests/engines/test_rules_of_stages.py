"""Rules as a value: written and read, laws that any of them keep, and a period under other rules than those that hold."""

import json
import random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullfunnel.events.conditions import Happening
from fullfunnel.journeys import ask
from fullfunnel.journeys.datasets.file import dataset_of_rows
from fullfunnel.journeys.folds.plan import NEVER
from fullfunnel.journeys.questions.reading import QuestionError
from fullfunnel.journeys.stages.reading import read_moves
from fullfunnel.journeys.stages.rule_set import default_set, read_set, set_json
from fullfunnel.journeys.stages.rules import RULES
from fullfunnel.journeys.stages.score import engagement
from fullfunnel.journeys.stages.score_fold import first_met
from fullfunnel.journeys.stages.weights import with_addresses
from fullfunnel.journeys.watch import Watch
from tests.engines.test_stages import random_rows

BERLIN = "Europe/Berlin"
QUICK = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
SELLS = st.sampled_from(sorted(RULES))
SEEDS = st.integers(0, 10**6)


def changed_rules(rng, sells):
    """Rules of which some stages ask for something else than the default."""
    said = set_json(default_set(sells))
    for stage in said["stages"].values():
        if rng.random() < 0.5:
            event = rng.choice(["page_viewed", "newsletter_confirmed", "order_completed", "deal_won", "form_submitted"])
            least, count = rng.randint(1, 3), rng.choice(["times", "days", "sessions"])
            has = {"event": event, "at_least": least, "count": count}
            if rng.random() < 0.5:
                has["within"] = {"value": rng.randint(1, 60), "unit": "day"}
            stage["rule"] = {rng.choice(["any", "all"]): [stage["rule"], {"has": has}]}
    return read_set(said)


def moves(rows, rules):
    """{person: moments of the ladder, and of prospects}."""
    dataset = dataset_of_rows(rows)
    found = read_moves(rules, dataset, dataset.index(), BERLIN, Watch())
    names = dataset.names.of_people(found.unit)
    return {name: [*found.reached[:, at].tolist(), int(found.prospect[at])] for at, name in enumerate(names)}


@pytest.mark.parametrize("sells", ["", *RULES])
def test_rules_are_read_as_they_were_written(sells):
    rules = default_set(sells)
    assert read_set(json.loads(json.dumps(set_json(rules)))) == rules


@QUICK
@given(SEEDS, SELLS)
def test_same_rules_give_the_same_moves_whatever_order_events_came_in(seed, sells):
    rng = random.Random(seed)
    # One moment an event: what is equal in time is ordered by its arrival, which is what differs here.
    rows = list({row["timestamp"]: row for row in random_rows(rng)}.values())
    rules = changed_rules(rng, sells)
    assert moves(rows, rules) == moves(sorted(rows, key=lambda _: rng.random()), rules)


@QUICK
@given(SEEDS, SELLS)
def test_reached_never_falls_as_more_happens(seed, sells):
    rng = random.Random(seed)
    # A refund in full is the one thing that takes back a stage, as spec/stages.md says.
    rows = [row for row in random_rows(rng) if row["event"] != "order_refunded"]
    rows.sort(key=lambda row: row["timestamp"])
    rules, cut = changed_rules(rng, sells), rng.randint(1, len(rows))
    later = moves(rows, rules)
    for person, earlier in moves(rows[:cut], rules).items():
        assert all(now <= before for now, before in zip(later[person][:-1], earlier[:-1], strict=True)), (
            person,
            earlier,
            later[person],
        )
        assert earlier[:-1] == sorted(earlier[:-1])


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"sells": "bakers"}, "rules.sells"),
        ({"sells": "online", "stages": {"prospect": {}}}, "rules.stages.prospect"),
        ({"sells": "online", "stages": {"interest": {"rule": {"none": [{"has": {"event": "x"}}]}}}}, "rules.stages.interest.rule"),
        ({"sells": "online", "stages": {"interest": {"rule": {"property": "plan", "value": "pro"}}}}, "rules.stages.interest.rule"),
        ({"sells": "online", "stages": {"interest": {"rule": {"has": {"event": "stage_entered"}}}}}, "rules.stages.interest.rule.has.event"),
        ({"sells": "online", "silence_days": 0}, "rules.silence_days"),
        ({"sells": "companies", "score": {"engagement": [{"reason": "x", "points": -5, "rule": {"has": {"event": "y"}}}]}}, "rules.score.engagement[0].points"),
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused_with_its_place(said, field):
    with pytest.raises(QuestionError) as error:
        read_set(said)
    assert error.value.field == field


def told(rows, **asked):
    return ask.answer({"kind": "stages"} | asked, dataset_of_rows(rows))


def row(who, day, event="page_viewed", **said):
    given = {"path": "/"} if event == "page_viewed" else {}
    return {"person": who, "event": event, "timestamp": 1_767_225_600 + int(day * 86_400)} | given | said


OTHERS = {"sells": "companies", "stages": {"interest": {"rule": {"has": {"event": "newsletter_confirmed"}}}}}
ROWS = [row("ada", 1), row("ada", 2), row("ben", 1), row("ben", 1.001, "newsletter_confirmed"), row("cleo", 3)]


def test_rules_said_whole_are_counted_by():
    assert [stage["people"] for stage in told(ROWS)["marketing"]] == [3, 2, 0, 0, 0, 0]
    asked = told(ROWS, rules=OTHERS)
    assert ([stage["people"] for stage in asked["marketing"]], asked["rules"]) == ([3, 1, 0, 0, 0, 0], 0)


def test_a_period_under_other_rules_says_who_moves():
    answer = told(ROWS, rules=OTHERS, against={"sells": "companies"})
    assert answer["stages"][:2] == [
        {"stage": "awareness", "before": 3, "after": 3, "gone": 0, "come": 0},
        {"stage": "interest", "before": 2, "after": 1, "gone": 1, "come": 0},
    ]
    assert (answer["came"], answer["moves"]) == (3, [{"from": "interest", "to": "awareness", "people": 1}])
    assert answer["alternatives"]["interest"] == [1]
    listed = told(
        ROWS, rules=OTHERS, against={"sells": "companies"}, show="people", **{"from": "interest", "to": "awareness"}
    )  # fmt: skip
    assert [one["person"] for one in listed["people"]] == ["ada"]


@pytest.mark.parametrize(
    "asked", [{"from": "interest"}, {"rules": 7}, {"against": OTHERS, "breakdown": {"property": "device"}}, {"rules": "x"}]
)  # fmt: skip
def test_what_cannot_be_asked_of_rules_is_refused(asked):
    with pytest.raises(QuestionError):
        told(ROWS, **asked)


@pytest.fixture
def handed():
    return [
        row("ada", 1), row("ada", 2, "lead_handed_over", lead_id="A", via="score", by_score="55/58", actor="system"),
        row("ben", 1), row("ben", 2, "lead_handed_over", lead_id="B", via="score", by_score="80/65", actor="system"),
        row("cleo", 1), row("cleo", 2, "lead_handed_over", lead_id="C", actor="us"),
        row("ada", 3, "deal_created", deal_id="D", amount="9600.00", currency="EUR", actor="us", deal="D"),
        row("ada", 9, "deal_won", deal_id="D", revenue="9600.00", currency="EUR", actor="us", deal="D"),
    ]  # fmt: skip


def test_other_limits_redraw_the_past_of_hand_overs_by_score(handed):
    stricter = {"sells": "companies", "score": {"hand_over": {"fit": 60, "engagement": 60}}}
    assert told(handed)["hand_overs"]["handed_over"] == 3
    assert told(handed, rules=stricter)["hand_overs"]["handed_over"] == 2
    answer = told(handed, rules=stricter, against={"sells": "companies"})
    joint = answer["hand_overs"]
    assert (joint["before"]["handed_over"], joint["after"]["handed_over"]) == (3, 2)
    assert joint["months"] == [{"month": "2026-01", "before": 3, "after": 2}]
    gone = told(handed, rules=stricter, against={"sells": "companies"}, show="people", **{"from": "handed_over"})
    assert [(one["person"], one["hand_over"]) for one in gone["people"]] == [("ada", "A")]


@QUICK
@given(SEEDS)
def test_the_first_moment_of_enough_engagement_is_that_of_the_score(seed):
    rng = random.Random(seed)
    events = ["page_viewed", "trial_started", "guide_downloaded", "form_started", "product_used"]
    paths = ["/pricing", "/vs/a", "/"]
    rows = [row("ada", rng.uniform(0, 60), rng.choice(events), path=rng.choice(paths)) for _ in range(40)]
    rows.sort(key=lambda one: one["timestamp"])
    people = [{"person": "ada", "email": "a@clinic.example", "title": "Head", "country": "AT"}]
    dataset, rules = dataset_of_rows(rows, people), default_set("companies")
    (found,) = first_met(rules, dataset.index(), dataset, BERLIN, Watch()).tolist()
    journey = [Happening(one["event"], one["timestamp"] * 1_000_000, 1, {"path": one["path"]}) for one in rows]
    weights = with_addresses(rules.weights.engagement, {})
    met = (
        one.at
        for place, one in enumerate(journey)
        if engagement(journey[: place + 1], weights, one.at, ZoneInfo(BERLIN)).value >= 50
    )
    assert found == next(met, NEVER)
