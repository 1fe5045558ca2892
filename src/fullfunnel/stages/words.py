"""Numbers of the two funnels as words: names of stages, the sentence, changes, rates."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from fullfunnel.core.numbers import NBSP, NO_DATA, NO_PERCENT_BELOW, money, number, percent

Json = dict[str, Any]
TITLES = {
    "awareness": "Awareness",
    "interest": "Interest",
    "consideration": "Consideration",
    "conversion": "Conversion",
    "loyalty": "Loyalty",
    "advocacy": "Advocacy",
    "prospect": "Prospects",
    "handed_over": "Handed over",
    "opportunity": "Opportunities",
}
# What others call it, and what it is.
MEANINGS = {
    "awareness": "They know that you exist: a first visit, an ad clicked, a contact recorded.",
    "interest": "They came back, read on, or subscribed.",
    "consideration": "They compare you with others. Others call it desire or evaluation.",
    "conversion": "They bought.",
    "loyalty": "They stay, and buy again.",
    "advocacy": "They recommend you.",
    "prospect": "You know whom to speak to, and they did more than subscribe.",
    "handed_over": "Marketing gave them to sales. Each hand-over has one of five outcomes.",
    "opportunity": "A deal was opened.",
}
OUTCOMES = {
    "accepted": "accepted",
    "rejected": "rejected",
    "recycled": "recycled",
    "aged_out": "aged out",
    "waiting": "waiting",
}


def people(count: int) -> str:
    return f"{number(count)} {'person' if count == 1 else 'people'}"


def sentence(answer: Json) -> list[tuple[str, bool]]:
    """Return the page's sentence as pieces; those that are True are numbers, and stand out."""
    found = answer["marketing"][0]["people"]
    said = [(number(found), True), (" person found us; " if found == 1 else " people found us; ", False)]
    if "deals" not in answer:
        bought = answer["marketing"][3]["people"]
        back = answer["marketing"][4]["people"]
        return [*said, (number(bought), True), (" bought; ", False), (number(back), True), (" came back.", False)]
    deals, waiting = answer["deals"], answer["hand_overs"]["waiting"]
    said += [(number(deals["won"]), True), (" deal won" if deals["won"] == 1 else " deals won", False)]
    if deals["won_value"]:
        said += [(", ", False), (amounts(deals["won_value"]), True)]
    said.append((". ", False))
    if waiting:
        said += [
            (number(waiting), True),
            (" lead waits" if waiting == 1 else " leads wait", False),
            (" for sales.", False),
        ]
    return said


def amounts(sums: Sequence[Json]) -> str:
    """Return money by currency: "€297,600 and CHF 5,000"; without cents where all are whole."""
    return " and ".join(amount(one) for one in sums) or NO_DATA


def amount(one: Json) -> str:
    said = money(Decimal(one["amount"]), one["currency"] or "")
    return said.removesuffix(".00").strip()


def changed(now: int, before: int | None) -> str:
    """Return a change against the period before: "↑ 19 % on 15,460"; "" where nothing is compared."""
    if before is None:
        return ""
    if before < NO_PERCENT_BELOW or now == before:
        return f"{number(before)} before"
    arrow = "↑" if now > before else "↓"
    return f"{arrow}{NBSP}{percent(abs(now - before) / before)} on {number(before)}"


def rate(part: int, whole: int) -> str:
    """Return a share; no percentage of fewer than 20."""
    if not whole:
        return NO_DATA
    return percent(part / whole) if whole >= NO_PERCENT_BELOW else f"{number(part)} of {number(whole)}"
