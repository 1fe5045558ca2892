"""The balanced book: stock(t) = stock(t−1) + in − out for every day, stage, channel and device, and stock is who stands there."""

import random
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullfunnel.journeys import ask
from fullfunnel.journeys.datasets.file import dataset_of_rows
from tests.engines.test_stages import random_rows

ZONE = "Europe/Berlin"
PERIOD = {"from": "2026-01-10", "to": "2026-12-31", "timezone": ZONE}
LADDER = ("awareness", "interest", "consideration", "conversion", "loyalty", "advocacy")
HAVING = ("handed_over", "opportunity")


def answered(dataset, **asked):
    return ask.answer({"kind": "stages", "period": PERIOD} | asked, dataset)


def is_balanced(row):
    before = row["opening"]
    for came, went, stock in zip(row["in"], row["out"], row["stock"], strict=True):
        if stock != before + came - went or stock < 0:
            return False
        before = stock
    return True


@given(st.integers(min_value=0), st.sampled_from(["companies", "households", "online", "both"]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_book_balances_and_ends_with_who_stands_there(seed, sells):
    dataset = dataset_of_rows(random_rows(random.Random(seed)))
    book = answered(dataset, sells=sells, show="book", breakdown={"property": "device"})
    groups = [{row["stage"]: row for row in group["stages"]} for group in book["groups"]]
    always = {"period": {"timezone": ZONE}}
    counts = ask.answer({"kind": "stages", "sells": sells} | always, dataset)
    now = {row["stage"]: row["now"] for row in counts["marketing"]}
    if sells != "online":
        now |= {"handed_over": counts["hand_overs"]["waiting"], "opportunity": counts["deals"]["open"]}
    for row in book["stages"]:
        assert is_balanced(row)
        assert len(row["stock"]) == len(book["days"])
        parts = [group[row["stage"]] for group in groups]
        assert all(is_balanced(part) for part in parts)
        assert [sum(one) for one in zip(*(part["stock"] for part in parts), strict=True)] == row["stock"] or not parts
        if row["stage"] in now:
            assert row["stock"][-1] == now[row["stage"]], row["stage"]


@pytest.mark.parametrize("seed", range(12))
def test_the_stock_of_a_day_is_who_stood_there_at_its_end(seed):
    rows = random_rows(random.Random(seed))
    book = answered(dataset_of_rows(rows), show="book", sells="both")
    found = {row["stage"]: row["stock"] for row in book["stages"]}
    for at in range(0, len(book["days"]) - 1, 17):
        day = datetime.fromisoformat(book["days"][at]).date()
        end = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(ZONE)).timestamp()
        past = [row for row in rows if row["timestamp"] < end]
        if not past or any(row["event"] in ("order_refunded", "subscription_ended") for row in rows):
            continue
        # Somebody of ours looks at the last moment of the day, so that data is in up to then.
        beyond = {"person": "end", "event": "nothing", "timestamp": end - 0.000001, "actor": "us"}
        then = ask.answer(
            {"kind": "stages", "sells": "both", "period": {"timezone": ZONE}}, dataset_of_rows([*past, beyond])
        )
        assert [found[stage][at] for stage in LADDER] == [row["now"] for row in then["marketing"]]


DAY = 86_400
JANUARY = int(datetime(2026, 1, 15, 12, tzinfo=ZoneInfo(ZONE)).timestamp())


def test_who_is_silent_falls_and_who_returns_rises():
    visits = [(0, "/blog/a"), (0.1, "/blog/b"), (70, "/")]
    rows = [
        {"person": "a", "event": "page_viewed", "timestamp": JANUARY + at * DAY, "path": path} for at, path in visits
    ]
    end = {"person": "b", "event": "x", "actor": "us", "timestamp": JANUARY + 80 * DAY}
    book = answered(dataset_of_rows([*rows, end]), show="book")
    stages = {row["stage"]: row for row in book["stages"]}
    at = {day: place for place, day in enumerate(book["days"])}
    assert stages["interest"]["stock"][at["2026-01-15"]] == 1
    assert [stages["interest"][what][at["2026-03-16"]] for what in ("out", "stock")] == [1, 0]
    assert stages["awareness"]["stock"][at["2026-03-20"]] == 1
    assert [stages["interest"][what][at["2026-03-26"]] for what in ("in", "stock")] == [1, 1]


def test_what_is_at_work_touches_people_before_they_go_on():
    def row(person, at, path, **more):
        return {"person": person, "event": "page_viewed", "timestamp": JANUARY + at * DAY, "path": path} | more

    rows = [
        row("a", 0, "/blog/a", campaign="spring"), row("a", 1, "/blog/b"), row("a", 2, "/vs/x"),
        row("b", 0, "/blog/a"), row("b", 1, "/blog/b"), row("b", 2, "/blog/c"),
    ]  # fmt: skip
    dataset = dataset_of_rows(rows)
    found = answered(dataset, show="work", stage="interest")
    assert (found["people"], found["went_on"]) == (2, 1)
    assert [(one["value"], one["touched"], one["went_on"]) for one in found["work"]] == [
        ("/blog/b", 2, 1), ("/blog/c", 1, 0),
    ]  # fmt: skip
    touch = {"kind": "page", "value": "/blog/b"}
    listed = answered(dataset, show="people", stage="interest", touch=touch, outcome="went_on")
    assert [one["person"] for one in listed["people"]] == ["a"]
    first = answered(dataset, show="work", stage="awareness")["work"]
    assert ("campaign", "spring", 1, 1) in [tuple(one.values()) for one in first]
