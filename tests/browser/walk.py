"""The walk over every page: which addresses the URLconf's pages have in a workspace, and what is wrong with one.

    python -m tests.browser.walk --base http://127.0.0.1:8000 --email … --password … [--only part-of-a-name]

walks a running installation, and prints what it finds.
"""

import argparse
import os
import re
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from tests.browser import axe
from tests.browser.chromium import browser, expect, sign_in

SIZES = {1440: 900, 820: 1180, 390: 844}
THEMES = ("light", "dark")
# Where htmx still brings a part, or a question is answered.
WAITS = ".waiting-card:not(:has(.is-over)), .is-waiting, .htmx-request"
LINK = re.compile(r'(?:href|data-href)="(/w/[^"#]+)')


def addresses(context: Any, base: str, slug: str) -> dict[str, str]:
    """Return name of the route -> address, of every route of a workspace that answers with a whole page.

    A route with parameters has the first address that a page links to. What is drawn into a page, files and forms that are
    only sent are no pages.
    """
    from django.urls import Resolver404, resolve

    found: dict[str, str] = {}
    seen: set[str] = set()
    waiting = list(_without_parameters(slug))
    while waiting:
        path = waiting.pop(0)
        try:
            name = resolve(urlsplit(path).path).view_name
        except Resolver404:
            continue
        if name in seen or "csv" in name or not path.startswith(f"/w/{slug}/"):
            continue
        answer = context.request.get(base + path, timeout=300_000)
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        text = answer.text() if is_page and answer.status == 200 else ""
        if "<!doctype html>" not in text[:200]:
            continue
        seen.add(name)
        found[name] = path
        waiting += [link.replace("&amp;", "&") for link in LINK.findall(text)]
    return found


def _without_parameters(slug: str) -> Iterator[str]:
    from tests.kit.routes import routes

    for route in routes():
        if route.pattern.startswith("w/<slug:slug>/") and list(route.parameters) == ["slug"]:
            yield route.path({"slug": slug})


def opened(chromium: Any, base: str, email: str, password: str, theme: str) -> Any:
    """Return a page of somebody signed in; `page.complaints` gathers what the browser objects to, the CSP's refusals too."""
    size = {"width": 1440, "height": SIZES[1440]}
    context = chromium.new_context(viewport=size, color_scheme=theme, reduced_motion="reduce")
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda line: page.complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    sign_in(page, base, email, password)
    return page


def wrong_with(page: Any, address: str, text: str) -> list[str]:
    """Open an address at each size; return what the browser and axe complain of, and what scrolls sideways."""
    page.complaints.clear()
    page.set_viewport_size({"width": 1440, "height": SIZES[1440]})
    page.goto(address)
    page.wait_for_load_state("networkidle")
    expect(page.locator(WAITS)).to_have_count(0, timeout=300_000)
    found = [f"1440: {line}" for line in axe.violations(page, text)]
    for width in (820, 390):
        page.set_viewport_size({"width": width, "height": SIZES[width]})
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"{width}: {wide} px sideways, by {_widest(page)}"] if wide > 0 else []
    found += [f"390: {line}" for line in axe.violations(page, text)]
    return found + list(page.complaints)


def _widest(page: Any) -> str:
    script = """() => [...document.querySelectorAll("body *")]
        .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
        .map(each => each.outerHTML.slice(0, 120)).slice(-1)[0] || "?" """
    return str(page.evaluate(script))


def walk(chromium: Any, made: dict[str, Any], themes: tuple[str, ...] = THEMES, only: str = "") -> dict[str, list[str]]:
    """Return theme and name of each page with which something is wrong -> what. made: base, slug, email, password."""
    text, wrong = axe.script(), {}
    for theme in themes:
        page = opened(chromium, made["base"], made["email"], made["password"], theme)
        for name, path in addresses(page.context, made["base"], made["slug"]).items():
            if only in name and (found := wrong_with(page, made["base"] + path, text)):
                wrong[f"{theme} {name} {path}"] = found
        page.context.close()
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--email", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--slug", default="halden")
    parser.add_argument("--only", default="")
    parser.add_argument("--themes", nargs="*", default=THEMES)
    args = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullfunnel.config.settings")
    import django

    django.setup()
    with browser() as chromium:
        wrong = walk(chromium, vars(args), tuple(args.themes), args.only)
    for name, found in wrong.items():
        print(name, *found, sep="\n    ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
