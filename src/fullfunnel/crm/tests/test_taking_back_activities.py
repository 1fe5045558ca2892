"""What was logged is taken back from any page: the row goes, the stream hears of it, and the joint counts it no more."""

from datetime import timedelta

import pytest

from fullfunnel.core import clock
from fullfunnel.crm import actions
from fullfunnel.crm.models import Activity, Task
from fullfunnel.crm.said import Call, Done
from fullfunnel.events.models import Outbox
from tests.kit.outbox import recorded
from tests.kit.refusals import refusal_of

HTMX = {"HX-Request": "true"}
MODELS = [Activity, Task, Outbox]


@pytest.fixture
def called(known, bob):
    return actions.log_call(known[0], call=Call("Reached", "Wants rosters", "Send the offer"), by=bob.user)


def undo_in(text):
    return text.split('hx-post="')[-1].split('"')[0].replace("&amp;", "&")


def test_it_is_an_event_of_the_same_person_and_its_task_goes_with_it(called, bob, workspace):
    assert Task.objects.get().title == "Send the offer"
    gone = actions.take_back_activity(called, by=bob.user)
    assert (gone.public_id, Activity.objects.count(), Task.objects.count()) == (called.public_id, 0, 0)
    (logged,), (back,) = recorded(workspace, "activity_logged"), recorded(workspace, "activity_taken_back")
    assert (back.user, back.properties["activity"]) == (logged.user, logged.properties["activity"])
    assert "taken back already" in refusal_of(lambda: actions.take_back_activity(gone, by=bob.user), MODELS)


def test_after_an_hour_or_by_a_stranger_it_stays(called, bob, charlie):
    assert "Only these roles" in refusal_of(lambda: actions.take_back_activity(called, by=charlie.user), MODELS)
    Activity.objects.update(logged_at=clock.now() - timedelta(hours=2))
    assert "within an hour" in refusal_of(lambda: actions.take_back_activity(called, by=bob.user), MODELS)


def test_a_next_step_that_is_no_task_takes_the_call_back_with_it(known, bob):
    call = Call("Reached", next_step="x" * 301)
    assert "at most 300" in refusal_of(lambda: actions.log_call(known[0], call=call, by=bob.user), MODELS)


@pytest.mark.parametrize("where", ["deal", "person", "company", "inbox"])
def test_every_page_that_logs_offers_undo(where, waiting, known, acme, bob):
    deal = actions.open_deal(waiting, by=bob.user)
    path, given = {
        "deal": (f"deals/{deal.public_id}/activities/", {"kind": "call"}),
        "person": (f"people/{known[0].public_id}/sales/activities/", {"log-kind": "call", "log-direction": "out"}),
        "company": (f"companies/{acme.pk}/activities/", {"log-kind": "call", "log-direction": "out"}),
        "inbox": (f"inbox/{waiting.public_id}/call/", {"outcome": "Reached", "next_step": "Send it"}),
    }[where]
    answer = bob.client.post(f"/w/halden/{path}", given, headers=HTMX)
    assert (answer.status_code, Activity.objects.count()) == (200, 1)
    undone = bob.client.post(undo_in(answer.content.decode()), headers=HTMX)
    assert (undone.status_code, undone.headers["HX-Trigger"]) == (200, "work-changed")
    assert (Activity.objects.count(), Task.objects.count()) == (0, 0)


def test_without_htmx_one_is_back_on_the_page_it_was_about(known, bob):
    made = actions.log_activity(known[0], done=Done("call"), by=bob.user)
    answer = bob.client.post(f"/w/halden/activities/{made.public_id}/undo/")
    assert answer.headers["Location"] == f"/w/halden/people/{known[0].public_id}/"


def test_a_company_page_says_who_met_whom_how_often_and_nothing_of_what_was_said(known, acme, alice, bob):
    for by, person, outcome in (
        (bob, known[0], "reached"), (bob, known[0], "held"), (bob, known[1], "No answer"), (alice, known[1], ""),
    ):  # fmt: skip
        actions.log_activity(person, done=Done("call", outcome=outcome, text="secret"), by=by.user)
    text = " ".join(bob.client.get(f"/w/halden/companies/{acme.pk}/").content.decode().split())
    table = text[text.index("Who knows whom") :].partition("</table>")[0]
    cells = [row.split("</tr>")[0] for row in table.split("<tr>")[2:]]
    said = [(who in row, whom in row, times in row) for row, who, whom, times in zip(
        cells, ("Bob", "Alice"), ("Ada", "Ben"), ("2×", "1×"), strict=True)]  # fmt: skip
    assert said == [(True, True, True)] * 2
    assert "secret" not in table
