"""What is answered where no view can: an address that is nothing, and a request that failed. JSON below /api/, pages elsewhere."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults

from fullfunnel.core.pages import json_refusal
from fullfunnel.core.refused import Refused
from fullfunnel.core.resource_errors import resource_error

RETRY_AFTER = 60


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    if request.path.startswith("/api/"):
        message = f"there is nothing at {request.path[:100]}: questions go to /api/v1/ask"
        return json_refusal(Refused(message, "path"), status=404)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 where the machine is short of something, which whoever runs it can mend; 500 for a fault of ours."""
    short_of = resource_error(sys.exc_info()[1])
    status = 503 if short_of else 500
    if request.path.startswith("/api/"):
        message = short_of or "fullfunnel failed here"
        response: HttpResponse = json_refusal(Refused(message), status=status)
    elif short_of:
        response = render(request, "503.html", {"short_of": short_of}, status=503)
    else:
        return defaults.server_error(request)
    if short_of:
        response["Retry-After"] = str(RETRY_AFTER)
    return response
