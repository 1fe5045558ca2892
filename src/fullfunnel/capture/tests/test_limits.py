"""How much a request may hold, at the limit and one beyond it."""

import gzip
import json

import pytest

from fullfunnel.capture import limits

WHO = {"type": "track", "event": "e", "userId": "u"}


def nested(depth):
    value = {"a": 1}
    for _ in range(depth - 1):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({"k" * 256: "v"}, None),
        ({"k" * 257: "v"}, "a key is longer than 256 characters"),
        ({"k": "v" * 65_536}, None),
        ({"k": "v" * 65_537}, "a text is longer than 65,536 characters"),
        ({"k": ["v" * 65_537]}, "a text is longer than 65,536 characters"),
        (nested(31), None),
        (nested(32), "nested deeper than 32 levels"),
        ({str(n): n for n in range(996)}, None),
        ({str(n): n for n in range(997)}, "more than 1,000 keys"),
        ({str(n): "v" * 1_000 for n in range(300)}, "the item is larger than 262,144 bytes"),
        ({"a" * 200: {"b" * 55: 1}}, None),
        (
            {"a" * 200: {"b" * 56: 1}},
            "the names of nested properties add up to more than 256 characters",
        ),
    ],
)
def test_an_item_at_its_limit_is_taken_and_one_beyond_is_refused(capture, web_key, properties, reason):
    told = capture.send("/v1/batch", {"batch": [WHO | {"properties": properties}, WHO]}, key=web_key)
    assert told.status == 200
    assert [one["reason"] for one in told.json["refused"]] == ([reason] if reason else [])
    assert len(capture.arrivals()) == (1 if reason else 2)


@pytest.mark.parametrize("place", ["context", "integrations", "anything"])
def test_the_limits_hold_for_parts_that_nobody_reads(capture, web_key, place):
    told = capture.send("/v1/track", WHO | {place: nested(40)}, key=web_key)
    assert (told.status, told.json["message"]) == (400, "nested deeper than 32 levels")


def test_a_thousand_levels_are_refused_in_words(capture, web_key):
    for levels in (500, 1_000, 100_000):
        body = b'{"event":"e","userId":"u","properties":' + b'{"a":' * levels + b"1" + b"}" * levels + b"}"
        assert capture.send("/v1/track", body, key=web_key).status == 400
    assert capture.arrivals() == []


def test_2500_items_are_taken_and_2501_are_not(capture, web_key):
    assert capture.send("/v1/batch", {"batch": [WHO] * 2_500}, key=web_key).json["accepted"] == 2_500
    told = capture.send("/v1/batch", {"batch": [WHO] * 2_501}, key=web_key)
    assert (told.status, told.json["message"]) == (413, "at most 2,500 items in one batch")
    assert [entry.count for entry in capture.entries()] == [2_500]


def test_a_body_beyond_8_mib_is_413_by_its_length_alone_and_also_without_one(capture, web_key):
    assert capture.send("/v1/batch", b"", key=web_key, content_length=str(8 * 2**20 + 1)).status == 413
    assert capture.send("/v1/batch", chunks=[b" " * 2**20] * 9, key=web_key).status == 413


def test_a_compressed_body_beyond_1_mib_is_413(capture, web_key):
    told = capture.send("/v1/batch", key=web_key, content_encoding="gzip", content_length=str(2**20 + 1))
    assert told.status == 413
    assert capture.send("/v1/batch", b"x" * (2**20 + 1), key=web_key, content_encoding="gzip").status == 413


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (gzip.compress(b" " * (8 * 2**20 + 1)), 413, "once inflated"),
        (gzip.compress(gzip.compress(b" " * 10**9)), 400, "not JSON"),
        (gzip.compress(b"{}")[:-3], 400, "cut off"),
        (gzip.compress(b"{}") + b"more", 400, "something follows"),
        (gzip.compress(b"{}") * 2, 400, "something follows"),
        (b"{}", 400, "not gzip"),
    ],
    ids=["bomb", "two layers", "cut off", "tail", "two members", "plain"],
)
def test_a_bomb_or_a_broken_archive_is_answered_in_words(capture, web_key, body, status, words):
    told = capture.send("/v1/batch", body, key=web_key, content_encoding="gzip")
    assert told.status == status
    assert words in told.json["message"]
    assert capture.arrivals() == []


def test_many_tiny_values_are_refused_before_they_take_memory():
    with pytest.raises(limits.TooLarge):
        limits.read_json(b"[" + b"{}," * 400_001 + b"{}]")
    with pytest.raises(limits.TooLarge):
        limits.read_json(b"[" + b'"",' * 400_001 + b"0]")
    assert len(limits.read_json(b"[" + b"0," * 200_000 + b"0]")) == 200_001


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0", "0"),
        ("1.50", "1.5"),
        ("2.0", "2"),
        ("-7", "-7"),
        ("9223372036854775807", "9223372036854775807"),
        ("9223372036854775808", "9223372036854775808"),
        ("18446744073709551616", "18446744073709551616"),
        ("-123456789012345678901234567890", "-123456789012345678901234567890"),
        ("1e21", "1000000000000000000000"),
        ("-1.5E+300", "-1.5E+300"),
        ("1e400", "1e400"),
    ],
)
def test_numbers_come_out_as_they_were_written(capture, web_key, number, text):
    body = '{"event":"e \\" 18446744073709551616","userId":"u","properties":{"n":NUMBER}}'.replace("NUMBER", number)
    told = capture.send("/v1/track", body, key=web_key)
    assert told.status == 200
    [arrival] = capture.arrivals()
    assert arrival.properties == {"n": text}
    assert arrival.name == 'e " 18446744073709551616'


def test_nul_becomes_the_replacement_character_everywhere(capture, web_key):
    item = {
        "type": "identify",
        "userId": "u\0x",
        "traits": {"a\0b": ["c\0", {"d\0": "\0"}]},
        "context": {"page": {"url": "https://h.example/\0"}},
    }
    track = WHO | {"event": "e\0", "properties": {"p\0": "q\0"}}
    assert capture.send("/v1/batch", {"batch": [item, track]}, key=web_key).status == 200
    [entry] = capture.entries()
    assert b"\\u0000" not in entry.items
    assert b"\0" not in entry.items
    first, second = json.loads(entry.items)
    assert first["user"] == "u\ufffdx"
    assert first["traits"] == {"a\ufffdb": ["c\ufffd", {"d\ufffd": "\ufffd"}]}
    assert second["properties"] == {"p\ufffd": "q\ufffd"}


def test_of_two_values_under_one_key_the_last_counts(capture, web_key):
    capture.send("/v1/track", b'{"event":"e","userId":"u","properties":{"a":1,"a":2}}', key=web_key)
    assert capture.arrivals()[0].properties == {"a": "2"}


def test_long_whole_numbers_in_traits_are_text(capture, web_key):
    capture.send(
        "/v1/identify", b'{"userId":"u","traits":{"n":18446744073709551616,"m":9223372036854775808}}', key=web_key
    )
    assert capture.arrivals()[0].traits == {"n": "18446744073709551616", "m": "9223372036854775808"}
