"""The REST API: people, companies, hand-overs, deals and activities by key; what is refused says where and changes nothing."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from fullfunnel.core import clock
from fullfunnel.crm.models import Deal, HandOver
from fullfunnel.people.models import Person
from fullfunnel.workspaces.keys import make_api_key


class Program:
    """A client with a key."""

    def __init__(self, workspace, *scopes):
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {make_api_key(workspace, name='crm', scopes=list(scopes), by=None)}"}

    def get(self, path):
        return self.client.get(f"/api/v1/{path}", headers=self.headers)

    def send(self, method, path, body, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method, f"/api/v1/{path}", json.dumps(body), "application/json", headers=self.headers | named
        )

    def post(self, path, body, **headers):
        return self.send("POST", path, body, **headers)


@pytest.fixture
def program(workspace):
    return Program(workspace, "crm:read", "crm:write")


@pytest.fixture
def historian(workspace):
    return Program(workspace, "crm:read", "crm:write", "history")


def a_hand_over(program, email="ada@firm.example", **more):
    assert program.post("people", {"email": email, "traits": {"name": "Ada"}}).status_code == 200
    made = program.post("hand-overs", {"person": {"email": email}, "why": [{"text": "Asked for a demo"}], **more})
    assert made.status_code == 200, made.content
    return made.json()


def test_the_road_from_a_person_to_a_won_deal(program, workspace, bob):
    handed = a_hand_over(program)
    assert (handed["outcome"], handed["owner"]) == ("waiting", None)
    accepted = program.post(f"hand-overs/{handed['id']}/decisions", {"what": "accept", "by": bob.user.email}).json()
    assert (accepted["outcome"], accepted["owner"]) == ("accepted", bob.user.email)
    opened = program.post(
        "deals", {"hand_over": handed["id"], "name": "Firm", "amount": "9600", "currency": "EUR", "by": bob.user.email}
    ).json()
    assert (opened["state"], opened["amount"], opened["stage_name"]) == ("open", "9600.0000", "Discovery")
    moved = program.post(f"deals/{opened['id']}/moves", {"to": "Proposal", "by": bob.user.email}).json()
    assert moved["stage_name"] == "Proposal"
    won = program.post(f"deals/{opened['id']}/moves", {"to": "Won"}).json()
    assert won["state"] == "won"
    assert program.get("hand-overs?outcome=accepted").json()["items"][0]["deal"] == opened["id"]
    assert [each["id"] for each in program.get("deals?state=won").json()["items"]] == [opened["id"]]


def test_a_move_into_lost_needs_one_of_the_listed_reasons(program, workspace, bob):
    handed = a_hand_over(program)
    deal = program.post("deals", {"hand_over": handed["id"]}).json()
    assert program.post(f"deals/{deal['id']}/moves", {"to": "Lost"}).status_code == 422
    wrong = program.post(f"deals/{deal['id']}/moves", {"to": "Lost", "lost_reason": "Rain"})
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "lost_reason")
    assert Deal.objects.get().state == "open"
    lost = program.post(f"deals/{deal['id']}/moves", {"to": "Lost", "lost_reason": "too expensive"}).json()
    assert (lost["state"], lost["lost_reason"]) == ("lost", "Too expensive")


def test_many_are_done_in_one_request_and_a_wrong_one_stops_no_other(program, workspace):
    items = [{"email": "a@x.example"}, {"email": "0"}, {"user_id": "u-3"}]
    results = program.post("people/bulk", {"items": items}).json()["results"]
    assert [bool(each["id"]) for each in results] == [True, False, True]
    assert results[1]["error"]["field"] == "identifiers"
    assert Person.objects.filter(workspace=workspace).count() == 2
    assert program.post("people/bulk", {"items": [{"email": "a@x.example"}] * 101}).status_code == 422


def test_a_request_sent_again_with_its_key_is_done_once(program, workspace):
    person = program.post("people", {"email": "ada@firm.example"}).json()
    body = {"person": {"id": person["id"]}, "why": [{"text": "Called us"}]}
    first, again = (program.post("hand-overs", body, Idempotency_Key="k-1") for _ in range(2))
    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert HandOver.objects.count() == 1
    other = program.post("hand-overs", body | {"form": "Demo"}, Idempotency_Key="k-1")
    assert (other.status_code, other.json()["error"]["field"]) == (422, "Idempotency-Key")
    assert HandOver.objects.get().asked_again == 0


def test_what_was_refused_may_be_sent_again_with_the_same_key(program, workspace):
    body = {"person": {"email": "ada@firm.example"}, "why": [{"text": "Called us"}]}
    assert program.post("hand-overs", body, Idempotency_Key="k-2").status_code == 422
    program.post("people", {"email": "ada@firm.example"})
    assert program.post("hand-overs", body, Idempotency_Key="k-2").status_code == 200


def test_only_a_key_that_may_tell_the_past_says_when_it_was(program, historian, workspace):
    at = (clock.now() - timedelta(days=30)).isoformat()
    program.post("people", {"email": "ada@firm.example"})
    body = {"person": {"email": "ada@firm.example"}, "why": [{"text": "Called us"}], "at": at}
    assert program.post("hand-overs", body).status_code == 403
    assert not HandOver.objects.exists()
    assert historian.post("hand-overs", body).json()["handed_over_at"][:10] == at[:10]
    ahead = body | {"at": (clock.now() + timedelta(days=1)).isoformat()}
    assert historian.post("hand-overs", ahead).json()["error"] == {
        "field": "at",
        "message": "This lies ahead; 'at' tells the past.",
    }


def test_a_list_is_paged_to_its_end(program, workspace):
    emails = [f"p{n}@x.example" for n in range(7)]
    program.post("people/bulk", {"items": [{"email": email} for email in emails]})
    seen, cursor = [], ""
    for _ in range(4):
        page = program.get(f"people?limit=3&cursor={cursor}").json()
        seen += [each["email"] for each in page["items"]]
        if not (cursor := page["next"]):
            break
    assert seen == emails
    for wrong in ("cursor=abc", "limit=0", "limit=501"):
        told = program.get(f"people?{wrong}")
        assert (told.status_code, told.json()["error"]["field"]) == (422, wrong.split("=")[0])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"person": {"email": "x@y.example"}, "why": []}, "why"),
        ({"person": {"email": "x@y.example"}, "why": [{"text": "Hi", "points": 101}]}, "why.0.points"),
        ({"person": {}, "why": [{"text": "Hi"}]}, "person"),
        ({"person": {"email": "nobody@y.example"}, "why": [{"text": "Hi"}]}, "person.email"),
        ({"person": {"email": "x@y.example"}, "why": [{"text": "Hi"}], "by": "who@y.example"}, "by"),
        ({"person": {"email": "x@y.example"}, "why": [{"text": "Hi"}], "reson": "?"}, "reson"),
    ],
)
def test_what_is_wrong_is_said_with_its_field_and_changes_nothing(program, workspace, body, field):
    program.post("people", {"email": "x@y.example"})
    told = program.post("hand-overs", body)
    assert (told.status_code, told.json()["error"]["field"]) == (422, field)
    assert not HandOver.objects.exists()


def test_a_body_that_is_no_json_is_told(program, db):
    told = program.client.generic("POST", "/api/v1/people", b"{", "application/json", headers=program.headers)
    assert (told.status_code, set(told.json()["error"])) == (400, {"field", "message"})


def test_rows_of_another_workspace_are_not_there(program, workspace, charlie):
    from fullfunnel.workspaces.models import Membership

    theirs = Membership.objects.get(user=charlie.user).workspace
    handed = a_hand_over(Program(theirs, "crm:write", "crm:read"))
    assert program.get(f"hand-overs/{handed['id']}").status_code == 404
    assert program.get(f"people/{handed['person']}").status_code == 404
    assert program.post(f"hand-overs/{handed['id']}/decisions", {"what": "accept"}).status_code == 404
    assert HandOver.objects.get().outcome == "waiting"


def test_a_viewer_in_whose_name_a_program_acts_may_change_nothing(program, workspace):
    from tests.kit.cast import Member

    viewer = Member("vera@halden.example", "Vera").joins(workspace, "viewer")
    handed = a_hand_over(program)
    told = program.post(f"hand-overs/{handed['id']}/decisions", {"what": "accept", "by": viewer.user.email})
    assert told.status_code == 422
    assert HandOver.objects.get().outcome == "waiting"


def test_the_operations_are_described_to_tools_and_on_a_page(alice):
    document = alice.client.get("/api/v1/openapi.json").json()
    assert "/api/v1/deals/{deal_id}/moves" in document["paths"]
    page = alice.client.get("/api/v1/docs").content.decode()
    assert "POST /api/v1/hand-overs/{hand_over_id}/decisions" in page
    assert "crm:write" in page
    assert Client().get("/api/v1/docs").status_code == 302
