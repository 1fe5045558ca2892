"""The four colours of a firm's pages, made from one so that all of it can be read. Pure."""

import re
from typing import NamedTuple

WHITE, DARK = (255, 255, 255), (24, 22, 10)
# The ground of a page in the dark scheme, and of what lies on it.
NIGHT, NIGHT_SHEET = (20, 23, 29), (26, 30, 38)
# WCAG 2.2, text of normal size.
LEAST_CONTRAST = 4.5
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
Rgb = tuple[int, int, int]


class Palette(NamedTuple):
    """`brand`: buttons; `on`: the text on them; `ink`: text and borders on white; `soft`: the ground of what is chosen. #rrggbb."""

    brand: str
    on: str
    ink: str
    soft: str


def is_colour(text: str) -> bool:
    """Whether `text` is a colour like #0b6b5b."""
    return bool(_HEX.fullmatch(text))


def palette_of(colour: str) -> Palette:
    """Return the palette of a colour. A light one gets dark text on its buttons, and a darkened ink."""
    brand = _read(colour)
    ink = brand
    while contrast(ink, WHITE) < LEAST_CONTRAST:
        ink = _mix(ink, (0, 0, 0), 0.06)
    on = WHITE if contrast(brand, WHITE) >= LEAST_CONTRAST else DARK
    # Between the two lie mid tones on which neither can be read.
    while contrast(brand, on) < LEAST_CONTRAST:
        brand = _mix(brand, WHITE, 0.06)
    return Palette(_write(brand), _write(on), _write(ink), _write(_mix(_read(colour), WHITE, 0.9)))


class NightPalette(NamedTuple):
    """What changes in the dark scheme: `ink` on a dark ground, `soft` below what is chosen. #rrggbb."""

    ink: str
    soft: str


def night_of(colour: str) -> NightPalette:
    """Return what a palette changes in the dark scheme; its ink can be read on the page and on what is chosen."""
    soft = _mix(NIGHT, _read(colour), 0.2)
    ink = _read(colour)
    while min(contrast(ink, NIGHT_SHEET), contrast(ink, soft)) < LEAST_CONTRAST:
        ink = _mix(ink, WHITE, 0.06)
    return NightPalette(_write(ink), _write(soft))


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Rgb) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mix(colour: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def _read(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _write(colour: Rgb) -> str:
    return f"#{colour[0]:02x}{colour[1]:02x}{colour[2]:02x}"
