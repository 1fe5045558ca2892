"""How long a hand-over waits for a person of ours, and what becomes of the promises of both sides."""

import csv
from datetime import UTC, date, datetime, timedelta

import pytest

from fullfunnel.core import clock
from fullfunnel.crm import actions
from fullfunnel.crm.models import HandOver
from fullfunnel.crm.promises.loading import load
from fullfunnel.crm.promises.months import Number, Tally, decision_of, months_until, number_of
from fullfunnel.crm.promises.page import asked_period, late_of, of_period, period_of, promises_of, working
from fullfunnel.crm.promises.speed import Lead, State, Touch, bars_of, quantile, speed_of, summary_of
from fullfunnel.crm.said import Done
from fullfunnel.people.models import Person
from fullfunnel.workspaces.team.calendars import calendars_of
from tests.cases import outcomes_of

# Mondays of four weeks, 10:00 in Halden; the promise is 4 hours, the day 9 to 17.
MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
URL = "/w/halden/sales/promises/"


@pytest.fixture(autouse=True)
def halden(workspace):
    workspace.timezone = "Europe/Berlin"
    workspace.save()


def lead(workspace, number, at, told=None):
    person = Person.objects.create(workspace=workspace, public_id=f"{number:020}", traits={"name": f"Lead {number}"})
    with clock.frozen(at):
        return actions.hand_over(person, cause_event=f"form-{number}", why=["Asked"], by=None, at=told)


def touch(about, at, by, kind="call", **more):
    with clock.frozen(at):
        return actions.log_activity(about, done=Done(kind, **more), by=by)


def loaded(workspace, now, first=date(2026, 8, 1)):
    return load(workspace, first, now)


def page(member, query="", now=MONDAY + 6 * HOUR, path=""):
    with clock.frozen(now):
        answer = member.client.get(f"{URL}{path}{query}")
    return answer.status_code, " ".join(answer.content.decode().split())


def test_the_cases_of_others_are_answered(shared):
    outcomes = outcomes_of(shared("cases/selling/speed_to_lead.jsonl"))
    assert {outcome.name: outcome.wrong for outcome in outcomes if outcome.wrong} == {}
    assert len(outcomes) == 7


def test_the_first_touch_is_ours_by_a_person_and_after_the_hand_over(workspace, bob):
    one = lead(workspace, 1, MONDAY)
    touch(one.person, MONDAY - HOUR, bob.user)
    touch(one.person, MONDAY + HOUR, None, "email")
    touch(one.person, MONDAY + HOUR, bob.user, direction="in")
    touch(one.person, MONDAY + 2 * HOUR, bob.user, outcome="no answer")
    touch(one.person, MONDAY + 3 * HOUR, bob.user, "email")
    (found,) = loaded(workspace, MONDAY + 6 * HOUR).measured
    assert found.speed.touch == Touch(MONDAY + 2 * HOUR, "call")
    assert (found.speed.wall, found.speed.business, found.speed.state) == (7_200, 7_200, State.KEPT)


def test_a_touch_counts_on_the_deal_and_with_whom_joined(workspace, known, bob):
    with clock.frozen(MONDAY):
        ada = actions.hand_over(known[0], cause_event="a", why=["Asked"], by=None)
        assert actions.hand_over(known[1], cause_event="b", why=["Asked"], by=None) == ada
        cleo = actions.hand_over(known[2], cause_event="c", why=["Asked"], by=None)
        deal = actions.open_deal(cleo, by=bob.user)
    touch(known[1], MONDAY + HOUR, bob.user)
    touch(deal, MONDAY + 2 * HOUR, bob.user, "meeting")
    found = {each.row.pk: each.speed.wall for each in loaded(workspace, MONDAY + 6 * HOUR).measured}
    assert found == {ada.pk: 3_600, cleo.pk: 7_200}


def test_a_later_hand_over_has_its_own_touch(workspace, bob):
    first = lead(workspace, 1, MONDAY - timedelta(days=7))
    with clock.frozen(MONDAY - timedelta(days=7) + HOUR):
        actions.reject_hand_over(first, reason="Spam", by=bob.user)
    with clock.frozen(MONDAY):
        second = actions.hand_over(first.person, cause_event="again", why=["Asked"], by=None)
    touch(first.person, MONDAY + HOUR, bob.user)
    found = {each.row.pk: each.speed.state for each in loaded(workspace, MONDAY + 6 * HOUR).measured}
    assert found == {first.pk: State.CLOSED, second.pk: State.KEPT}


