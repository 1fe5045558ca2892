"""The endpoint as clients meet it: who may send, what is answered, what is in the journal when it answers."""

import gzip
import json
import sqlite3
import time
from dataclasses import replace

import pytest

from fullfunnel.capture import asgi, snippet
from fullfunnel.core import clock
from fullfunnel.workspaces.keys import make_write_key
from fullfunnel.workspaces.models import Source, WriteKey

TRACK = {"type": "track", "event": "Order Completed", "userId": "u1", "messageId": "m1", "properties": {"n": 1}}


def batch(*items, **more):
    return {"batch": list(items), **more}


def test_an_event_is_in_the_journal_when_the_client_hears_yes(capture, web_key, workspace):
    told = capture.send("/v1/track", TRACK, key=web_key, user_agent="Mozilla/5.0 X", peer="203.0.113.9")
    assert (told.status, told.json) == (200, {"success": True, "accepted": 1, "refused": []})
    [entry] = capture.entries()
    assert (entry.workspace_id, entry.source_kind, entry.count) == (workspace.pk, "web", 1)
    assert (entry.ip, entry.user_agent, entry.forever, entry.refused) == ("203.0.113.9", "Mozilla/5.0 X", False, None)
    assert json.loads(entry.items) == [
        {"name": "order_completed", "at": entry.received_at, "id": "m1", "user": "u1", "properties": {"n": "1"}}
    ]


@pytest.mark.parametrize("way", ["basic", "bearer", "body", "query", "batch body"])
def test_the_key_may_come_in_every_way_clients_send_it(capture, web_key, way):
    if way == "basic":
        told = capture.send("/v1/track", TRACK, key=web_key)
    elif way == "bearer":
        told = capture.send("/v1/track", TRACK, authorization=f"Bearer {web_key}")
    elif way == "body":
        told = capture.send("/v1/track", TRACK | {"writeKey": web_key}, content_type="text/plain")
    elif way == "query":
        told = capture.send("/v1/track", TRACK, query=f"writeKey={web_key}".encode())
    else:
        told = capture.send("/v1/batch", batch(TRACK, writeKey=web_key))
    assert told.status == 200
    assert len(capture.arrivals()) == 1


@pytest.mark.parametrize("header", ["Basic !!!", "Basic " + "A" * 9, "Digest x", "Basic Og==", "Bearer "])
def test_a_broken_authorization_header_is_a_missing_key(capture, header):
    told = capture.send("/v1/track", TRACK, authorization=header)
    assert (told.status, told.json["code"]) == (401, "invalid_write_key")
    assert capture.entries() == []


def test_the_key_in_the_header_goes_before_the_one_in_the_body(capture, web_key):
    assert capture.send("/v1/track", TRACK | {"writeKey": web_key}, key="ffw_wrong").status == 401
    assert capture.entries() == []


def test_a_revoked_key_is_refused_within_about_a_second(capture, web_key):
    assert capture.send("/v1/track", TRACK, key=web_key).status == 200
    WriteKey.objects.update(revoked_at=clock.now())
    time.sleep(1.1)
    assert capture.send("/v1/track", TRACK, key=web_key).status == 401
    assert len(capture.arrivals()) == 1


async def _door():
    return asgi.door()


def limit(capture, monkeypatch, **limits):
    bodies = capture.runner.run(_door()).bodies
    monkeypatch.setattr(bodies, "limits", replace(bodies.limits, **limits))


def test_a_batch_with_bad_items_takes_the_good_ones_and_says_why_not_the_others(capture, web_key):
    items = [TRACK, {"type": "track", "userId": "u1"}, "text", {"type": "nonsense", "userId": "u"}]
    told = capture.send("/v1/batch", batch(*items, TRACK | {"messageId": "m2"}), key=web_key)
    assert told.status == 200
    assert told.json == {
        "success": True,
        "accepted": 2,
        "refused": [
            {"index": 1, "reason": "event, the name of what happened, is missing or is no text", "field": "event"},
            {"index": 2, "reason": "an item must be a JSON object"},
            {
                "index": 3,
                "reason": "type must be one of identify, track, page, screen, group, alias",
                "field": "type",
            },
        ],
    }
    [entry] = capture.entries()
    assert [one["id"] for one in json.loads(entry.items)] == ["m1", "m2"]
    assert json.loads(entry.refused) == [
        ["event, the name of what happened, is missing or is no text", '{"type":"track","userId":"u1"}'],
        ["an item must be a JSON object", '"text"'],
        ["type must be one of identify, track, page, screen, group, alias", '{"type":"nonsense","userId":"u"}'],
    ]


