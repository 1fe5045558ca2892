"""A firm's colour becomes a palette that can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullfunnel.core.pages.colours import LEAST_CONTRAST, NIGHT_SHEET, WHITE, contrast, is_colour, night_of, palette_of


def rgb(text):
    return tuple(int(text[i : i + 2], 16) for i in (1, 3, 5))


def test_a_dark_colour_stays_and_carries_white():
    assert palette_of("#0b6b5b") == ("#0b6b5b", "#ffffff", "#0b6b5b", "#e7f0ef")


def test_a_light_colour_carries_dark_text_and_gets_a_darker_ink():
    palette = palette_of("#F2B705")
    assert (palette.brand, palette.on) == ("#f2b705", "#18160a")
    assert contrast(rgb(palette.ink), WHITE) >= LEAST_CONTRAST


@given(st.integers(0, 0xFFFFFF))
def test_whatever_the_colour_its_text_can_be_read(number):
    palette = palette_of(f"#{number:06x}")
    assert contrast(rgb(palette.brand), rgb(palette.on)) >= LEAST_CONTRAST
    assert contrast(rgb(palette.ink), WHITE) >= LEAST_CONTRAST
    night = night_of(f"#{number:06x}")
    assert contrast(rgb(night.ink), NIGHT_SHEET) >= LEAST_CONTRAST
    assert contrast(rgb(night.ink), rgb(night.soft)) >= LEAST_CONTRAST


@pytest.mark.parametrize(("text", "is_one"), [("#0B6b5b", True), ("red", False), ("#fff", False), ("#0b6b5b;", False)])
def test_a_colour_is_six_hexadecimal_digits(text, is_one):
    assert is_colour(text) is is_one
