"""One value that strict JSON cannot hold costs its item at most, never the other items of its body."""

from time import process_time

import pytest

OK = b'{"type":"track","anonymousId":"s1","event":"ok_1","messageId":"a1"}'


def send(capture, key, value):
    """The answer to a good item beside one whose property `v` is this JSON, and what came of them."""
    odd = b'{"type":"track","anonymousId":"s1","event":"odd","messageId":"a2","properties":{"v":%s,"w":"x"}}' % value
    told = capture.send("/v1/batch", b'{"batch":[%s,%s]}' % (OK, odd), key=key)
    return told, {one.name: one.properties for one in capture.arrivals()}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (rb'"Launch \ud83d"', {"v": "Launch \ufffd"}),
        (rb'"\ude00 x \ud83d\ude00"', {"v": "\ufffd x \U0001f600"}),
        (rb'"\\ud83d"', {"v": "\\ud83d"}),
        (b"NaN", {}),
        (b"-Infinity", {}),
        (b'"NaN"', {"v": "NaN"}),
        (b"1e400", {"v": "1e400"}),
        (b"1e3", {"v": "1000"}),
        (b"9" * 400, {"v": "9" * 400}),
        (rb'"a\u0000b"', {"v": "a\ufffdb"}),
        (b'"a\x00b\n"', {"v": "a\ufffdb\n"}),
        (rb'"\ud83d", "n": 18446744073709551616', {"v": "\ufffd", "n": "18446744073709551616"}),
    ],
)
def test_it_is_mended(capture, web_key, value, kept):
    told, came = send(capture, web_key, value)
    assert (told.status, told.json["accepted"], told.json["refused"]) == (200, 2, [])
    assert came == {"ok_1": {}, "odd": kept | {"w": "x"}}


def test_bytes_that_are_no_utf_8_cost_their_item(capture, web_key):
    told, came = send(capture, web_key, b'"Stra\xdfe"')
    assert (told.status, told.json["accepted"]) == (200, 1)
    assert told.json["refused"] == [{"index": 1, "reason": "a text in it is not UTF-8"}]
    assert came == {"ok_1": {}}
    _, came = send(capture, web_key, '"Straße \ufdd0"'.encode())
    assert came["odd"]["v"] == "Straße \ufdd0"


@pytest.mark.parametrize("value", [b'"open', b"nan", b"01", b"Infinit", b"\xff", b"[1e400"])
def test_what_is_no_json_even_then_is_refused_whole(capture, web_key, value):
    told, came = send(capture, web_key, value)
    assert (told.status, told.json["accepted"], came) == (400, 0, {})
    assert told.json["message"].startswith("the body is not JSON in UTF-8")


@pytest.mark.parametrize("piece", [rb'"\"', b'"\x00', rb"\ud800", b"1e999,", b"\xff", b"-", b"NaN "])
def test_no_body_takes_long_to_mend(capture, web_key, piece):
    body = b'{"batch":["' + piece * (1_000_000 // len(piece))
    began = process_time()
    assert capture.send("/v1/batch", body, key=web_key).status == 400
    assert process_time() - began < 5
