"""Headers of every answer of Django beside the CSP."""

import ipaddress
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

FIXED = {
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Django's own middleware for it is not reached by a request that names an unknown host.
    "X-Frame-Options": "DENY",
}
HERE = ("127.0.0.1", "::1", "")


class Headers:
    """Middleware: set what a view has not set."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in FIXED.items():
            response.headers.setdefault(name, value)
        return response


def sender_address(peer: str, forwarded_for: str) -> str:
    """Return the peer, or the last X-Forwarded-For of a proxy on this machine."""
    if forwarded_for and peer in HERE:
        last = forwarded_for.rpartition(",")[2].strip()
        try:
            return str(ipaddress.ip_address(last))
        except ValueError:
            return peer
    return peer


def client_address(request: HttpRequest) -> str | None:
    """Return the sender of a request of Django; None for a Unix socket."""
    said = sender_address(request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", ""))
    try:
        return str(ipaddress.ip_address(said))
    except ValueError:
        return None
