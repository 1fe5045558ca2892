"""S4 quick: 2,000 hostile bodies. None is answered 5xx or takes a second, and whatever was let in is clean."""

import gzip
import json
import random
import time

import msgspec

from fullfunnel.capture.enrich import enrich
from fullfunnel.capture.reading import UNREADABLE
from fullfunnel.events.event import Arrival, Draft

SEED = 20261122
BODIES = 2_000
DAY = 86_400_000_000
SEEDS = [
    {"type": "track", "event": "Order Completed", "userId": "u1", "properties": {"revenue": 12.5, "a": {"b": [1, {}]}}},
    {"type": "identify", "anonymousId": "a1", "traits": {"email": "ada@h.example", "company": {"id": 1}}},
    {"type": "page", "userId": "u1", "context": {"page": {"url": "https://h.example/?gclid=a", "referrer": ""}}},
    {"type": "group", "userId": "u1", "groupId": "acme", "traits": {"name": "Acme"}},
    {"type": "alias", "userId": "u1", "previousId": "a1"},
    {
        "type": "screen",
        "userId": "u1",
        "context": {
            "device": {"id": "d", "type": "ios"},
            "externalIds": [{"id": "x", "type": "crm"}],
            "timezone": "UTC",
        },
        "timestamp": "2026-11-22T00:00:00Z",
        "sentAt": "2026-11-22T00:00:00Z",
    },
]
# Written by hand into the JSON, because no encoder would.
RAW = [
    b'"\\ud800"', b'"\\u0000"', b"9223372036854775808", b"18446744073709551616", b"-9223372036854775809", b"NaN", b"1e999",
    b"1e308", b"-0.0", b"0.1", b"[" * 40 + b"]" * 40, b"[" * 5_000 + b"]" * 5_000, b'{"a":' * 40 + b"1" + b"}" * 40,
    b'"' + b"x" * 70_000 + b'"', b'{"' + b"k" * 300 + b'":1}', b'{"a":1,"a":{"a":2}}', b"null", b"true", b"{}", b"[]", b'""',
    b'"\xff\xfe"', b'"\xef\xbb\xbf"', b'"' + "﷽🧨‮".encode() + b'"', b'"=cmd|1"', b'"__proto__"', b"1e18", b"1000000000000000000000",
    b'"+99999-01-01T00:00:00Z"', b'"2026-02-30"', b"[1,2,3]", b'"-"', b'"<script>alert(1)</script>"', b'"http://[::1"',
    b'"https://h.example/?' + b"a=1&" * 500 + b'"', b'"Googlebot/2.1"', b"0e999999", b'"0e999999999"', b'"1e-999999999"',
    b"{" + b",".join(b'"%d":1' % n for n in range(1_200)) + b"}", b'{"__proto__":{"x":1},"constructor":1}',
]  # fmt: skip
NAMES = ["userId", "anonymousId", "event", "type", "timestamp", "sentAt", "originalTimestamp", "messageId", "properties",
         "traits", "context", "groupId", "previousId", "integrations", "revenue", "page", "url", "referrer", "campaign", "batch",
         "writeKey", "externalIds", "device", "timezone", "userAgent", "sessionId", "__proto__", "actor", "seq", ""]  # fmt: skip


def with_raw(rng, value):
    """The JSON of `value` with one hostile piece somewhere in it."""
    holders = [value]
    for holder in holders:
        inner = holder.values() if isinstance(holder, dict) else holder
        holders += [one for one in inner if isinstance(one, dict | list)]
    holder = rng.choice(holders)
    if isinstance(holder, dict):
        holder[rng.choice([*holder, *NAMES])] = "@@RAW@@"
    else:
        holder.append("@@RAW@@")
    return json.dumps(value).encode().replace(b'"@@RAW@@"', rng.choice(RAW))


def with_bad_bytes(rng, body):
    data = bytearray(body)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(data)) if data else 0
        way = rng.randrange(4)
        if way == 0 and data:
            data[at] ^= 1 << rng.randrange(8)
        elif way == 1:
            data[at:at] = rng.randbytes(rng.randint(1, 8))
        elif way == 2:
            del data[at : at + rng.randint(1, 20)]
        else:
            data[at:at] = data[at : at + 50] * rng.randint(1, 3)
    return bytes(data)


