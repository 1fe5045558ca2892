"""The calendar of a day's field and the reasons at a button, by keys, on the style guide."""

import pytest

from tests.browser.chromium import expect
from tests.browser.conftest import press

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep(quick=True)]


def test_a_day_is_chosen_by_keys_and_written_as_iso(guide):
    box = guide.locator("#id_closes_on")
    box.fill("2026-12-31")
    guide.locator("[data-day-open]").first.focus()
    press(guide, "Enter")
    expect(guide.locator(".day-calendar:visible b")).to_have_text("December 2026")
    press(guide, "ArrowDown", "ArrowLeft")
    expect(guide.locator("[data-at='2027-01-06']:visible")).to_be_focused()
    # The last day of a month stays the last day.
    press(guide, "Escape")
    expect(box).to_be_focused()
    expect(box).to_have_value("2026-12-31")
    guide.locator("[data-day-open]").first.click()
    press(guide, "PageDown", "PageDown")
    expect(guide.locator("[data-at='2027-02-28']:visible")).to_be_focused()
    press(guide, "Enter")
    expect(box).to_have_value("2027-02-28")
    expect(guide.locator(".day-calendar:visible")).to_have_count(0)


def test_a_reason_is_taken_by_its_number_or_by_enter(guide):
    guide.locator("h1").click()
    press(guide, "r", "2")
    expect(guide.locator("#toast")).to_contain_text("Record 1 rejected: A student, an applicant or a seller")
    expect(guide.locator("#reject")).to_be_hidden()
    press(guide, "r")
    expect(guide.locator("#reject button").first).to_be_focused()
    press(guide, "ArrowUp", "Enter")
    expect(guide.locator("#toast")).to_contain_text("Record 1 rejected: No money this year")
    press(guide, "r")
    expect(guide.locator("#reject button").first).to_be_focused()
    # Digits in a note are digits.
    guide.locator("#reject-note").fill("3")
    guide.locator("#reject-note").press("4")
    expect(guide.locator("#reject-note")).to_have_value("34")
    press(guide, "Escape")
    expect(guide.locator("#reject")).to_be_hidden()


def test_the_first_reason_has_the_focus_before_the_next_key(guide):
    # In one task of the browser, where `toggle` has not come yet.
    opened = "document.querySelector(`[popovertarget=reject]`).click(); "
    first = "document.activeElement === document.querySelector(`#reject button`)"
    assert guide.evaluate(opened + first) is True
    # A number is heard wherever the focus is.
    guide.evaluate("document.activeElement.blur()")
    press(guide, "2")
    expect(guide.locator("#toast")).to_contain_text("Record 1 rejected: A student, an applicant or a seller")


def test_what_is_refused_says_what_would_be_right_at_its_field(guide):
    for name, sentence in (
        ("owner", "Nobody and nothing here is called “nobody”; choose one from the list."),
        ("amount", "“1.234” can be two amounts; write 1234 or 1,2340."),
        ("closes_on", "“3/12/2026” can be two days; write 2026-12-03 or 2026-03-12."),
    ):
        field = guide.locator(f"#wrong_{name}")
        expect(field).to_have_attribute("aria-invalid", "true")
        assert sentence in guide.inner_text(f"#{field.get_attribute('aria-describedby').split()[-1]}")
