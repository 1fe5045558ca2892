"""The inbox by keyboard: accept, go on to the next, undo; reasons by number; and at a phone's width."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.chromium import expect, sign_in
from tests.browser.conftest import press
from tests.kit import needs
from tests.kit.server import Server, running

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep(quick=True)]
PEOPLE = ("Ada Brandt", "Ben Ortner", "Cleo Haas")
MAKE = """
from fullfunnel.crm.actions import hand_over
from fullfunnel.crm.reasons import Reason
from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import Workspace
halden = Workspace.objects.get(slug="halden")
for number, name in enumerate({people!r}):
    traits = {{"name": name, "phone": f"+43 316 555 014{{number}}", "title": "Head of nursing"}}
    mail = name.split()[0].lower() + "@halden.example"
    person = Person.objects.create(workspace=halden, public_id=f"{{number}}" * 20, name=name, email=mail, traits=traits)
    why = [Reason("380 beds", 40 + number, "fit"), Reason("Asked for a demo", 40, "engagement")]
    hand_over(person, cause_event=f"form-{{number}}", why=why, by=None, form="Demo")
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    needs.chromium()
    with running(tmp_path_factory.mktemp("inbox") / "data", FULLFUNNEL_WARM="0") as found:
        found.create_workspace()
        run_in(found, MAKE.format(people=PEOPLE))
        yield found


def run_in(server: Server, script: str) -> None:
    """Run Python in the server's data directory."""
    import subprocess
    import sys

    begin = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'fullfunnel.config.settings'; django.setup()\n"
    subprocess.run([sys.executable, "-c", begin + script], env=server.environment, check=True)


def opened(server: Server, chromium: Any, **options: Any) -> Any:
    page = chromium.new_context(**options).new_page()
    sign_in(page, f"http://127.0.0.1:{server.port}", "alice@halden.example", "correct horse battery")
    page.goto(f"http://127.0.0.1:{server.port}/w/halden/inbox/?tab=pool")
    return page


def test_by_keys_one_accepts_goes_on_and_takes_it_back(server, chromium):
    page = opened(server, chromium, viewport={"width": 1440, "height": 900})
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    name, tabs = page.locator("#sheet-name"), page.locator("#inbox-tabs [aria-current=page]")
    expect(name).to_have_text("Cleo Haas")
    press(page, "j")
    expect(name).to_have_text("Ben Ortner")
    expect(page.locator("[data-inbox-walk]")).to_contain_text("2 of 3")
    press(page, "a")
    expect(page.locator("#toast")).to_contain_text("Ben Ortner accepted")
    expect(page.locator("[data-row]").nth(1)).to_contain_text("accepted by alice")
    expect(name).to_have_text("Ada Brandt")
    expect(page.get_by_role("link", name="Ada Brandt", exact=True)).to_be_focused()
    expect(tabs).to_contain_text("2")
    press(page, "z")
    expect(page.locator("#toast")).to_contain_text("Ben Ortner waits again")
    expect(name).to_have_text("Ben Ortner")
    expect(tabs).to_contain_text("3")
    # A number chooses the reason, Enter takes it; while one types, letters are letters.
    press(page, "r", "2", "Enter")
    expect(page.locator("#toast")).to_contain_text("Ben Ortner rejected: Too small")
    expect(name).to_have_text("Ada Brandt")
    press(page, "z")
    expect(name).to_have_text("Ben Ortner")
    press(page, "d")
    expect(page.locator("#deal-need")).to_be_visible()
    page.locator("#deal-need").press_sequentially("jaz")
    expect(page.locator("#deal-need")).to_have_value("jaz")
    press(page, "Escape")
    expect(name).to_have_text("Ben Ortner")
    assert complaints == []
    page.context.close()


def test_what_is_pressed_before_the_record_has_come_is_done_when_it_stands(server, chromium):
    page, held = opened(server, chromium, viewport={"width": 1440, "height": 900}), []
    records = re.compile(r"/inbox/[^/]+/\?tab=pool")
    page.route(records, lambda route: route.continue_() if held else held.append(route))
    with page.expect_request(records):
        press(page, "j")
    press(page, "a")
    expect(page.locator("#sheet-name")).to_have_text("Cleo Haas")
    expect(page.get_by_role("button", name="Accept")).to_be_disabled()
    held[0].continue_()
    expect(page.locator("#toast")).to_contain_text("Ben Ortner accepted")
    expect(page.locator("#sheet-name")).to_have_text("Ada Brandt")
    press(page, "z")
    expect(page.locator("#toast")).to_contain_text("Ben Ortner waits again")
    # A reason that is chosen too early is not lost either.
    expect(page.locator("#sheet-name")).to_have_text("Ben Ortner")
    held.clear()
    with page.expect_request(records):
        press(page, "k")
    press(page, "r", "2", "Enter")
    held[0].continue_()
    expect(page.locator("#toast")).to_contain_text("Cleo Haas rejected: Too small")
    press(page, "z")
    expect(page.locator("#toast")).to_contain_text("Cleo Haas waits again")
    expect(page.locator("#sheet-name")).to_have_text("Cleo Haas")
    press(page, "j")
    # What never comes is said, and nothing is decided.
    expect(page.locator("#sheet-name")).to_have_text("Ben Ortner")
    page.unroute(records)
    page.route(records, lambda route: route.abort())
    press(page, "j", "a")
    expect(page.locator("#toast")).to_contain_text("The record did not come. Try again.")
    expect(page.locator("#inbox-tabs [aria-current=page]")).to_contain_text("3")
    page.context.close()


def test_who_was_opened_by_the_address_is_answered_where_one_is(server, chromium):
    page = opened(server, chromium, viewport={"width": 1440, "height": 900})
    expect(page.locator("#sheet-name")).to_have_text("Cleo Haas")
    address = page.get_by_role("link", name="Cleo Haas", exact=True).get_attribute("href")
    # Of the own ones, where she does not stand.
    page.goto(f"http://127.0.0.1:{server.port}{address.replace('pool', 'mine')}")
    expect(page.locator("[data-row]")).to_have_count(0)
    press(page, "a")
    expect(page.locator("#sheet-name")).to_have_text("Cleo Haas")
    expect(page.get_by_role("button", name="Put back to waiting")).to_be_visible()
    expect(page.locator("#toast")).to_contain_text("Cleo Haas accepted")
    press(page, "z")
    expect(page.locator("#toast")).to_contain_text("Cleo Haas waits again")
    expect(page.get_by_role("button", name="Accept")).to_be_enabled()
    page.context.close()


def test_on_a_phone_the_list_leads_to_a_record_and_an_act_to_the_next(server, chromium):
    page = opened(server, chromium, viewport={"width": 390, "height": 844}, has_touch=True)
    expect(page.locator("#inbox-record")).to_be_hidden()
    page.get_by_role("link", name="Cleo Haas", exact=True).click()
    expect(page.locator("#sheet-name")).to_have_text("Cleo Haas")
    expect(page.locator(".inbox-pane")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button", name="Accept").click()
    expect(page.locator("#sheet-name")).to_have_text("Ben Ortner")
    page.locator("[data-undo]").click()
    expect(page.locator("#sheet-name")).to_have_text("Cleo Haas")
    page.context.close()