def hostile(rng):
    """(path, body, headers) of one request."""
    item = json.loads(json.dumps(rng.choice(SEEDS)))
    if rng.random() < 0.4:
        path, value = "/v1/batch", {"batch": [item, *json.loads(json.dumps(rng.sample(SEEDS, 2)))]}
    else:
        path, value = f"/v1/{rng.choice(['track', 'identify', 'page', 'group', 'alias', 'screen', 'i'])}", item
    body = with_raw(rng, value)
    if rng.random() < 0.4:
        body = with_bad_bytes(rng, body)
    headers = {}
    if rng.random() < 0.2:
        body = gzip.compress(body)
        headers["content_encoding"] = "gzip"
        if rng.random() < 0.5:
            body = with_bad_bytes(rng, body)
    return path, body, headers


def test_2000_hostile_bodies_are_answered_in_words_and_nothing_unclean_is_let_in(capture, web_key, server_key):
    rng = random.Random(SEED)
    statuses = {}
    slowest = 0.0
    for number in range(BODIES):
        path, body, headers = hostile(rng)
        start = time.process_time()
        told = capture.send(path, body, key=rng.choice([web_key, server_key]), **headers)
        slowest = max(slowest, time.process_time() - start)
        statuses[told.status] = statuses.get(told.status, 0) + 1
        assert told.status in (200, 400, 413), (SEED, number, told.status, body[:500])
        assert told.json["success"] is (told.status == 200)
        assert told.status == 200 or told.json["message"]
    assert slowest < 1, (SEED, slowest)
    assert statuses[200] > 400
    assert statuses[400] > 400
    assert_clean(capture)


def assert_clean(capture):
    drafts = []
    for entry in capture.entries():
        assert UNREADABLE.encode() not in (entry.refused or b"")
        assert b"\\u0000" not in entry.items
        arrivals = msgspec.json.decode(entry.items, type=list[Arrival])
        assert len(arrivals) == entry.count
        assert all("\0" not in shown for pair in json.loads(entry.refused or b"[]") for shown in pair)
        for one in arrivals:
            assert 946_684_800_000_000 <= one.at <= entry.received_at + DAY
            assert one.user or one.anonymous or one.email or one.identifiers
            assert all(isinstance(value, str) and value for value in one.properties.values())
            assert all(len(name) <= 256 for name in one.properties if not name.startswith("sent."))
            assert all(len(value) <= 400 for value in (one.user, one.anonymous, one.previous, one.company) if value)
            assert one.actor in ("person", "us", "system")
            drafts.append(
                Draft(
                    arrival=one,
                    workspace_id=1,
                    source_id=1,
                    source_kind=entry.source_kind,
                    received_at=entry.received_at,
                    seq=1,
                )
            )
    for draft in enrich(drafts):
        assert all(isinstance(value, str) and value and "\0" not in value for value in draft.columns.values())


def test_good_traffic_goes_on_among_bad(capture, web_key):
    rng = random.Random(SEED)
    good = {"type": "track", "event": "Good", "userId": "u1"}
    for number in range(50):
        path, body, headers = hostile(rng)
        capture.send(path, body, key=web_key, **headers)
        assert capture.send("/v1/track", good | {"messageId": f"good-{number}"}, key=web_key).status == 200
    assert sum(one.name == "Good" for one in capture.arrivals()) == 50


def test_a_fault_of_ours_refuses_one_item_and_not_the_batch(capture, web_key, monkeypatch):
    from fullfunnel.capture.dialects import segment

    real = segment._message_id

    def faulty(item):
        if item.get("messageId") == "bad":
            raise KeyError("ours")
        return real(item)

    monkeypatch.setattr(segment, "_message_id", faulty)
    good = {"type": "track", "event": "Good", "userId": "u1"}
    told = capture.send("/v1/batch", {"batch": [good, good | {"messageId": "bad"}, good]}, key=web_key)
    assert (told.status, told.json["accepted"]) == (200, 2)
    assert told.json["refused"] == [{"index": 1, "reason": UNREADABLE}]
