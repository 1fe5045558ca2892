"""A board by keys, mouse, finger and menu, on the style guide: what the server takes stays, what it refuses goes back."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser import axe
from tests.browser.chromium import browser, expect, sign_in
from tests.kit import needs
from tests.kit.server import Server, running

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep(quick=True)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    needs.chromium()
    with running(tmp_path_factory.mktemp("board") / "data", FULLFUNNEL_WARM="0") as found:
        found.create_workspace()
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    needs.chromium()
    with browser() as found:
        yield found


def opened(server: Server, chromium: Any, **options: Any) -> Any:
    """The style guide in a new session, where every sample stands where it began."""
    page = chromium.new_context(**({"viewport": {"width": 1440, "height": 900}} | options)).new_page()
    sign_in(page, f"http://127.0.0.1:{server.port}", "alice@halden.example", "correct horse battery")
    page.goto(f"http://127.0.0.1:{server.port}/w/halden/style-guide/")
    return page


@pytest.fixture
def page(server: Server, chromium: Any) -> Iterator[Any]:
    page = opened(server, chromium)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.context.close()
    assert complaints == []


def link(page: Any, name: str) -> Any:
    return page.get_by_role("link", name=name, exact=True)


def names(page: Any, column: str) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        f"[data-column={column}] [data-card]", "cards => cards.map(card => card.dataset.name)"
    )
    return found


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_arrows_walk_the_cards_and_one_of_them_takes_tab(page):
    link(page, "Klinik Rosental").focus()
    press(page, "ArrowDown")
    expect(link(page, "Clinic Nordufer")).to_be_focused()
    press(page, "ArrowRight")
    expect(link(page, "Klinik Birkental")).to_be_focused()
    press(page, "ArrowRight", "ArrowRight")
    expect(link(page, "Klinik Lindenau Nord")).to_be_focused()
    # Won and Lost are folded and empty.
    press(page, "ArrowRight")
    expect(link(page, "Klinik Lindenau Nord")).to_be_focused()
    assert page.locator("[data-card-open][tabindex='0']").count() == 1


def test_a_card_is_lifted_carried_and_dropped_by_keys_and_undone_by_z(page):
    link(page, "Rehaklinik Talheim").focus()
    press(page, "Space")
    hint = page.locator("[data-board-hint]")
    expect(hint).to_contain_text("Rehaklinik Talheim to Proposal, place 1 of 2")
    press(page, "ArrowRight")
    expect(hint).to_contain_text("Rehaklinik Talheim to Negotiation, place 1 of 2")
    expect(page.locator(".board-hole")).to_have_text("Rehaklinik Talheim was here")
    press(page, "ArrowDown")
    expect(hint).to_contain_text("Rehaklinik Talheim to Negotiation, place 2 of 2")
    # As long as it is lifted, the heads count what is stored.
    expect(page.locator("[data-column=negotiation] h2")).to_have_text("Negotiation 1")
    press(page, "Enter")
    expect(page.locator("[data-column=negotiation] h2")).to_have_text("Negotiation 2")
    assert names(page, "negotiation") == ["Klinik Lindenau Nord", "Rehaklinik Talheim"]
    expect(link(page, "Rehaklinik Talheim")).to_be_focused()
    expect(page.locator("#toast")).to_contain_text("Rehaklinik Talheim moved to Negotiation")
    press(page, "z")
    expect(page.locator("#toast")).to_contain_text("All cards are back.")
    assert names(page, "proposal") == ["Rehaklinik Talheim", "Clinic Bergfeld"]
    page.reload()
    assert names(page, "negotiation") == ["Klinik Lindenau Nord"]


def test_escape_and_leaving_put_a_card_back(page):
    before = names(page, "proposal")
    link(page, "Rehaklinik Talheim").focus()
    press(page, "Space", "ArrowLeft", "Escape")
    expect(page.locator("[data-board-hint]")).to_contain_text("Rehaklinik Talheim stays in Proposal")
    expect(link(page, "Rehaklinik Talheim")).to_be_focused()
    assert names(page, "proposal") == before
    press(page, "Space", "ArrowLeft", "Tab")
    expect(page.locator(".board-hole")).to_have_count(0)
    assert names(page, "proposal") == before


def test_a_refused_card_goes_back_and_the_toast_says_why(page):
    link(page, "Seeblick Care Centre").focus()
    press(page, "Space", "ArrowRight", "Space")
    toast = page.get_by_role("alert")
    expect(toast).to_contain_text("Seeblick Care Centre stays in Demo. Proposal needs a close date.")
    expect(page.locator("#deal-seeblick.is-refused")).to_be_visible()
    expect(link(page, "Seeblick Care Centre")).to_be_focused()
    assert names(page, "demo") == ["Seeblick Care Centre", "Klinik Birkental"]
    press(page, "ArrowDown")
    expect(page.locator(".is-refused[data-card]")).to_have_count(0)


def test_a_move_that_is_not_answered_goes_back(page):
    page.route("**/move/**", lambda route: route.abort())
    link(page, "Clinic Bergfeld").focus()
    press(page, "Space", "ArrowRight", "Enter")
    expect(page.locator("#toast")).to_contain_text("Clinic Bergfeld stays in Proposal: the server did not answer.")
    assert names(page, "proposal") == ["Rehaklinik Talheim", "Clinic Bergfeld"]


def test_m_opens_the_menu_that_moves(page):
    link(page, "Praxis Sandberg").focus()
    press(page, "m")
    expect(page.locator("#deal-sandberg button").first).to_be_focused()
    press(page, "Escape")
    expect(link(page, "Praxis Sandberg")).to_be_focused()
    press(page, "m", "ArrowDown", "ArrowDown", "Enter")
    expect(page.locator("#toast")).to_contain_text("Praxis Sandberg moved to Negotiation")
    assert names(page, "negotiation") == ["Praxis Sandberg", "Klinik Lindenau Nord"]
    expect(link(page, "Praxis Sandberg")).to_be_focused()


def test_a_card_is_dragged_to_a_place(page):
    card, target = page.locator("#deal-rosental"), page.locator("#deal-birkental")
    start, end = card.bounding_box(), target.bounding_box()
    page.mouse.move(start["x"] + 60, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 60, end["y"] + 10, steps=8)
    expect(page.locator("[data-board-hint]")).to_contain_text("Klinik Rosental to Demo, place 2 of 3")
    page.mouse.up()
    expect(page.locator("#toast")).to_contain_text("Klinik Rosental moved to Demo")
    assert names(page, "demo") == ["Seeblick Care Centre", "Klinik Rosental", "Klinik Birkental"]
    assert page.url.endswith("/style-guide/"), "the click that ended the drag opened nothing"


def test_a_finger_drags_after_a_long_press(server, chromium):
    page = opened(server, chromium, has_touch=True)
    start, end = page.locator("#deal-rosental").bounding_box(), page.locator("#deal-birkental").bounding_box()
    touch = page.context.new_cdp_session(page)

    def finger(kind: str, *points: tuple[float, float]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    finger("touchStart", (start["x"] + 60, start["y"] + 10))
    expect(page.locator(".board-hole")).to_be_visible()
    finger("touchMove", (start["x"] + 120, start["y"] + 20))
    finger("touchMove", (end["x"] + 60, end["y"] + 10))
    finger("touchEnd")
    expect(page.locator("#toast")).to_contain_text("Klinik Rosental moved to Demo")
    page.context.close()


def test_on_a_phone_a_column_at_a_time_and_the_menu(server, chromium):
    page = opened(server, chromium, viewport={"width": 390, "height": 844}, has_touch=True)
    page.locator(".board-tabs a", has_text="Proposal").click()
    expect(page.locator(".board-tabs [aria-current]")).to_contain_text("Proposal")
    page.locator("#deal-bergfeld summary").click()
    page.locator("#deal-bergfeld button", has_text="Demo").click()
    expect(page.locator("#toast")).to_contain_text("Clinic Bergfeld moved to Demo")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.context.close()


def test_without_javascript_a_form_moves_and_the_next_page_says_so(server, chromium):
    page = opened(server, chromium, java_script_enabled=False)
    page.locator("#deal-bergfeld summary").click()
    page.locator("#deal-bergfeld button", has_text="Won").click()
    expect(page.locator("#toast")).to_contain_text("Clinic Bergfeld moved to Won")
    assert page.locator("[data-column=won] [data-card]").count() == 1
    page.locator("#toast button", has_text="Undo").click()
    expect(page.locator("#toast")).to_contain_text("All cards are back.")
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_style_guide(server, chromium, theme):
    page = opened(server, chromium, color_scheme=theme, reduced_motion="reduce")
    text = axe.script()
    assert not text or axe.violations(page, text) == []
    page.context.close()
