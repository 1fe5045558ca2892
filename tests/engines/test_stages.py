"""Stages are answered as the oracle does, over random worlds; the five outcomes add up after every prefix of a history."""

import random
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullfunnel.core import clock
from fullfunnel.journeys import ask
from fullfunnel.journeys.datasets.file import dataset_of_rows
from fullfunnel.journeys.folds import step_matching
from tests.engines import oracle_stages as oracle

HOUR, DAY = 3_600, 86_400
FIRST = 1_767_225_600  # 1 January 2026
PERIOD = {"from": "2026-01-10", "to": "2026-03-01", "timezone": "Europe/Berlin"}
START, END = 1_767_999_600_000_000, 1_772_406_000_000_000
PATHS = (
    "/",
    "/pricing",
    "/preise/a",
    "/blog/a",
    "/blog/b",
    "/vs/x",
    "/customers/y",
    "/login",
    "/docs/z",
    "/cart",
    "/rechner",
)
OTHERS = (
    "newsletter_confirmed", "trial_started", "form_submitted", "subscription_renewed", "product_used", "product_used",
    "referral_converted", "deal_won", "calculator_finished", "product_added", "order_completed", "order_refunded",
    "subscription_ended",
)  # fmt: skip
LEADS = ("lead_handed_over", "lead_accepted", "lead_rejected", "lead_recycled", "lead_aged_out", "lead_reopened")


def random_rows(rng):
    """What some people did over half a year, with much that rules look at."""
    rows = []
    for person in range(rng.randint(1, 6)):
        at, days = FIRST, rng.choice([1, 10, 40, 200])
        for _ in range(rng.randint(1, 25)):
            at += int(rng.choice([60, HOUR, rng.uniform(0, days) * DAY / 5]))
            rows.append(random_row(rng, f"p{person}", at))
    rng.shuffle(rows)
    return rows


def random_row(rng, person, at):
    row = {"person": person, "timestamp": at}
    what = rng.random()
    if what < 0.5:
        return row | {
            "event": rng.choice(oracle.VIEWS),
            "path": rng.choice(PATHS),
            "device": rng.choice(["phone", "desktop"]),
        }
    if what < 0.55:
        return row | {"event": "webinar_attended", "minutes": rng.choice([5, 20, 60])}
    if what < 0.65:
        return row | {"event": "product_viewed", "product_id": rng.choice("ab")}
    if what < 0.72:
        trait, new = rng.choice(
            [("email", "a@clinic.example"), ("email", "a@gmail.com"), ("phone", "1"), ("postcode", "2")]
        )
        return row | {"event": "trait_changed", "actor": "system", "trait": trait, "new": new}
    if what < 0.8:
        lead = {"lead_id": rng.choice("xyz")} if rng.random() < 0.5 else {}
        return row | {"event": rng.choice(LEADS), "actor": "us"} | lead
    event = rng.choice(OTHERS)
    order = {"order_id": rng.choice("xyz")} if event.startswith("order") else {}
    return row | {"event": event, "rating": rng.choice([3, 5])} | order


def answered(rows, **asked):
    return ask.answer({"kind": "stages", "period": PERIOD} | asked, dataset_of_rows(rows))


def difference(seed, sells, portion=10**9):
    rng = random.Random(seed)
    rows = random_rows(rng)
    until = max(row["timestamp"] for row in rows) * 1_000_000
    with patch.object(step_matching, "PORTION", portion):
        said = answered(rows, sells=sells)
    times = [stage.pop("seconds_to_next") for stage in said["marketing"]]
    assert len(times) == 6
    meant = {"marketing": oracle.marketing(rows, sells, "Europe/Berlin", START, END, until)}
    if sells != "online":
        meant["prospects"] = oracle.prospects(rows, sells, "Europe/Berlin", START, END)
        made = [outcome for at, outcome in oracle.ledger(rows).values() if START <= at < END]
        meant["ledger"] = [len(made)] + [made.count(outcome) for outcome in oracle.OUTCOMES]
        said["ledger"] = [said["hand_overs"][name] for name in ("handed_over", *oracle.OUTCOMES)]
    return {key: (said[key], value) for key, value in meant.items() if said[key] != value} and {
        "rows": rows, "said": {key: said[key] for key in meant}, "meant": meant,
    }  # fmt: skip


@given(st.integers(min_value=0), st.sampled_from(["companies", "households", "online", "both"]))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_random_world_is_counted_otherwise(seed, sells):
    assert difference(seed, sells) == {}


@pytest.mark.parametrize("seed", range(4))
def test_portions_change_nothing(seed):
    assert difference(seed, "companies", portion=3) == {}


MOVES = st.lists(st.tuples(st.sampled_from(LEADS), st.sampled_from(["", "x", "y"]), st.sampled_from("ab")), max_size=30)


@given(MOVES)
@settings(max_examples=6, deadline=None)
def test_the_five_outcomes_add_up_after_every_prefix(told):
    rows = [
        {"person": person, "event": event, "timestamp": FIRST + 20 * DAY + at, "actor": "us"}
        | ({"lead_id": lead} if lead else {})
        for at, (event, lead, person) in enumerate(told)
    ]
    for many in range(1, len(rows) + 1):
        joint = answered(rows[:many])["hand_overs"]
        assert sum(joint[outcome] for outcome in oracle.OUTCOMES) == joint["handed_over"]


@given(st.integers(min_value=0))
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_groups_add_up_and_lists_are_as_long_as_their_numbers(seed):
    rng = random.Random(seed)
    rows = random_rows(rng)
    whole = answered(rows, breakdown={"property": "device"})
    for at, stage in enumerate(whole["marketing"]):
        assert sum(group["marketing"][at]["people"] for group in whole["groups"]) == stage["people"]
        assert stage["went_on"] + stage["pending"] + stage["lost"] == stage["people"]
        for outcome in ("reached", "went_on", "pending", "lost", "skipped", "now"):
            listed = answered(rows, show="people", stage=stage["stage"], outcome=outcome)
            assert listed["total"] == len(listed["people"]) == stage["people" if outcome == "reached" else outcome]
    for outcome in oracle.OUTCOMES:
        assert sum(group["hand_overs"][outcome] for group in whole["groups"]) == whole["hand_overs"][outcome]
        listed = answered(rows, show="people", stage="handed_over", outcome=outcome)
        assert listed["total"] == whole["hand_overs"][outcome]
    for group in whole["groups"]:
        of_it = {"device": [group["value"]]}
        assert answered(rows, **of_it)["marketing"] == group["marketing"]
        listed = answered(rows, show="people", stage="interest", breakdown={"property": "device"}, group=group["value"])
        assert listed["total"] == group["marketing"][1]["people"]


def test_the_period_of_these_tests():
    assert clock.from_us(START).isoformat() == "2026-01-09T23:00:00+00:00"
    assert clock.from_us(END).isoformat() == "2026-03-01T23:00:00+00:00"
