"""Leaks: tests, prices, and what is told once, in small companies made for it."""

import random
from collections import Counter
from decimal import Decimal

import pytest
from scipy.stats import fisher_exact

from fullfunnel.journeys import ask
from fullfunnel.journeys.datasets.file import dataset_of_rows
from fullfunnel.journeys.leaks.compare import EXACT, NORMAL, Table, chance_of, newcombe
from fullfunnel.journeys.leaks.price import price_of
from fullfunnel.journeys.leaks.step import Money, Share

DAY = 86_400
FIRST = 1_767_225_600
NINETY = {"from": "2026-01-01", "to": "2026-03-31"}


def answered(rows, **more):
    return ask.answer({"kind": "leaks", "sells": "companies", "period": NINETY} | more, dataset_of_rows(rows))


def company(rng, many=1_500, *, worse=lambda traits: False, browser_of=lambda device: "any", days=90):
    """Visitors of whom half come back, and a fifth of those for whom it is `worse`."""
    rows = []
    for number in range(many):
        device = rng.choice(["mobile", "desktop"])
        traits = {"device": device, "browser": browser_of(device), "country": rng.choice("ABC")}
        at = FIRST + rng.random() * days * DAY
        person = {"person": f"p{number}", "event": "page_viewed", **traits}
        rows.append(person | {"timestamp": at, "path": "/"})
        if rng.random() < (0.1 if worse(traits) else 0.5):
            rows.append(person | {"timestamp": at + DAY, "path": "/"})
    return rows


def won(rows, many=10):
    """Deals, so that losses have a price: of 20 hand-overs so many are won."""
    for number in range(20):
        person = {"person": f"w{number}", "actor": "us", "timestamp": FIRST + 20 * DAY + number}
        deal = {"deal_id": f"d{number}", "amount": "1000", "currency": "EUR", "lead_id": f"l{number}"}
        rows.append(person | {"event": "lead_handed_over", "lead_id": f"l{number}"})
        rows.append(person | {"event": "lead_accepted", "lead_id": f"l{number}", "timestamp": FIRST + 21 * DAY})
        rows.append(person | deal | {"event": "deal_created", "timestamp": FIRST + 22 * DAY})
        rows.append(
            person | deal | {"event": "deal_won" if number < many else "deal_lost", "timestamp": FIRST + 30 * DAY}
        )
    return rows


def test_prices_are_those_of_the_specification():
    money = Money((Decimal(9_600),) * 31, "EUR")
    waiting = price_of(Table(148, 22, 264, 102), (Share(31, 93),), money, 3.0, "waiting")
    phones = price_of(Table(240, 74, 290, 180), (Share(31, 319),), money, 3.0, "phones")
    assert [round(each.amount, -2) for each in (waiting, phones)] == [37_500, 23_300]
    assert (round(waiting.low, -3), round(waiting.high, -3)) == (22_000, 56_000)


def test_without_a_win_there_is_no_price():
    table = Table(148, 22, 264, 102)
    assert price_of(table, (Share(0, 93),), Money((Decimal(1),), "EUR"), 3.0, "") is None
    assert price_of(table, (Share(31, 93),), Money(), 3.0, "") is None


def test_few_are_tested_exactly_and_many_by_the_normal_curve():
    p, test = chance_of(Table(19, 1, 40, 22))
    assert (test, p) == (EXACT, pytest.approx(fisher_exact([[1, 18], [22, 18]], alternative="less").pvalue))
    assert chance_of(Table(148, 22, 264, 102)) == (pytest.approx(2.2e-7, rel=0.2), NORMAL)


def test_the_interval_of_a_difference_is_newcombes():
    # His own example (1998, table II): 56 of 70 against 48 of 80.
    low, high = newcombe(Table(80, 48, 70, 56))
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


def test_a_company_without_a_leak_alarms_nobody():
    alarms = Counter(len(answered(company(random.Random(seed)))["leaks"]) for seed in range(20))
    assert alarms == {0: 20}


def test_a_group_that_does_worse_is_told():
    rows = won(company(random.Random(1), worse=lambda traits: traits["country"] == "B"))
    (leak,) = answered(rows)["leaks"]
    assert leak["key"] == "awareness|country|B"
    assert leak["group"]["rate"] == pytest.approx(0.1, abs=0.04)
    assert leak["difference"]["low"] > 0.3
    assert leak["q"] < 1e-10


