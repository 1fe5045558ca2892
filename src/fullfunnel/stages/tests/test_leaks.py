"""Leaks are kept, told once, given to somebody, mended, or closed; their pages say what the evidence is."""

import re
from datetime import timedelta

import pytest

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.crm.models import Task
from fullfunnel.notices.models import Notice
from fullfunnel.stages import leak_actions
from fullfunnel.stages.leaks import on_tick
from fullfunnel.stages.leaks.models import Leak, LeakScan, LeakState
from fullfunnel.stages.tests.leaks import answer, leak, side
from fullfunnel.workspaces.models import AuditEntry, Membership
from tests.kit.cast import days_ago

HOME = "/w/halden/leaks/"
PHONES = {"key": "form:f|device|mobile", "step": "form:f", "to": "sent", "label": "Demo", "dimension": "device",
          "value": "mobile", "group": side(240, 74), "others": side(290, 180), "hit": 166, "bands": []}  # fmt: skip


def keep(workspace, *leaks, recovered=None):
    return leak_actions.keep_leaks(workspace, answer=answer(*leaks), recovered=recovered or {}, version="1", by=None)


@pytest.fixture
def kept(workspace, alice, bob):
    keep(workspace, leak(), leak("23300.0000", **PHONES))
    return Leak.objects.get(key="handed_over|waited_a_day|yes")


def told():
    return list(Notice.objects.order_by("pk").values_list("member__user__name", "sentence"))


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_new_leak_is_told_to_the_owner_of_the_workspace_once(kept, workspace):
    keep(workspace, leak(), leak("23300.0000", **PHONES))
    assert told() == [
        ("Alice", "A new leak: Leads that waited over 24 h, about €37,500 a month"),
        ("Alice", "A new leak: Demo on phones, about €23,300 a month"),
    ]
    assert Leak.objects.count() == 2
    assert LeakScan.objects.count() == 1


def test_a_growing_leak_is_told_to_whom_it_was_given(kept, workspace, alice, bob):
    leak_actions.give_leak(kept, to=bob.user, due_on=tomorrow(), by=alice.user)
    Notice.objects.all().delete()
    keep(workspace, leak("50000.0000"))
    assert told() == []
    keep(workspace, leak("60000.0000"))
    keep(workspace, leak("60000.0000"))
    assert told() == [("Bob", "A leak grows: Leads that waited over 24 h, about €60,000 a month")]


def tomorrow():
    return clock.now().date() + timedelta(days=1)


def test_a_leak_that_is_given_makes_a_task_and_a_notice(kept, workspace, alice, bob):
    Notice.objects.all().delete()
    given = leak_actions.give_leak(kept, to=bob.user, due_on=tomorrow(), by=alice.user)
    task = Task.objects.get()
    assert (task.title, task.owner) == ("Mend a leak: Leads that waited over 24 h (€37,500 a month)", bob.user)
    assert (given.owner, given.task) == (bob.user, task)
    assert told()[0][1].startswith("Yours to mend by ")
    assert AuditEntry.objects.filter(action="give_leak").count() == 1


def test_given_again_the_first_task_is_gone(kept, alice, bob):
    leak_actions.give_leak(kept, to=bob.user, due_on=tomorrow(), by=alice.user)
    leak_actions.give_leak(kept, to=alice.user, due_on=tomorrow(), by=alice.user)
    assert [task.owner for task in Task.objects.all()] == [alice.user]


def test_it_is_given_to_members_by_a_day_to_come_only(kept, alice, bob, charlie):
    assert isinstance(leak_actions.give_leak(kept, to=charlie.user, due_on=tomorrow(), by=alice.user), Refused)
    yesterday = clock.now().date() - timedelta(days=2)
    assert isinstance(leak_actions.give_leak(kept, to=bob.user, due_on=yesterday, by=alice.user), Refused)
    assert isinstance(leak_actions.give_leak(kept, to=bob.user, due_on=tomorrow(), by=charlie.user), Refused)
    assert Task.objects.count() == 0


def test_what_is_no_leak_says_why_and_is_told_no_more(kept, workspace, alice):
    assert isinstance(leak_actions.close_leak(kept, reason=" ", by=alice.user), Refused)
    leak_actions.close_leak(kept, reason="A strike of two weeks", by=alice.user)
    Notice.objects.all().delete()
    keep(workspace, leak("90000.0000"), leak("23300.0000", **PHONES))
    kept.refresh_from_db()
    assert (kept.state, kept.reason, told()) == (LeakState.CLOSED, "A strike of two weeks", [])
    leak_actions.reopen_leak(kept, by=alice.user)
    assert Leak.objects.get(pk=kept.pk).state == LeakState.OPEN