@pytest.mark.parametrize(
    ("closed", "now", "state"),
    [(None, 3, State.WAITING), (None, 5, State.BROKEN), (3, 9, State.CLOSED), (5, 9, State.BROKEN), (None, 4, State.WAITING)],
)  # fmt: skip
def test_who_was_never_touched_waits_is_late_or_was_turned_away(workspace, closed, now, state):
    given = Lead(MONDAY, MONDAY + 4 * HOUR, MONDAY + closed * HOUR if closed else None)
    assert speed_of(given, [], calendars_of(workspace).common, MONDAY + now * HOUR).state is state


def test_bars_tell_the_promise_kept_from_late(workspace):
    calendar = calendars_of(workspace).common
    minutes = (0, 15, 16, 240, 241)
    leads = [
        speed_of(Lead(MONDAY, MONDAY + 4 * HOUR), [Touch(MONDAY + timedelta(minutes=each), "call")], calendar, MONDAY + 8 * HOUR)
        for each in minutes
    ]  # fmt: skip
    assert [(bar.up_to, bar.kept, bar.broken) for bar in bars_of(leads) if bar.count] == [
        (900, 2, 0), (1_800, 1, 0), (14_400, 1, 0), (28_800, 0, 1),
    ]  # fmt: skip
    assert (summary_of(leads).median_business, summary_of(leads).kept, summary_of(leads).decided) == (960, 4, 5)
    assert (quantile([], 0.5), summary_of([]).p90_wall) == (None, None)


def test_months_and_numbers_are_judged_when_they_are_over():
    assert months_until(date(2027, 1, 31), 3) == [date(2027, 1, 1), *(date(2026, month, 1) for month in (12, 11, 10))]
    assert number_of(11, 12, is_over=False) == Number(11, 12, State.WAITING)
    assert number_of(11, 12, is_over=True) == Number(11, 12, State.BROKEN)
    assert number_of(12, 12, is_over=False) == Number(12, 12, State.KEPT)
    assert decision_of(None, MONDAY, MONDAY) is State.WAITING
    assert decision_of(MONDAY + HOUR, MONDAY, MONDAY) is State.BROKEN
    assert (working(32_400), working(144_000)) == ("9\N{NO-BREAK SPACE}h", "40\N{NO-BREAK SPACE}h")


@pytest.fixture
def four(workspace, bob):
    """Of November: one kept and accepted in time, one touched late, one untouched and late; of October one kept. All else open."""
    actions.set_sales_rules(
        workspace, by_turn=False, when_late="stays", answer_minutes=240, age_out_days=10, hand_overs_a_month=2,
        status_days=1, by=None,
    )  # fmt: skip
    old = lead(workspace, 0, datetime(2026, 10, 12, 8, tzinfo=UTC))
    touch(old.person, datetime(2026, 10, 12, 9, tzinfo=UTC), bob.user)
    begin = MONDAY - timedelta(days=5)
    rows = [lead(workspace, number, begin) for number in (1, 2, 3)]
    touch(rows[0].person, begin + HOUR, bob.user)
    touch(rows[1].person, begin + timedelta(days=1), bob.user)
    with clock.frozen(begin + HOUR):
        actions.accept_hand_over(rows[0], by=bob.user)
    return rows


def test_the_three_promises_are_counted_month_by_month(workspace, four):
    period = period_of("", workspace, MONDAY)
    answer, decision, number = promises_of(loaded(workspace, MONDAY), period.months, MONDAY)
    assert [name for name, _ in answer.months] == ["Nov 2026", "Oct 2026", "Sep 2026", "Aug 2026"]
    assert [tally for _, tally in answer.months] == [Tally(1, 2, 0), Tally(1, 0, 0), Tally(), Tally()]
    assert [tally for _, tally in decision.months] == [Tally(1, 2, 0), Tally(0, 1, 0), Tally(), Tally()]
    assert [(each.count, each.state) for _, each in number.months] == [
        (3, State.KEPT), (1, State.BROKEN), (0, State.BROKEN), (0, State.BROKEN),
    ]  # fmt: skip


