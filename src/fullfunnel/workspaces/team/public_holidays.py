"""Public holidays of countries and their states, by the package holidays, which is read only when somebody asks."""

import re
from datetime import date
from functools import cache

from fullfunnel.core.refused import Refused


@cache
def countries() -> list[tuple[str, str]]:
    """Return (code, name) of the countries whose holidays are known, by name."""
    from holidays.registry import COUNTRIES
    from holidays.utils import list_supported_countries

    named = {names[1]: re.sub(r"(?<=[a-z])(?=[A-Z])", " ", names[0]) for names in COUNTRIES.values()}
    known = set(list_supported_countries())
    return sorted(((code, name) for code, name in named.items() if code in known), key=lambda pair: pair[1])


def public_holidays(country: str, state: str, year: int) -> list[tuple[date, str]] | Refused:
    """Return (day, name) of a year's public holidays, in English where the package has it."""
    from holidays.utils import country_holidays, list_supported_countries

    states = list_supported_countries().get(country)
    if states is None:
        return Refused("Choose a country.", "country")
    state = state.strip().upper()
    if state and state not in states:
        known = f"write one of {', '.join(states)}" if states else "leave it empty, for this country has none"
        return Refused(f"“{state}” is no state here; {known}.", "state")
    found = country_holidays(country, subdiv=state or None, years=year, language="en_US")
    return sorted((day, name) for day, name in found.items() if day.year == year)
