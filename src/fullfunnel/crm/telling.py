"""How sellers' actions stand in the stream: what every event of a hand-over, of a deal and of an activity says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fullfunnel.core import clock
from fullfunnel.crm.models import Activity, Deal, HandOver
from fullfunnel.events.names import DEAL_WON
from fullfunnel.events.reactions.liveness import HISTORY
from fullfunnel.people.companies import upsert_companies
from fullfunnel.people.models import Company, Person
from fullfunnel.people.record import contact_unknown, record
from fullfunnel.workspaces.roles import By

NO_MORE: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Moment:
    """When something was done: one moment for its rows and its event. What is told as history sets nothing off."""

    at: datetime
    is_history: bool = False

    @property
    def said(self) -> dict[str, str]:
        return {HISTORY: "true"} if self.is_history else {}


def moment_of(at: datetime | None) -> Moment:
    """Return the moment of an action: `at`, told as history, or now."""
    return Moment(clock.now()) if at is None else Moment(at, is_history=True)


def tell_lead(hand_over: HandOver, name: str, *, by: By, at: Moment, more: Mapping[str, Any] = NO_MORE) -> None:
    """Record what happened to a hand-over: ids and entries of lists, never what was written."""
    said = {"lead_id": hand_over.public_id, "form": hand_over.form, **more, **at.said}
    record(hand_over.person, name, by=by, company=hand_over.company, properties=said, at=clock.to_us(at.at))


def tell_deal(
    deal: Deal,
    name: str,
    *,
    by: By,
    about: Person,
    at: Moment,
    more: Mapping[str, Any] = NO_MORE,
) -> None:
    """Record what happened to a deal, with its company, amount and currency. A win has the amount as revenue too."""
    said: dict[str, Any] = {
        "deal_id": deal.public_id,
        "lead_id": deal.hand_over.public_id if deal.hand_over else "",
        "amount": deal.amount,
        "currency": deal.currency,
        "closes_on": deal.closes_on,
        "pipeline": deal.pipeline.name,
        "stage": deal.stage.name,
        **more,
        **at.said,
    }
    if name == DEAL_WON:
        said["revenue"] = deal.amount
    record(about, name, by=by, company=deal.company, deal=deal.public_id, properties=said, at=clock.to_us(at.at))


def tell_activity(activity: Activity, name: str, *, about: Person, by: By, at: Moment) -> None:
    """Record what a seller did; its text and outcome stay with the row."""
    said = {"activity": activity.public_id, "kind": activity.kind, "direction": activity.direction}
    deal = activity.deal.public_id if activity.deal else None
    record(
        about, name, by=by, company=activity.company, deal=deal, properties=said | at.said, at=clock.to_us(at.at)
    )  # fmt: skip


def contact_of(deal: Deal) -> Person:
    """Return whom a deal's events are about: the person of its hand-over, else its first role, else its contact unknown."""
    if deal.hand_over is not None:
        return deal.hand_over.person.living()
    first = deal.people.select_related("person").order_by("pk").first()
    if first is not None:
        return first.person.living()
    return unknown_contact_of(deal)


def unknown_contact_of(deal: Deal) -> Person:
    """Return the contact unknown of the deal's company; a deal without a company gets a nameless one to hold it."""
    if deal.company is None:
        key = f"deal-{deal.public_id}"
        return contact_unknown(Company.objects.get(pk=upsert_companies(deal.workspace_id, [key])[key]))
    return contact_unknown(deal.company)
