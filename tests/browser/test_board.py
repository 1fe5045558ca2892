"""A board by keys, mouse, finger and menu, on the style guide: what the server takes stays, what it refuses goes back."""

from typing import Any

import pytest

from tests.browser import axe
from tests.browser.chromium import expect
from tests.browser.conftest import opened, press

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep(quick=True)]


def link(guide: Any, name: str) -> Any:
    return guide.get_by_role("link", name=name, exact=True)


def names(guide: Any, column: str) -> list[str]:
    found: list[str] = guide.eval_on_selector_all(
        f"[data-column={column}] [data-card]", "cards => cards.map(card => card.dataset.name)"
    )
    return found


def test_arrows_walk_the_cards_and_one_of_them_takes_tab(guide):
    link(guide, "Klinik Rosental").focus()
    press(guide, "ArrowDown")
    expect(link(guide, "Clinic Nordufer")).to_be_focused()
    press(guide, "ArrowRight")
    expect(link(guide, "Klinik Birkental")).to_be_focused()
    press(guide, "ArrowRight", "ArrowRight")
    expect(link(guide, "Klinik Lindenau Nord")).to_be_focused()
    # Won and Lost are folded and empty.
    press(guide, "ArrowRight")
    expect(link(guide, "Klinik Lindenau Nord")).to_be_focused()
    assert guide.locator("[data-card-open][tabindex='0']").count() == 1


def test_a_card_is_lifted_carried_and_dropped_by_keys_and_undone_by_z(guide):
    link(guide, "Rehaklinik Talheim").focus()
    press(guide, "Space")
    hint = guide.locator("[data-board-hint]")
    expect(hint).to_contain_text("Rehaklinik Talheim to Proposal, place 1 of 2")
    press(guide, "ArrowRight")
    expect(hint).to_contain_text("Rehaklinik Talheim to Negotiation, place 1 of 2")
    expect(guide.locator(".board-hole")).to_have_text("Rehaklinik Talheim was here")
    press(guide, "ArrowDown")
    expect(hint).to_contain_text("Rehaklinik Talheim to Negotiation, place 2 of 2")
    # As long as it is lifted, the heads count what is stored.
    expect(guide.locator("[data-column=negotiation] h2")).to_have_text("Negotiation 1")
    press(guide, "Enter")
    expect(guide.locator("[data-column=negotiation] h2")).to_have_text("Negotiation 2")
    assert names(guide, "negotiation") == ["Klinik Lindenau Nord", "Rehaklinik Talheim"]
    expect(link(guide, "Rehaklinik Talheim")).to_be_focused()
    expect(guide.locator("#toast")).to_contain_text("Rehaklinik Talheim moved to Negotiation")
    press(guide, "z")
    expect(guide.locator("#toast")).to_contain_text("All cards are back.")
    assert names(guide, "proposal") == ["Rehaklinik Talheim", "Clinic Bergfeld"]
    guide.reload()
    assert names(guide, "negotiation") == ["Klinik Lindenau Nord"]


def test_escape_and_leaving_put_a_card_back(guide):
    before = names(guide, "proposal")
    link(guide, "Rehaklinik Talheim").focus()
    press(guide, "Space", "ArrowLeft", "Escape")
    expect(guide.locator("[data-board-hint]")).to_contain_text("Rehaklinik Talheim stays in Proposal")
    expect(link(guide, "Rehaklinik Talheim")).to_be_focused()
    assert names(guide, "proposal") == before
    press(guide, "Space", "ArrowLeft", "Tab")
    expect(guide.locator(".board-hole")).to_have_count(0)
    assert names(guide, "proposal") == before


def test_a_refused_card_goes_back_and_the_toast_says_why(guide):
    link(guide, "Seeblick Care Centre").focus()
    press(guide, "Space", "ArrowRight", "Space")
    toast = guide.get_by_role("alert")
    expect(toast).to_contain_text("Seeblick Care Centre stays in Demo. Proposal needs a close date.")
    expect(guide.locator("#deal-seeblick.is-refused")).to_be_visible()
    expect(link(guide, "Seeblick Care Centre")).to_be_focused()
    assert names(guide, "demo") == ["Seeblick Care Centre", "Klinik Birkental"]
    press(guide, "ArrowDown")
    expect(guide.locator(".is-refused[data-card]")).to_have_count(0)