def test_where_nothing_could_be_taken_the_answer_is_400_with_the_reason_and_the_item_is_kept_to_show(capture, web_key):
    told = capture.send("/v1/track", {"event": "x", "writeKey": web_key})
    assert told.status == 400
    assert told.json["code"] == "refused"
    assert told.json["message"] == "who did it is missing: give userId or anonymousId"
    assert capture.refusals() == [["who did it is missing: give userId or anonymousId", '{"event":"x"}']]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the body is not JSON in UTF-8"),
        (b"{", "the body is not JSON in UTF-8"),
        (b'\xef\xbb\xbf{"event": "x"}', "the body is not JSON in UTF-8"),
        (b"[" * 100_000, "the body is not JSON in UTF-8"),
    ],
)
def test_what_is_not_json_is_answered_400(capture, web_key, body, reason):
    told = capture.send("/v1/track", body, key=web_key)
    assert told.status == 400
    assert told.json["message"].startswith(reason)
    assert capture.arrivals() == []


@pytest.mark.parametrize("value", [b"null", b"[]", b"{}", b'"x"', b"1", b'{"batch": {}}', b'{"batch": []}'])
def test_a_batch_must_be_a_list_with_items(capture, web_key, value):
    assert capture.send("/v1/batch", value, key=web_key).status == 400
    assert [reason for reason, _ in capture.refusals()] == [
        'the body must be {"batch": [item, …]} with at least one item'
    ]


def test_gzip_and_text_plain_bodies_are_read(capture, web_key):
    told = capture.send(
        "/v1/batch",
        gzip.compress(json.dumps(batch(TRACK)).encode()),
        key=web_key,
        content_encoding="gzip",
        content_type="text/plain;charset=UTF-8",
    )
    assert told.status == 200
    assert len(capture.arrivals()) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"content_encoding": "br"},
        {"content_encoding": "gzip, gzip"},
        {"content_type": "multipart/form-data; boundary=x"},
        {"content_type": "application/xml"},
        {"content_type": "application/json; charset=utf-16"},
    ],
)
def test_a_type_or_encoding_nobody_reads_is_415(capture, web_key, headers):
    assert capture.send("/v1/track", TRACK, key=web_key, **headers).status == 415
    assert capture.entries() == []


def test_browsers_of_every_site_may_send_and_no_cookie_is_asked_for(capture, web_key):
    asked = capture.send("/v1/track", method="OPTIONS", origin="https://shop.example")
    told = capture.send("/v1/track", TRACK, key=web_key, origin="https://shop.example")
    assert asked.status == 204
    for response in (asked, told, capture.send("/v1/track", TRACK)):
        assert response.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in response.headers
        assert "set-cookie" not in response.headers
        assert response.headers["x-content-type-options"] == "nosniff"
    assert asked.headers["access-control-allow-methods"] == "POST, OPTIONS"
    assert "authorization" in asked.headers["access-control-allow-headers"]


def test_other_methods_and_paths_are_said_no_to(capture):
    told = capture.send("/v1/track", method="GET")
    assert (told.status, told.headers["allow"]) == (405, "POST, OPTIONS")
    assert capture.send("/v1/nothing").status == 404


@pytest.mark.usefixtures("no_time_passes")
def test_a_key_that_sends_too_much_is_asked_to_wait_and_others_are_not(capture, web_key, server_key):
    capture.runner.run(_set_rate(2))
    told = [capture.send("/v1/track", TRACK, key=web_key, peer="203.0.113.9") for _ in range(21)]
    assert [response.status for response in told] == [200] * 20 + [429]
    assert told[-1].headers["retry-after"] == "1"
    assert capture.send("/v1/track", TRACK, key=web_key, peer="203.0.113.10").status == 200
    assert capture.send("/v1/track", TRACK, key=server_key, peer="203.0.113.9").status == 200
    assert len(capture.arrivals()) == 22


@pytest.mark.usefixtures("no_time_passes")
def test_an_ipv6_customer_is_one_address_and_a_proxy_on_this_machine_is_believed(capture, web_key):
    capture.runner.run(_set_rate(1))
    for number in range(10):
        assert capture.send("/v1/track", TRACK, key=web_key, peer=f"2001:db8::{number}").status == 200
    assert capture.send("/v1/track", TRACK, key=web_key, peer="2001:db8::99").status == 429
    assert capture.send("/v1/track", TRACK, key=web_key, x_forwarded_for="1.2.3.4, 2001:db8::7").status == 429
    assert capture.send("/v1/track", TRACK, key=web_key, x_forwarded_for="2001:db8::7, 1.2.3.4").status == 200