def test_a_mended_leak_finishes_its_task_and_shows_what_was_recovered(kept, workspace, alice, bob):
    leak_actions.give_leak(kept, to=bob.user, due_on=tomorrow(), by=alice.user)
    leak_actions.mend_leak(kept, on=clock.now().date(), by=alice.user)
    assert Task.objects.get().done_at is not None
    price = {"amount": "20300.0000", "low": "11900.0000", "high": "29400.0000", "currency": "EUR"}
    since = {"before": side(148, 22), "after": side(60, 24), "others": side(90, 36), "per_month": price}
    since["difference"] = {"value": 0.25, "low": 0.1, "high": 0.4}
    keep(workspace, recovered={kept.key: since})
    said = "Leads that waited over 24 h 15 % → 40 %: about €20,300 a month recovered (between €11,900 and €29,400)"
    assert said in text_of(alice.client.get(HOME)).replace("\xa0", " ")


def test_a_mended_leak_that_is_back_is_told(kept, workspace, alice):
    leak_actions.mend_leak(kept, on=clock.now().date(), by=alice.user)
    Notice.objects.all().delete()
    since = {"before": side(148, 60), "after": side(60, 6), "others": side(90, 36), "per_month": None}
    since["difference"] = {"value": -0.3, "low": -0.4, "high": -0.2}
    for _ in range(2):
        keep(workspace, leak(), recovered={kept.key: since})
    assert told() == [("Alice", "A leak is back: Leads that waited over 24 h, about €37,500 a month")]


def test_it_cannot_be_mended_tomorrow(kept, alice):
    assert isinstance(leak_actions.mend_leak(kept, on=clock.now().date() + timedelta(days=2), by=alice.user), Refused)
    kept.refresh_from_db()
    assert kept.state == LeakState.OPEN


def test_the_list_says_the_two_costliest_and_what_is_no_leak(kept, alice):
    said = text_of(alice.client.get(HOME)).replace("\xa0", " ")
    assert "Two leaks cost most, about €37,500 and €23,300 a month. They overlap; do not add them." in said
    assert "in Spain, 1 of 19 arrive (too few to judge)" in said
    assert "Deals with one contact: 9 of 51 are won, others 22 of 42" in said


def test_a_leaks_page_reckons_its_price(kept, alice):
    said = text_of(alice.client.get(f"{HOME}{kept.public_id}/")).replace("\xa0", " ")
    assert (
        "148 × (39 % − 15 %) = 35 more would become opportunities; × 33 % won (31 of 93) × €9,600 ÷ 3 months = €37,500"
        in said
    )
    assert "within 4 working hours 42 % 76 of 181" in said


def test_it_is_given_from_its_page(kept, alice, bob):
    member = Membership.objects.get(user=bob.user)
    answered = alice.client.post(f"{HOME}{kept.public_id}/give/", {"to": member.pk, "due_on": str(tomorrow())})
    assert answered.status_code == 302
    assert "Bob, by" in text_of(alice.client.get(HOME))
    wrong = alice.client.post(f"{HOME}{kept.public_id}/close/", {"reason": ""}, headers={"HX-Request": "true"})
    assert wrong.status_code == 422


def test_the_file_has_every_leak_with_its_price(kept, alice):
    lines = alice.client.get(f"{HOME}table.csv").content.decode().splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("Leads that waited over 24 h,handed_over,waited_a_day,yes,148,22,264,102")


def test_the_tick_looks_once_at_what_came_and_then_waits(ada, workspace, alice):
    assert on_tick.watch_leaks() is False
    assert LeakScan.objects.count() == 0
    ada.visits("/", at=days_ago(3))
    on_tick.watch_leaks()
    first = LeakScan.objects.get()
    assert (first.answer["tested"], Leak.objects.count()) == (0, 0)
    on_tick.watch_leaks()
    assert LeakScan.objects.get().scanned_at == first.scanned_at


def test_the_people_of_a_leak_are_asked_of_the_stream(kept, ada, alice):
    ada.visits("/", at=days_ago(3))
    page = alice.client.get(f"{HOME}{kept.public_id}/people/")
    assert "Nobody of the last 90 days is in this leak now." in text_of(page)
