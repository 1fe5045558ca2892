"""What is answered where no view can: an address that is nothing, and a request that failed. JSON below /api/, pages elsewhere."""

import errno
import sqlite3
import sys

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views import defaults

# What SQLite says when the disk takes no more.
FULL = ("full", "disk i/o error", "readonly", "read-only")
RETRY_AFTER = 60


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    if request.path.startswith("/api/"):
        message = f"there is nothing at {request.path[:100]}: questions go to /api/v1/ask"
        return JsonResponse({"error": {"field": "path", "message": message}}, status=404)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 where the disk takes no more, which whoever runs this can mend; 500 for a fault of ours."""
    is_full = is_full_disk(sys.exc_info()[1])
    status = 503 if is_full else 500
    if request.path.startswith("/api/"):
        message = "nothing can be saved just now: the server's disk is full" if is_full else "fullfunnel failed here"
        response: HttpResponse = JsonResponse({"error": {"field": "", "message": message}}, status=status)
    elif is_full:
        response = render(request, "503.html", status=503)
    else:
        return defaults.server_error(request)
    if is_full:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def is_full_disk(error: BaseException | None) -> bool:
    """Whether the disk is what failed."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
    return isinstance(error, DatabaseError | sqlite3.Error) and any(word in str(error).lower() for word in FULL)
