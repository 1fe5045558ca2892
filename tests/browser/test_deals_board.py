"""The board of deals by keys: a move, one into Lost that is asked why in the drawer and undone by Z, and one that lacked something."""

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

        def tell(path, body=None):
            sent = json.dumps(body).encode() if body else b""
            status, told = found.request("POST" if body else "GET", f"/api/v1/{path}", sent, headers)
            assert status in (200, 201), told
            return json.loads(told)

        stages = {each["name"]: each["id"] for each in tell("pipelines")["items"][0]["stages"]}
        for name in ("Rehaklinik Talheim", "Klinik 1440", "Klinik 390"):
            stage = stages["Proposal" if name.startswith("Klinik") else "Discovery"]
            tell("companies", {"key": name, "name": name})
            tell("deals", {"company": {"key": name}, "amount": "19200", "currency": "EUR", "stage": stage})
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


def asks_for_the_close_date(page, base):
    page.goto(f"{base}/w/halden/settings/sales/")
    rules = page.locator(".stage-rules").nth(2)
    rules.locator("summary").click()
    rules.locator("input[name=needs][value=closes_on]").check()
    rules.get_by_role("button", name="Save").click()
    expect(page.locator(".stage-rules").nth(2)).to_contain_text("1 needed to go on")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_a_refused_move_is_completed_when_what_was_missing_is_saved(server, chromium, width, height):
    base = f"http://127.0.0.1:{server.port}"
    page = chromium.new_context(viewport={"width": width, "height": height}).new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, base, "alice@halden.example", "correct horse battery")
    asks_for_the_close_date(page, base)
    name = f"Klinik {width}"
    page.goto(f"{base}/w/halden/deals/")
    card, toast, drawer = (
        page.locator("[data-card-open]", has_text=name),
        page.locator("#toast"),
        page.locator("#drawer"),
    )
    card.focus()
    expect(card).to_be_focused()
    press(page, "m")
    menu = page.locator("[data-card]", has_text=name).get_by_role("button", name="Negotiation")
    expect(menu).to_be_visible()
    menu.press("Enter")
    expect(drawer).to_contain_text("It stays in Proposal until this is known.")
    day = drawer.get_by_label("Expected to close")
    expect(day).to_be_focused()
    page.keyboard.type("2099-12-18")
    press(page, "Enter")
    expect(toast).to_contain_text(f"{name} moved to Negotiation")
    expect(drawer).not_to_be_visible()
    moved = page.locator("[data-column][data-name=Negotiation] [data-card-open]", has_text=name)
    expect(moved).to_be_focused()
    page.context.close()
    assert complaints == []
