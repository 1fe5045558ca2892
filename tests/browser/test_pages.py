"""Every page in Chromium: nothing refused by the CSP, no script error, no axe violation, nothing sideways; keys and drawer."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser import axe
from tests.browser.chromium import browser, sign_in
from tests.browser.screens import SIZES, THEMES, pages
from tests.kit.server import running

pytestmark = [pytest.mark.browser, pytest.mark.serves, pytest.mark.deep]
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A server with one workspace, its answer to "How do you sell?" given, and Chromium."""
    with running(tmp_path_factory.mktemp("pages") / "data") as server, browser() as chromium:
        made = server.create_workspace("Halden")
        base = f"http://127.0.0.1:{server.port}"
        page = chromium.new_page()
        sign_in(page, base, "alice@halden.example", PASSWORD)
        with page.expect_navigation():
            page.click("button[value=companies]")
        page.context.close()
        yield {"base": base, "chromium": chromium, **made}


def opened(site: dict[str, Any], size: str = "1440", theme: str = "light") -> Any:
    """A page of somebody signed in; `page.complaints` gathers what the browser objects to."""
    width, height = SIZES[size]
    context = site["chromium"].new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda line: page.complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    sign_in(page, site["base"], "alice@halden.example", PASSWORD)
    return page


@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("theme", THEMES)
def test_every_page_is_clean_accessible_and_not_sideways(site, size, theme):
    text = axe.script()
    if not text:
        pytest.skip("axe-core could not be fetched from npm")
    page = opened(site, size, theme)
    found: dict[str, list[str]] = {}
    for name, path in pages(page, site["base"], "halden").items():
        if name == "sign-in":
            continue
        page.complaints.clear()
        page.goto(site["base"] + path)
        page.wait_for_load_state("networkidle")
        wrong = [line for line in page.complaints if not (name == "not-found" and "404" in line)]
        wrong += axe.violations(page, text)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wrong += [f"{wide} px sideways"] if wide > 0 else []
        if wrong:
            found[name] = wrong
    page.context.close()
    assert found == {}


def test_the_entrance_is_clean_and_accessible(site):
    text = axe.script()
    if not text:
        pytest.skip("axe-core could not be fetched from npm")
    for theme in THEMES:
        page = site["chromium"].new_context(color_scheme=theme).new_page()
        page.goto(site["base"] + "/sign-in/")
        assert axe.violations(page, text) == []
        page.context.close()


def test_the_keyboard_finds_goes_folds_and_explains(site):
    page = opened(site)
    page.keyboard.press("Control+k")
    page.keyboard.type("sett")
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/workspace/")
    page.keyboard.press("?")
    assert page.is_visible("#keys-title")
    page.keyboard.press("Escape")
    assert not page.is_visible("#keys-title")
    page.keyboard.press("[")
    assert page.evaluate("document.documentElement.dataset.sidebar") == "folded"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.sidebar") == "folded"
    key = page.get_attribute(".nav-main a >> nth=0", "data-key")
    page.keyboard.press("g")
    page.keyboard.press(key)
    page.wait_for_url("**/w/halden/")
    assert page.complaints == []
    page.context.close()


def test_the_theme_is_kept_for_the_user_and_set_before_the_first_paint(site):
    page = opened(site, theme="light")
    page.click(".sidebar-foot summary")
    with page.expect_response("**/theme/"):
        page.click(".sidebar-foot [data-theme-choice=dark]")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    other = opened(site, theme="light")
    other.goto(site["base"] + "/w/halden/settings/account/", wait_until="commit")
    other.wait_for_selector("h1")
    assert other.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    other.context.close()
    with page.expect_response("**/theme/"):
        page.click(".sidebar-foot [data-theme-choice=system]")
    page.context.close()


def test_what_was_typed_outlives_a_lost_session(site):
    page = opened(site)
    where = site["base"] + "/w/halden/settings/workspace/"
    page.goto(where)
    page.fill("input[name=name]", "Halden Works")
    page.context.clear_cookies(name="sessionid")
    page.click("button:has-text('Save')")
    page.wait_for_url("**/sign-in/**")
    page.fill("input[name=email]", "alice@halden.example")
    page.fill("input[name=password]", PASSWORD)
    page.click("button:has-text('Sign in')")
    page.wait_for_url(where)
    assert page.input_value("input[name=name]") == "Halden Works"
    page.context.close()


def test_revoking_asks_first_and_names_what_it_destroys(site):
    page = opened(site)
    page.goto(site["base"] + "/w/halden/settings/keys/")
    page.click("button:has-text('Revoke') >> nth=0")
    assert "first key" in page.inner_text(".confirm:popover-open")
    page.keyboard.press("Escape")
    assert page.is_visible("button:has-text('Revoke') >> nth=0")
    page.context.close()


@pytest.mark.parametrize("address", ["settings/members/", "trend/"])
def test_the_first_visit_weighs_less_than_200_kilobytes(site, address):
    page = opened(site)
    weights: list[int] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on("Network.loadingFinished", lambda event: weights.append(int(event["encodedDataLength"])))
    page.goto(site["base"] + "/w/halden/" + address)
    page.wait_for_load_state("networkidle")
    assert 20_000 < sum(weights) < 200_000
    page.context.close()


def test_pages_are_taken_for_looking_at(site, tmp_path):
    from argparse import Namespace

    from tests.browser.screens import take

    wanted = Namespace(base=site["base"], email="alice@halden.example", password=PASSWORD, slug="halden", out=tmp_path,
                       only="overview", full=False)  # fmt: skip
    assert take(site["chromium"], wanted, "390", "dark") == []
    assert (tmp_path / "overview-390-dark.png").stat().st_size > 5000
