"""Deals as their events leave them: won, lost or open, with their money. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from fullfunnel.events.names import DEAL_LOST, DEAL_TAKEN_BACK, DEAL_WON

WON, LOST, OPEN = OUTCOMES = ("won", "lost", "open")
CREATED, CHANGED, MOVED, REOPENED = "deal_created", "deal_changed", "deal_stage_changed", "deal_reopened"
DEAL_EVENTS = (CREATED, CHANGED, MOVED, REOPENED, DEAL_WON, DEAL_LOST, DEAL_TAKEN_BACK)
OUTCOME_OF = {DEAL_WON: WON, DEAL_LOST: LOST, REOPENED: OPEN}
# Types of deals with somebody who is a customer already; renewals count apart.
EXPANSIONS = frozenset({"upsell", "cross_sell", "cross-sell", "expansion"})


class Told(NamedTuple):
    """An event that names a deal. amount: None where it says none."""

    event: str
    at: int
    person: int
    deal: int
    amount: Decimal | None = None
    currency: str = ""
    type: str = ""


@dataclass
class Deal:
    """A deal as it is now. number: what its events call it; name: that number's text. Moments in µs.

    at: when it was created, or first heard of; ended_at: when it was won or lost; told: when it had which outcome.
    """

    person: int
    at: int
    number: int = -1
    name: str = ""
    outcome: str = OPEN
    ended_at: int | None = None
    amount: Decimal | None = None
    currency: str = ""
    type: str = ""
    was_created: bool = False
    told: list[tuple[int, str]] = field(default_factory=list)


def deals_of(events: Iterable[Told]) -> list[Deal]:
    """Return the deals that these events, in order of time, are about; the earliest heard of first.

    A deal that was opened by mistake, and taken back, is none.
    """
    known: dict[int, Deal] = {}
    mistakes = set[int]()
    for told in events:
        if told.event == DEAL_TAKEN_BACK:
            mistakes.add(told.deal)
        deal = known.get(told.deal)
        if deal is None:
            deal = known[told.deal] = Deal(told.person, told.at, told.deal)
        _tell(deal, told)
    return [deal for number, deal in known.items() if number not in mistakes]


def _tell(deal: Deal, told: Told) -> None:
    if told.event == CREATED and not deal.was_created:
        deal.person, deal.at, deal.was_created = told.person, told.at, True
    deal.amount = deal.amount if told.amount is None else told.amount
    deal.currency, deal.type = told.currency or deal.currency, told.type or deal.type
    if outcome := OUTCOME_OF.get(told.event):
        deal.outcome = outcome
        deal.told.append((told.at, outcome))
        deal.ended_at = None if outcome == OPEN else told.at
