"""Sellers are told what waits for them, and answer a lead from the mail about it."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from fullfunnel.core import clock
from fullfunnel.crm import actions, on_tick
from fullfunnel.crm.models import HandOver, Outcome
from fullfunnel.crm.on_tick import age_out, tell_what_is_due, tell_what_is_late
from fullfunnel.notices.actions import choose_notices
from fullfunnel.notices.models import Notice
from fullfunnel.people.actions import forget_person
from fullfunnel.workspaces.actions import change_password
from fullfunnel.workspaces.models import Membership
from tests.kit.mail import send_all, set_up_mail, smtp_sink

LINK = re.compile(r"http://localhost:8000(/answer-lead/[^/]+/)")


def told():
    return list(Notice.objects.order_by("pk").values_list("kind", "sentence", "member__user__name"))


@pytest.fixture
def mailed(waiting, bob, alice):
    """(accept, not now): the addresses in the mail about Ada, whom Alice gave to Bob."""
    with smtp_sink() as sink:
        set_up_mail(sink.port)
        actions.assign_hand_over(waiting, owner=bob.user, by=alice.user)
        send_all()
        [(recipients, message)] = sink.mails
        assert (recipients, message["Subject"]) == (["bob@halden.example"], "Ada of Acme is your lead now")
        return LINK.findall(sink.texts[0])


def test_a_member_is_told_of_a_lead_each_time_it_is_given_to_them(waiting, bob, alice):
    for owner in (bob.user, None, bob.user, alice.user):
        actions.assign_hand_over(waiting, owner=owner, by=alice.user)
    assert told() == [("lead_assigned", "Ada of Acme is your lead now", "Bob")] * 2


def test_who_gets_an_accepted_lead_is_told(waiting, bob, alice, carol):
    actions.accept_hand_over(waiting, by=alice.user)
    actions.assign_hand_over(waiting, owner=bob.user, by=alice.user)
    actions.assign_hand_over(waiting, owner=carol.user, by=alice.user, at=clock.now())
    assert told() == [("lead_assigned", "Ada of Acme is your lead now", "Bob")]


def test_what_was_told_as_history_tells_nothing(known, bob, alice):
    past = actions.hand_over(known[2], cause_event="old", why=["Asked"], by=None, at=clock.now() - timedelta(days=40))
    actions.assign_hand_over(past, owner=bob.user, by=alice.user)
    assert told() == []


def test_late_and_aged_out_leads_are_told_once(waiting, bob, alice):
    actions.assign_hand_over(waiting, owner=bob.user, by=alice.user)
    Notice.objects.all().delete()
    now = clock.now()
    HandOver.objects.filter(pk=waiting.pk).update(due_at=now - timedelta(hours=1))
    tell_what_is_late()
    tell_what_is_late()
    HandOver.objects.filter(pk=waiting.pk).update(ages_out_at=now - timedelta(minutes=1))
    age_out()
    age_out()
    assert [kind for kind, _, _ in told()] == ["lead_late", "lead_aged_out"]
    assert told()[1] == ("lead_aged_out", "Ada of Acme aged out: nobody answered in time", "Bob")


def test_a_task_is_told_on_its_day_from_six_on(known, workspace, bob, monkeypatch):
    day = datetime(2026, 12, 1, tzinfo=ZoneInfo(workspace.timezone)).astimezone(UTC)
    for title, ahead in (("Call", 0), ("Later", 1)):
        actions.add_task(known[0], title=title, due_at=day + timedelta(days=ahead, hours=17), by=bob.user)
    monkeypatch.setattr(clock, "now", lambda: day + timedelta(hours=5))
    tell_what_is_due()
    assert told() == []
    monkeypatch.setattr(clock, "now", lambda: day + timedelta(hours=6))
    tell_what_is_due()
    tell_what_is_due()
    assert told() == [("task_due", "Due today: Call (Ada)", "Bob")]


def test_a_backlog_is_told_in_portions_and_who_wants_none_holds_up_nobody(known, workspace, bob, alice, monkeypatch):
    monkeypatch.setattr(on_tick, "PORTION", 2)
    day = datetime(2026, 12, 1, tzinfo=ZoneInfo(workspace.timezone)).astimezone(UTC)
    for owner, times in ((alice, 4), (bob, 5)):
        for number in range(times):
            due = day + timedelta(hours=12, minutes=number + (owner is bob) * 10)
            actions.add_task(known[0], title=f"Call {number}", due_at=due, owner=owner.user, by=bob.user)
    member = Membership.objects.get(user=alice.user)
    choose_notices(member, hows={"task_due": "off"}, by=member)
    monkeypatch.setattr(clock, "now", lambda: day + timedelta(hours=6))
    assert [(tell_what_is_due(), Notice.objects.count()) for _ in range(3)] == [(True, 2), (True, 4), (False, 5)]


def test_the_page_behind_a_link_asks_and_changes_nothing(mailed, waiting):
    for link, button in zip(mailed, ("Accept", "Not now"), strict=True):
        page = Client().get(link)
        assert page.status_code == 200
        shown = page.content.decode()
        assert ("Ada of Acme" in shown, "Asked for a demo" in shown, f"{button}</button>" in shown) == (
            True,
            True,
            True,
        )
    waiting.refresh_from_db()
    assert waiting.outcome == Outcome.WAITING


def test_accept_is_done_as_the_member_and_again_says_the_same(mailed, waiting, bob):
    for _ in range(2):
        answer = Client().post(mailed[0])
        assert (answer.status_code, "The lead is yours" in answer.content.decode()) == (200, True)
    waiting.refresh_from_db()
    assert (waiting.outcome, waiting.owner) == (Outcome.ACCEPTED, bob.user)
    assert waiting.moves.filter(what="accepted").count() == 1


def test_not_now_gives_it_back_and_the_links_then_say_so(mailed, waiting):
    answer = Client().post(mailed[1])
    assert (answer.status_code, "You gave it back" in answer.content.decode()) == (200, True)
    waiting.refresh_from_db()
    assert (waiting.outcome, waiting.owner, waiting.owned_because) == (Outcome.WAITING, None, "Bob said: not now")
    for link in mailed:
        refused = Client().post(link)
        assert refused.status_code == 409
        assert "This lead is in the pool again: whoever is first takes it" in refused.content.decode()
    waiting.refresh_from_db()
    assert (waiting.outcome, waiting.owner) == (Outcome.WAITING, None)


def test_who_decided_or_has_it_meanwhile_is_said(mailed, waiting, alice):
    actions.assign_hand_over(waiting, owner=alice.user, by=alice.user)
    assert "Alice has this lead now." in Client().post(mailed[0]).content.decode()
    actions.reject_hand_over(waiting, reason="Spam", by=alice.user)
    assert "Alice rejected it on" in Client().post(mailed[0]).content.decode()
    waiting.refresh_from_db()
    assert (waiting.outcome, waiting.owner) == (Outcome.REJECTED, alice.user)


def over(link):
    answer = Client().post(link)
    return answer.status_code == 404 and "This link no longer works" in answer.content.decode()


def test_a_link_ends_after_three_days(mailed, waiting, monkeypatch):
    later = clock.now() + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert over(mailed[0])
    waiting.refresh_from_db()
    assert waiting.outcome == Outcome.WAITING


def test_a_link_ends_with_the_password_the_membership_and_the_person(mailed, waiting, bob):
    assert [over(mailed[0][:-3] + "x/"), Client().get(mailed[0]).status_code] == [True, 200]
    Membership.objects.filter(user=bob.user).update(role="viewer")
    assert Client().post(mailed[0]).status_code == 409
    waiting.refresh_from_db()
    assert waiting.outcome == Outcome.WAITING
    change_password(bob.user, old="correct horse battery", new="staple battery horse", by=bob.user)
    assert over(mailed[0])


def test_erasing_the_person_ends_the_links_and_the_notices(mailed, waiting):
    forget_person(waiting.person, by=None)
    assert (over(mailed[0]), Notice.objects.count()) == (True, 0)