def test_who_waits_untouched_and_late_is_listed_with_how_late(workspace, four):
    found = loaded(workspace, MONDAY)
    (late,) = late_of(found, of_period(period_of("month", workspace, MONDAY), found.measured), MONDAY)
    assert (late.row, late.seconds) == (four[2], timedelta(hours=3 + 8 + 8 + 1).total_seconds())


def test_a_period_is_this_month_the_last_or_some_days(workspace):
    days = {"period": "custom", "start": "2026-11-02", "end": "2026-11-06"}
    asked = asked_period(days, workspace, MONDAY)
    assert (asked.key, str(asked.first), str(asked.end)) == ("custom", "2026-11-02", "2026-11-07")
    for wrong in ({"start": "0001-01-01"}, {"end": "9999-12-31"}, {"start": "2026-11-07"}, {"end": "soon"}):
        assert asked_period(days | wrong, workspace, MONDAY).key == "90d"
    found = {key: (period_of(key, workspace, MONDAY).first, period_of(key, workspace, MONDAY).end) for key in ("month", "last-month", "90d", "12m", "odd")}  # fmt: skip
    assert found == {
        "month": (date(2026, 11, 1), None), "last-month": (date(2026, 10, 1), date(2026, 11, 1)),
        "90d": (date(2026, 9, 1), None), "12m": (date(2025, 12, 1), None), "odd": (date(2026, 9, 1), None),
    }  # fmt: skip


def test_the_page_says_the_figures_and_opens_who_waits(four, alice, bob):
    status, text = page(alice, now=MONDAY)
    assert status == 200
    assert "<strong>2 of 4</strong>" in text
    assert f"/w/halden/inbox/{four[2].public_id}/" in text
    assert f"/w/halden/inbox/{four[1].public_id}/" not in text
    assert "3 of 2" in text
    assert "Change the promises" in text
    assert "Change the promises" not in page(bob, now=MONDAY)[1]
    assert "Nobody was handed over" not in page(alice, "?period=month", now=MONDAY)[1]


def test_history_and_what_is_kept_elsewhere_are_left_out_and_told(workspace, four, alice):
    lead(workspace, 8, MONDAY, told=MONDAY - timedelta(days=3))
    HandOver.objects.filter(pk=lead(workspace, 9, MONDAY - HOUR).pk).update(is_kept_elsewhere=True)
    assert len(loaded(workspace, MONDAY).measured) == 4
    *_, number = promises_of(loaded(workspace, MONDAY), period_of("", workspace, MONDAY).months, MONDAY)
    assert [each.count for _, each in number.months] == [4, 1, 0, 0], "what marketing handed over then, it handed over"
    text = page(alice, now=MONDAY)[1]
    assert "Left out: 1 told as history. Left out: 1 kept in another program." in text
    assert "Left out" not in page(alice, "?period=last-month", now=MONDAY)[1]


def test_channels_come_after_the_page(four, alice):
    status, text = page(alice, "?period=month", now=MONDAY, path="channels/")
    assert status == 200
    assert '<th scope="row">Not known</th> <td class="num">3</td>' in text


def test_the_file_has_a_row_for_each_hand_over_of_the_period(four, alice):
    with clock.frozen(MONDAY):
        answer = alice.client.get(f"{URL}promises.csv?period=month")
    rows = list(csv.DictReader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))
    found = [(row["first_touch"], row["wall_seconds"], row["working_seconds"], row["first_answer"], row["decision"]) for row in rows]  # fmt: skip
    assert found == [("", "", "", "broken", "broken"), ("call", "86400", "28800", "broken", "broken"), ("call", "3600", "3600", "kept", "kept")]  # fmt: skip
    assert rows[2]["first_touch_at"] == "2026-11-25T11:00:00+01:00"


def test_it_says_what_will_be_there_before_anybody_was_handed_over(alice):
    status, text = page(alice)
    assert status == 200
    assert "How fast new leads are answered" in text
