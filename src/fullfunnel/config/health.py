"""For probes: does this server answer, and do its worker's threads live?"""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from fullfunnel.core import worker
from fullfunnel.workspaces.scope import public


@public
def health(request: HttpRequest) -> HttpResponse:
    """200 {"status": "ok", "worker": "alive" | "late", "upkeep": the same}; 503 when the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "the database does not answer"}, status=503)
    return JsonResponse({"status": "ok", "worker": said(worker.STREAM), "upkeep": said(worker.UPKEEP)})


def said(name: str) -> str:
    """Whether a thread of the worker touched its file lately."""
    return "alive" if worker.silence(settings.DATA_DIR, name) < worker.LATE_AFTER[name] else "late"
