"""Where no view answers: JSON below /api/, pages elsewhere; what the machine is short of is no fault of the program."""

import asyncio
import io
import logging
import re
import secrets
import sqlite3
from contextlib import suppress
from typing import Any

import duckdb
import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory

from fullfunnel.config.asgi import guarded
from fullfunnel.core import logs
from fullfunnel.core.logs import WithoutMessages
from fullfunnel.core.resource_errors import DISK, LAKE_MEMORY, MEMORY, resource_error
from fullfunnel.events.event import Arrival
from fullfunnel.events.store import close_store
from fullfunnel.workspaces.keys import make_api_key
from fullfunnel.workspaces.views import entrance
from tests.kit.cast import PASSWORD, drain, send


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nothing", "/api/v2/ask"])
def test_an_address_of_the_api_that_is_nothing_is_answered_in_json(db, path):
    told = Client().post(path, "{}", "application/json")
    assert (told.status_code, told.headers["Content-Type"]) == (404, "application/json")
    assert told.json()["error"] == {
        "field": "path",
        "message": f"there is nothing at {path}: questions go to /api/v1/ask",
    }


def test_elsewhere_it_is_a_page(db):
    told = Client().get("/nothing/")
    assert (told.status_code, b"There is nothing here" in told.content) == (404, True)


@pytest.fixture
def full(transactional_db: None) -> Any:
    """A database that takes no page more, as on a full disk: SQLite's own error."""

    def fill() -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
            row = "INSERT INTO django_session VALUES (hex(randomblob(16)), ?, '2030-01-01')"
            for size in (500, 50, 1):
                with suppress(OperationalError):
                    while True:
                        cursor.execute(row, ["x" * size])

    yield fill
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1073741823")


def test_signing_in_on_a_full_disk_says_so(full, alice):
    full()
    told = Client(raise_request_exception=False).post(
        "/sign-in/", {"email": alice.user.email, "password": PASSWORD}, headers={"Accept": "text/html"}
    )
    assert told.status_code == 503
    assert told.headers["Retry-After"] == "60"
    assert b"The server&#x27;s disk is full" in told.content or b"The server's disk is full" in told.content


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the server writes into its log."""
    [handler] = [one for one in logging.root.handlers if isinstance(one.formatter, WithoutMessages)]
    assert isinstance(handler, logging.StreamHandler)
    written = io.StringIO()
    monkeypatch.setattr(handler, "stream", written)
    return written


def test_an_error_is_logged_with_its_kind_and_place_and_nothing_that_it_says(db, monkeypatch, log):
    def broken(*_: Any) -> None:
        try:
            raise KeyError("ada@halden.example")
        except KeyError as error:
            raise ValueError("ben@halden.example") from error

    monkeypatch.setattr(entrance.User.objects, "exists", broken)
    assert Client(raise_request_exception=False).get("/sign-in/?for=cleo@halden.example").status_code == 500
    told = log.getvalue()
    assert "ERROR django.request Internal Server Error: /sign-in/\n" in told
    assert 'test_errors.py", line' in told
    assert "builtins.KeyError\nwhich led to\n" in told
    assert told.endswith("builtins.ValueError\n")
    # The lines of code that raise it are shown, and here they hold an address; nothing that came with the request is.
    assert "cleo@" not in told


def test_a_request_that_failed_is_logged_by_its_route_without_the_secret_in_its_path(full, alice, log):
    page = alice.client.post("/w/halden/settings/members/", {"email": "dora@halden.example", "role": "viewer"})
    [token] = set(re.findall(r"/join/([^/<]+)/", page.content.decode()))
    full()
    told = Client(raise_request_exception=False).post(f"/join/{token}/", {"password": PASSWORD, "name": "Dora"})
    assert told.status_code == 503
    assert "ERROR django.request Service Unavailable: /join/<str:token>/\n" in log.getvalue()
    assert token not in log.getvalue()


def test_a_path_without_a_route_is_not_in_the_log_either():
    request = RequestFactory().get("/joined/hush-hush/")
    told = logging.LogRecord("django.request", logging.ERROR, "x", 1, "%s: %s", ("It broke", request.path), None)
    told.__dict__ |= {"request": request, "status_code": 500}
    assert logs.RouteNotPath().filter(told)
    assert told.getMessage() == "Internal Server Error: an address that is nothing"


def test_what_an_error_says_at_run_time_is_not_in_the_log():
    try:
        raise ValueError("@".join(["ada", "halden.example"]))
    except ValueError as error:
        error.add_note("@".join(["ada", "halden.example"]))
        told = WithoutMessages(logs.FORMAT).format(
            logging.LogRecord("x", logging.ERROR, "x", 1, "it failed", None, (type(error), error, error.__traceback__))
        )
    assert "it failed" in told
    assert "builtins.ValueError" in told
    assert "ada@halden.example" not in told


def test_what_nobody_caught_is_a_500_whose_message_is_not_logged(caplog):
    sent: list[Any] = []

    async def fails(*_: Any) -> None:
        raise ValueError("ada@halden.example")

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(guarded(fails, {"type": "http"}, send, send))
    assert [message.get("status") for message in sent] == [500, None]
    assert "a request failed: ValueError at test_errors.py:" in caplog.text
    assert "ada@" not in caplog.text


def test_a_question_that_needs_more_memory_than_there_is_says_so(workspace, website, settings, log):
    texts = [secrets.token_hex(30_000) for _ in range(200)]
    read = [
        Arrival(kind="track", name="Read", at=0, id=f"e{at}", user="u", properties={"text": text})
        for at, text in enumerate(texts)
    ]
    send(website, read)
    drain()
    # The next store of this directory: the drain has one of its own.
    close_store(settings.DATA_DIR)
    settings.LAKE_MEMORY = "10MB"
    told = Client(raise_request_exception=False).post(
        "/api/v1/ask",
        {"kind": "trend", "series": [{"event": "Read"}], "by": "day", "breakdown": {"property": "text"}},
        "application/json",
        headers={"Authorization": f"Bearer {make_api_key(workspace, name='for tests', scopes=['ask'], by=None)}"},
    )
    assert (told.status_code, told.headers["Retry-After"]) == (503, "60")
    assert told.json() == {"error": {"field": "", "message": LAKE_MEMORY}}
    assert "ERROR django.request Service Unavailable: /api/v1/ask\n" in log.getvalue()


@pytest.mark.parametrize(
    ("error", "short_of"),
    [
        (OSError(28, "No space left on device"), DISK),
        (OSError(5, "Input/output error"), DISK),
        (OSError(2, "No such file"), ""),
        (OperationalError("database or disk is full"), DISK),
        (OperationalError("attempt to write a readonly database"), DISK),
        (OperationalError("database is locked"), ""),
        (sqlite3.OperationalError("disk I/O error"), DISK),
        (duckdb.IOException('IO Error: Could not write file "x": No space left on device'), DISK),
        (duckdb.IOException('IO Error: No files found that match the pattern "x"'), ""),
        (duckdb.ParserException("Parser Error: No space left on device"), ""),
        (MemoryError(), MEMORY),
        (duckdb.OutOfMemoryException("failed to allocate data"), LAKE_MEMORY),
        (ValueError("full"), ""),
        (None, ""),
    ],
)
def test_what_the_machine_is_short_of(error, short_of):
    assert resource_error(error) == short_of
