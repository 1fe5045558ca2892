"""The hand-overs of a quarter: each with its channel, speed, outcome, deal and dates, so that the sums are the truth's."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from fullfunnel.demo.truth import Fates, Truth

OWNERS = ("Bob", "Dana", "Emil")
WAITING, AGED_OUT, REJECTED, RECYCLED, ACCEPTED = "waiting", "aged_out", "rejected", "recycled", "accepted"


@dataclass
class HandOver:
    """A person handed to sales. `fate` is the deal's: won, lost, open, or empty without a deal."""

    outcome: str
    fate: str
    slow: bool
    at: datetime
    owner: str = "Bob"
    channel: str = ""
    via: str = "score"
    device: str = ""
    answered_at: datetime | None = None
    decided_at: datetime | None = None
    amount: int = 0
    several_contacts: bool = False


def hand_overs(truth: Truth, start: datetime, stop: datetime, rng: Random, *, is_last: bool) -> list[HandOver]:
    """All hand-overs between `start` and `stop`, in the numbers that `truth` names."""
    made = [one for fates, slow in ((truth.fast, False), (truth.slow, True)) for one in with_fates(fates, slow, start)]
    rng.shuffle(made)
    give_channels(made, truth, rng)
    give_forms(made, truth, rng)
    waiting = [one for one in made if one.outcome == WAITING]
    for position, one in enumerate(sorted(waiting, key=lambda one: not one.slow)):
        # 41 of the 62 that wait are with Emil.
        one.owner = "Emil" if position < len(waiting) * 2 // 3 else rng.choice(("Bob", "Dana"))
    for one in made:
        if one.outcome != WAITING:
            one.owner = rng.choices(OWNERS, (14, 16, 70) if one.slow else (45, 40, 15))[0]
        give_dates(one, start, stop, rng)
    give_deals(made, truth, rng)
    return made


def with_fates(fates: Fates, slow: bool, at: datetime) -> list[HandOver]:
    """One hand-over for each that `fates` counts; dates follow."""
    kinds = [(WAITING, ""), (AGED_OUT, ""), (REJECTED, ""), (RECYCLED, ""), (ACCEPTED, "")]
    counts = [fates.waiting, fates.aged_out, fates.rejected, fates.recycled, fates.no_deal]
    kinds += [(ACCEPTED, fate) for fate in ("won", "lost", "open")]
    counts += [fates.won, fates.lost, fates.open]
    return [
        HandOver(outcome, fate, slow, at)
        for (outcome, fate), count in zip(kinds, counts, strict=True)
        for _ in range(count)
    ]


def give_channels(made: list[HandOver], truth: Truth, rng: Random) -> None:
    """Wins go to channels as the truth counts them; what is left of each channel goes to the others."""
    won = [c.name for c in truth.channels for _ in range(c.won)]
    other = [c.name for c in truth.channels for _ in range(c.handed_over - c.won)]
    rng.shuffle(won)
    rng.shuffle(other)
    for one in made:
        one.channel = (won if one.fate == "won" else other).pop()


def give_forms(made: list[HandOver], truth: Truth, rng: Random) -> None:
    """So many came by the demo form on a phone, so many on a desktop; the rest by contact form or by score."""
    for position, one in enumerate(made):
        if position < truth.phone.arrived:
            one.via, one.device = "demo form", "phone"
        elif position < truth.phone.arrived + truth.desktop.arrived:
            one.via, one.device = "demo form", "desktop"
        else:
            one.via = rng.choice(("contact form", "score"))


def give_dates(one: HandOver, start: datetime, stop: datetime, rng: Random) -> None:
    """When it was handed over, answered and decided; each fate needs its time before the quarter ends."""
    days = round((stop - start) / timedelta(days=1))
    if one.outcome == WAITING:
        first, last = (days - 13.0, days - 1.05) if one.slow else (days - 0.9, days - 0.05)
    elif one.outcome == AGED_OUT:
        first, last = 1.0, days - 16.0
    elif one.fate in ("won", "lost"):
        first, last = 1.0, days - 12.0
    else:
        first, last = 1.0, days - 6.0
    at = start + timedelta(days=rng.uniform(first, last))
    if one.outcome != WAITING:
        at = friday_afternoon(at, rng) if one.slow and one.owner != "Emil" else in_office_hours(at, rng)
    one.at = max(start + timedelta(hours=6), at)
    if one.outcome in (ACCEPTED, REJECTED, RECYCLED):
        hours = rng.uniform(25, 110) if one.slow else min(23.4, rng.lognormvariate(1.1, 0.9))
        one.answered_at = min(one.at + timedelta(hours=hours), stop - timedelta(minutes=5))
    elif one.outcome == AGED_OUT:
        one.answered_at = one.at + timedelta(days=14)
    if one.fate in ("won", "lost") and one.answered_at is not None:
        room = (stop - one.answered_at) / timedelta(days=1) - 0.5
        one.decided_at = one.answered_at + timedelta(days=min(rng.uniform(5, 34), room * rng.uniform(0.5, 1)))


def in_office_hours(at: datetime, rng: Random) -> datetime:
    """The same day or the Monday after, between 7 and 17, and not on a Friday afternoon."""
    if at.weekday() > 4:
        at += timedelta(days=7 - at.weekday())
    latest = 12.5 if at.weekday() == 4 else 17.0
    return at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(hours=rng.uniform(7, latest))


def friday_afternoon(at: datetime, rng: Random) -> datetime:
    """The Friday of the week before, or that day, between 13 and 18."""
    at -= timedelta(days=(at.weekday() - 4) % 7)
    return at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(hours=rng.uniform(13, 18))


def give_deals(made: list[HandOver], truth: Truth, rng: Random) -> None:
    """Amounts and contacts: what is open adds up to `open_value`; deals with one contact win seldom."""
    for fate, alone in (("won", truth.single_contact_won), ("lost", truth.single_contact_lost)):
        deals = [one for one in made if one.fate == fate]
        for position, one in enumerate(deals):
            one.amount = truth.price
            one.several_contacts = position >= alone
    deals = [one for one in made if one.fate == "open"]
    mean = truth.open_value // len(deals) if deals else 0
    for position, one in enumerate(deals):
        # In pairs around the mean, so that the sum stays exact.
        spread = 400 * (position // 2 % 12) * (1 if position % 2 else -1)
        one.amount = mean + (spread if position < len(deals) // 2 * 2 else 0)
        one.several_contacts = rng.random() < 0.4
