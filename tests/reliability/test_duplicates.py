"""R5: 300,000 deliveries of 100,000 events give exactly 100,000: repeated, out of order, over another endpoint, across a restart."""

import base64
import http.client
import json
import random
import threading

import pytest

from tests.kit.server import running
from tests.reliability.clients import stored, wait_until_drained

pytestmark = pytest.mark.deep

UNIQUE, DELIVERIES, BATCH, ALONE = 100_000, 300_000, 500, 1_000


def item(number: int) -> dict[str, object]:
    return {
        "event": "Button Pressed",
        "messageId": f"m-{number}",
        "userId": f"u-{number % 500}",
        "properties": {"n": number},
    }


def deliver(port: int, key: str, bodies: list[tuple[str, bytes]]) -> None:
    authorization = "Basic " + base64.b64encode(f"{key}:".encode()).decode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    for path, body in bodies:
        connection.request("POST", path, body, {"Authorization": authorization, "Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.read()
        assert response.status == 200, answer
    connection.close()


def from_several_clients(port: int, key: str, bodies: list[tuple[str, bytes]]) -> None:
    threads = [threading.Thread(target=deliver, args=(port, key, bodies[n::4])) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.serves
def test_300000_deliveries_of_100000_events_are_100000_events(tmp_path):
    chance = random.Random(5)
    order = [*range(UNIQUE), *(chance.randrange(UNIQUE) for _ in range(DELIVERIES - UNIQUE))]
    chance.shuffle(order)
    alone = [("/v1/track", json.dumps(item(number)).encode()) for number in order[:ALONE]]
    bodies = [
        (
            "/v1/batch",
            json.dumps({"batch": [{"type": "track"} | item(n) for n in order[start : start + BATCH]]}).encode(),
        )
        for start in range(ALONE, DELIVERIES, BATCH)
    ]
    bodies += alone
    chance.shuffle(bodies)
    half = len(bodies) // 2
    with running(tmp_path / "data") as server:
        key = server.create_workspace()["write_key"]
        from_several_clients(server.port, key, bodies[:half])
        server.kill()
        server.start()
        from_several_clients(server.port, key, bodies[half:])
        wait_until_drained(server.directory)
        held = stored(server.directory)
    print(f"R5: {DELIVERIES} deliveries, {len(held)} events, {sum(held.values())} rows")
    assert len(held) == sum(held.values()) == UNIQUE
