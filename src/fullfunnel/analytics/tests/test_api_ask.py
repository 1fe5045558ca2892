"""POST /api/v1/ask: the same answers as everywhere else, for whoever holds a key with the scope."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from fullfunnel.core import clock
from fullfunnel.journeys import deadline
from fullfunnel.workspaces.keys import make_api_key
from fullfunnel.workspaces.models import ApiKey, Workspace
from tests.kit.cast import send

FUNNEL = {
    "kind": "funnel",
    "steps": [
        {"event": "page_viewed", "where": [{"property": "path", "op": "=", "value": "/pricing"}]},
        {"event": "form_submitted"},
    ],
}
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.fixture
def key(workspace):
    return make_api_key(workspace, name="for tests", scopes=["ask"], by=None)


@pytest.fixture
def ask(key):
    def post(question, *, key=key, **further):
        body = question if isinstance(question, bytes) else json.dumps(question)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return Client().post("/api/v1/ask", body, content_type="application/json", headers=headers, **further)

    return post


@pytest.fixture
def story(ada, ben, cleo):
    """Ada converted; Ben may still; Cleo's fortnight is over."""
    with clock.frozen(NOW):
        ada.visits("/pricing", NOW - timedelta(days=3))
        ada.submits("Get a quote", NOW - timedelta(days=2))
        ben.visits("/pricing", NOW - timedelta(days=5))
        cleo.visits("/pricing", NOW - timedelta(days=40))
        cleo.visits("/", NOW - timedelta(days=39))


def test_a_funnel_is_answered_and_pending_is_judged_by_now(ask, story):
    with clock.frozen(NOW):
        told = ask(FUNNEL)
    assert (told.status_code, told["Content-Type"], told["Cache-Control"]) == (200, "application/json", "no-store")
    answer = told.json()
    assert [(step["count"], step["dropped"], step["pending"]) for step in answer["steps"]] == [(3, 0, 0), (1, 1, 1)]
    assert answer["data_until"] == "2026-03-20T12:00:00Z"


def test_what_waits_for_the_drain_holds_the_time_of_the_data_back(ask, story, website):
    waiting_since = NOW + timedelta(minutes=1)
    with clock.frozen(waiting_since):
        send(website, [])
    with clock.frozen(NOW + timedelta(days=30)):
        answer = ask(FUNNEL).json()
    assert answer["data_until"] == "2026-03-20T12:01:00Z"
    assert answer["steps"][1]["pending"] == 1


def test_a_trend_is_counted_in_the_zone_of_the_workspace(ask, ada):
    with clock.frozen(NOW):
        ada.visits("/", datetime(2026, 3, 18, 23, 30, tzinfo=UTC))
        answer = ask({"kind": "trend", "series": [{"event": "page_viewed", "measure": "people"}]}).json()
    assert answer == {
        "kind": "trend",
        "by": "day",
        "timezone": "Europe/Berlin",
        "rows": [
            {"series": 1, "label": "page_viewed", "at": "2026-03-19", "value": 1, "incomplete": False},
            {"series": 1, "label": "page_viewed", "at": "2026-03-20", "value": 0, "incomplete": True},
        ],
        "data_until": "2026-03-20T12:00:00Z",
    }


def test_names_of_segments_spec_are_those_of_the_stream(ask, ada):
    with clock.frozen(NOW):
        ada.does("order_completed", NOW - timedelta(days=1), revenue="10")
        answer = ask({"kind": "funnel", "steps": [{"event": "Order Completed"}]}).json()
    assert (answer["steps"][0]["label"], answer["units"]) == ("order_completed", 1)


def test_only_the_workspace_of_the_key_is_asked(ask, story):
    elsewhere = Workspace.objects.create(name="Elsewhere", slug="elsewhere")
    other = make_api_key(elsewhere, name="theirs", scopes=["ask"], by=None)
    assert ask(FUNNEL, key=other).json()["units"] == 0


