"""What probes ask."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from fullfunnel.config.processes import lanes
from fullfunnel.core import worker
from fullfunnel.workspaces.scope import public


@public
def health(request: HttpRequest) -> HttpResponse:
    """Answer {"status": "ok", <lane with ticks>: "alive" | "late", …}; 503 when the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "the database does not answer"}, status=503)
    states = {lane: state(lane) for lane in lanes()}
    # What the stream was called before there were lanes; probes read it.
    return JsonResponse({"status": "ok", "worker": states[worker.STREAM], **states})


def state(lane: str) -> str:
    return "alive" if worker.silence(settings.DATA_DIR, lane) < worker.LATE_AFTER[lane] else "late"
