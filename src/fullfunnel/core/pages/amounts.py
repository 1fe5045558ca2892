"""An amount of money as people type it, in the ways of writing of several countries. Pure."""

import re
from decimal import Decimal

from fullfunnel.core.refused import Refused

PLACES = 4
MAX_WHOLE_DIGITS = 12
# Between groups of three some write a space, also a narrow one, or an apostrophe.
_BLANKS = re.compile(r"(?<=\d)[\s\u00a0\u202f'’](?=\d{3}(?!\d))")
_SIGNS = re.compile(r"^(€|£|\$|EUR|CHF|GBP|USD)\s*|\s*(€|£|\$|EUR|CHF|GBP|USD)$", re.IGNORECASE)


def read_amount(text: str, *, field: str = "") -> Decimal | Refused:
    """Return the amount in `text`: "1.234,50", "1,234.50", "1 234,50", "1'234.50" and "1234.5" are the same number.

    What could be two numbers ("1.234") is refused with both, and so is what has more than four decimals, or is negative.
    """
    typed = text.strip()
    bare = _BLANKS.sub("", _SIGNS.sub("", typed))
    if not re.fullmatch(r"\d[\d.,]*", bare, re.ASCII):
        return Refused(f"“{typed[:40]}” is no amount; write one like 1234.50.", field)
    decimal = _decimal_sign(bare)
    if decimal is None:
        both = f"{bare[:-4]}{bare[-3:]} or {bare[:-4]}{'.' if bare[-4] == ',' else ','}{bare[-3:]}0"
        return Refused(f"“{typed[:40]}” can be two amounts; write {both}.", field)
    whole, _, part = bare.rpartition(decimal) if decimal else (bare, "", "")
    groups = re.split(r"[.,]", whole)
    if len(groups) > 1 and (not 1 <= len(groups[0]) <= 3 or any(len(each) != 3 for each in groups[1:])):
        return Refused(f"“{typed[:40]}” is no amount; thousands come in threes, as in 1,234.50.", field)
    if len("".join(groups)) > MAX_WHOLE_DIGITS or len(part) > PLACES:
        return Refused(f"An amount has at most {MAX_WHOLE_DIGITS} digits and {PLACES} decimals.", field)
    return Decimal(f"{''.join(groups)}.{part or '0'}").quantize(Decimal(10) ** -PLACES)


def exact_amount(number: Decimal, *, field: str = "") -> Decimal | Refused:
    """Return a number that a program gave as an amount with four places; Refused for what is negative or too large."""
    if not number.is_finite() or not 0 <= number < Decimal(10) ** MAX_WHOLE_DIGITS:
        return Refused(f"An amount is no less than 0 and has at most {MAX_WHOLE_DIGITS} digits.", field)
    return number.quantize(Decimal(10) ** -PLACES)


def _decimal_sign(bare: str) -> str | None:
    """Return the sign before the decimals, "" where there are none, None where it could be both."""
    signs = [each for each in bare if each in ".,"]
    if not signs:
        return ""
    if len(set(signs)) == 2:
        return signs[-1]
    if len(signs) > 1:
        return ""
    before, after = bare.split(signs[0])
    # One sign before three digits is a group or a decimal; but groups begin with 1 to 3 digits, and never with 0.
    is_open = len(after) == 3 and len(before) <= 3 and not before.startswith("0")
    return None if is_open else signs[0]
