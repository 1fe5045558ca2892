"""Values as the stream writes them: numbers as texts and texts as numbers."""

import re

# SQL matches this pattern too, so it is RE2 as well as Python.
NUMBER = r"^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$"
_number = re.compile(NUMBER.replace("$", r"\Z"))


def text_of(value: float) -> str:
    """Return a JSON number as the stream keeps it: integers without ".0"."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 2**63 else str(value)


def number_of(text: str) -> float | None:
    """Return the number that a text is, or None. Digits, a point, an exponent; no inf, no nan, no separators, no spaces."""
    return finite(float(text)) if _number.match(text) else None


def finite(value: float) -> float | None:
    """Return the value as a float; None for inf, nan and an integer too large for a float."""
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if number - number == 0 else None


def lower_case(text: str) -> str:
    """Lower the case letter by letter, as the engines do it, whatever a letter's place in the word."""
    return text.lower() if text.isascii() else text.replace("İ", "i").replace("Σ", "σ").lower()
