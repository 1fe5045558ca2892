"""Bodies of requests, read with limits of size and time. For the ASGI front and the rooms' doors: it takes no thread."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

Receive = Callable[[], Awaitable[Any]]
# A body that came within this many seconds was never half read: it counts against nobody.
GRACE = 0.5
MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """For the bodies of one process. `seconds`: for a whole body; `pause`: between two pieces; `of_one`: of one sender."""

    seconds: float
    most_held: int  # bytes
    most_held_of_one: int
    pause: float = 10
    # Below the 1,024 connections that granian takes.
    most_half_read: int = 512
    most_half_read_of_one: int = 32


@dataclass(frozen=True)
class NotRead:
    """Why a body was not read: an HTTP status and a sentence; `retry_after` in seconds, 0 for never."""

    status: int
    sentence: str
    retry_after: int = 0


# Whoever went away does not hear it; a broken chunk looks the same from here, and its sender does.
BROKEN = NotRead(400, "the body was cut off, or a chunk of it is broken: send it again")


class Bodies:
    """Counts what one event loop is reading, and from whom."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.held = 0
        self.held_of: Counter[str] = Counter()
        self.half_read: Counter[str] = Counter()

    def place(self, sender: str, *, most: int) -> "Place":
        """Return a place for one body of at most `most` bytes; `sender` as of `core.headers.sender_network`."""
        return Place(self, sender, most)


class Place:
    """A body's place among the others of its process, as a context: its bytes are counted as held until the end of it."""

    def __init__(self, bodies: Bodies, sender: str, most: int) -> None:
        self.bodies, self.sender, self.most = bodies, sender, most
        self.size = 0
        self._is_half_read = False
        self._refused: NotRead | None = None

    def __enter__(self) -> "Place":
        return self

    def __exit__(self, *_: object) -> None:
        self._count(-self.size)

    async def read(self, receive: Receive, keep: Callable[[bytes], object]) -> NotRead | None:
        """Give each piece to `keep`; return None after the last one, or why the body was not read to its end."""
        limits, loop = self.bodies.limits, asyncio.get_running_loop()
        last = loop.time() + limits.seconds
        try:
            async with asyncio.timeout(min(limits.pause, limits.seconds)) as timeout:
                grace = loop.call_later(GRACE, self._outlast_grace, timeout)
                try:
                    while True:
                        message = await receive()
                        if message["type"] == "http.disconnect":
                            return BROKEN
                        if refused := self._take(message.get("body", b""), keep):
                            return refused
                        if not message.get("more_body"):
                            return None
                        timeout.reschedule(min(last, loop.time() + limits.pause))
                finally:
                    grace.cancel()
        except TimeoutError:
            return self._refused or too_slow(limits)
        finally:
            if self._is_half_read:
                _add(self.bodies.half_read, self.sender, -1)

    def _take(self, piece: bytes, keep: Callable[[bytes], object]) -> NotRead | None:
        bodies = self.bodies
        self.size += len(piece)
        self._count(len(piece))
        if self.size > self.most:
            return too_large(self.most)
        if bodies.held > bodies.limits.most_held:
            return BUSY
        if self._is_half_read and bodies.held_of[self.sender] > bodies.limits.most_held_of_one:
            return TOO_MANY
        keep(piece)
        return None

    def _outlast_grace(self, timeout: asyncio.Timeout) -> None:
        half_read, limits = self.bodies.half_read, self.bodies.limits
        if timeout.expired():
            return
        if half_read[self.sender] >= limits.most_half_read_of_one:
            self._refused = TOO_MANY
        elif half_read.total() >= limits.most_half_read:
            self._refused = BUSY
        elif self.bodies.held_of[self.sender] > limits.most_held_of_one:
            self._refused = TOO_MANY
        else:
            self._is_half_read = True
            _add(half_read, self.sender, 1)
            return
        timeout.reschedule(asyncio.get_running_loop().time())

    def _count(self, size: int) -> None:
        self.bodies.held += size
        _add(self.bodies.held_of, self.sender, size)


def _add(counter: Counter[str], name: str, number: int) -> None:
    counter[name] += number
    if not counter[name]:
        del counter[name]


def too_large(most: int) -> NotRead:
    return NotRead(413, f"the body is larger than {most:,} bytes: send smaller ones")


def too_slow(limits: Limits) -> NotRead:
    seconds = f"{limits.seconds:g} seconds, or paused for {limits.pause:g}"
    return NotRead(408, f"the body did not arrive within {seconds}: send it again")


TOO_MANY = NotRead(429, "too many unfinished requests come from your address: send this one again", 10)
BUSY = NotRead(503, "too much is arriving just now: send it again", 1)
