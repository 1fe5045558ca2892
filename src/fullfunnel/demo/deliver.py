"""Posts calls to a running server, as any client would: POST /v1/batch with a write key."""

import base64
import http.client
import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

import orjson

BATCH = 500
PATIENCE = 120.0
# Said about somebody, not done by them: see adr/0044.
NOTED = ("identify", "group", "alias")


class Takes(Protocol):
    """What takes calls: a door of the server, or something that keeps them."""

    def post(self, calls: list[dict[str, Any]]) -> None: ...


class Door:
    """One connection to the server's capture, with one write key."""

    def __init__(self, host: str, port: int, write_key: str) -> None:
        self.host, self.port = host, port
        token = base64.b64encode(f"{write_key}:".encode()).decode()
        self.headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}
        self.connection = http.client.HTTPConnection(host, port, timeout=60)

    def post(self, calls: list[dict[str, Any]]) -> None:
        """Delivers calls; waits and repeats when the server is busy. RuntimeError when it refuses one."""
        body = orjson.dumps({"batch": calls})
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self.connection.request("POST", "/v1/batch", body, self.headers)
                response = self.connection.getresponse()
                answer = response.read()
            except (OSError, http.client.HTTPException):
                # The same message ids go again: what had arrived is not counted twice.
                self.connection.close()
                if time.monotonic() > until:
                    raise
                time.sleep(0.5)
                continue
            if response.status in (429, 503) and time.monotonic() < until:
                time.sleep(float(response.headers.get("Retry-After", "1")))
                continue
            if response.status != 200 or json.loads(answer).get("refused"):
                raise RuntimeError(f"the server refused the demo's events ({response.status}): {answer[:300]!r}")
            return


def deliver(
    calls: Iterator[tuple[str, dict[str, Any]]], doors: Mapping[str, Takes], on_progress: Callable[[int], None]
) -> tuple[int, int]:
    """Delivers all calls through their doors, in their order for each door; how many, and how many of them a person did."""
    waiting: dict[str, list[dict[str, Any]]] = {name: [] for name in doors}
    sent = by_person = 0
    for name, call in calls:
        # identify, group and alias are noted about a person: nothing that they did (docs/adr/0044).
        by_person += call["type"] not in ("identify", "group", "alias") and call["context"].get("actor") != "us"
        waiting[name].append(call)
        if len(waiting[name]) == BATCH:
            doors[name].post(waiting[name])
            sent += BATCH
            waiting[name] = []
            on_progress(sent)
    for name, rest in waiting.items():
        if rest:
            doors[name].post(rest)
            sent += len(rest)
    on_progress(sent)
    return sent, by_person
