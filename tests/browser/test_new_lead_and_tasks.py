"""A phone call typed in from any page and the day's tasks worked off: by keys on a desktop, by thumb on a phone."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.chromium import expect, sign_in
from tests.browser.test_inbox_in_the_browser import run_in
from tests.kit import needs
from tests.kit.server import Server, running

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep(quick=True)]
SIZES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
MAKE = """
from fullfunnel.core import clock
from fullfunnel.crm.actions import add_task
from fullfunnel.people.actions import identify_person
from fullfunnel.workspaces.models import User, Workspace
halden, alice = Workspace.objects.get(slug="halden"), User.objects.get(email="alice@halden.example")
for name in ("Lena Gruber", "Luc Dubois"):
    mail = name.split()[0].lower() + "@klinik.example"
    person = identify_person(halden, identifiers=[("email", mail)], traits={"name": name, "email": mail}, by=alice)
    for size in ("desktop", "phone"):
        add_task(person, title=f"Call {name} by {size}", due_at=clock.now(), by=alice)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    needs.chromium()
    with running(tmp_path_factory.mktemp("leads") / "data", FULLFUNNEL_WARM="0") as found:
        found.create_workspace()
        run_in(found, MAKE)
        yield found


@pytest.fixture(params=sorted(SIZES))
def page(request: pytest.FixtureRequest, server: Server, chromium: Any) -> Iterator[Any]:
    found = chromium.new_context(**SIZES[request.param]).new_page()
    complaints: list[str] = []
    found.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(found, f"http://127.0.0.1:{server.port}", "alice@halden.example", "correct horse battery")
    found.goto(f"http://127.0.0.1:{server.port}/w/halden/tasks/")
    found.size = request.param
    yield found
    found.context.close()
    assert complaints == []


def test_a_lead_is_typed_in_from_the_page_one_is_on(page):
    expect(page.locator("#tasks [data-row]").first).to_be_visible()
    if page.size == "desktop":
        page.keyboard.press("n")
    else:
        page.locator(".bottombar .begin-bar").tap()
    name, who, save = page.locator("#id_name"), page.locator("#lead-who"), page.locator("#lead-save")
    expect(name).to_be_focused()
    name.press_sequentially("Lena")
    expect(who.get_by_text("same?")).to_be_visible()
    expect(save).to_have_text("Save")
    page.fill("#id_contact", "lena@klinik.example")
    expect(save).to_have_text("Save to Lena Gruber")
    save.click()
    expect(page.locator("#drawer")).not_to_be_visible()
    expect(page.locator("#toast")).to_contain_text("Lena Gruber")
    expect(page.locator("#tasks [data-row]").first).to_be_visible()


def test_two_leads_are_typed_in_by_keys_and_the_second_begins_with_the_source_of_the_first(page):
    if page.size == "phone":
        page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#tasks [data-row]").first).to_be_visible()
    page.keyboard.press("n")
    name, save = page.locator("#id_name"), page.locator("#lead-save")
    expect(name).to_be_focused()
    name.press_sequentially("Luc")
    option = page.get_by_role("option", name="Luc Dubois")
    expect(option).to_be_visible()
    expect(name).to_have_attribute("aria-expanded", "true")
    name.press("ArrowDown")
    expect(name).to_have_attribute("aria-activedescendant", "lead-1")
    name.press("Enter")
    expect(save).to_have_text("Save to Luc Dubois")
    expect(page.get_by_role("option", name="Luc Dubois")).to_have_attribute("aria-selected", "true")
    expect(name).to_be_focused()
    name.press("Tab")
    page.keyboard.type("luc@klinik.example")
    expect(page.locator("#lead-who")).to_contain_text("Known by this phone or mail")
    page.locator("[name=via][value=phone]").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[name=via][value=fair]")).to_be_checked()
    another = page.get_by_role("button", name="Save, add another")
    another.focus()
    expect(another).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#toast")).to_contain_text("Luc Dubois")
    expect(name).to_be_focused()
    expect(name).to_have_value("")
    expect(page.locator("[name=via][value=fair]")).to_be_checked()
    page.keyboard.type(f"Vera {page.size}")
    expect(page.locator("#lead-who")).to_contain_text("a new person")
    page.keyboard.press("Tab")
    page.keyboard.type(f"vera.{page.size}@werk.example")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer")).not_to_be_visible()
    expect(page.locator("#toast")).to_contain_text(f"Vera {page.size}")


def test_a_task_is_done_the_next_gets_the_cursor_and_undo_brings_it_back(page):
    mine = page.locator("#tasks [data-row]", has_text=f"by {page.size}")
    first = mine.first
    expect(mine).to_have_count(2)
    title = first.locator(".task-say a").inner_text()
    row = page.locator("#tasks [data-row]", has_text=title)
    if page.size == "desktop":
        first.locator(".task-say a").focus()
        expect(first.locator(".task-say a")).to_be_focused()
        page.keyboard.press("d")
    else:
        first.locator("[data-task-done]").tap()
    expect(page.locator("#toast")).to_contain_text(f"{title} is done")
    expect(row).to_have_count(0)
    expect(page.locator("#tasks .is-cursor")).to_have_count(1)
    page.locator("#toast [data-undo]").click()
    expect(row).to_have_count(1)
