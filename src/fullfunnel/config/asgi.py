"""One port: the rooms' ASGI applications (wiring.DOORS) in front of Django (WSGI)."""

import logging
import multiprocessing
import os
from typing import Any

from fullfunnel.config import wiring
from fullfunnel.config.doors import Application, Doors, Receive, Scope, Send

log = logging.getLogger("fullfunnel.web")


def application(only: str = "") -> Application:
    """Return what a web process serves: everything, or only the door of that name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullfunnel.config.settings")
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    django = get_wsgi_application()
    # After Django is set up: rooms read models.
    from fullfunnel.config.health import Health
    from fullfunnel.config.threads import behind

    doors = Doors(wiring.DOORS)
    alone = doors.by_name[only] if only else None
    health, pages = Health(), behind(django)
    (settings.DATA_DIR / "tmp").mkdir(exist_ok=True)

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            wanted = alone or doors.application_for(scope["path"]) or (health if health.answers(scope) else pages)
            await guarded(wanted, scope, receive, send)

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
