"""Bodies are read whole, or not at all: by size, by time, and by how many others the sender has begun."""

import asyncio
from dataclasses import replace

import pytest

from fullfunnel.core import bodies as reading
from fullfunnel.core.bodies import BROKEN, BUSY, TOO_MANY, Bodies, Limits
from fullfunnel.core.headers import sender_network

LIMITS = Limits(seconds=60, pause=60, most_held=1_000, most_held_of_one=100, most_half_read=3, most_half_read_of_one=2)


@pytest.fixture(autouse=True)
def short_grace(monkeypatch):
    monkeypatch.setattr(reading, "GRACE", 0.02)


class Client:
    """Sends `pieces` with a pause before each; then nothing more, unless the last is b""."""

    def __init__(self, *pieces, pause=0.0):
        self.left, self.pause = list(pieces), pause

    async def receive(self):
        await asyncio.sleep(self.pause if self.left else 3600)
        piece = self.left.pop(0)
        if piece is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": piece != b""}


async def read(bodies, client, sender="192.0.2.1", most=500):
    """(what was kept, why it was not read)"""
    pieces = []
    with bodies.place(sender, most=most) as place:
        refused = await place.read(client.receive, pieces.append)
    return b"".join(pieces), refused


def nothing_is_left(bodies):
    return (bodies.held, dict(bodies.held_of), dict(bodies.half_read)) == (0, {}, {})


def outcome(client, limits=LIMITS, **asked):
    bodies = Bodies(limits)
    told = asyncio.run(read(bodies, client, **asked))
    assert nothing_is_left(bodies)
    return told


def test_a_body_in_pieces_is_read_whole():
    assert outcome(Client(b"one ", b"two", b"")) == (b"one two", None)


def test_one_of_exactly_the_size_is_read_and_one_byte_more_is_413():
    assert outcome(Client(b"x" * 500, b""))[1] is None
    kept, refused = outcome(Client(b"x" * 500, b"x", b""))
    assert (len(kept), refused.status) == (500, 413)
    assert refused.sentence == "the body is larger than 500 bytes: send smaller ones"


@pytest.mark.parametrize(
    ("limits", "client"),
    [
        ({"pause": 0.05}, Client()),
        ({"pause": 0.05}, Client(b"x")),
        ({"seconds": 0.05}, Client(*[b"x"] * 100, pause=0.01)),
    ],
)
def test_what_pauses_or_takes_too_long_is_408(limits, client):
    _, refused = outcome(client, replace(LIMITS, **limits))
    assert refused.status == 408


def test_a_body_that_breaks_off_is_400():
    assert outcome(Client(b"x", None)) == (b"x", BROKEN)


def test_the_bodies_of_a_process_have_a_size_together():
    assert outcome(Client(b"x" * 400, b""), replace(LIMITS, most_held=399)) == (b"", BUSY)


async def beside(bodies, waiting, asked):
    """What `asked` is told while the senders of `waiting` send nothing more."""
    tasks = [asyncio.create_task(read(bodies, Client(b"x"), sender)) for sender in waiting]
    await asyncio.sleep(0.06)
    told = [await asyncio.wait_for(read(bodies, client, sender), 5) for sender, client in asked]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert nothing_is_left(bodies)
    return told


def test_who_has_begun_too_many_may_finish_at_once_or_is_429_and_others_are_read():
    slow = [b"x", b""]
    told = asyncio.run(
        beside(
            Bodies(LIMITS),
            ["192.0.2.1"] * 2,
            [
                ("192.0.2.1", Client(b"quick", b"")),
                ("192.0.2.1", Client(*slow, pause=0.04)),
                ("192.0.2.2", Client(*slow, pause=0.04)),
            ],
        )
    )
    assert told == [(b"quick", None), (b"", TOO_MANY), (b"x", None)]


def test_too_many_half_read_bodies_of_many_senders_are_503():
    told = asyncio.run(
        beside(
            Bodies(LIMITS),
            ["192.0.2.1", "192.0.2.2", "192.0.2.3"],
            [("192.0.2.4", Client(b"x", b"", pause=0.04)), ("192.0.2.4", Client(b"quick", b""))],
        )
    )
    assert told == [(b"", BUSY), (b"quick", None)]


def test_half_read_bodies_of_one_sender_have_a_size_together():
    assert outcome(Client(b"x" * 60, b"x" * 60, b"", pause=0.03))[1] == TOO_MANY
    assert outcome(Client(b"x" * 120, b"", pause=0.001))[1] is None


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "network"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("2001:db8:1:2:3::4", "", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "", "203.0.113.9"),
        ("127.0.0.1", "10.0.0.1, 2001:db8:1:2:9::9", "2001:db8:1:2::/64"),
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),
    ],
)
def test_a_sender_is_an_address_or_a_64_as_a_proxy_on_this_machine_says(peer, forwarded_for, network):
    headers = [(b"x-forwarded-for", forwarded_for.encode())] if forwarded_for else []
    assert sender_network({"client": (peer, 1), "headers": headers}) == network
