"""Clients that send as SDKs do, and write down what was acknowledged; and what the lake holds, read without our own code."""

import base64
import http.client
import json
import random
import sqlite3
import threading
import time
from collections import Counter
from pathlib import Path

import duckdb

PEOPLE = 40


def item(event_id: str, chance: random.Random) -> dict[str, object]:
    kind = chance.random()
    who = (
        {"userId": f"user-{chance.randrange(PEOPLE)}"}
        if kind < 0.5
        else {"anonymousId": f"anon-{chance.randrange(PEOPLE)}"}
    )
    if kind < 0.1:
        traits = {"plan": chance.choice(["free", "pro"]), "email": f"{who.get('userId')}@example.com"}
        return {"type": "identify", "messageId": event_id, "traits": traits} | who
    return {"type": "track", "event": "Button Pressed", "messageId": event_id, "properties": {"n": kind}} | who


class Client(threading.Thread):
    """Sends batches until `stop`; a batch that was not acknowledged is sent again, unchanged, as SDKs do."""

    def __init__(
        self, port: int, key: str, name: str, stop: threading.Event, *, most: int = 20, pause: float = 0.005
    ) -> None:
        super().__init__(name=name, daemon=True)
        self.port, self.stop, self.most, self.pause = port, stop, most, pause
        self.headers = {
            "Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode(),
            "Content-Type": "application/json",
        }
        self.chance = random.Random(name)
        self.acknowledged: list[str] = []
        self.unknown: list[str] = []
        self.repeated = 0
        self._connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        try:
            self._send_all()
        finally:
            self._hang_up()

    def _send_all(self) -> None:
        number = 0
        while not self.stop.is_set():
            ids = [f"{self.name}-{number + i}" for i in range(self.chance.randint(1, self.most))]
            number += len(ids)
            body = json.dumps({"batch": [item(event_id, self.chance) for event_id in ids]}).encode()
            while not self._is_acknowledged(body):
                self.repeated += 1
                time.sleep(0.02)
                if self.stop.is_set():
                    self.unknown += ids
                    return
            self.acknowledged += ids
            time.sleep(self.pause)

    def _is_acknowledged(self, body: bytes) -> bool:
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            self._connection.request("POST", "/v1/batch", body, self.headers)
            response = self._connection.getresponse()
            answer = response.read()
            assert response.status < 400 or response.status in (429, 503), (response.status, answer)
            return response.status == 200
        except (OSError, http.client.HTTPException):
            self._hang_up()
            return False

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def stored(directory: Path) -> Counter[str]:
    """event id -> how often it stands in the lake; our own events (trait_changed) left out. Read from the files of the manifest."""
    files = _manifest(directory)
    if not files:
        return Counter()
    try:
        with duckdb.connect() as reader:
            found = reader.execute(
                "SELECT event_id FROM read_parquet(?) WHERE name != 'trait_changed'", [files]
            ).fetchall()
    except duckdb.IOException:
        # A server that still runs merged files meanwhile, and removed what it merged.
        if _manifest(directory) == files:
            raise
        return stored(directory)
    return Counter(event_id for (event_id,) in found)


def _manifest(directory: Path) -> list[str]:
    database = sqlite3.connect(directory / "main.db")
    rows = database.execute("SELECT path FROM events_lakefile WHERE superseded_at IS NULL").fetchall()
    database.close()
    return [str(directory / path) for (path,) in rows]


def wait_until_drained(directory: Path, seconds: float = 600) -> None:
    """Until no journal row and no outbox row waits."""
    last = time.monotonic() + seconds
    while True:
        with sqlite3.connect(directory / "journal.db") as journal, sqlite3.connect(directory / "main.db") as database:
            (newest,) = journal.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()
            (done,) = database.execute(
                "SELECT coalesce(max(journal_to), 0) FROM events_batch WHERE state = 'stored'"
            ).fetchone()
            (waiting,) = database.execute("SELECT count(*) FROM events_outbox WHERE batch_id IS NULL").fetchone()
            (frozen,) = database.execute("SELECT count(*) FROM events_batch WHERE state = 'frozen'").fetchone()
        journal.close()
        database.close()
        if done >= newest and not waiting and not frozen:
            return
        assert time.monotonic() < last, f"journal at {newest}, drained to {done}, outbox {waiting}, frozen {frozen}"
        time.sleep(0.05)


def assert_nothing_lost_nothing_doubled(directory: Path, clients: list[Client]) -> int:
    """How many events were acknowledged and are there, each once."""
    held = stored(directory)
    acknowledged = {event_id for client in clients for event_id in client.acknowledged}
    unknown = {event_id for client in clients for event_id in client.unknown}
    lost = sorted(acknowledged - held.keys())
    doubled = sorted(event_id for event_id, count in held.items() if count > 1)
    invented = sorted(held.keys() - acknowledged - unknown)
    assert (lost[:5], doubled[:5], invented[:5]) == ([], [], []), (len(lost), len(doubled), len(invented))
    return len(acknowledged)
