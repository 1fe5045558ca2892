"""Every answer carries its headers: pages, errors, redirects, static files (S13 of the bar)."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.test_routes_and_roles import ALL, call, callers, objects  # noqa: F401 (fixtures)

POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


SANDBOX = {"default-src": "'none'", "sandbox": "", "frame-ancestors": "'none'"}
HOUR, DAY = "public, max-age=3600", "public, max-age=86400, immutable"
# Route -> the policy and headers in which its answers differ, when they answer 200.
OF_ITS_OWN: dict[str, dict[str, Any]] = {
    # Forms stand on other sites: framed where the form's origins say so, loaded by any site.
    "forms:hosted": {"X-Frame-Options": None},
    "forms:embed-script": {"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": HOUR},
    "forms:colours": {"Cache-Control": HOUR},
    "forms:logo": {"policy": SANDBOX, "Cache-Control": DAY},
    # The builder shows it in a frame of its own page.
    "forms:preview": {"policy": POLICY | {"frame-ancestors": "'self'"}, "X-Frame-Options": "SAMEORIGIN"},
    # What somebody uploaded runs nothing.
    "workspaces:stored-file": {"policy": SANDBOX},
}


def deviations(response: Any, route: str = "") -> list[str]:
    own = OF_ITS_OWN.get(route, {}) if response.status_code == 200 else {}
    said = response.headers.get("Content-Security-Policy", "")
    policy = dict(part.strip().partition(" ")[::2] for part in said.split(";"))
    wrong = [] if policy == own.get("policy", POLICY) else [f"CSP {said}"]
    wrong += [
        f"{name}: {response.headers.get(name)}"
        for name, value in FIXED.items()
        if response.headers.get(name) != own.get(name, value)
    ]
    if "Access-Control-Allow-Origin" in response.headers:
        wrong.append("lets other origins read")
    return wrong


def test_every_route_answers_owner_and_stranger_with_all_headers(
    objects,  # noqa: F811
    callers,  # noqa: F811
):
    found = {}
    for route in ALL:
        for caller in ("owner", "stranger", "viewer"):
            if wrong := deviations(call(route.path(objects), "GET", callers[caller]), route.name):
                found[f"{route.name} as {caller}"] = wrong
    assert found == {}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/nothing-here/", "/w/none/", "/v9/track", "/sign-in/?next=//evil.example"])
def test_errors_carry_the_headers_too(path):
    assert deviations(Client().get(path)) == []


@pytest.mark.django_db
def test_a_page_that_breaks_says_so_without_a_trace_and_with_headers(monkeypatch):
    from fullfunnel.workspaces.views import entrance

    def broken(*_: Any) -> None:
        raise ValueError("hunter2")

    monkeypatch.setattr(entrance.User.objects, "exists", broken)
    response = Client(raise_request_exception=False).get("/sign-in/")
    assert response.status_code == 500
    assert b"Something broke here" in response.content
    assert b"hunter2" not in response.content
    assert deviations(response) == []


@pytest.mark.django_db
def test_an_unknown_host_is_refused_in_the_same_look():
    response = Client(HTTP_HOST="evil.example").get("/sign-in/")
    assert response.status_code == 400
    assert deviations(response) == []


@pytest.mark.django_db
def test_the_cookies_are_kept_from_scripts_and_other_sites(alice):
    client = Client()
    client.get("/sign-in/")
    client.post("/sign-in/", {"email": "alice@halden.example", "password": "correct horse battery"})
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax"), name


@pytest.mark.parametrize(
    ("url", "told"),
    [("https://funnel.example", ["True", "True", "31536000"]), ("http://funnel.example", ["False", "False", "0"])],
)
def test_under_https_cookies_are_secure_and_browsers_stay_with_it(url, told, tmp_path):
    import os
    import subprocess
    import sys

    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS")
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            f"from fullfunnel.config import settings as s; print({', '.join(f's.{name}' for name in names)})",
        ],
        env=os.environ | {"FULLFUNNEL_URL": url, "FULLFUNNEL_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == told


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sign-in/", "/nothing-here/", "/static/ff.css"])
def test_only_an_answer_over_https_says_that_browsers_must_stay_with_it(path, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    for secure, told in [(True, "max-age=31536000"), (False, None)]:
        response = Client().get(path, secure=secure, headers={"X-Forwarded-Proto": "https"})
        if response.streaming:
            response.close()
        assert response.headers.get("Strict-Transport-Security") == told


@pytest.mark.parametrize(
    ("peer", "told", "scheme"),
    [
        ("127.0.0.1", b"https", "https"),
        ("::1", b"HTTPS", "https"),
        ("203.0.113.7", b"https", "http"),
        ("127.0.0.1", b"http", "http"),
        ("127.0.0.1", b"http, https", "http"),
        ("127.0.0.1", b"", "http"),
    ],
)
def test_a_proxy_of_this_machine_says_what_came_over_https_and_nobody_else(peer, told, scheme):
    from fullfunnel.core.headers import scheme_of

    scope = {"client": (peer, 1), "scheme": "http", "headers": [(b"x-forwarded-proto", told)] if told else []}
    assert scheme_of(scope) == scheme


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["ff.css", "favicon.svg", "django_htmx/htmx-2.min.js"])
def test_static_files_may_be_kept_and_carry_the_other_headers_of_pages(path):
    from fullfunnel.core.pages import asset

    response = Client().get(asset(path))
    response.close()
    assert response.status_code == 200
    assert deviations(response) == ["Cache-Control: max-age=31536000, public"]


SOURCE = Path(__file__).resolve().parent.parent / "src" / "fullfunnel"
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
INLINE = re.compile(r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<style|javascript:|hx-on|hx-vars|\bjs:""")
SCRIPT = re.compile(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))")


@pytest.mark.parametrize("template", TEMPLATES, ids=[str(path.relative_to(SOURCE)) for path in TEMPLATES])
def test_no_template_holds_what_the_policy_forbids(template):
    # Snippets to copy are escaped text, not elements.
    text = template.read_text()
    assert INLINE.findall(text) + SCRIPT.findall(text) == []


@pytest.mark.django_db
def test_the_way_back_after_sign_in_stays_on_this_site(alice):
    hostile = [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "///evil.example",
        "\t//evil.example",
        "https:///evil.example",
    ]
    for target in hostile:
        client = Client()
        response = client.post(
            reverse("workspaces:sign-in"),
            {"email": "alice@halden.example", "password": "correct horse battery", "next": target},
        )
        assert (response.status_code, response["Location"]) == (302, "/"), target


@pytest.mark.parametrize(
    ("address", "holds"),
    [("/sign-in/", b"<html"), ("/static/ff.css", b"--ff-ground"), ("/static/django_htmx/htmx-2.min.js", b"htmx")],
)
def test_pages_and_files_leave_compressed_where_that_is_understood(callers, address, holds):  # noqa: F811
    small = Client().get(address, headers={"Accept-Encoding": "gzip"})
    whole = Client().get(address)
    packed, plain = b"".join(small), b"".join(whole)
    assert (small.headers["Content-Encoding"], "Content-Encoding" in whole.headers) == ("gzip", False)
    assert holds in gzip.decompress(packed)
    assert holds in plain
    assert len(packed) < len(plain) * 0.6
    assert "Accept-Encoding" in small.headers["Vary"]
