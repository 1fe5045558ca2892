"""Activities are events without their text; tasks are none."""

from datetime import timedelta

import pytest

from fullfunnel.core import clock
from fullfunnel.crm import actions
from fullfunnel.crm.models import Activity, Task
from fullfunnel.crm.said import Done
from fullfunnel.events.models import Outbox
from tests.kit.outbox import recorded
from tests.kit.refusals import refusal_of

MODELS = [Activity, Task, Outbox]


def test_a_call_is_an_event_without_what_was_written(known, acme, bob, workspace):
    made = actions.log_activity(known[0], done=Done("call", outcome="reached", text="Wants rosters"), by=bob.user)
    assert (made.person, made.company, made.direction, made.outcome) == (known[0], acme, "out", "reached")
    (told,) = recorded(workspace, "activity_logged")
    said = {"activity": made.public_id, "kind": "call", "direction": "out", "by": bob.user.public_id}
    assert (told.properties, told.actor, told.company, told.at) == (said, "us", "acme.example", clock.to_us(made.at))


def test_it_may_be_about_a_deal_one_of_its_people_or_a_company_of_which_nobody_is_known(
    waiting, known, acme, bob, workspace
):
    deal = actions.open_deal(waiting, by=bob.user)
    for subject, person in ((deal, None), (deal, known[1]), (acme, None)):
        actions.log_activity(subject, done=Done("meeting"), person=person, by=bob.user)
    told = recorded(workspace, "activity_logged")
    assert [(each.user, each.contact_of, each.deal) for each in told] == [
        ("ada-1", None, deal.public_id),
        ("ben-1", None, deal.public_id),
        (None, "acme.example", None),
    ]


def test_it_may_have_been_a_while_ago_and_only_history_is_marked(known, bob, workspace):
    ago = clock.now() - timedelta(hours=2)
    for is_history in (False, True):
        actions.log_activity(known[0], done=Done("demo"), by=bob.user, at=ago, is_history=is_history)
    told = recorded(workspace, "activity_logged")
    assert [("is_history" in each.properties, each.at) for each in told] == [
        (False, clock.to_us(ago)), (True, clock.to_us(ago))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("done", "part"),
    [
        (Done("chat"), "'chat' is not one of call, email"),
        (Done("call", "up"), "'up' is not one of"),
        (Done("call", outcome="x" * 101), "at most 100"),
        (Done("call", text="x" * 20_001), "this one has 20,001"),
    ],
)
def test_what_is_no_activity_is_refused(done, part, known, bob):
    assert part in refusal_of(lambda: actions.log_activity(known[0], done=done, by=bob.user), MODELS)


def test_a_task_is_added_changed_done_reopened_and_removed_and_is_no_event(known, bob, alice, charlie, workspace):
    before = Outbox.objects.count()
    task = actions.add_task(known[0], title=" Call Ada ", by=bob.user)
    assert (task.title, task.owner, task.made_by, task.done_at) == ("Call Ada", bob.user, bob.user, None)
    due = clock.now()
    task = actions.change_task(task, changes={"owner": alice.user, "due_at": due}, by=bob.user)
    assert (task.title, task.owner, task.due_at) == ("Call Ada", alice.user, due)
    done = actions.finish_task(task, by=alice.user)
    again = actions.finish_task(task, by=bob.user)
    assert (again.done_at, again.done_by) == (done.done_at, alice.user)
    assert actions.reopen_task(task, by=bob.user).done_at is None
    for act, part in [
        (lambda: actions.add_task(known[0], title=" ", by=bob.user), "A task says what to do"),
        (lambda: actions.add_task(known[0], title="x", owner=charlie.user, by=bob.user), "no member"),
        (lambda: actions.change_task(task, changes={"done": True}, by=bob.user), "A task has no done"),
        (lambda: actions.finish_task(task, by=charlie.user), "Only these roles"),
    ]:
        assert part in refusal_of(act, MODELS)
    actions.remove_task(task, by=bob.user)
    assert refusal_of(lambda: actions.finish_task(task, by=bob.user), MODELS) == "This task was removed."
    assert Outbox.objects.count() == before
