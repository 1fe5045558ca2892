"""The REST API and values that break programs: each is refused with its field, and nothing fails or changes."""

import json

import pytest

from fullfunnel.crm.models import Activity, Deal, HandOver
from fullfunnel.people.models import Company
from tests.test_rest_api import Program, a_hand_over

LONG = "x" * 20_000


@pytest.fixture
def program(workspace):
    return Program(workspace, "crm:read", "crm:write", "history")


def raw(program, path, body, method="POST"):
    """Send it with escapes, as programs do: a lone surrogate has no bytes of its own."""
    return program.client.generic(
        method, f"/api/v1/{path}", json.dumps(body, ensure_ascii=True), "application/json", headers=program.headers
    )


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("people", {"email": "a@x.example", "traits": {"name": "?"}}, "traits"),
        ("people", {"user_id": "?"}, "user_id"),
        ("companies", {"name": "?"}, "name"),
        ("companies", {"name": "Firm", "key": "?"}, "key"),
        ("activities", {"kind": "call", "text": "?", "person": {"email": "ada@firm.example"}}, "text"),
        ("hand-overs", {"person": {"email": "ada@firm.example"}, "why": [{"text": "?"}]}, "why.0.text"),
        ("people/bulk", {"items": [{"email": "b@x.example", "traits": {"?": 1}}]}, "items.0.traits"),
    ],
)
def test_a_text_that_no_database_keeps_is_refused(program, text, path, body, field):
    program.post("people", {"email": "ada@firm.example"})
    told = raw(program, path, json.loads(json.dumps(body).replace('"?"', json.dumps(text))))
    said = told.json()["error"]["field"]
    # Of an object within the body the path may go on: traits.name.
    assert (told.status_code, said[: len(field)]) == (422, field), told.content
    assert not any(model.objects.exists() for model in (Company, Activity, HandOver))


@pytest.mark.parametrize("text", ["%00", "%ED%A0%80", "9" * 400, "x" * 3000])
@pytest.mark.parametrize(
    "path", ["people/{}", "companies/{}", "deals/{}", "hand-overs/{}", "people?email={}", "people?company={}",
             "companies?key={}", "companies?domain={}", "companies?owner={}", "deals?stage={}", "deals?company={}",
             "activities?person={}", "activities?deal={}", "hand-overs?owner={}", "people?cursor={}", "people?limit={}"],
)  # fmt: skip
def test_an_address_with_a_strange_value_is_answered(program, path, text):
    assert program.get(path.format(text)).status_code in (200, 404, 422)


@pytest.mark.parametrize("amount", ["1e400", "NaN", "Infinity", "-1", "9" * 40, 1e308])
def test_an_amount_that_is_none_is_refused(program, amount):
    handed = a_hand_over(program)
    told = raw(program, "deals", {"hand_over": handed["id"], "amount": amount, "currency": "EUR"})
    assert (told.status_code, told.json()["error"]["field"]) == (422, "amount"), told.content
    assert not Deal.objects.exists()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_time_are_answered(program, day):
    handed = a_hand_over(program)
    for body in ({"closes_on": day}, {"at": f"{day}T00:00:00+14:00"}, {"at": f"{day}T23:59:59-14:00"}):
        told = raw(program, "deals", {"hand_over": handed["id"], "is_new": True, **body})
        assert told.status_code in (200, 422), told.content
    called = {"kind": "call", "person": {"id": handed["person"]}, "at": f"{day}T00:00:00+14:00"}
    assert raw(program, "activities", called).status_code in (200, 422)
    told = raw(program, "people", {"email": "z@x.example", "at": f"{day}T00:00:00+14:00"})
    assert told.status_code in (200, 422), told.content


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("people", {"email": LONG}),
        ("people", {"user_id": LONG}),
        ("people", {"email": "a@x.example", "traits": {LONG: LONG}}),
        ("people", {"email": "a@x.example", "traits": {"n": 10**400}}),
        ("companies", {"name": LONG}),
        ("companies", {"name": "Firm", "key": LONG, "domain": LONG}),
        ("activities", {"kind": "call", "outcome": LONG, "text": LONG, "person": {"email": "ada@firm.example"}}),
        ("activities", {"kind": "call", "person": {"email": LONG}}),
        ("hand-overs", {"person": {"email": "ada@firm.example"}, "why": [{"text": "Hi", "points": 10**400}]}),
        ("deals", {"person": {"email": "ada@firm.example"}, "name": LONG, "need": LONG, "next_step": LONG}),
        ("deals", {"person": {"email": "ada@firm.example"}, "currency": LONG}),
    ],
)
def test_what_is_too_large_is_answered(program, path, body):
    program.post("people", {"email": "ada@firm.example"})
    assert raw(program, path, body).status_code in (200, 422)


def test_a_method_that_an_address_does_not_take_is_told_as_all_refusals_are(program):
    told = program.send("DELETE", "people", {})
    assert (told.status_code, told["Allow"]) == (405, "GET, POST")
    assert told.json()["error"] == {
        "field": "method",
        "message": "This address does not take DELETE; it takes GET, POST.",
    }


def test_a_parameter_that_an_operation_does_not_have_is_refused(program):
    told = program.get("people?emial=a@x.example")
    assert (told.status_code, told.json()["error"]["field"]) == (422, "emial")
    assert "It has email, user_id, company, is_identified, cursor, limit." in told.json()["error"]["message"]
    assert program.post("companies?dry=1", {"name": "Firm"}).status_code == 422
    assert not Company.objects.exists()
