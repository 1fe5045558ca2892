"""Headers of every answer of Django beside the CSP."""

import ipaddress
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse

FIXED = {
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Django's own middleware for it is not reached by a request that names an unknown host.
    "X-Frame-Options": "DENY",
}
# What the ASGI front answers by itself: sentences and JSON for programs.
OF_BARE_ANSWERS = [
    *((name.lower().encode(), value.encode()) for name, value in FIXED.items()),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
]
HERE = ("127.0.0.1", "::1", "")


class Headers:
    """Middleware: set what a view has not set. Bodies of forms are UTF-8, whatever they say of themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A multipart body may name any codec of Python, and some of those fail on any text.
        request.encoding = "utf-8"
        response = self.get_response(request)
        for name, value in FIXED.items():
            # What is exempt says by the CSP's frame-ancestors who may frame it.
            if name != "X-Frame-Options" or not getattr(response, "xframe_options_exempt", False):
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


def client_network(request: HttpRequest) -> str | None:
    """Return whom limits count as one sender of a request of Django: an address, for IPv6 the first of its /64."""
    peer, forwarded_for = request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
    try:
        return str(ipaddress.ip_address(network_of(sender_address(peer, forwarded_for)).partition("/")[0]))
    except ValueError:
        # A Unix socket.
        return None


def sender_network(scope: Mapping[str, Any]) -> str:
    """The same for a request of ASGI, as `network_of` counts it."""
    forwarded_for = dict(scope["headers"]).get(b"x-forwarded-for", b"").decode("latin-1")
    return network_of(sender_address((scope.get("client") or ("",))[0], forwarded_for))


def scheme_of(scope: Mapping[str, Any]) -> str:
    """Return "https" where a proxy on this machine says that the client used it; from elsewhere nobody is believed."""
    peer, told = (scope.get("client") or ("",))[0], dict(scope["headers"]).get(b"x-forwarded-proto", b"")
    return "https" if peer in HERE and told.strip().lower() == b"https" else str(scope.get("scheme", "http"))


@lru_cache(maxsize=10_000)
def network_of(ip: str) -> str:
    """The address, or for IPv6 its /64: one customer has that many."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    if isinstance(address, ipaddress.IPv4Address):
        return ip
    return str(address.ipv4_mapped or ipaddress.ip_network((int(address) >> 64 << 64, 64)))
