"""The board of deals by keys: a move, and a move into Lost that is asked why in the drawer, and undone by Z."""

import json

import pytest

from tests.browser.chromium import expect, sign_in
from tests.browser.conftest import press
from tests.kit import needs
from tests.kit.server import running

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep(quick=True)]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    needs.chromium()
    with running(tmp_path_factory.mktemp("deals") / "data", FULLFUNNEL_WARM="0") as found:
        key = found.create_workspace()["api_key"]
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        for path, body in (
            ("companies", {"key": "talheim", "name": "Rehaklinik Talheim"}),
            ("deals", {"company": {"key": "talheim"}, "amount": "19200", "currency": "EUR"}),
        ):
            status, told = found.request("POST", f"/api/v1/{path}", json.dumps(body).encode(), headers)
            assert status in (200, 201), told
        yield found


def test_a_card_goes_to_the_next_stage_and_into_lost_with_its_reason_and_back(server, chromium):
    page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, f"http://127.0.0.1:{server.port}", "alice@halden.example", "correct horse battery")
    page.goto(f"http://127.0.0.1:{server.port}/w/halden/deals/")
    card, toast = page.locator("[data-card-open]", has_text="Rehaklinik Talheim"), page.locator("#toast")
    press(page, "ArrowDown")
    expect(card).to_be_focused()
    press(page, "Space", "ArrowRight", "Enter")
    expect(toast).to_contain_text("Rehaklinik Talheim moved to Demo")
    expect(page.locator("[data-column][data-name=Demo] h2")).to_have_text("Demo 1")
    expect(card).to_be_focused()
    press(page, "Space", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "Enter")
    drawer = page.locator("#drawer")
    expect(drawer).to_contain_text("It stays in Demo until the reason is said.")
    expect(page.locator("[data-column][data-name=Demo] [data-card]")).to_have_count(1)
    drawer.get_by_label("Why was it lost?").select_option(label="No budget")
    drawer.get_by_label("Lost to").fill("Planik")
    drawer.get_by_role("button", name="Move to Lost").press("Enter")
    expect(toast).to_contain_text("Rehaklinik Talheim moved to Lost")
    expect(drawer).not_to_be_visible()
    expect(page.locator("[data-column][data-name=Lost] h2")).to_have_text("Lost 1")
    page.locator("h1").click()
    press(page, "z")
    expect(toast).to_contain_text("Rehaklinik Talheim is back in Demo")
    expect(page.locator("[data-column][data-name=Demo] [data-card]")).to_have_count(1)
    page.context.close()
    assert complaints == []
