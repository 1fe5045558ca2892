"""Telephone numbers as people write them, and as they are compared and dialled. Pure."""

import re
from collections.abc import Mapping

# The traits that hold a number, likeliest first.
TRAITS = ("phone", "mobile", "phone_number", "phoneNumber", "tel")
FEWEST, MOST = 6, 15


def number_of(text: str) -> str:
    """Return a number as it is dialled: "+43316555142" for "0043 (0) 316 555 142"; national ones keep their 0. "" for none."""
    if not re.fullmatch(r"\+?[0-9\s()./\-\u2011\u2013]+", text.strip()):
        return ""
    bare = re.sub(r"\(0\)", "", text)
    digits = re.sub(r"[^0-9]", "", bare)
    if not FEWEST <= len(digits) <= MOST:
        return ""
    if bare.lstrip().startswith("+"):
        return "+" + digits
    return "+" + digits[2:] if digits.startswith("00") else digits


def may_be_same(one: str, other: str) -> bool:
    """Whether a national number may be an international one: the same but for the country."""
    national, international = (one, other) if other.startswith("+") else (other, one)
    if not international.startswith("+") or not national.startswith("0"):
        return False
    return len(national) > FEWEST and international.endswith(national[1:])


def phone_of(traits: Mapping[str, object]) -> str:
    """Return the number as it was written; "" without one."""
    return next((str(traits[name]).strip() for name in TRAITS if traits.get(name)), "")
