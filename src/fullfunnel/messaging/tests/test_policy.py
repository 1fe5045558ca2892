"""The policy says send, hold or refuse with one reason: what the shared cases leave open, and they."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from fullfunnel.messaging.hits import Hit, judge
from fullfunnel.messaging.policy import ALL, Facts, Message, Rules, Verdict, Word, agreed, end_of_quiet, verdict
from tests.cases import outcomes_of
from tests.kit.shared import shared

NOON = datetime(2026, 5, 5, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
YES = (Word("news", given=True, at=NOON - timedelta(days=30)),)
NEWS = Message("email", "marketing", "news")


@pytest.mark.parametrize(("name", "rows"), [("policy", 24), ("hits", 12), ("opens", 4)])
def test_the_shared_cases(name, rows):
    outcomes = outcomes_of(shared(f"cases/acting/{name}.jsonl"))
    assert [outcome for outcome in outcomes if outcome.wrong] == []
    assert len(outcomes) == rows


def test_a_pause_holds_marketing_until_it_is_over_and_nothing_else():
    facts = Facts("ada@acme.example", words=YES, paused_until=NOON + timedelta(days=3), zone=BERLIN)
    held = verdict(NEWS, facts, Rules(), NOON)
    assert held == Verdict("hold", "paused by the person", NOON + timedelta(days=3))
    assert verdict(Message("email", "transactional"), facts, Rules(), NOON).do == "send"


def test_a_no_of_the_same_moment_beats_the_yes():
    assert not agreed("news", [Word("news", given=True, at=NOON), Word(ALL, given=False, at=NOON)])


def test_quiet_hours_within_a_day_end_that_day():
    assert end_of_quiet(NOON, (time(13), time(15)), BERLIN) == datetime(2026, 5, 5, 13, tzinfo=UTC)
    assert end_of_quiet(NOON, (time(8), time(12)), BERLIN) is None
    assert end_of_quiet(NOON, (time(8), time(8)), BERLIN) is None


def test_what_was_sent_exactly_the_window_ago_is_not_counted():
    week = timedelta(days=7)
    facts = Facts("ada@acme.example", words=YES, sent=[NOON - week, NOON, NOON - timedelta(days=1)])
    assert verdict(NEWS, facts, Rules(quiet=None), NOON).do == "send"
    more = Facts("ada@acme.example", words=YES, sent=[NOON - week + timedelta(seconds=1), NOON, NOON])
    assert verdict(NEWS, more, Rules(quiet=None), NOON) == Verdict("refuse", "cap")


def test_a_head_request_is_a_machine_even_late():
    assert judge([Hit(9_000, "a", "203.0.113.7", "HEAD", "Mozilla/5.0 (Macintosh) Safari/605")]) == ["machine"]
