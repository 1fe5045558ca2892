"""Which leads are whose by where they are, or by what is known of them. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fullfunnel.core.refused import Refused

COUNTRIES = ("country", "country_code", "countryCode")
POSTCODES = ("postcode", "postal_code", "postalCode", "zip", "plz")
OPERATORS: Mapping[str, str] = {
    "is": "is",
    "is_not": "is not",
    "contains": "contains",
    "at_least": "is at least",
    "at_most": "is at most",
}
_RANGE = re.compile(r"([A-Z0-9 ]{1,10})-([A-Z0-9 ]{1,10})")
_ONE = re.compile(r"[A-Z0-9 ]{1,10}\*?")
Traits = Mapping[str, Any]


@dataclass(frozen=True)
class Condition:
    """What a trait of the person, or of their company, must be."""

    name: str
    op: str
    value: str

    @property
    def words(self) -> str:
        return f"{self.name} {OPERATORS[self.op]} {self.value}"

    def holds(self, traits: Traits) -> bool:
        given = str(traits.get(self.name, "")).strip().lower()
        asked = self.value.strip().lower()
        if self.op == "is":
            return given == asked
        if self.op == "is_not":
            return given != asked
        if self.op == "contains":
            return asked in given
        try:
            number, bound = float(given), float(asked)
        except ValueError:
            return False
        return number >= bound if self.op == "at_least" else number <= bound


@dataclass(frozen=True)
class Area:
    """All that is said must hold; what is empty asks nothing. postcodes: "80000-81999, 1010, 4*"."""

    countries: frozenset[str] = frozenset()
    postcodes: str = ""
    conditions: tuple[Condition, ...] = ()

    def holds(self, traits: Traits) -> bool:
        if self.countries and country_of(traits) not in self.countries:
            return False
        if self.postcodes and not in_ranges(postcode_of(traits), self.postcodes):
            return False
        return all(each.holds(traits) for each in self.conditions)

    @property
    def words(self) -> str:
        parts = [", ".join(sorted(self.countries)), self.postcodes and f"postcodes {self.postcodes}"]
        return " · ".join(filter(None, [*parts, *(each.words for each in self.conditions)])) or "everything"


def fits(areas: Sequence[Area], traits: Traits) -> bool:
    """Return whether a lead is in one of somebody's areas; who has none takes all."""
    return not areas or any(area.holds(traits) for area in areas)


def traits_of(*of: Traits) -> dict[str, Any]:
    """Return what is known, flat: the first that says something wins, an address' parts stand beside the rest."""
    found: dict[str, Any] = {}
    for traits in of:
        address = traits.get("address")
        for name, value in [*traits.items(), *(address.items() if isinstance(address, dict) else ())]:
            if value not in (None, "") and not isinstance(value, dict | list):
                found.setdefault(name, value)
    return found


def country_of(traits: Traits) -> str:
    return _first(traits, COUNTRIES)


def postcode_of(traits: Traits) -> str:
    return _first(traits, POSTCODES)


def _first(traits: Traits, names: Iterable[str]) -> str:
    return next((str(traits[name]).strip().upper() for name in names if traits.get(name)), "")


def in_ranges(postcode: str, ranges: str) -> bool:
    """Return whether a postcode is in one of "80000-81999, 1010, 4*"."""
    return bool(postcode) and any(_in(postcode, part.strip()) for part in ranges.split(","))


def _in(postcode: str, part: str) -> bool:
    if part.endswith("*"):
        return postcode.startswith(part[:-1])
    first, dash, last = part.partition("-")
    if not dash:
        return postcode == part
    if postcode.isdigit() and first.isdigit() and last.isdigit():
        return len(postcode) == len(first) and int(first) <= int(postcode) <= int(last)
    return first <= postcode <= last + "\uffff"


def read_postcodes(text: str) -> str | Refused:
    """Return ranges as they are kept, or why they are none."""
    parts = [part.strip().upper().replace("–", "-") for part in text.replace(";", ",").replace("\n", ",").split(",")]
    for part in filter(None, parts):
        found = _RANGE.fullmatch(part)
        if not (found or _ONE.fullmatch(part)) or (found and found[1] > found[2]):
            return Refused(f"“{part[:30]}” is no postcode; write them like 80000-81999, 1010, 4*.", "postcodes")
    return ", ".join(filter(None, parts))
