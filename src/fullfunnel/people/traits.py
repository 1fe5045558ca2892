"""Traits: what is known of a person, as texts by name. Pure."""

from collections.abc import Mapping
from typing import Any

from fullfunnel.events.values import flatten

# A person has at most so many; a client that sends ever new names changes nothing beyond them.
MOST = 500
LONGEST_NAME = 200


def texts_of(traits: Mapping[str, Any]) -> dict[str, str | None]:
    """Traits as sent -> texts by name (nested `a.b`); None for one that was sent empty: it is taken away."""
    said: dict[str, str | None] = {name: None for name, value in traits.items() if value is None or value == ""}
    said.update(flatten(traits))
    return {name: value for name, value in said.items() if 0 < len(name) <= LONGEST_NAME}


def name_of(traits: Mapping[str, str]) -> str:
    """The name a person goes by, from `name` or from first and last name; "" where none is known."""
    if name := traits.get("name", "").strip():
        return name[:300]
    first = traits.get("first_name") or traits.get("firstName") or ""
    last = traits.get("last_name") or traits.get("lastName") or ""
    return f"{first} {last}".strip()[:300]


def columns_of(traits: Mapping[str, str]) -> tuple[str, str, str]:
    """(name, e-mail address, what a search looks through), as the columns of Person."""
    name = name_of(traits)
    email = traits.get("email", "").strip().lower()[:320]
    return name, email, f"{name} {email}".strip().casefold()[:640]
