"""Whoever reads an answer slowly, or breaks it off, holds up nobody else: an answer is kept until it is whole."""

import asyncio
import errno

import pytest

from fullfunnel.config import threads
from fullfunnel.config.threads import behind

LARGE = b"0123456789" * 100_000


def site(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    if environ["PATH_INFO"] == "/large":
        return [LARGE[start : start + 8192] for start in range(0, len(LARGE), 8192)]
    return [b"small"]


class Reader:
    """Takes `pieces` messages, then waits."""

    def __init__(self, pieces=1_000):
        self.pieces, self.told = pieces, []

    async def send(self, message):
        if len(self.told) >= self.pieces:
            await asyncio.sleep(3600)
        self.told.append(message)

    @property
    def body(self):
        return b"".join(message.get("body", b"") for message in self.told[1:])


async def nothing():
    raise AssertionError("there is no body to ask for")


async def ask(application, path, reader):
    scope = {"type": "http", "http_version": "1.1", "method": "GET", "path": path, "query_string": b"", "headers": []}
    await application(scope, nothing, reader.send)
    return reader


@pytest.fixture
def application(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (tmp_path / "tmp").mkdir()
    return behind(site)


def test_slow_readers_hold_no_thread(application):
    async def beside():
        readers = [Reader(pieces=2) for _ in range(20)]
        slow = [asyncio.create_task(ask(application, "/large", reader)) for reader in readers]
        # Each is in the midst of its answer: more of them than there are threads.
        async with asyncio.timeout(600):
            while any(len(reader.told) < 2 for reader in readers):
                await asyncio.sleep(0.01)
        quick = await asyncio.wait_for(ask(application, "/small", Reader()), 600)
        assert not any(task.done() for task in slow)
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        return quick

    assert asyncio.run(beside()).body == b"small"


def test_a_reader_who_takes_its_time_gets_all_of_it_in_pieces(application):
    told = asyncio.run(ask(application, "/large", Reader())).told
    assert b"".join(message["body"] for message in told[1:]) == LARGE
    assert [message["more_body"] for message in told[1:]] == [True] * (len(told) - 2) + [False]


def test_one_who_takes_too_long_for_a_piece_is_given_up(application, monkeypatch):
    monkeypatch.setattr(threads, "SECONDS_TO_READ", 0.05)
    reader = asyncio.run(asyncio.wait_for(ask(application, "/large", Reader(pieces=3)), 120))
    assert len(reader.body) == 2 * threads.PIECE


def test_an_answer_that_finds_no_room_on_disk_is_503_and_leaves_no_thread_waiting(application, monkeypatch):
    class Full:
        def write(self, _):
            raise OSError(errno.ENOSPC, "no space left")

        def close(self):
            pass

    async def more_than_there_are_threads():
        return [await asyncio.wait_for(ask(application, "/large", Reader()), 600) for _ in range(10)]

    monkeypatch.setattr(threads, "aside", lambda _: Full())
    readers = asyncio.run(more_than_there_are_threads())
    assert {reader.told[0]["status"] for reader in readers} == {503}
    assert readers[0].body.startswith(b"Service Unavailable: the server's disk is full")
