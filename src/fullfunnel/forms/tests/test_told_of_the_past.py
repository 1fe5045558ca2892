"""Submissions that came before, told by a program: kept as they were, counted, and handing nobody over."""

from datetime import timedelta

import pytest

from fullfunnel.core import clock
from fullfunnel.events.store import open_store
from fullfunnel.forms.models import Submission
from fullfunnel.forms.tests.kit import published
from fullfunnel.people.models import Person
from fullfunnel.workspaces.keys import make_api_key
from tests.kit.cast import drain

ADA = {
    "name": "Ada Brandt",
    "email": "Ada@Klinik.example",
    "phone": "030 23125 042",
    "message": "Call",
    "consent": True,
}


@pytest.fixture
def form(workspace):
    return published(workspace)


@pytest.fixture
def tell(client, workspace, form):
    def telling(*items, scopes=("crm:read", "crm:write", "history")):
        key = make_api_key(workspace, name="move", scopes=list(scopes), by=None)
        url = f"/api/v1/forms/{form.public_id}/submissions/bulk"
        headers = {"Authorization": f"Bearer {key}"}
        return client.post(url, {"items": list(items)}, content_type="application/json", headers=headers)

    return telling


def months_ago(**more):
    return {"answers": ADA, "at": (clock.now() - timedelta(days=60)).isoformat(), **more}


def events(name):
    return open_store().ask(lambda d: f"SELECT * FROM events WHERE name = '{name}'")


def test_it_is_kept_as_of_then_its_person_known_and_marked_as_history(tell):
    (result,) = tell(months_ago()).json()["results"]
    drain()
    row = Submission.objects.get()
    assert (result["id"], result["error"]) == (row.public_id, None)
    assert (row.sent_at.date(), row.answers["phone"]) == ((clock.now() - timedelta(days=60)).date(), "+493023125042")
    assert row.person.email == "ada@klinik.example"
    (event,) = events("form_submitted")
    assert (event["event_id"], event["properties"]["submission"]) == (row.event_id, row.public_id)
    assert event["occurred_at"].date() == row.sent_at.date()
    # What makes the sellers' room hand nobody over.
    assert event["properties"]["is_history"] == "true"


def test_what_the_stream_has_already_is_not_told_to_it_again_and_kept_once(tell):
    first, second = (tell(months_ago(event="halden-1")).json()["results"][0]["id"] for _ in range(2))
    drain()
    assert first == second
    assert Submission.objects.get().event_id == "halden-1"
    assert events("form_submitted") == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"answers": ADA | {"email": "ada"}}, "answers.email"),
        ({"answers": ADA | {"shoe": "42"}}, "answers.shoe"),
        ({"answers": {"name": "Ada"}}, "answers.email"),
        ({"answers": ADA | {"email": []}}, "answers.email"),
        ({"version": 7}, "version"),
        ({"at": "2199-01-01T00:00:00Z"}, "at"),
    ],
)
def test_what_is_wrong_is_said_and_leaves_no_trace(tell, more, field):
    (result,) = tell(months_ago(**more)).json()["results"]
    assert result["error"]["field"] == field
    assert Submission.objects.count() == Person.objects.count() == 0


def test_an_empty_answer_is_empty_and_one_that_was_not_given_is_absent(tell):
    tell(
        months_ago(answers={"name": "Ada", "email": "a@klinik.example", "phone": None, "message": "x", "consent": True})
    )
    assert Submission.objects.get().answers["phone"] == ""
    tell(months_ago(answers={"name": "Ada", "email": "b@klinik.example", "message": "x", "consent": True}))
    assert "phone" not in Submission.objects.latest("pk").answers


def test_only_a_key_for_the_past_may_tell_it(tell):
    (result,) = tell(months_ago(), scopes=("crm:write",)).json()["results"]
    assert result["error"]["message"] == "Only a key with the scope 'history' may say when it was."
    assert Submission.objects.count() == 0


def test_forms_and_what_was_sent_are_listed(tell, client, workspace, form):
    tell(months_ago())
    key = make_api_key(workspace, name="read", scopes=["crm:read"], by=None)
    headers = {"Authorization": f"Bearer {key}"}
    (listed,) = client.get("/api/v1/forms", headers=headers).json()["items"]
    assert listed == {"id": form.public_id, "name": "Contact", "hands_over": True, "version": 1, "is_closed": False}
    (sent,) = client.get(f"/api/v1/forms/{form.public_id}/submissions", headers=headers).json()["items"]
    assert (sent["answers"]["name"], sent["consents"][0]["given"]) == ("Ada Brandt", True)


def test_a_submission_opens_with_what_was_written_and_agreed_to(tell, alice, carol, form):
    tell(months_ago(url="https://halden.example/contact?utm_source=fair"))
    row = Submission.objects.get()
    page = carol.client.get(f"/w/halden/forms/{form.public_id}/answers/{row.public_id}/").content.decode()
    for text in ("+493023125042", "I agree that my request", "fair", "Ada Brandt"):
        assert text in page
