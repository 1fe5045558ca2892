"""Takes every page of a running installation at two sizes, light and dark: make screens.

python -m tests.browser.screens --base http://127.0.0.1:8000 --email … --password … [--slug halden] [--out screens] [--only part-of-a-name]
"""

import argparse
import re
import sys
from pathlib import Path
from typing import Any

from tests.browser.chromium import browser, sign_in

SIZES = {"1440": (1440, 900), "390": (390, 844)}
THEMES = ("light", "dark")
WAITS = ".waiting-card:not(:has(.is-over)), .is-waiting"


def pages(page: Any, base: str, slug: str) -> dict[str, str]:
    """name -> address: what the side bar and the settings offer, and the first record of each list."""
    found = {
        "sign-in": "/sign-in/",
        "not-found": f"/w/{slug}/nothing-here/",
        "how-you-sell": f"/w/{slug}/how-you-sell/",
        "drop-off": f"/w/{slug}/funnel/drop-off/",
        "style-guide": f"/w/{slug}/style-guide/",
    }
    page.goto(base + "/")
    main = page.eval_on_selector_all(".nav-main a", "links => links.map(a => a.getAttribute('href'))")
    page.goto(f"{base}/w/{slug}/settings/")
    tabs = page.eval_on_selector_all(".tabs a", "links => links.map(a => a.getAttribute('href'))")
    for path in [*main, *tabs]:
        found[name_of(path, slug)] = path
    for path in [*main, *tabs]:
        page.goto(base + path)
        inside = page.eval_on_selector_all("main table a[href]", "links => links.map(a => a.getAttribute('href'))")
        first = next((link for link in inside if link.startswith(path.split("?")[0]) and link != path), None)
        if first:
            found[name_of(path, slug) + "-one"] = first
    return found


def name_of(path: str, slug: str) -> str:
    return re.sub(r"\W+", "-", path.split("?")[0].removeprefix(f"/w/{slug}")).strip("-") or "home"


def take(chromium: Any, args: argparse.Namespace, size: str, theme: str) -> list[str]:
    """Takes every page once; the complaints of the browser (errors, refused by the CSP, sideways scrolling)."""
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        color_scheme=theme,
        has_touch=size == "390",
        reduced_motion="reduce",
    )
    page = context.new_page()
    complaints: list[str] = []
    here = ["sign-in"]
    page.on(
        "console", lambda line: complaints.append(f"{here[0]} {size}: {line.text}") if line.type == "error" else None
    )
    page.on("pageerror", lambda error: complaints.append(f"{here[0]} {size}: {error}"))
    page.goto(args.base + "/sign-in/")
    page.screenshot(path=args.out / f"sign-in-{size}-{theme}.png")
    sign_in(page, args.base, args.email, args.password)
    for name, path in pages(page, args.base, args.slug).items():
        if name == "sign-in" or args.only not in name:
            continue
        here[0] = name
        page.goto(args.base + path)
        page.wait_for_load_state("networkidle")
        # A question that takes a while, and a part that comes later: the picture is of the answer.
        page.wait_for_selector(WAITS, state="detached", timeout=300_000)
        page.screenshot(path=args.out / f"{name}-{size}-{theme}.png", full_page=args.full)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            complaints.append(f"{name} {size}: scrolls sideways by {wide} px")
    context.close()
    return [line for line in complaints if not line.startswith("not-found") or "404" not in line]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--email", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--slug", default="halden")
    parser.add_argument("--out", type=Path, default=Path("screens"))
    parser.add_argument("--only", default="")
    parser.add_argument("--full", action="store_true", help="the whole page, not only the first screen")
    parser.add_argument("--sizes", nargs="*", default=list(SIZES))
    parser.add_argument("--themes", nargs="*", default=list(THEMES))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    with browser() as chromium:
        complaints = [
            line for size in args.sizes for theme in args.themes for line in take(chromium, args, size, theme)
        ]
    for line in sorted(set(complaints)):
        print(line)
    print(f"{len(list(args.out.glob('*.png')))} pictures in {args.out}/, {len(set(complaints))} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