async def _set_rate(rate):
    asgi.door().rates.rate = rate


def test_when_the_journal_cannot_be_written_the_client_is_told_to_come_again(capture, web_key, monkeypatch):
    def full(entries):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(capture.runner.run(_door()).commit._journal, "append", full)
    told = capture.send("/v1/track", TRACK, key=web_key)
    assert (told.status, told.headers["retry-after"], told.json["success"]) == (503, "5", False)
    assert capture.entries() == []
    monkeypatch.undo()
    assert capture.send("/v1/track", TRACK, key=web_key).status == 200


def test_a_body_that_comes_in_too_slowly_is_given_up(capture, web_key, monkeypatch):
    limit(capture, monkeypatch, seconds=0.05)
    told = capture.send("/v1/track", chunks=[], key=web_key)
    assert (told.status, told.json["code"]) == (408, "too_slow")
    assert capture.runner.run(_door()).bodies.held == 0


def test_who_has_too_many_bodies_half_sent_is_asked_to_slow_down(capture, web_key, monkeypatch):
    limit(capture, monkeypatch, most_half_read_of_one=0)
    monkeypatch.setattr("fullfunnel.core.bodies.GRACE", 0.02)
    told = capture.send("/v1/track", chunks=[], key=web_key)
    assert (told.status, told.json["code"], told.headers["retry-after"]) == (429, "too_many_requests", "10")
    assert capture.send("/v1/track", TRACK, key=web_key).status == 200


def test_a_client_that_hangs_up_leaves_nothing_behind(capture, web_key):
    told = capture.send("/v1/track", chunks=[b'{"event"', None], key=web_key)
    assert (told.status, told.json["code"], told.json["accepted"]) == (400, "broken_body", 0)
    assert capture.entries() == []
    assert capture.runner.run(_door()).bodies.held == 0


def test_a_body_in_pieces_is_put_together(capture, web_key):
    text = json.dumps(TRACK).encode()
    assert capture.send("/v1/track", chunks=[text[:9], text[9:]], key=web_key).status == 200
    assert len(capture.arrivals()) == 1


def test_while_too_much_is_being_read_clients_are_asked_to_come_again(capture, web_key, monkeypatch):
    limit(capture, monkeypatch, most_held=20)
    told = capture.send("/v1/track", TRACK, key=web_key)
    assert (told.status, told.headers["retry-after"]) == (503, "1")
    assert capture.runner.run(_door()).bodies.held == 0


def test_imports_are_for_servers_and_are_remembered_for_ever(capture, web_key, server_key, workspace):
    old = TRACK | {"timestamp": "1987-05-04T00:00:00Z"}
    assert capture.send("/v1/import", batch(old), key=web_key).status == 403
    assert capture.entries() == []
    assert capture.send("/v1/import", batch(old), key=server_key).status == 200
    [entry] = capture.entries()
    assert entry.forever is True
    assert json.loads(entry.items)[0]["at"] == 547_084_800_000_000
    assert "raw_timestamp" not in json.loads(entry.items)[0]


def test_a_key_opens_its_own_workspace_only(capture, web_key, workspace):
    other = type(workspace).objects.create(name="Other", slug="other")
    source = Source.objects.create(workspace=other, name="Site", kind=Source.Kind.WEB)
    foreign = make_write_key(source, by=None)
    item = TRACK | {"workspace_id": workspace.pk, "source_id": 1, "context": {"workspaceId": workspace.pk}}
    assert capture.send("/v1/track", item, key=foreign).status == 200
    [entry] = capture.entries()
    assert (entry.workspace_id, entry.source_id) == (other.pk, source.pk)


def test_the_snippet_is_served_compressed_and_cached(capture):
    plain = capture.send("/ff.js", method="GET")
    assert plain.body == snippet.SOURCE
    assert plain.headers["content-type"] == "text/javascript; charset=utf-8"
    packed = capture.send("/ff.js", method="GET", accept_encoding="gzip, br")
    assert gzip.decompress(packed.body) == snippet.SOURCE
    assert packed.headers["content-encoding"] == "gzip"
    again = capture.send("/ff.js", method="GET", if_none_match=plain.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert capture.send("/ff.js", method="HEAD").body == b""
    assert capture.send("/ff.js").status == 405
