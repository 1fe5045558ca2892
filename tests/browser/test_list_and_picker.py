"""The one list by keyboard, and the picker, on the style guide."""

import re
from typing import Any

import pytest

from tests.browser.chromium import expect
from tests.browser.conftest import press

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep(quick=True)]


def test_j_and_k_walk_the_rows_and_enter_opens(guide):
    press(guide, "j")
    rows = guide.locator("[data-row]")
    expect(rows.nth(0).locator("a")).to_be_focused()
    press(guide, "j", "j", "k")
    expect(rows.nth(1)).to_have_class("is-cursor")
    press(guide, "Enter")
    expect(guide.locator("#drawer-title")).to_contain_text("Record")
    press(guide, "Escape")
    expect(guide.locator("#drawer")).to_be_hidden()
    press(guide, "f")
    expect(guide.locator("[data-chip]").first).to_be_focused()


def typed(guide: Any, words: str) -> Any:
    box = guide.locator("#id_owner")
    box.focus()
    guide.keyboard.type(words)
    guide.locator(".picker-option").first.wait_for()
    return box


def test_who_is_picked_by_keys_is_in_the_form(guide):
    box = typed(guide, "alice")
    press(guide, "ArrowDown", "Enter")
    expect(box).to_have_value(re.compile("alice", re.IGNORECASE))
    assert guide.locator("[name=owner]").first.input_value().isdigit()
    expect(guide.locator("#id_owner-options")).to_be_hidden()
    chosen = guide.locator("[name=owner]").first.input_value()
    # A draft keeps the choice together with its words.
    guide.reload()
    expect(box).to_have_value(re.compile("alice", re.IGNORECASE))
    expect(guide.locator("[name=owner]").first).to_have_value(chosen)
    # Words that are no option's are no choice, in a draft too.
    box.focus()
    press(guide, "End", "Backspace")
    expect(guide.locator("[name=owner]").first).to_have_value("")
    guide.reload()
    expect(guide.locator("[name=owner]").first).to_have_value("")


def test_who_is_away_is_seen_with_the_reason_and_not_taken(guide):
    typed(guide, "emma")
    expect(guide.locator(".picker-option")).to_contain_text("away until Thu 3 Dec")
    expect(guide.locator(".picker-option b")).to_have_text("Emma")
    press(guide, "ArrowDown", "Enter")
    guide.locator(".picker-option").click(force=True)
    assert guide.locator("[name=owner]").first.input_value() == ""
    press(guide, "Escape")
    expect(guide.locator("#id_owner-options")).to_be_hidden()


def test_enter_that_is_pressed_before_the_answer_takes_what_is_the_only_one(guide):
    guide.route("**/options/**", lambda route: guide.wait_for_timeout(300) or route.continue_())
    box = guide.locator("#id_owner")
    box.focus()
    guide.keyboard.type("alice")
    press(guide, "Enter")
    expect(guide.locator("[name=owner]").first).to_have_value(re.compile(r"^\d+$"))
    expect(guide.locator("#id_owner-options")).to_be_hidden()


def test_space_opens_the_record_beside_its_list_and_the_address_holds_it(guide):
    press(guide, "j")
    rows = guide.locator("[data-row]")
    expect(rows.nth(0).locator("a")).to_be_focused()
    press(guide, "Space")
    beside = guide.locator("#beside")
    expect(beside.locator("#beside-title")).to_contain_text("Record")
    expect(beside).to_contain_text("1 of")
    first = beside.locator("#beside-title").inner_text()
    expect(guide).to_have_url(re.compile("beside="))
    press(guide, "j")
    expect(beside).to_contain_text("2 of")
    expect(beside.locator("#beside-title")).not_to_have_text(first)
    guide.reload()
    expect(beside).to_contain_text("2 of")
    press(guide, "Escape")
    expect(beside).to_be_hidden()
    expect(rows.nth(1).locator("a")).to_be_focused()
    expect(guide).not_to_have_url(re.compile("beside="))
