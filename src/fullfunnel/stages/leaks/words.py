"""A leak in words: what it is called, who stands against whom, how its price was reckoned. Pure."""

from decimal import Decimal
from functools import cache
from typing import Any

from fullfunnel.core.numbers import money, number, percent
from fullfunnel.workspaces.team.public_holidays import countries

Json = dict[str, Any]
WAITED = {
    "waited_a_day": ("Leads that waited over 24 h", "waited over 24 h"),
    "waited_a_working_day": ("Leads that waited over a working day", "waited over a working day"),
    "waited_4_hours": ("Leads that waited over 4 working hours", "waited over 4 working hours"),
}
DEVICES = {"mobile": "phones", "tablet": "tablets", "desktop": "desktops", "tv": "televisions"}
# How a step is said: who goes on, and what those are called who go on.
STEPS = {
    "awareness": "become interested",
    "interest": "compare",
    "prospect": "are handed over",
    "consideration": "are handed over",
    "handed_over": "become opportunities",
    "opportunity": "are won",
    "conversion": "stay",
    "loyalty": "recommend",
    "form": "arrive",
    "rejected": "are kept",
}
UNITS = {"handed_over": "hand-overs", "rejected": "hand-overs", "opportunity": "deals", "form": "started forms"}
# The column of the picture after which a step's mark stands: with sales, and of a shop.
COLUMNS = {"awareness": 0, "interest": 1, "consideration": 2, "prospect": 3, "form": 3, "rejected": 3}
COLUMNS |= {"handed_over": 4, "opportunity": 5, "conversion": 6, "loyalty": 7}
COLUMNS_ALONE = {"awareness": 0, "interest": 1, "consideration": 2, "form": 2, "conversion": 3, "loyalty": 4}


def kind_of(leak: Json) -> str:
    """Return the step without what it names: "form" of "form:demo"."""
    return str(leak["step"]).partition(":")[0]


def goes_on(leak: Json) -> str:
    kind = kind_of(leak)
    return "buy" if leak["to"] == "conversion" else STEPS.get(kind, "go on")


def units(leak: Json) -> str:
    return UNITS.get(kind_of(leak), "people")


def title_of(leak: Json) -> str:
    """Return "Demo request on phones", "Leads that waited over 24 h", "From Email: few become interested"."""
    if leak["dimension"] in WAITED:
        return WAITED[leak["dimension"]][0]
    kind, place = kind_of(leak), _place(leak)
    if kind == "form":
        return f"{leak['label']} {place}"
    if kind == "rejected":
        return f"Rejected as “{leak['label']}” {place}"
    return f"{place[:1].upper()}{place[1:]}: few {goes_on(leak)}"


def _place(leak: Json) -> str:
    value = str(leak["value"])
    if leak["dimension"] == "country":
        return f"in {country(value)}"
    found = {
        "device": f"on {DEVICES.get(value, value)}",
        "browser": f"in {value}",
        "channel": f"from {value}",
        "campaign": f"by the campaign {value}",
        "landing_page_kind": f"landing on {value.replace('_', ' ')}",
        "seller": f"with {value}",
        "weekday": f"handed over on {value}s",
        "form": f"by the form {value}",
        "contacts": "with one contact",
    }
    return found.get(leak["dimension"], value)


@cache
def _names() -> dict[str, str]:
    return dict(countries())


def country(code: str) -> str:
    """Return the name of a country in English; its code where nobody knows it."""
    return _names().get(code, code)


def side_of(leak: Json) -> str:
    """Return what the group's bar is called."""
    if leak["dimension"] in WAITED:
        return WAITED[leak["dimension"]][1]
    place = _place(leak)
    return place.removeprefix("on ") if leak["dimension"] == "device" else place


def sentence_of(leak: Json) -> str:
    """Return "15 % become opportunities, others 39 %"."""
    return f"{percent(leak['group']['rate'])} {goes_on(leak)}, others {percent(leak['others']['rate'])}"


def price_words(price: Json | None) -> str:
    """Return "€37,100": three figures, since no price is surer than that."""
    return rounded(price["amount"], price["currency"]) if price else "no price yet"


def range_words(price: Json | None) -> str:
    return (
        ""
        if not price
        else f"{rounded(price['low'], price['currency'])} and {rounded(price['high'], price['currency'])}"
    )


def rounded(amount: str | Decimal, currency: str | None) -> str:
    exact = Decimal(amount)
    places = max(exact.adjusted() - 2, 0) if exact else 0
    return money(round(exact, -places), currency or "").removesuffix(".00").strip()


def why_words(leak: Json, win: Json | None) -> str:
    """Return how the price was reckoned: "148 × (39 % − 15 %) = 35 …; × 33 % won (31 of 93) × €9,600 ÷ 3 months = €37,500"."""
    group, others = leak["group"], leak["others"]
    said = f"{number(group['people'])} × ({percent(others['rate'])} − {percent(group['rate'])}) = {number(round(leak['missing']))}"
    said += f" more would {_base(goes_on(leak))}"
    links = leak["win"]["links"]
    for at, link in enumerate(links):
        word = "won" if at == len(links) - 1 else "handed over"
        said += (
            f"; × {percent(link['won'] / link['decided'])} {word} ({number(link['won'])} of {number(link['decided'])})"
        )
    if leak["per_month"] is None or win is None:
        return f"{said}. Nothing was won yet, so it has no price."
    worth = rounded(win["amount"], win["currency"])
    return f"{said} × {worth} ÷ {number(round(leak['months'], 1))} months = {price_words(leak['per_month'])}"


def _base(words: str) -> str:
    return words.replace("are ", "be ", 1) if words.startswith("are ") else words


def tested_words(leak: Json) -> str:
    """Return what was tested and how sure it is."""
    test = "Fisher's exact test" if leak["test"] == "exact" else "A test of two proportions"
    chance = "below 0.001" if leak["q"] < 0.001 else f"{leak['q']:.3f}"
    low, high = (max(leak["difference"][name], 0) for name in ("low", "high"))
    return f"{test}, one-sided; q {chance} over all groups. The difference lies between {percent(low)} and {percent(high)}."


def recovered_words(leak: Json, found: Json | None) -> str:
    """Return "Demo request on phones 31 % → 58 %: about €20,300 a month recovered (€11,900 to €29,400)"; "" while too few came."""
    if not found or not found["after"]["people"] or found["before"]["rate"] is None:
        return ""
    said = f"{title_of(leak)} {percent(found['before']['rate'])} → {percent(found['after']['rate'])}"
    price = found["per_month"]
    if price is None or Decimal(price["amount"]) <= 0:
        return f"{said}: nothing recovered yet"
    return f"{said}: about {price_words(price)} a month recovered (between {range_words(price)})"


def pattern_words(group: Json) -> str:
    """Return an unproven pattern: "Deals with one contact: 9 of 51 are won, others 22 of 42"."""
    mine, others = group["group"], group["others"]
    who = "Deals with one contact" if group["dimension"] == "contacts" else title_of(group)
    return (
        f"{who}: {number(mine['went_on'])} of {number(mine['people'])} {goes_on(group)}, "
        f"others {number(others['went_on'])} of {number(others['people'])}"
    )


def silent_words(group: Json) -> str:
    return f"{_place(group)}, {number(group['group']['went_on'])} of {number(group['group']['people'])} {goes_on(group)} (too few to judge)"
