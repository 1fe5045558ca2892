"""Where no view answers: JSON below /api/, pages elsewhere; a full disk is no fault of the program."""

from contextlib import suppress
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from fullfunnel.config.errors import is_full_disk
from tests.cast import PASSWORD, Member


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nothing", "/api/v2/ask"])
def test_an_address_of_the_api_that_is_nothing_is_answered_in_json(db: None, path: str) -> None:
    told = Client().post(path, "{}", "application/json")
    assert (told.status_code, told.headers["Content-Type"]) == (404, "application/json")
    assert told.json()["error"] == {
        "field": "path",
        "message": f"there is nothing at {path}: questions go to /api/v1/ask",
    }


def test_elsewhere_it_is_a_page(db: None) -> None:
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


def test_signing_in_on_a_full_disk_says_so(full: Any, alice: Member) -> None:
    full()
    told = Client(raise_request_exception=False).post(
        "/sign-in/", {"email": alice.user.email, "password": PASSWORD}, headers={"Accept": "text/html"}
    )
    assert told.status_code == 503
    assert told.headers["Retry-After"] == "60"
    assert b"The server&#x27;s disk is full" in told.content or b"The server's disk is full" in told.content


@pytest.mark.parametrize(
    ("error", "is_full"),
    [
        (OSError(28, "No space left on device"), True),
        (OSError(2, "No such file"), False),
        (OperationalError("database or disk is full"), True),
        (OperationalError("attempt to write a readonly database"), True),
        (OperationalError("database is locked"), False),
        (ValueError("full"), False),
        (None, False),
    ],
)
def test_what_is_a_full_disk(error: BaseException | None, is_full: bool) -> None:
    assert is_full_disk(error) is is_full