def test_the_same_people_under_two_names_are_one_leak():
    rows = company(
        random.Random(2),
        worse=lambda traits: traits["device"] == "mobile",
        browser_of=lambda device: "Mobile Safari" if device == "mobile" else "Chrome",
    )
    (leak,) = answered(rows)["leaks"]
    assert leak["key"] == "awareness|device|mobile"
    assert [one["key"] for one in leak["same"]] == ["awareness|browser|Mobile Safari"]


def test_a_part_that_is_broken_is_told_and_not_the_whole_around_it():
    rng = random.Random(3)
    rows = company(
        rng,
        3_000,
        worse=lambda traits: traits["browser"] == "Mobile Safari",
        browser_of=lambda device: rng.choice(["Mobile Safari", "Chrome Mobile"]) if device == "mobile" else "Chrome",
    )
    (leak,) = answered(rows)["leaks"]
    assert leak["key"] == "awareness|browser|Mobile Safari"
    assert [one["key"] for one in leak["same"]] == ["awareness|device|mobile"]


def test_two_groups_that_do_worse_by_themselves_are_two_leaks():
    bad = {"device": "mobile", "country": "B"}
    rows = company(random.Random(4), 4_000, worse=lambda traits: any(traits[name] == bad[name] for name in bad))
    assert {leak["key"] for leak in answered(rows)["leaks"]} == {"awareness|device|mobile", "awareness|country|B"}


def test_who_came_lately_is_pending_and_no_leak():
    rows = company(random.Random(5))
    late = [
        {"person": f"l{number}", "event": "page_viewed", "path": "/", "campaign": "new", "timestamp": FIRST + 90 * DAY - number}
        for number in range(1, 301)
    ]  # fmt: skip
    answer = answered(rows + late)
    assert answer["leaks"] == []
    (awareness,) = [step for step in answer["steps"] if step["step"] == "awareness"]
    assert awareness["pending"] >= 300
    assert awareness["reached"] == awareness["went_on"] + awareness["lost"] + awareness["pending"]


def test_a_reason_for_which_sales_turns_leads_of_a_channel_down_is_a_leak():
    rng, rows = random.Random(6), []
    for number in range(300):
        at = FIRST + 10 * DAY + number * 3_600
        channel = rng.choice(["Paid Social", "Email", "Referral"])
        bad = channel == "Paid Social" and rng.random() < 0.6
        lead = {"person": f"p{number}", "actor": "us", "lead_id": f"l{number}"}
        rows.append(
            {"person": f"p{number}", "event": "page_viewed", "path": "/", "timestamp": at - DAY, "channel": channel}
        )
        rows.append(lead | {"event": "lead_handed_over", "timestamp": at})
        event = {"event": "lead_rejected", "reason": "student"} if bad else {"event": "lead_accepted"}
        rows.append(lead | event | {"timestamp": at + 60})
    (leak,) = answered(won(rows))["leaks"]
    assert (leak["key"], leak["label"]) == ("rejected:student|channel|Paid Social", "student")
    assert leak["per_month"] is not None


def test_what_was_mended_is_compared_with_before():
    rng = random.Random(7)
    rows = company(rng, 2_000, worse=lambda traits: traits["country"] == "B", days=45)
    again = company(rng, 2_000, days=40)
    rows += [row | {"person": f"later {row['person']}", "timestamp": row["timestamp"] + 45 * DAY} for row in again]
    found = answered(won(rows), leak="awareness|country|B", since="2026-02-15")["since"]
    assert found["before"]["rate"] == pytest.approx(0.1, abs=0.03)
    assert found["after"]["rate"] == pytest.approx(0.5, abs=0.06)
    assert found["others"]["rate"] == pytest.approx(0.5, abs=0.06)
    assert found["difference"]["low"] > 0.3


def test_a_shop_is_asked_without_a_word_of_sales():
    rows = company(random.Random(8))
    answer = answered(rows, sells="online")
    assert [step["step"] for step in answer["steps"]][:2] == ["awareness", "interest"]
    assert "handed_over" not in {step["to"] for step in answer["steps"]}


@pytest.mark.parametrize(("more", "field"), [
    ({"show": "people"}, "leak"), ({"outcome": "lost"}, "outcome"), ({"since": "2026-01-01"}, "since"),
    ({"leak": 3}, "leak"), ({"leak": "a|b|c", "since": "soon"}, "period.from"), ({"group": "x"}, "group"),
])  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_field(more, field):
    with pytest.raises(ask.QuestionError) as refused:
        answered([], **more)
    assert refused.value.field == field


def test_a_leak_that_nobody_is_in_is_none_and_lists_nobody():
    rows = company(random.Random(9), 50)
    assert answered(rows, leak="awareness|country|Z")["leak"] is None
    assert answered(rows, leak="no such thing", show="people")["total"] == 0
