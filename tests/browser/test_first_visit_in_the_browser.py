"""Whoever installed fullfunnel makes the workspace in the browser, with the code that serve printed."""

import re

import pytest

from tests.browser.chromium import expect
from tests.kit.server import running

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep(quick=True)]


def test_an_empty_installation_is_opened_with_the_code_and_makes_its_workspace(tmp_path, chromium):
    with running(tmp_path / "data", FULLFUNNEL_WARM="0") as server:
        found = re.search(r"one-time code (\w{4}-\w{4})", server.log.read_text())
        assert found
        page = chromium.new_context(locale="de-AT", timezone_id="Europe/Vienna").new_page()
        page.goto(f"http://127.0.0.1:{server.port}/")
        expect(page.get_by_label("One-time code")).to_be_focused()
        page.get_by_label("One-time code").fill(found[1])
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_text("One-time code accepted")).to_be_visible()
        expect(page.get_by_label("Time zone")).to_have_value("Europe/Vienna")
        expect(page.get_by_label("Country")).to_have_value("AT")
        page.get_by_label("Name", exact=True).fill("Halden")
        page.get_by_text("Salespeople to households").click()
        page.get_by_label("Your name").fill("Alice Brenner")
        page.get_by_label("E-mail").fill("alice@halden.example")
        page.get_by_label("Password").fill("wandering albatross")
        page.get_by_role("button", name="Make the workspace").click()
        page.wait_for_url(re.compile("/w/halden/"))
        expect(page.get_by_text("Halden", exact=True).first).to_be_visible()
        assert not (tmp_path / "data" / "first-visit").exists()