def test_a_move_that_is_not_answered_goes_back(guide):
    guide.route("**/move/**", lambda route: route.abort())
    link(guide, "Clinic Bergfeld").focus()
    press(guide, "Space", "ArrowRight", "Enter")
    expect(guide.locator("#toast")).to_contain_text("Clinic Bergfeld stays in Proposal: the server did not answer.")
    assert names(guide, "proposal") == ["Rehaklinik Talheim", "Clinic Bergfeld"]


def test_m_opens_the_menu_that_moves(guide):
    link(guide, "Praxis Sandberg").focus()
    press(guide, "m")
    expect(guide.locator("#deal-sandberg button").first).to_be_focused()
    press(guide, "Escape")
    expect(link(guide, "Praxis Sandberg")).to_be_focused()
    press(guide, "m", "ArrowDown", "ArrowDown", "Enter")
    expect(guide.locator("#toast")).to_contain_text("Praxis Sandberg moved to Negotiation")
    assert names(guide, "negotiation") == ["Praxis Sandberg", "Klinik Lindenau Nord"]
    expect(link(guide, "Praxis Sandberg")).to_be_focused()


def test_a_card_is_dragged_to_a_place(guide):
    card, target = guide.locator("#deal-rosental"), guide.locator("#deal-birkental")
    target.scroll_into_view_if_needed()
    start, end = card.bounding_box(), target.bounding_box()
    guide.mouse.move(start["x"] + 60, start["y"] + 10)
    guide.mouse.down()
    guide.mouse.move(end["x"] + 60, end["y"] + 10, steps=8)
    expect(guide.locator("[data-board-hint]")).to_contain_text("Klinik Rosental to Demo, place 2 of 3")
    guide.mouse.up()
    expect(guide.locator("#toast")).to_contain_text("Klinik Rosental moved to Demo")
    assert names(guide, "demo") == ["Seeblick Care Centre", "Klinik Rosental", "Klinik Birkental"]
    assert guide.url.endswith("/style-guide/"), "the click that ended the drag opened nothing"


def test_a_finger_drags_after_a_long_press(style_server, chromium):
    guide = opened(style_server, chromium, has_touch=True)
    guide.locator("#deal-birkental").scroll_into_view_if_needed()
    start, end = guide.locator("#deal-rosental").bounding_box(), guide.locator("#deal-birkental").bounding_box()
    touch = guide.context.new_cdp_session(guide)

    def finger(kind: str, *points: tuple[float, float]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    finger("touchStart", (start["x"] + 60, start["y"] + 10))
    expect(guide.locator(".board-hole")).to_be_visible()
    finger("touchMove", (start["x"] + 120, start["y"] + 20))
    finger("touchMove", (end["x"] + 60, end["y"] + 10))
    finger("touchEnd")
    expect(guide.locator("#toast")).to_contain_text("Klinik Rosental moved to Demo")
    guide.context.close()


def test_on_a_phone_a_column_at_a_time_and_the_menu(style_server, chromium):
    guide = opened(style_server, chromium, viewport={"width": 390, "height": 844}, has_touch=True)
    guide.locator(".board-tabs a", has_text="Proposal").click()
    expect(guide.locator(".board-tabs [aria-current]")).to_contain_text("Proposal")
    guide.locator("#deal-bergfeld summary").click()
    guide.locator("#deal-bergfeld button", has_text="Demo").click()
    expect(guide.locator("#toast")).to_contain_text("Clinic Bergfeld moved to Demo")
    assert guide.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    guide.context.close()


def test_without_javascript_a_form_moves_and_the_next_page_says_so(style_server, chromium):
    guide = opened(style_server, chromium, java_script_enabled=False)
    guide.locator("#deal-bergfeld summary").click()
    guide.locator("#deal-bergfeld button", has_text="Won").click()
    expect(guide.locator("#toast")).to_contain_text("Clinic Bergfeld moved to Won")
    assert guide.locator("[data-column=won] [data-card]").count() == 1
    guide.locator("#toast button", has_text="Undo").click()
    expect(guide.locator("#toast")).to_contain_text("All cards are back.")
    guide.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_style_guide(style_server, chromium, theme):
    guide = opened(style_server, chromium, color_scheme=theme, reduced_motion="reduce")
    text = axe.script()
    assert not text or axe.violations(guide, text) == []
    guide.context.close()
