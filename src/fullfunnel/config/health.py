"""For probes: does this server answer, and does its worker live?"""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from fullfunnel.core import clock
from fullfunnel.workspaces.scope import public

LATE_AFTER = 60.0


@public
def health(request: HttpRequest) -> HttpResponse:
    """200 {"status": "ok", "worker": "alive" | "late"}; 503 when the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "the database does not answer"}, status=503)
    return JsonResponse({"status": "ok", "worker": "alive" if worker_is_alive() else "late"})


def worker_is_alive() -> bool:
    """True when the worker touched its file less than a minute ago."""
    try:
        touched = (settings.DATA_DIR / "worker.alive").stat().st_mtime
        return clock.now_us() / 1_000_000 - touched < LATE_AFTER
    except FileNotFoundError:
        return False
