"""Admission: whose key this is, and whether its holder may send more just now."""

import asyncio
import base64
import binascii
import time
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.db import connections

from fullfunnel.core.headers import network_of
from fullfunnel.workspaces.keys import digest
from fullfunnel.workspaces.models import WriteKey

# How long a key's holder is believed: a revoked key is refused this much later.
BELIEVED_SECONDS = 1.0
MOST_KNOWN = 10_000
MOST_BUCKETS = 50_000


class Holder(NamedTuple):
    """The source that a write key belongs to; kind is web or server."""

    workspace_id: int
    source_id: int
    kind: str


class Keys:
    """Write keys by their digest, each believed for a second; lookups of one key at the same time are one query."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Holder | None]] = {}
        self._asked: dict[str, asyncio.Task[Holder | None]] = {}
        # One thread: one connection, and a flood of wrong keys cannot take more of the machine.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="write-keys")

    async def holder_of(self, key: str) -> Holder | None:
        """The holder; None for a key that is unknown or revoked. Raises the database's error when it cannot be asked."""
        name = digest(key)
        found = self._known.get(name)
        if found and found[0] > time.monotonic():
            return found[1]
        task = self._asked.get(name)
        if task is None:
            task = self._asked[name] = asyncio.ensure_future(self._look_up(name))
            task.add_done_callback(lambda _: self._asked.pop(name, None))
        # Careful: a client that goes away must not cancel the query that others wait for.
        return await asyncio.shield(task)

    async def _look_up(self, name: str) -> Holder | None:
        holder = await asyncio.get_running_loop().run_in_executor(self._thread, _find, name)
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[name] = (time.monotonic() + BELIEVED_SECONDS, holder)
        return holder

    def close(self) -> None:
        """Ends the thread and its connection."""
        self._thread.submit(connections.close_all).result()
        self._thread.shutdown()


def _find(name: str) -> Holder | None:
    try:
        row = (
            WriteKey.objects.filter(digest=name, revoked_at=None)
            .values_list("workspace_id", "source_id", "source__kind")
            .first()
        )
    except Exception:
        # A connection that failed once (a restarted PostgreSQL) is not used again.
        connections.close_all()
        raise
    return Holder(*row) if row else None


class Rates:
    """Token buckets: a key that sends more than settings.CAPTURE_RATE from one address for long has to wait."""

    def __init__(self, rate: float | None = None) -> None:
        self.rate: float = settings.CAPTURE_RATE if rate is None else rate
        self._buckets: dict[tuple[int, str], tuple[float, float]] = {}

    def seconds_to_wait(self, source_id: int, ip: str) -> int:
        """0: go on. Programs on this machine are not held back."""
        if not self.rate or ip in ("127.0.0.1", "::1"):
            return 0
        now, name = time.monotonic(), (source_id, network_of(ip))
        tokens, at = self._buckets.get(name, (self.rate * 10, now))
        tokens = min(self.rate * 10, tokens + (now - at) * self.rate)
        if len(self._buckets) >= MOST_BUCKETS:
            self._buckets.clear()
        self._buckets[name] = (max(tokens - 1, 0.0), now)
        return 0 if tokens >= 1 else 1 + int(1 / self.rate)


@lru_cache(maxsize=1_000)
def key_in_header(authorization: bytes) -> str:
    """The write key in `Basic base64(key:)` or `Bearer key`; "" where there is none."""
    kind, _, value = authorization.strip().partition(b" ")
    if kind.lower() == b"bearer":
        return value.strip().decode("latin-1")
    if kind.lower() != b"basic":
        return ""
    try:
        return base64.b64decode(value.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, ValueError):
        return ""
