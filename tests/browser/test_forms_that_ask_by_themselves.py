"""Forms that ask at every change, by keyboard alone: moving on presses nothing."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.chromium import browser, expect, sign_in
from tests.browser.test_funnel_in_the_browser import send_story
from tests.kit import needs
from tests.kit.server import Server, running

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep(quick=True)]
MAX_TABS = 120


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    needs.chromium()
    with running(tmp_path_factory.mktemp("keys") / "data") as found:
        send_story(found, found.create_workspace())
        yield found


@pytest.fixture
def page(server: Server) -> Iterator[Any]:
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": 1440, "height": 900})
        sign_in(page, f"http://127.0.0.1:{server.port}", "alice@halden.example", "correct horse battery")
        yield page


def tab_to(page: Any, selector: str) -> None:
    """Presses Tab until the control has the focus, as somebody without a mouse does."""
    for _ in range(MAX_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not reach {selector}")


def answered(page: Any, query: str) -> None:
    """Waits until the page's address is the question, which is written when its answer stands."""
    page.wait_for_url(lambda url: url.endswith(query))


def add_step(page: Any, number: int, event: str) -> None:
    tab_to(page, "button[value='add-step']")
    page.keyboard.press("Enter")
    expect(page.locator(f"#s{number}-e0")).to_be_focused()
    page.keyboard.type(event)


def test_a_funnel_of_four_steps_is_built_by_keyboard_alone(page, server):
    page.goto(f"http://127.0.0.1:{server.port}/w/halden/funnel/?s1=")
    tab_to(page, "#s1-e0")
    page.keyboard.type("page_viewed")
    page.keyboard.press("Tab")
    answered(page, "/funnel/?s1=page_viewed")
    # The button that has the focus now was not pressed.
    expect(page.locator("[name=s1]")).to_have_count(1)
    assert page.evaluate("document.activeElement.value") == "add-name:0"
    tab_to(page, "button[value='add-condition:0']")
    page.keyboard.press("Enter")
    expect(page.locator("#s1-0-p")).to_be_focused()
    page.keyboard.type("path")
    tab_to(page, "#s1-0-v")
    page.keyboard.type("/pricing")
    tab_to(page, "#s1-0-of")
    # Another owner and back: the second change leaves with the focus on "Remove this condition".
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "remove-condition:0:0"
    answered(page, "/funnel/?s1=page_viewed&s1.p=path&s1.v=/pricing")
    expect(page.locator("#s1-0-v")).to_have_value("/pricing")
    add_step(page, 2, "person_identified")
    add_step(page, 3, "form_submitted")
    add_step(page, 4, "deal_won")
    page.keyboard.press("Tab")
    steps = "s2=person_identified&s3=form_submitted&s4=deal_won"
    answered(page, f"/funnel/?s1=page_viewed&s1.p=path&s1.v=/pricing&{steps}")
    expect(page.locator("#said")).to_contain_text("2 people began with “Page viewed” in the last 90 days")
    expect(page.locator(".funnel-row")).to_have_count(4)
    assert page.eval_on_selector_all("[name^=s]:is([name=s1],[name=s2],[name=s3],[name=s4])", "all => all.map(e => e.value)") == [
        "page_viewed", "person_identified", "form_submitted", "deal_won",
    ]  # fmt: skip
    # Its last count opens whom it counts, and Escape comes back to it.
    tab_to(page, ".funnel-row:nth-child(1) .funnel-count a")
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawer[open] .people-behind")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()


def test_a_button_that_is_pressed_is_sent_however_soon(page, server):
    page.goto(f"http://127.0.0.1:{server.port}/w/halden/funnel/?s1=page_viewed")
    page.wait_for_selector(".funnel-row")
    tab_to(page, "#s1-e0")
    page.keyboard.press("Control+a")
    page.keyboard.type("form_submitted")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name=s1]")).to_have_count(2)
    expect(page.locator("[name=s1]").first).to_have_value("form_submitted")


@pytest.mark.parametrize("kind", ["trend/?e1=page_viewed", "retention/?a1=page_viewed", "paths/?a1=page_viewed"])
def test_moving_on_from_an_event_adds_no_row(page, server, kind):
    page.goto(f"http://127.0.0.1:{server.port}/w/halden/{kind}")
    letter = kind.partition("?")[2][:2]
    tab_to(page, f"#{letter}-e0")
    page.keyboard.press("Control+a")
    page.keyboard.type("form_submitted")
    with page.expect_response(lambda answer: "form_submitted" in answer.url) as said:
        page.keyboard.press("Tab")
    assert "do=" not in said.value.url
    expect(page.locator(f"[name={letter}]")).to_have_count(1)
