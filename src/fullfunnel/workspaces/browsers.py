"""Browsers that signed in before, known by a signed cookie (docs/adr/0104)."""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE = SALT = "ff_browser"
# What browsers keep a cookie at most.
DAYS = 400
# Users that one browser is known to have signed in, the latest first.
MOST_ACCOUNTS = 10
LINK_SECONDS = 3600


def account_of(email: str) -> str:
    """Return how cookies and brakes name an account, without its address."""
    return salted_hmac("ff_account", email.strip().lower(), algorithm="sha256").hexdigest()[:32]


def known_browser(request: HttpRequest, email: str) -> str:
    """Return the browser's id if the user signed in with it, or ""."""
    browser = _read(request.COOKIES.get(COOKIE, ""), seconds=DAYS * 24 * 3600)
    return str(browser["id"]) if account_of(email) in browser["accounts"] else ""


def remember_browser(response: HttpResponse, request: HttpRequest, email: str) -> HttpResponse:
    """Let the browser be known for the user from now on."""
    browser, account = _read(request.COOKIES.get(COOKIE, ""), seconds=DAYS * 24 * 3600), account_of(email)
    others = [each for each in browser["accounts"] if each != account]
    return _keep(response, browser | {"accounts": [account, *others][:MOST_ACCOUNTS]})


def browser_link(email: str) -> str:
    """Return a path that makes the browser that opens it within an hour known. It signs nobody in."""
    return f"/sign-in/?browser={signing.dumps(_new() | {'accounts': [account_of(email)]}, salt=SALT)}"


def accept_link(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    """Remember the browser that came by such a link."""
    browser = _read(request.GET.get("browser", ""), seconds=LINK_SECONDS)
    return _keep(response, browser) if browser["accounts"] else response


def _new() -> dict[str, Any]:
    return {"id": secrets.token_urlsafe(12), "accounts": []}


def _read(text: str, *, seconds: int) -> dict[str, Any]:
    """Return {"id", "accounts"}; of a new browser where the text is old or not ours."""
    try:
        browser: dict[str, Any] = signing.loads(text, salt=SALT, max_age=seconds)
    except signing.BadSignature:
        return _new()
    return browser


def _keep(response: HttpResponse, browser: dict[str, Any]) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        signing.dumps(browser, salt=SALT),
        max_age=DAYS * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
