"""What probes ask. The front answers: a probe is told also while Django's threads are all busy."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import orjson
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from fullfunnel.config.doors import Receive, Scope, Send
from fullfunnel.config.processes import lanes
from fullfunnel.core import worker
from fullfunnel.core.headers import OF_BARE_ANSWERS
from fullfunnel.workspaces.scope import public

PATH = "/health"
# Seconds for which a check of the database counts, and for which a probe waits for one.
FRESH, PATIENCE = 1.0, 5.0


@public
def health(request: HttpRequest) -> HttpResponse:
    """Answer as the front does, where there is none (runserver)."""
    status, told = report(database_answers())
    return JsonResponse(told, status=status)


def report(is_database_well: bool) -> tuple[int, dict[str, str]]:
    """(200, {"status": "ok", <lane with ticks>: "alive" | "late", …}); 503 when the database does not answer."""
    if not is_database_well:
        return 503, {"status": "the database does not answer"}
    states = {lane: state(lane) for lane in lanes()}
    # What the stream was called before there were lanes; probes read it.
    return 200, {"status": "ok", "worker": states[worker.STREAM], **states}


def state(lane: str) -> str:
    return "alive" if worker.silence(settings.DATA_DIR, lane) < worker.LATE_AFTER[lane] else "late"


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def database_answers_anew() -> bool:
    """The same, on a connection of its own: opening one is what fails first."""
    try:
        return database_answers()
    finally:
        connection.close()


class Health:
    """/health in the front. However many ask, the database is asked once at a time and at most once a second."""

    def __init__(self, check: Callable[[], bool] = database_answers_anew) -> None:
        self._check = check
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="health")
        self._running: asyncio.Future[bool] | None = None
        self._checked_at = float("-inf")

    def answers(self, scope: Scope) -> bool:
        """Return whether a request is for us. Django knows what to say to other methods."""
        return scope["path"] == PATH and scope["method"] in ("GET", "HEAD")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, told = report(await self.is_database_well())
        body = orjson.dumps(told)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": [*OF_BARE_ANSWERS, *headers]})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def is_database_well(self) -> bool:
        """Return what the latest check found; False when it takes longer than PATIENCE."""
        is_over = self._running is None or self._running.done()
        if is_over and time.monotonic() - self._checked_at >= FRESH:
            self._checked_at = time.monotonic()
            self._running = asyncio.get_running_loop().run_in_executor(self._thread, self._check)
        assert self._running is not None  # noqa: S101
        await asyncio.wait([self._running], timeout=PATIENCE)
        return self._running.done() and self._running.result()