def test_without_a_key_with_the_scope_nothing_is_answered(ask, workspace, key, story):
    assert ask(FUNNEL, key="").status_code == 401
    assert ask(FUNNEL, key="ffa_wrong").status_code == 401
    export_only = make_api_key(workspace, name="export", scopes=["export"], by=None)
    told = ask(FUNNEL, key=export_only)
    assert (told.status_code, told.json()["error"]["message"]) == (403, "this API key does not have the scope 'ask'")
    ApiKey.objects.update(revoked_at=NOW)
    told = ask(FUNNEL)
    assert told.status_code == 401
    assert set(told.json()["error"]) == {"field", "message"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "question"),
        (b"{", "question"),
        (b"\xff", "question"),
        (b"[" * 100_000, "question"),
        (b"[]", "question"),
        (b"null", "question"),
        (b'{"kind": "funnel", "steps": [{"event": "\\ud800"}]}', "question"),
        ({"kind": "funnels"}, "kind"),
        ({"kind": "funnel", "steps": []}, "steps"),
        ({**FUNNEL, "people": {"segment": "b2b"}}, "people.segment"),
        (
            {**FUNNEL, "steps": [{"event": "a", "where": [{"property": "p", "op": "~", "value": 1}]}]},
            "steps[0].where[0].op",
        ),
        ({"kind": "trend", "series": [{"event": "a", "measure": "sum"}]}, "series[0].property"),
        ({"kind": "trend", "series": [{"event": "a"}], "people": {"segment": "b2b"}}, "people.segment"),
        ({"kind": "trend", "series": [{"event": "a"}], "by": "hour", "period": {"from": "1900-01-01"}}, "by"),
    ],
)
def test_a_question_that_cannot_be_read_is_400_with_field_and_message(ask, body, field):
    told = ask(body)
    assert (told.status_code, told.json()["error"]["field"]) == (400, field)
    assert len(told.json()["error"]["message"]) > 10


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"kind": "\\ud800"}', "the body holds half a character (a lone surrogate such as \\ud800); "),
        (b'{"kind": "\\udc00\\u0041"}', "the body holds half a character"),
        (b'{"kind": "\xff"}', "the body is not UTF-8"),
        (b'{"window": {"value": 1e999}}', "the body holds NaN, Infinity or a number too large"),
        (b'{"kind": "\\ud8', "the body is not JSON: "),
    ],
)
def test_what_is_wrong_with_a_body_is_called_by_its_name(ask, body, said):
    assert ask(body).json()["error"]["message"].startswith(said)


def test_a_byte_order_mark_is_no_fault(ask):
    assert ask(b"\xef\xbb\xbf" + json.dumps(FUNNEL).encode()).status_code == 200


def test_a_refusal_does_not_repeat_megabytes(ask):
    long = "x" * 500_000
    step = {"event": "a", "where": [{"property": "p", "op": long}]}
    for question in (
        {"kind": long},
        FUNNEL | {long: 1},
        FUNNEL | {"order": long},
        FUNNEL | {"order": [long]},
        {"kind": "funnel", "steps": [step]},
        {"kind": "funnel", "steps": [{"event": "a", "where": [{long: 1}]}]},
        FUNNEL | {"period": {"timezone": long}},
        {"kind": "attribution", "conversion": "a", "models": [long]},
    ):
        told = ask(question)
        assert (told.status_code, len(told.content) < 600) == (400, True), told.content[:1000]


def test_an_empty_body_is_called_empty(ask):
    assert ask(b" \n").json() == {
        "error": {"field": "question", "message": "the body is empty; send the question in it, as JSON"}
    }


def test_only_post_is_taken(key):
    told = Client().get("/api/v1/ask", headers={"Authorization": f"Bearer {key}"})
    assert (told.status_code, told["Allow"], told.json()["error"]["field"]) == (405, "POST", "method")


def test_a_body_of_more_than_a_mebibyte_is_413(ask):
    assert ask(b" " * 1_048_577).status_code == 413
    assert ask(json.dumps(FUNNEL).encode().ljust(1_048_576)).status_code == 200


@pytest.mark.parametrize("question", [FUNNEL, {"kind": "trend", "series": [{"event": "page_viewed"}]}])
def test_a_question_past_its_time_is_504(ask, story, monkeypatch, question):
    monkeypatch.setattr(deadline, "MAX_SECONDS", 0.0)
    told = ask(question)
    assert told.status_code == 504
    assert "took longer than its time limit" in told.json()["error"]["message"]
