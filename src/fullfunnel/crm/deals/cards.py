"""Deals as cards of a board."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.urls import reverse

from fullfunnel.core import clock
from fullfunnel.core.pages.board import Card
from fullfunnel.crm.deals.wanted import today
from fullfunnel.crm.deals.words import amount_words, day_words, step_words
from fullfunnel.crm.models import Deal, DealPerson, StageKind
from fullfunnel.workspaces.models import User

HUES = 4
STANDS_FOR = "0-id-of-deal-0"


@dataclass(frozen=True)
class CardBody:
    """The inside of a card (crm/deals/_card.html), all of it texts: a board writes hundreds.

    step_is: "", "none" or "late"; company: where the name does not say it; people: "2 people"; count: "2".
    """

    amount: str
    company: str
    step: str
    step_is: str
    owner: str
    owner_hue: str
    people: str
    count: str
    risk: str
    days: str


def hue_of(owner: User | None) -> int:
    """Return the colour that an owner has everywhere, 1 to HUES."""
    return (owner.pk % HUES) + 1 if owner else 1


def owner_words(deal: Deal) -> str:
    """Return who owns it: a member, or somebody of the source; "" for nobody."""
    return str(deal.owner) if deal.owner else deal.owner_name


def cards_of(deals: Sequence[Deal], slug: str, query: str) -> list[Card]:
    """Return the cards of deals that came with company, owner and lost reason. query: the board's, for what comes back."""
    people, now = people_on(deals), today()
    # One address for all: to make 200 takes as long as to read 200 deals.
    url, move = (reverse(name, args=[slug, STANDS_FOR]) for name in ("crm:deal", "crm:move-deal"))
    return [
        Card(
            id=f"deal-{deal.public_id}",
            name=deal.name,
            url=url.replace(STANDS_FOR, deal.public_id),
            move_url=f"{move.replace(STANDS_FOR, deal.public_id)}?{query}",
            body=body_of(deal, people.get(deal.pk, 0), now),
        )
        for deal in deals
    ]


def people_on(deals: Iterable[Deal]) -> dict[int, int]:
    """Return how many people have a part in each deal."""
    rows = DealPerson.objects.filter(
        deal__in=[deal.pk for deal in deals], workspace_id__in={d.workspace_id for d in deals}
    )
    return dict(rows.values_list("deal").annotate(Count("pk")).order_by())


def body_of(deal: Deal, people: int, now: date) -> CardBody:
    step, step_is = step_words(deal.next_step, deal.next_step_on, deal.closes_on, now)
    if deal.state != StageKind.OPEN:
        decided = (
            f"{deal.get_state_display()} {day_words(clock.shown(deal.decided_at).date(), now)}"
            if deal.decided_at
            else ""
        )
        step, step_is = ": ".join(filter(None, (decided, deal.lost_reason.name if deal.lost_reason else ""))), ""
    company = str(deal.company) if deal.company else ""
    return CardBody(
        amount=amount_words(deal.amount, deal.currency),
        company="" if company == deal.name else company,
        step=step,
        step_is=step_is,
        owner=owner_words(deal),
        owner_hue=str(hue_of(deal.owner)),
        people=f"{people} {'person' if people == 1 else 'people'}",
        count=str(people),
        risk=risk_of(deal, people),
        days=str(max(0, (clock.now() - deal.stage_since).days)),
    )


def risk_of(deal: Deal, people: int) -> str:
    """Return the first thing that endangers an open deal, in words."""
    if deal.is_kept_elsewhere:
        return "kept elsewhere"
    if deal.state != StageKind.OPEN:
        return ""
    if deal.closes_on is None:
        return "no close date"
    return "single contact" if people == 1 else "nobody on it" if people == 0 else ""
