"""/health in the front: it asks the database once at a time, at most once a second, and waits for no thread of Django's."""

import asyncio
import json
import threading

import pytest
from django.db import connection
from django.test import Client

from fullfunnel.config import health as module
from fullfunnel.config.health import Health, database_answers


class Check:
    """Stands for the database; hangs until `go`."""

    def __init__(self, *, hangs=False, answers=True):
        self.go, self.answers, self.begun = threading.Event(), answers, 0
        if not hangs:
            self.go.set()

    def __call__(self):
        self.begun += 1
        self.go.wait(60)
        return self.answers


@pytest.fixture(autouse=True)
def of_no_server(settings, tmp_path):
    settings.DATA_DIR = tmp_path


async def probe(health, method="GET"):
    told = []

    async def send(message):
        told.append(message)

    await health({"path": "/health", "method": method}, None, send)
    return told[0]["status"], told[1]["body"], dict(told[0]["headers"])


def test_all_is_told_as_by_django(db):
    status, body, headers = asyncio.run(probe(Health(Check())))
    assert (status, json.loads(body)) == (200, {"status": "ok", "worker": "late", "stream": "late", "upkeep": "late"})
    by_django = Client().get("/health")
    assert (by_django.status_code, by_django.json()) == (status, json.loads(body))
    assert headers[b"content-type"] == b"application/json"
    assert headers[b"cache-control"] == b"no-store"


def test_head_is_answered_without_a_body_and_other_methods_are_for_django():
    health = Health(Check())
    assert asyncio.run(probe(health, "HEAD"))[1] == b""
    asked = [health.answers({"path": "/health", "method": method}) for method in ("GET", "HEAD", "POST", "DELETE")]
    assert asked == [True, True, False, False]
    assert not health.answers({"path": "/health/", "method": "GET"})


def test_a_database_that_does_not_answer_is_503():
    status, body, _ = asyncio.run(probe(Health(Check(answers=False))))
    assert (status, json.loads(body)) == (503, {"status": "the database does not answer"})


def test_one_that_hangs_is_503_and_asked_by_one_thread_until_it_answers(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    monkeypatch.setattr(module, "FRESH", 0.0)
    check = Check(hangs=True)

    async def probes():
        health = Health(check)
        told = await asyncio.gather(*(probe(health) for _ in range(20)))
        late = await probe(health)
        begun = check.begun
        check.go.set()
        monkeypatch.setattr(module, "PATIENCE", 30)
        return [status for status, _, _ in [*told, late, await probe(health)]], begun

    assert asyncio.run(probes()) == ([503] * 21 + [200], 1)


def test_a_check_counts_for_a_second(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    check = Check()

    async def probes():
        health, begun = Health(check), []
        for now[0] in (100.0, 100.9, 101.0, 101.9, 102.5):
            await probe(health)
            begun.append(check.begun)
        return begun

    assert asyncio.run(probes()) == [1, 1, 2, 2, 3]


def test_a_real_database_answers_and_a_broken_one_does_not(db, monkeypatch):
    assert database_answers()
    with connection.cursor() as cursor, pytest.raises(Exception, match="nothing"):
        cursor.execute("SELECT nothing")

    def broken():
        from django.db import OperationalError

        raise OperationalError("unable to open database file")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", broken)
        assert not database_answers()
