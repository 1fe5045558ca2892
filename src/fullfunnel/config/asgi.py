"""One port: the rooms' ASGI applications (wiring.DOORS) in front of Django (WSGI)."""

import logging
import multiprocessing
import os
from typing import Any, cast

from a2wsgi import WSGIMiddleware

from fullfunnel.config import wiring
from fullfunnel.config.doors import Application, Doors, Receive, Scope, Send

log = logging.getLogger("fullfunnel.web")


def behind(django: Any) -> Application:
    """Django as an ASGI application."""
    from django.conf import settings

    pages = WSGIMiddleware(django, workers=settings.WEB_THREADS)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        # Careful: granian's receive() returns a Future, a2wsgi wants a coroutine.
        async def received() -> Any:
            return await receive()

        # Careful: a2wsgi decodes the query as ASCII and fails on anything else.
        query = scope["query_string"]
        if not query.isascii():
            scope["query_string"] = "".join(chr(b) if b < 128 else f"%{b:02X}" for b in query).encode()
        await pages(cast(Any, scope), cast(Any, received), cast(Any, send))

    return application


def application(only: str = "") -> Application:
    """Return what a web process serves: everything, or only the door of that name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullfunnel.config.settings")
    from django.core.wsgi import get_wsgi_application

    django = get_wsgi_application()
    # After Django is set up: rooms read models.
    doors = Doors(wiring.DOORS)
    alone = doors.by_name[only] if only else None
    pages = behind(django)

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await guarded(alone or doors.application_for(scope["path"]) or pages, scope, receive, send)

    return front


async def guarded(wanted: Application, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 500 to what nobody caught. Granian would log its message, which may hold personal data."""
    from fullfunnel.core.worker import where

    begun = False

    async def sent(message: Any) -> None:
        nonlocal begun
        begun = True
        await send(message)

    try:
        await wanted(scope, receive, sent)
    except Exception as error:
        log.error("a request failed: %s", where(error))
        if not begun:
            await send({"type": "http.response.start", "status": 500, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body", "body": b""})


def served() -> Application:
    """Return `application` for a granian worker, which ends with the process that started it."""
    from fullfunnel.core.supervisor import die_with_parent

    parent = multiprocessing.parent_process()
    die_with_parent(parent.pid if parent else None)
    return application(os.environ.get("FULLFUNNEL_ONLY", ""))
