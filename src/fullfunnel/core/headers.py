"""What every answer of Django carries beside the CSP; capture's answers carry their own (capture/asgi.py)."""

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
    """Middleware: sets what a view has not set itself. Static files are answered before it and may be kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in FIXED.items():
            response.headers.setdefault(name, value)
        return response


def sender_address(peer: str, forwarded_for: str) -> str:
    """Who sends: the peer, or what a proxy on this machine put last into X-Forwarded-For."""
    if forwarded_for and peer in HERE:
        last = forwarded_for.rpartition(",")[2].strip()
        try:
            return str(ipaddress.ip_address(last))
        except ValueError:
            return peer
    return peer


def client_address(request: HttpRequest) -> str | None:
    """The same for a request of Django; None for a Unix socket, whose peer has no address."""
    said = sender_address(request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", ""))
    try:
        return str(ipaddress.ip_address(said))
    except ValueError:
        return None
