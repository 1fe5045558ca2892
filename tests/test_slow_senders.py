"""Whoever sends slowly holds up nobody else, and is told so in the end."""

import json
import socket

import pytest

from tests.kit.server import running, until
from tests.kit.slow_senders import KINDS, SlowSenders

pytestmark = pytest.mark.serves
IDLE = ("idle after half a body", "a body announced and never begun")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("slow") / "data") as server:
        server.api_key = server.create_workspace()["api_key"]
        yield server


def statuses(server):
    """Pages, health, and a question by API, each several times so that both processes are met."""
    ask = {"Authorization": f"Bearer {server.api_key}"}
    question = json.dumps(
        {"kind": "trend", "series": [{"event": "paid"}], "period": {"from": "2025-01-01", "to": "2025-01-31"}}
    ).encode()
    return {
        "sign-in": {server.request("GET", "/sign-in/")[0] for _ in range(8)},
        "health": {server.request("GET", "/health")[0] for _ in range(8)},
        "ask": {server.request("POST", "/api/v1/ask", question, ask)[0] for _ in range(8)},
        "form": {server.request("POST", "/sign-in/", b"username=a")[0] for _ in range(8)},
    }


@pytest.mark.parametrize(
    ("count", "kinds", "addresses"), [(16, IDLE, 0), (200, tuple(KINDS), 0), (200, tuple(KINDS), 200)]
)
def test_pages_health_and_questions_are_answered_beside_slow_senders(server, count, kinds, addresses):
    before = statuses(server)
    assert before == {"sign-in": {200}, "health": {200}, "ask": {200}, "form": {403}}
    with SlowSenders(server.port, count, kinds=kinds, addresses=addresses) as slow:
        assert statuses(server) == before
        assert sum(map(slow.left, KINDS)) >= 16
    assert statuses(server) == before


def test_who_pauses_is_told_408_and_who_has_too_many_429_and_the_connection_ends(server):
    with SlowSenders(server.port, 160, kinds=IDLE) as slow:
        until(lambda: sum(slow.answers.values()) == 160)
    assert {status for _, status in slow.answers} == {408, 429}
    # 32 in each of two processes.
    assert 32 <= sum(count for (_, status), count in slow.answers.items() if status == 408) <= 64


def answer(server, sent):
    """What is answered until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=150) as connection:
        connection.sendall(sent)
        told = b""
        while piece := connection.recv(65536):
            told += piece
    return told


def test_a_body_over_the_limit_is_413_before_it_is_sent_as_json_below_api(server):
    length = b"Host: localhost\r\nContent-Length: 8388609\r\n\r\n"
    sentence = "the body is larger than 8,388,608 bytes: send smaller ones"
    page = answer(server, b"POST /sign-in/ HTTP/1.1\r\n" + length)
    assert page.startswith(b"HTTP/1.1 413 ")
    assert page.endswith(f"\r\n\r\nRequest Entity Too Large: {sentence}.\n".encode())
    assert b"connection: close" in page.lower()
    told = answer(server, b"POST /api/v1/ask HTTP/1.1\r\n" + length)
    assert told.startswith(b"HTTP/1.1 413 ")
    assert json.loads(told.partition(b"\r\n\r\n")[2]) == {"error": {"field": "", "message": sentence}}


def test_who_sends_a_body_over_the_limit_to_its_end_hears_why(server):
    body = b"x" * 9_400_000
    head = b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body)
    for _ in range(3):
        told = answer(server, head + body)
        assert told.startswith(b"HTTP/1.1 413 ")
        assert told.endswith(b"send smaller ones.\n")


def test_chunks_over_the_limit_are_413(server):
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    head = b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=150) as connection:
        connection.sendall(head + chunk * 8)
        connection.sendall(b"1\r\nx\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 413 ")


def test_a_large_body_and_one_in_chunks_reach_django_whole(server):
    key = f"Authorization: Bearer {server.api_key}\r\nConnection: close\r\nHost: localhost\r\n".encode()
    question = b'{"kind": "nothing"' + b" " * 300_000 + b"}"
    whole = b"POST /api/v1/ask HTTP/1.1\r\n" + key + b"Content-Length: %d\r\n\r\n" % len(question) + question
    chunks = b"POST /api/v1/ask HTTP/1.1\r\n" + key + b"Transfer-Encoding: chunked\r\n\r\n"
    for start in range(0, len(question), 50_000):
        piece = question[start : start + 50_000]
        chunks += b"%x\r\n" % len(piece) + piece + b"\r\n"
    told = [answer(server, sent).partition(b"\r\n\r\n")[2] for sent in (whole, chunks + b"0\r\n\r\n")]
    assert told[0] == told[1]
    assert json.loads(told[0])["error"]["field"] == "kind"
    assert list((server.directory / "tmp").iterdir()) == []
