"""The drawer, on the style guide: its address, its neighbours, its foot, and what was typed in it."""

import pytest

from tests.browser.chromium import expect
from tests.browser.conftest import press

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep(quick=True)]


@pytest.fixture
def record(guide):
    """The first card's record, opened from the board."""
    guide.get_by_role("link", name="Klinik Rosental", exact=True).focus()
    press(guide, "Enter")
    expect(guide.locator("#drawer-title")).to_have_text("Record 1")
    return guide


def test_it_has_an_address_and_back_closes_it(record):
    assert record.url.endswith("/style-guide/record/1/")
    record.go_back()
    expect(record.locator("#drawer")).to_be_hidden()
    assert record.url.endswith("/style-guide/")
    record.go_forward()
    expect(record.locator("#drawer-title")).to_have_text("Record 1")
    record.reload()
    expect(record.locator("h1")).to_have_text("Record 1")


def test_j_and_k_walk_to_the_neighbours_and_focus_comes_back_to_the_last(record):
    place = record.locator("[data-walk-place]")
    expect(place).to_contain_text("1 of 3")
    expect(place.get_by_role("button", name="Previous")).to_be_disabled()
    press(record, "j")
    expect(record.locator("#drawer-title")).to_have_text("Record 2")
    expect(place).to_contain_text("2 of 3")
    place.get_by_role("button", name="Next").click()
    expect(record.locator("#drawer-title")).to_have_text("Record 3")
    assert record.url.endswith("/style-guide/record/3/")
    press(record, "Escape")
    expect(record.locator("#drawer")).to_be_hidden()
    expect(record.get_by_role("link", name="Praxis Sandberg", exact=True)).to_be_focused()
    assert record.url.endswith("/style-guide/")


def test_what_was_typed_is_kept_and_said_when_it_closes(record):
    record.fill("#note", "Call on Thursday")
    press(record, "Escape")
    expect(record.locator("#toast")).to_contain_text("Not saved. What you typed is kept as a draft.")
    record.get_by_role("link", name="Go on writing").click()
    expect(record.locator("#note")).to_have_value("Call on Thursday")


def test_the_foot_acts_by_its_letter_and_a_saved_form_leaves_no_draft(record):
    record.fill("#note", "Call on Thursday")
    # While one types, letters are letters.
    record.locator("#note").press_sequentially(" a")
    expect(record.locator("#note")).to_have_value("Call on Thursday a")
    record.locator("[data-walk-by='1']").focus()
    press(record, "a")
    expect(record.locator("#toast")).to_contain_text("The note is saved")
    # The message stands inside the dialog, where it can be reached.
    assert record.locator("#drawer #toast").count() == 1
    press(record, "Escape")
    expect(record.locator("#drawer")).to_be_hidden()
    record.get_by_role("link", name="Klinik Rosental", exact=True).click()
    expect(record.locator("#note")).to_have_value("")


def test_an_answer_can_close_the_drawer_and_its_toast_stands_on_the_page(record):
    record.fill("#note", "Call on Friday")
    record.get_by_role("button", name="Save and close").click()
    expect(record.locator("#drawer")).to_be_hidden()
    expect(record.locator("body > #toast")).to_contain_text("The note is saved")
    assert record.url.endswith("/style-guide/")
