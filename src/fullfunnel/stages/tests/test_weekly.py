"""Monday at 8 both teams are told what costs most, once."""

from datetime import UTC, datetime

import pytest

from fullfunnel.core import clock
from fullfunnel.crm.models import HandOver
from fullfunnel.notices.models import Notice
from fullfunnel.people.models import Person
from fullfunnel.stages import leak_actions
from fullfunnel.stages.tests.leaks import answer, leak
from fullfunnel.stages.weekly.on_tick import news_for, tell_weekly
from fullfunnel.stages.weekly.text import Item, mail_text
from fullfunnel.workspaces.models import Membership

NINE = datetime(2026, 11, 30, 9, tzinfo=UTC)


@pytest.fixture
def kept(workspace, alice):
    return leak_actions.keep_leaks(workspace, answer=answer(leak()), recovered={}, version="1", by=None)


def weekly_at(monkeypatch, now):
    monkeypatch.setattr(clock, "now", lambda: now)
    tell_weekly()
    return list(Notice.objects.filter(kind="weekly").values_list("member__user__name", "occasion", "sentence"))


def test_a_monday_is_told_once(kept, monkeypatch):
    said = [("Alice", "2026-11-30", "One leak costs about €37,500 a month.")]
    assert weekly_at(monkeypatch, NINE) == said
    assert weekly_at(monkeypatch, NINE.replace(hour=10)) == said


@pytest.mark.parametrize("now", [NINE.replace(hour=5), datetime(2026, 12, 1, 10, tzinfo=UTC)])
def test_nothing_is_told_before_8_or_a_day_late(kept, monkeypatch, now):
    assert weekly_at(monkeypatch, now) == []


def test_the_mail_names_the_price_of_a_leak(kept, alice):
    assert (
        "- Leads that waited over 24 h, €37,500 a month\n  "
        in news_for(Membership.objects.get(user=alice.user), NINE.date()).more
    )


def test_a_part_without_items_is_left_out():
    assert mail_text([], [Item("Fit 3", "u")]) == "Your leads to call first:\n- Fit 3\n  u"


def test_a_member_reads_their_own_waiting_leads_the_best_first(kept, workspace, alice, bob):
    for number, owner, fit in [(1, bob, 10), (2, bob, 60), (3, alice, 90)]:
        person = Person.objects.create(workspace=workspace, public_id=f"p{number}")
        HandOver.objects.create(
            workspace=workspace, person=person, cause_event=f"e{number}", owner=owner.user, fit=fit, handed_over_at=NINE
        )
    said = news_for(Membership.objects.get(user=bob.user), NINE.date()).more
    assert [line for line in said.splitlines() if line.startswith("- Fit")] == [
        "- Fit 60, engagement 0, waiting since 30 Nov",
        "- Fit 10, engagement 0, waiting since 30 Nov",
    ]


def test_nothing_is_told_before_leaks_were_looked_for(workspace, alice, monkeypatch):
    assert weekly_at(monkeypatch, NINE) == []
