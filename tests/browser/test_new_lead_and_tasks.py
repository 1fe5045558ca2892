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
