"""What the running server says to a body that breaks off: a refusal with its reason, never a fault of ours."""

import socket

import pytest

from tests.kit.server import running

pytestmark = pytest.mark.serves
HEAD = b"POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
BROKEN = [b"zz\r\nabc\r\n0\r\n\r\n", b"5\r\nabc\r\n0\r\n\r\n", b"-1\r\n\r\n", b"3\r\nabcXX\r\n0\r\n\r\n"]


def told(port: int, sent: bytes) -> bytes:
    """The beginning of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=150) as door:
        door.sendall(sent)
        return door.recv(4_096)


def test_a_broken_chunk_is_400_and_another_verb_405(tmp_path):
    with running(tmp_path / "data") as server:
        for chunks in BROKEN:
            answer = told(server.port, HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)
            assert answer.startswith(b"HTTP/1.1 400 "), answer
        for verb in (b"GET", b"PUT", b"DELETE", b"TRACE", b"PROPFIND", b"FOO"):
            answer = told(server.port, verb + b" /v1/batch HTTP/1.1\r\nHost: x\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 405 "), answer
            assert b"allow: POST, OPTIONS" in answer
        # Who hangs up in the middle leaves nothing behind.
        with socket.create_connection(("127.0.0.1", server.port), timeout=150) as door:
            door.sendall(HEAD + b"Content-Length: 100\r\n\r\nabc")
        assert told(server.port, HEAD + b"Content-Length: 1\r\n\r\n{").startswith(b"HTTP/1.1 400 ")
