"""The panel of notes in a real browser: what is refused stays in its form, and the page stays where it is."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.chromium import browser, expect, sign_in
from tests.browser.test_funnel_in_the_browser import send_story
from tests.kit import needs
from tests.kit.server import Server, running

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    needs.chromium()
    with running(tmp_path_factory.mktemp("notes") / "data") as found:
        send_story(found, found.create_workspace())
        yield found


@pytest.fixture
def page(server: Server) -> Iterator[Any]:
    with browser() as chromium:
        page = chromium.new_page()
        sign_in(page, f"http://127.0.0.1:{server.port}", "alice@halden.example", "correct horse battery")
        yield page


def test_a_note_is_refused_added_paged_and_removed_without_leaving_the_page(server, page):
    page.goto(f"http://127.0.0.1:{server.port}/w/halden/people/")
    page.goto(page.locator("tbody a").first.evaluate("link => link.href"))
    here = page.url
    panel = page.locator(".notes")
    panel.locator("button:has-text('Add note')").click()
    expect(panel.locator(".field-error")).to_have_text("A note needs a text.")
    for number in range(51):
        panel.locator("textarea").fill(f"Call number {number}.")
        panel.locator("button:has-text('Add note')").click()
        expect(panel.locator("article").first).to_contain_text(f"Call number {number}.")
    panel.locator("a:has-text('Older')").click()
    expect(panel.locator("article")).to_have_count(1)
    expect(panel.locator("article")).to_contain_text("Call number 0.")
    panel.locator("article button:has-text('Remove')").first.click()
    panel.locator(".confirm .btn-danger").click()
    expect(panel.locator("[role=status]")).to_have_text("The note was removed.")
    expect(panel.locator("article")).to_have_count(50)
    assert page.url == here
