"""Hand-overs and deals as steps: what becomes an opportunity, what is rejected and why, what is won."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from fullfunnel.core import clock
from fullfunnel.core.business_time import Calendar, due
from fullfunnel.events.conditions import DEAL
from fullfunnel.events.names import DEAL_CONTACT_ADDED, DEAL_CONTACT_REMOVED
from fullfunnel.events.store.journeys import Column, Index
from fullfunnel.journeys.folds.gather import Longs
from fullfunnel.journeys.folds.has import local_days
from fullfunnel.journeys.leaks.firsts import Firsts
from fullfunnel.journeys.leaks.step import Bools, Dimension, Share, Step, column_of, months_between
from fullfunnel.journeys.leaks.told import Told, texts, told
from fullfunnel.journeys.stages.deals import DEAL_EVENTS, LOST, OPEN, WON, Deal
from fullfunnel.journeys.stages.figures import Funnels
from fullfunnel.journeys.stages.ledger import LEAD_EVENTS, REJECTED, WAITING, HandOver
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

HOUR, DAY = 3_600_000_000, 86_400_000_000
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
OVER_A_DAY, OVER_A_WORKING_DAY, OVER_FOUR_HOURS = "waited_a_day", "waited_a_working_day", "waited_4_hours"
YES, NO = "yes", "no"
ONE, SEVERAL = "one", "several"
WORKING_DAY, FOUR_HOURS = timedelta(hours=8), timedelta(hours=4)
# No deal needs longer from the first answer to being opened, where nothing is known.
LONGEST = 14 * DAY
LEAST_REJECTED = 20
USUAL_WEEK = dict.fromkeys(range(1, 6), ((540, 1020),))


@dataclass(frozen=True)
class Sold:
    """What the events of leads and deals say beside what the ledger keeps. owner, form, reason: by the hand-over's place.

    deal_of: the place of each hand-over's deal, -1: none. contacts, owners: by the deal's place. on_deals: since when (µs) each
    person is on some deal.
    """

    owner: list[str]
    form: list[str]
    reason: list[str]
    deal_of: list[int]
    contacts: list[int]
    owners: list[str]
    on_deals: dict[int, int]


def read_sold(index: Index, found: Funnels, dataset: "Dataset", watch: Watch) -> Sold:
    """Read what was said of hand-overs and deals. index: of people and contacts unknown."""
    leads = told(index, LEAD_EVENTS, dataset, watch, "owners")
    said = {name: _by_lead(index, name, leads) for name in ("owner", "form", "reason")}
    known = dataset.facts.selling.sellers.load()
    said["owner"] |= known
    owner, form, reason = (
        [values.get(one.lead) or values.get(str(one.person), "") for one in found.hand_overs]
        for values in said.values()
    )
    deals = told(index, (*DEAL_EVENTS, DEAL_CONTACT_ADDED, DEAL_CONTACT_REMOVED), dataset, watch, "owners")
    names, lead_ids = texts(index, DEAL, deals.row), texts(index, "lead_id", deals.row)
    owners = {name: text for name, text in zip(names, texts(index, "owner", deals.row), strict=True) if text}
    owners |= known
    leads_of = {name: lead for name, lead in zip(names, lead_ids, strict=True) if lead}
    deal_of = _deals_of(found.hand_overs, found.deals, leads_of)
    sellers = [owners.get(deal.name, "") for deal in found.deals]
    for place, at in enumerate(deal_of):
        if at >= 0 and not sellers[at]:
            sellers[at] = owner[place]
    on_deals = dict(zip(reversed(deals.unit.tolist()), reversed(deals.time.tolist()), strict=True))
    return Sold(owner, form, reason, deal_of, _contacts(found.deals, deals, names), sellers, on_deals)


def _by_lead(index: Index, name: str, leads: Told) -> dict[str, str]:
    """Return the last text that events of each hand-over said, by its id, and by the person where it has none."""
    ids = texts(index, "lead_id", leads.row)
    found = zip(ids, leads.unit.tolist(), texts(index, name, leads.row), strict=True)
    return {lead or str(person): text for lead, person, text in found if text}


def _deals_of(hand_overs: Sequence[HandOver], deals: Sequence[Deal], leads_of: dict[str, str]) -> list[int]:
    named = {lead: at for at, deal in enumerate(deals) if (lead := leads_of.get(deal.name))}
    of_person: dict[int, list[int]] = {}
    for at, deal in enumerate(deals):
        if deal.name not in leads_of:
            of_person.setdefault(deal.person, []).append(at)
    found = []
    for one in hand_overs:
        own = (at for at in of_person.get(one.person, ()) if deals[at].at >= one.at)
        found.append(named[one.lead] if one.lead in named else next(own, -1))
    return found


def _contacts(deals: Sequence[Deal], events: Told, names: list[str]) -> list[int]:
    """Return how many people are on each deal: the one it is about, and those added."""
    people: dict[str, set[int]] = {deal.name: {deal.person} for deal in deals}
    for unit, at, name in zip(events.unit.tolist(), events.name.tolist(), names, strict=True):
        if at == len(DEAL_EVENTS) and name in people:
            people[name].add(unit)
        elif at == len(DEAL_EVENTS) + 1 and name in people:
            people[name].discard(unit)
    return [max(len(people[deal.name]), 1) for deal in deals]


def hand_over_steps(found: Funnels, sold: Sold, firsts: Firsts, calendar: Calendar) -> list[Step]:
    """Return the steps of hand-overs made in the period: not rejected for each reason, and became an opportunity."""
    places = [at for at, one in enumerate(found.hand_overs) if found.start <= one.at < found.end]
    own = [found.hand_overs[at] for at in places]
    if not own:
        return []
    unit, at = np.array([one.person for one in own], np.int64), np.array([one.at for one in own], np.int64)
    deals = [found.deals[sold.deal_of[place]] if sold.deal_of[place] >= 0 else None for place in places]
    went_on = np.array([deal is not None for deal in deals], np.bool_)
    waits = np.array([one.outcome == WAITING for one in own], np.bool_)
    answered = np.array([one.at if one.answered_at is None else one.answered_at for one in own], np.int64)
    ripe = _ripening(answered, deals)
    is_decided = ~waits & (answered <= found.until - ripe)
    people = firsts.of(firsts.places(unit))
    by_hand = (
        *people,
        Dimension("seller", column_of([sold.owner[place] for place in places])),
        Dimension("weekday", Column(weekdays(at, calendar.zone), WEEKDAYS)),
        Dimension("form", column_of([sold.form[place] for place in places])),
    )
    decided = [deal is None or deal.outcome != OPEN for deal in deals]
    accepted = np.array([deal is not None and deal.outcome in (WON, LOST) for deal in deals], np.bool_)
    won = int(sum(deal is not None and deal.outcome == WON for deal in deals))
    months = months_between(found.start, min(found.end, found.until))
    ids = [one.lead for one in own]
    opportunity = Share(won, int(accepted.sum()))
    turned = _rejections(own, [sold.reason[place] for place in places])
    steps = [
        Step(
            f"rejected:{reason}", "kept", unit, at, ~is_so, ~waits, (*people, by_hand[-1]),
            (Share(won, sum(decided) - int(waits.sum()) - int(is_so.sum())),), months, reason, ids,
        )
        for reason, is_so in turned.items()
    ]  # fmt: skip
    waited = waiting_dimensions(own, found.until, calendar)
    whole = (*waited, *by_hand)
    joint = Step(
        "handed_over", "opportunity", unit, at, went_on, is_decided, whole, (opportunity,), months, ids=ids,
        after=("rejected:",),
    )  # fmt: skip
    return [*steps, joint]


def _ripening(answered: Longs, deals: Sequence[Deal | None]) -> int:
    """Return how long (µs) after its answer a hand-over may still become an opportunity: nine in ten do sooner."""
    took = [deal.at - when for deal, when in zip(deals, answered.tolist(), strict=True) if deal is not None]
    return min(max(int(np.percentile(took, 90)), 0), LONGEST) if took else 0


def _rejections(own: Sequence[HandOver], reasons: Sequence[str]) -> dict[str, Bools]:
    told = [reason if one.outcome == REJECTED else "" for one, reason in zip(own, reasons, strict=True)]
    return {
        reason: np.array([each == reason for each in told], np.bool_)
        for reason, many in Counter(told).most_common()
        if reason and many >= LEAST_REJECTED
    }


def weekdays(at: Longs, zone: str) -> "np.ndarray[tuple[int], np.dtype[np.int32]]":
    """Return the weekday of each moment in a zone, Monday 0. 1970 began on a Thursday."""
    return ((local_days(at, zone) + 3) % 7).astype(np.int32)


def waiting_dimensions(own: Sequence[HandOver], until: int, calendar: Calendar) -> tuple[Dimension, ...]:
    """Return who waited: by the clock, by working time. All are compared: to leave out what still waits would hide the leak."""
    at = np.array([one.at for one in own], np.int64)
    # An aged-out one was answered by nobody.
    end = np.array([until if one.answered_at is None else one.answered_at for one in own], np.int64)
    wall = end - at
    everything = np.ones(len(own), np.bool_)
    names = {
        OVER_A_DAY: wall > DAY,
        OVER_A_WORKING_DAY: _over(at, end, wall, calendar, WORKING_DAY),
        OVER_FOUR_HOURS: _over(at, end, wall, calendar, FOUR_HOURS),
    }
    return tuple(
        Dimension(name, Column(is_so.astype(np.int32), [NO, YES]), everything, is_done_by_us=True, only=(YES,))
        for name, is_so in names.items()
    )


def _over(at: Longs, end: Longs, wall: Longs, calendar: Calendar, limit: timedelta) -> Bools:
    """Return which spans hold more working time than the limit."""
    found = wall > limit // timedelta(microseconds=1)
    for place in np.flatnonzero(found).tolist():
        over = due(calendar, clock.from_us(int(at[place])), limit)
        found[place] = over is not None and clock.from_us(int(end[place])) > over
    return found


def deal_steps(found: Funnels, sold: Sold, firsts: Firsts) -> list[Step]:
    """Return the step of deals created in the period that were won or lost."""
    places = [at for at, deal in enumerate(found.deals) if found.start <= deal.at < found.end]
    own = [found.deals[at] for at in places]
    if not own:
        return []
    unit, at = np.array([deal.person for deal in own], np.int64), np.array([deal.at for deal in own], np.int64)
    contacts = [ONE if sold.contacts[place] == 1 else SEVERAL for place in places]
    dimensions = (
        *firsts.of(firsts.places(unit)),
        Dimension("seller", column_of([sold.owners[place] for place in places])),
        Dimension("contacts", column_of(contacts), is_unproven=True, only=(ONE,)),
    )
    won = np.array([deal.outcome == WON for deal in own], np.bool_)
    decided = np.array([deal.outcome != OPEN for deal in own], np.bool_)
    months = months_between(found.start, min(found.end, found.until))
    ids = [deal.name for deal in own]
    return [Step("opportunity", "won", unit, at, won, decided, dimensions, (), months, ids=ids)]


def handed_share(found: Funnels, sold: Sold) -> Share:
    """Return won of decided hand-overs of the period: what still waits, and what has an open deal, is not decided."""
    won = decided = 0
    for place, one in enumerate(found.hand_overs):
        deal = found.deals[sold.deal_of[place]] if sold.deal_of[place] >= 0 else None
        if found.start <= one.at < found.end and one.outcome != WAITING and (deal is None or deal.outcome != OPEN):
            decided += 1
            won += deal is not None and deal.outcome == WON
    return Share(won, decided)
