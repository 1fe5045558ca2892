"""The page of tasks: mine by when they are due; done, put off and taken back, and the number beside the menu's entry."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fullfunnel.core import clock
from fullfunnel.crm import actions
from fullfunnel.crm.models import Task
from fullfunnel.crm.tasks.due import group_of, snoozed
from fullfunnel.crm.tasks.lists import said_to_do

HTMX = {"HX-Request": "true"}
MONDAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("due", "group"),
    [
        (None, "later"), (date(2026, 11, 29), "overdue"), (MONDAY, "today"), (date(2026, 12, 1), "week"),
        (date(2026, 12, 6), "week"), (date(2026, 12, 7), "later"),
    ],
)  # fmt: skip
def test_a_task_stands_in_the_group_of_its_day(due, group):
    assert group_of(due, MONDAY) == group


def test_a_task_is_put_off_at_its_time_of_day():
    now, due = datetime(2026, 11, 30, 10, tzinfo=UTC), datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
    found = [snoozed(until, due, now) for until in ("tomorrow", "monday", "week")]
    assert found == [datetime(2026, 12, day, 9, 30, tzinfo=UTC) for day in (1, 7, 7)]
    assert snoozed("tomorrow", None, now) == datetime(2026, 12, 1, 17, tzinfo=UTC)


@pytest.fixture
def tasks(waiting, known, alice, bob):
    """(late, of today, without a day) of Bob; and one of Alice."""
    deal, now = actions.open_deal(waiting, details={"amount": "9600"}, by=bob.user), clock.now()
    late = actions.add_task(deal, title="Call back", due_at=now - timedelta(days=3), by=bob.user)
    today = actions.add_task(known[0], title="Send it", due_at=now, by=bob.user)
    some_day = actions.add_task(known[1], title="Ask for a review", by=bob.user)
    actions.add_task(deal, title="Not mine", due_at=now, owner=alice.user, by=bob.user)
    return late, today, some_day


def page(member, query=""):
    answer = member.client.get(f"/w/halden/tasks/{query}")
    return answer.status_code, " ".join(answer.content.decode().split())


def post(member, task, verb, query="", **given):
    return member.client.post(f"/w/halden/tasks/{task.public_id}/{verb}/{query}", given, headers=HTMX)


def undo_in(answer):
    return answer.content.decode().split('hx-post="')[-1].split('"')[0].replace("&amp;", "&")


def test_mine_stand_in_groups_with_what_they_are_about(tasks, bob):
    status, text = page(bob)
    order = [text.index(words) for words in ("Overdue", "Call back", "Today", "Send it", "Later", "Ask for a review")]
    assert (status, order) == (200, sorted(order))
    assert ("Not mine" in text, "2 for today, 1 of them overdue." in text) == (False, True)
    assert "Acme · €9,600, Discovery" in text
    everybody = page(bob, "?show=all")[1]
    assert ("Not mine" in everybody, "· Alice" in everybody) == (True, True)


def test_done_is_taken_back_and_the_count_follows(tasks, bob, workspace):
    member = workspace.memberships.get(user=bob.user)
    assert said_to_do(member) == "2"
    answer = post(bob, tasks[0], "finish")
    assert (answer.status_code, answer.headers["HX-Trigger-After-Settle"]) == (200, "tasks-answered")
    assert ("Call back" in page(bob)[1], said_to_do(member)) == (False, "1")
    assert "Call back" in page(bob, "?show=done")[1]
    assert bob.client.post(undo_in(answer), headers=HTMX).status_code == 200
    tasks[0].refresh_from_db()
    assert (tasks[0].done_at, said_to_do(member)) == (None, "2")


@pytest.mark.parametrize("number", [0, 2])
def test_put_off_and_back_it_is_due_as_before(number, tasks, bob):
    task = tasks[number]
    answer = post(bob, task, "snooze", until="week")
    before, after = task.due_at, Task.objects.get(pk=task.pk).due_at
    assert after > clock.now() + timedelta(days=6)
    bob.client.post(undo_in(answer), headers=HTMX)
    assert Task.objects.get(pk=task.pk).due_at == before


def test_a_strange_day_is_refused_and_another_workspaces_task_is_not_there(tasks, bob, charlie):
    assert post(bob, tasks[0], "snooze", until="never").status_code == 422
    assert Task.objects.get(pk=tasks[0].pk).due_at == tasks[0].due_at
    assert post(charlie, tasks[0], "finish").status_code == 404
    assert Task.objects.get(pk=tasks[0].pk).done_at is None


@pytest.mark.parametrize("due", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31T00:00:00+00:00"])
def test_an_undo_that_names_a_day_outside_every_calendar_is_refused(tasks, bob, due):
    answer = bob.client.post(f"/w/halden/tasks/{tasks[0].public_id}/snooze/", query_params={"due": due}, headers=HTMX)
    assert (answer.status_code, Task.objects.get(pk=tasks[0].pk).due_at) == (422, tasks[0].due_at)


def test_without_htmx_one_is_back_on_the_page(tasks, bob):
    answer = bob.client.post(f"/w/halden/tasks/{tasks[0].public_id}/finish/?show=all")
    assert answer.headers["Location"] == "/w/halden/tasks/?show=all"


def test_a_viewer_sees_everybodys_and_is_offered_nothing(tasks, workspace):
    from tests.kit.cast import Member

    vera = Member("vera@halden.example", "Vera").joins(workspace, "viewer")
    text = page(vera, "?show=all")[1]
    assert ("Call back" in text, "data-task-done" in text) == (True, False)
