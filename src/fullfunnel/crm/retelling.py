"""A deal outlives the people on it: when one is erased, what their events said of the deal is told of its contact unknown."""

from collections.abc import Collection
from typing import Any

from fullfunnel.core import clock
from fullfunnel.crm.models import DealMove
from fullfunnel.crm.telling import NO_MORE, unknown_contact_of
from fullfunnel.events.names import (
    DEAL_CHANGED,
    DEAL_CREATED,
    DEAL_LOST,
    DEAL_REOPENED,
    DEAL_STAGE_CHANGED,
    DEAL_TAKEN_BACK,
    DEAL_WON,
)
from fullfunnel.events.reactions.liveness import HISTORY
from fullfunnel.people.models import Person
from fullfunnel.people.record import record

EVENTS = {
    DealMove.Kind.CREATED: DEAL_CREATED,
    DealMove.Kind.MOVED: DEAL_STAGE_CHANGED,
    DealMove.Kind.CHANGED: DEAL_CHANGED,
    DealMove.Kind.ASSIGNED: DEAL_CHANGED,
    DealMove.Kind.WON: DEAL_WON,
    DealMove.Kind.LOST: DEAL_LOST,
    DealMove.Kind.REOPENED: DEAL_REOPENED,
    DealMove.Kind.TAKEN_BACK: DEAL_TAKEN_BACK,
}
# What a move keeps that may stand in an event of nobody: entries of lists, no text that somebody wrote.
TOLD = {"lost_reason": "reason", "competitor": "competitor", "said_by": "said_by"}


def retell_deals(people: Collection[int]) -> None:
    """Record anew, of the contact unknown, every event of a deal that is about these people (ids). Their own events go.

    In the transaction of the erasure, before the people go.
    """
    moves = DealMove.objects.filter(about__in=people).order_by("at", "seq", "pk")
    unknown: dict[int, Person] = {}
    for move in moves.select_related("deal__company", "from_stage", "to_stage"):
        if move.deal_id not in unknown:
            unknown[move.deal_id] = unknown_contact_of(move.deal)
        _retell(move, unknown[move.deal_id])
    for deal, person in unknown.items():
        DealMove.objects.filter(about__in=people, deal=deal).update(about=person)


def _retell(move: DealMove, about: Person) -> None:
    deal = move.deal
    # As its source calls it: the figures go by that.
    name = deal.external_id or deal.public_id
    said: dict[str, Any] = {
        "deal_id": name,
        "amount": move.amount,
        "currency": move.currency,
        "closes_on": move.closes_on,
        "from": move.from_stage.name if move.from_stage else "",
        "to": move.to_stage.name if move.to_stage else "",
        "revenue": move.amount if move.kind == DealMove.Kind.WON else None,
        HISTORY: "true",
    }
    said |= {word: move.told.get(key, "") for key, word in TOLD.items()} if move.told else NO_MORE
    event = EVENTS[DealMove.Kind(move.kind)]
    record(about, event, by=None, company=deal.company, deal=name, properties=said, at=clock.to_us(move.at))
