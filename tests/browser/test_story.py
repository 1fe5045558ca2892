"""One story through the whole product, in a real browser: a visit, the person it made, the funnel she stands in.

Each room to come lengthens it: a form, a hand-over, a deal, both funnels.
"""

import sqlite3
from contextlib import closing

import pytest

from tests.browser.chromium import browser, expect, sign_in
from tests.browser.shop import Shop, Site
from tests.browser.test_funnel_in_the_browser import PASSWORD, await_units
from tests.kit.cast import CHROME
from tests.kit.needs import chromium as need_chromium
from tests.kit.server import running

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep(quick=True)]
IDENTIFY = "ff('identify', 'ada-1', {name: 'Ada Brandt', email: 'ada@nordklinik.example'})"


@pytest.fixture
def halden(tmp_path):
    """(the server, its workspace's slug and keys, the shop with the snippet on its pages)."""
    need_chromium()
    with running(tmp_path / "data") as server, browser() as chromium:
        made = server.create_workspace()
        # The first source is a server's; what browsers send comes with a website's key.
        with closing(sqlite3.connect(server.directory / "main.db")) as main, main:
            main.execute("UPDATE workspaces_source SET kind = 'web'")
        site = Site(server.port, made["write_key"])
        shop = Shop(server, site, chromium)
        yield server, made, shop
        shop.journal.close()
        site.server.shutdown()
        site.server.server_close()


def test_a_visit_becomes_a_person_and_a_person_a_number_of_the_funnel(halden):
    server, made, shop = halden
    with shop.visitor(user_agent=CHROME) as page:
        page.goto(f"{shop.site.url}/pricing")
        shop.arrivals(1)
        page.evaluate(IDENTIFY)
        page.evaluate("ff('track', 'form_submitted', {form: 'demo'})")
        assert [one.name for one in shop.arrivals(3)] == ["page_viewed", "person_identified", "form_submitted"]
    await_units(server, made["api_key"], 1)
    base = f"http://127.0.0.1:{server.port}"
    with shop.visitor() as page:
        sign_in(page, base, "alice@halden.example", PASSWORD)
        page.goto(f"{base}/w/{made['workspace']}/people/")
        page.get_by_role("link", name="Ada Brandt", exact=True).click()
        page.wait_for_selector(".timeline")
        expect(page.locator(".timeline")).to_contain_text("/pricing")
        page.goto(f"{base}/w/{made['workspace']}/funnel/?s1=page_viewed&s2=form_submitted")
        page.wait_for_selector(".funnel-row:nth-child(2) .funnel-count a")
        assert page.locator(".funnel-row .funnel-count a").all_inner_texts() == ["1", "1"]
        page.locator(".funnel-row:nth-child(2) .funnel-count a").click()
        page.wait_for_selector("#drawer[open] .people-behind")
        expect(page.locator("#drawer .people-behind tbody tr")).to_contain_text("Ada Brandt")
    assert shop.errors == []
