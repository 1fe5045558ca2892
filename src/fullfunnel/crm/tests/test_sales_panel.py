"""The sales panel on a person's page: what sales knows of them, and what a member does from there."""

import pytest

from fullfunnel.core import clock
from fullfunnel.crm import actions
from fullfunnel.crm.models import Activity, HandOver, HandOverJoin, Task
from fullfunnel.crm.said import Done
from fullfunnel.workspaces.actions import set_how_you_sell
from tests.kit.cast import Member

CAUSE = "abcdefgh12345678"


def panel(member, person, path="", **given):
    address = f"/w/halden/people/{person.public_id}/sales/{path}"
    found = member.client.post(address, given) if path else member.client.get(address)
    return found.status_code, " ".join(found.content.decode().split())


def test_it_shows_hand_overs_with_reasons_and_who_decided_deals_tasks_and_activities(waiting, known, bob):
    deal = actions.open_deal(waiting, details={"amount": "9600", "currency": "EUR"}, by=bob.user)
    actions.add_task(known[0], title="Send the offer", by=bob.user)
    actions.log_activity(known[0], done=Done("call", outcome="reached", text="Wants rosters"), by=bob.user)
    status, text = panel(bob, known[0])
    assert status == 200
    for shown in ("Asked for a demo", "Accepted by Bob", deal.name, "Discovery, Bob", "€9,600.00", "Send the offer"):
        assert shown in text, shown
    assert '<span class="badge">reached</span>' in text
    assert "Wants rosters" in text


def test_what_was_rejected_says_why_and_who_joined_says_whom(waiting, known, bob):
    actions.hand_over(known[1], cause_event="form-2", why=["Saw the prices"], by=None)
    actions.reject_hand_over(waiting, reason="Too small", by=bob.user)
    assert ": Too small" in panel(bob, known[0])[1]
    assert "Joined the hand-over of" in panel(bob, known[1])[1]


def test_a_person_of_whom_sales_knows_nothing_has_an_empty_panel(known, bob):
    _, text = panel(bob, known[2])
    assert [words in text for words in ("Not yet.", "None open.", "Nothing yet.")] == [True] * 3


def test_a_member_hands_over_with_a_reason_once_however_often_it_is_sent(known, bob):
    given = {"hand-over-why": "Met at the fair", "hand-over-cause": CAUSE}
    for _ in range(2):
        status, text = panel(bob, known[2], "hand-over/", **given)
        assert (status, "Cleo was handed over." in text) == (200, True)
    made = HandOver.objects.get()
    assert (made.cause_event, made.person, made.outcome) == (f"by-member-{CAUSE}", known[2], "waiting")
    assert (made.why[0]["text"], made.moves.get().by) == ("Met at the fair", bob.user)
    assert HandOverJoin.objects.count() == 0
    given["hand-over-cause"] = "another-cause-1"
    assert "noted that they ask again" in panel(bob, known[2], "hand-over/", **given)[1]


@pytest.mark.parametrize("given", [{"hand-over-cause": CAUSE}, {"hand-over-why": "x", "hand-over-cause": "form 1"}])
def test_a_hand_over_needs_a_reason_and_a_cause_of_its_own(given, known, bob):
    assert panel(bob, known[2], "hand-over/", **given)[0] == 422
    assert HandOver.objects.count() == 0


def test_a_call_is_logged_with_its_outcome(known, bob):
    given = {"log-kind": "call", "log-direction": "out", "log-outcome": "no answer", "log-text": ""}
    status, text = panel(bob, known[0], "activities/", **given)
    assert (status, "no answer" in text) == (200, True)
    row = Activity.objects.get()
    assert (row.person, row.kind, row.outcome, row.by) == (known[0], "call", "no answer", bob.user)
    assert panel(bob, known[0], "activities/", **given | {"log-direction": "up"})[0] == 422
    assert Activity.objects.count() == 1


def test_a_task_is_added_finished_and_opened_again(known, bob):
    given = {"task-title": "Send the offer", "task-due": "2099-12-18", "task-owner": bob.user.public_id}
    assert panel(bob, known[0], "tasks/", **given)[0] == 200
    task = Task.objects.get()
    assert (task.person, task.owner, task.due_at.date().isoformat()) == (known[0], bob.user, "2099-12-18")
    _, text = panel(bob, known[0], f"tasks/{task.public_id}/finish/")
    assert ("“Send the offer” is done." in text, "None open." in text) == (True, True)
    task.refresh_from_db()
    assert (task.done_by, task.done_at <= clock.now()) == (bob.user, True)
    panel(bob, known[0], f"tasks/{task.public_id}/reopen/")
    task.refresh_from_db()
    assert task.done_at is None
    assert panel(bob, known[0], "tasks/", **given | {"task-title": ""})[0] == 422
    assert panel(bob, known[1], f"tasks/{task.public_id}/finish/")[0] == 404
    assert Task.objects.get().done_at is None


def test_a_viewer_sees_it_and_may_do_nothing(waiting, known, workspace):
    vera = Member("vera@halden.example", "Vera").joins(workspace, "viewer")
    status, text = panel(vera, known[0])
    assert (status, "Asked for a demo" in text, "<form" in text) == (200, True, False)


def test_a_shop_that_sells_online_only_sees_no_sales_words(known, bob, workspace):
    set_how_you_sell(workspace, to="online", by=None)
    assert panel(bob, known[0]) == (200, "")
