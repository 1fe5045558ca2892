"""Numbers as texts and texts as numbers, as the stream writes them."""

import re

# SQL matches this pattern too, so it is RE2 as well as Python.
NUMBER = r"^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$"
_number = re.compile(NUMBER.replace("$", r"\Z"))


def text_of(value: float) -> str:
    """Return a JSON number as a text; integers without ".0"."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 2**63 else str(value)


def number_of(text: str) -> float | None:
    """Return the number that a text is; None for inf, nan, separators and spaces."""
    return finite(float(text)) if _number.match(text) else None


def finite(value: float) -> float | None:
    """Return a finite float, or None."""
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if number - number == 0 else None


def lower_case(text: str) -> str:
    """Lower the case letter by letter, as the engines do."""
    return text.lower() if text.isascii() else text.replace("İ", "i").replace("Σ", "σ").lower()
