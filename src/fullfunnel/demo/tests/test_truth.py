"""What Halden's truth says is found again in the calls that its people send."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from fullfunnel.demo.plan import Life, lives
from fullfunnel.demo.story import stories, tell
from fullfunnel.demo.truth import HALDEN, QUARTERS
from fullfunnel.events import names

END = datetime(2026, 11, 15, 23, tzinfo=UTC)
# Summer time: midnight in Berlin.
QUARTER = datetime(2026, 8, 17, 22, tzinfo=UTC)


@cache
def everybody() -> list[Life]:
    return list(lives(END))


@cache
def last_quarter() -> list[tuple[Life, list[dict[str, Any]]]]:
    return [(life, [call for _, call in tell(life, seed=1)]) for life in lives(END) if life.first_at >= QUARTER]


def did(calls: list[dict[str, Any]], name: str, **properties: Any) -> bool:
    return any(c.get("event") == name and properties.items() <= c["properties"].items() for c in calls)


def test_every_event_that_the_demo_sends_has_a_name_of_the_vocabulary():
    sent = {call["event"] for _, calls in last_quarter() for call in calls if call["type"] == "track"}
    assert sorted(sent - names.KNOWN) == []


def test_the_demo_says_of_leads_deals_and_mails_only_by_its_servers_key():
    said = {
        (door, call["event"])
        for life in lives(END)
        if life.first_at >= QUARTER
        for door, call in tell(life, seed=1)
        if call["type"] == "track" and names.is_about_sales(call["event"])
    }
    assert {door for door, _ in said} == {"crm", "sales"}
    assert {name for door, name in said if door == "crm"} == {"email_delivered", "email_opened"}
    assert {name.partition("_")[0] for _, name in said} == {"lead", "deal", "activity", "email"}


def test_sixty_thousand_people_come_in_four_hundred_days():
    assert len(everybody()) == 60_000 == sum(people for _, people in QUARTERS)
    assert min(life.first_at for life in everybody()) >= END - timedelta(days=400, hours=1)
    assert max(life.first_at for life in everybody()) < END


def test_each_channel_brings_the_people_hand_overs_and_wins_of_the_table():
    people = Counter(life.channel for life, _ in last_quarter())
    handed = Counter(life.channel for life, calls in last_quarter() if did(calls, "lead_handed_over"))
    won = Counter(life.channel for life, calls in last_quarter() if did(calls, "deal_won"))
    for channel in HALDEN.channels:
        assert (people[channel.name], handed[channel.name], won[channel.name]) == (
            channel.people,
            channel.handed_over,
            channel.won,
        )


@pytest.mark.parametrize(
    ("event", "count"), [("lead_accepted", 247), ("lead_rejected", 49), ("lead_recycled", 33), ("lead_aged_out", 21)]
)
def test_the_ledger_of_412_hand_overs(event, count):
    assert sum(did(calls, event) for _, calls in last_quarter()) == count


def test_62_hand_overs_wait_and_41_of_them_with_emil():
    outcomes = ("lead_accepted", "lead_rejected", "lead_recycled", "lead_aged_out")
    waiting = [
        life.hand_over.owner
        for life, calls in last_quarter()
        if life.hand_over and not any(did(calls, event) for event in outcomes)
    ]
    assert len(waiting) == 62
    assert waiting.count("Emil") == 41


def test_leak_a_the_form_breaks_on_phones():
    for device, form in (("phone", HALDEN.phone), ("desktop", HALDEN.desktop)):
        mine = [calls for life, calls in last_quarter() if life.device == device]
        assert sum(did(calls, "form_started", form="Demo request") for calls in mine) == form.started
        assert sum(did(calls, "form_submitted", form="Demo request") for calls in mine) == form.arrived


def test_of_221_who_reached_the_number_of_employees_on_a_phone_125_stopped_there():
    left = Counter(
        (life.device, call["properties"]["field"])
        for life, calls in last_quarter()
        for call in {c["properties"]["field"]: c for c in calls if c.get("event") == "form_field_abandoned"}.values()
    )
    for device, form in (("phone", HALDEN.phone), ("desktop", HALDEN.desktop)):
        assert {field: left[device, field] for field, _ in form.stopped} == dict(form.stopped)
    assert HALDEN.phone.started - left["phone", "name"] - left["phone", "email"] - left["phone", "phone"] == 221


def test_each_hand_over_by_a_form_is_caused_by_what_was_sent():
    sent = {call["body"]["event"] for _, calls in last_quarter() for call in calls if call["type"] == "submission"}
    caused = {
        call["properties"]["cause"]
        for _, calls in last_quarter()
        for call in calls
        if call.get("event") == "lead_handed_over" and call["properties"]["via"] != "score"
    }
    assert caused == sent
    assert len(sent) > HALDEN.phone.arrived + HALDEN.desktop.arrived


def test_whoever_began_the_form_in_vain_has_no_day_left_to_send_it():
    began = [
        datetime.fromisoformat(call["timestamp"])
        for life, calls in last_quarter()
        if life.form == "started"
        for call in calls
        if call.get("event") == "form_started"
    ]
    assert max(began) < END - timedelta(hours=24)


def test_leak_b_leads_that_wait_over_a_day_seldom_become_deals():
    chances = Counter()
    for life, calls in last_quarter():
        if life.hand_over:
            chances[life.hand_over.slow, did(calls, "deal_created")] += 1
    assert chances == {(True, True): 22, (True, False): 126, (False, True): 102, (False, False): 162}


def test_what_is_slow_waited_over_a_day_and_what_is_fast_did_not():
    for life, _ in last_quarter():
        if hand := life.hand_over:
            waited = (hand.answered_at or END) - hand.at
            assert (waited > timedelta(hours=24)) == hand.slow, hand


def test_spain_is_too_few_to_tell():
    spain = [calls for life, calls in last_quarter() if life.zone == "Europe/Madrid"]
    assert sum(did(calls, "form_started", form="Demo request") for calls in spain) == 19
    assert sum(did(calls, "form_submitted", form="Demo request") for calls in spain) == 1


def test_open_deals_are_worth_322_400_and_won_ones_297_600():
    amounts = Counter()
    for life, calls in last_quarter():
        if life.hand_over and did(calls, "deal_created"):
            amounts[life.hand_over.fate] += life.hand_over.amount
    assert amounts["open"] == 322_400
    assert amounts["won"] == 297_600


def test_deals_with_one_contact_win_9_of_51_and_the_others_22_of_42():
    chances = Counter()
    for _, calls in last_quarter():
        for fate in ("won", "lost"):
            if did(calls, f"deal_{fate}"):
                chances[did(calls, "deal_contact_added"), fate] += 1
    assert chances == {(False, "won"): 9, (False, "lost"): 42, (True, "won"): 22, (True, "lost"): 20}


def test_ada_reads_the_price_twice_tries_the_form_three_times_and_is_gone():
    ((life, calls),) = [(life, calls) for life, calls in last_quarter() if life.is_ada]
    assert (life.channel, life.device) == ("linkedin", "phone")
    paths = [c["context"]["page"]["path"] for c in calls if c["type"] == "page"]
    assert paths.count("/pricing") == 2
    assert sum(c.get("event") == "form_started" for c in calls) == 3
    assert not did(calls, "form_submitted")


def test_a_seed_gives_the_same_calls_and_another_seed_others():
    def first(seed: int) -> list[Any]:
        return [
            call
            for call, _ in zip(stories(lives(END, seed=seed, quarters=((90, 18_400),)), seed), range(500), strict=False)
        ]

    assert first(1) == first(1)
    assert first(1) != first(2)


@pytest.mark.parametrize("days", [1, 4])
def test_the_truth_holds_on_whatever_day_the_demo_ends(days):
    end = END + timedelta(days=days)
    fates, quarter = Counter(), list(lives(end, quarters=QUARTERS[:1]))
    for life in quarter:
        if hand := life.hand_over:
            waited = (hand.answered_at or end) - hand.at
            assert (waited > timedelta(hours=24)) == hand.slow, hand
            fates[hand.fate] += 1
    assert (fates["won"], fates["lost"], fates["open"]) == (31, 62, 31)
    assert sum(1 for life in quarter if life.form) == 530


def test_every_call_has_its_own_id_and_lies_within_the_four_hundred_days():
    seen = set()
    for _, call in stories(iter(everybody()[::25]), 1):
        assert call["messageId"] not in seen
        seen.add(call["messageId"])
        at = datetime.fromisoformat(call["timestamp"])
        assert END - timedelta(days=400, hours=1) <= at < END
