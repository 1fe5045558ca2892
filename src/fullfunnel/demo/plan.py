"""From truth to lives: who comes when, how far each gets. Pure, and the same for the same seed and end."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from fullfunnel.demo import places
from fullfunnel.demo.handovers import HandOver, hand_overs
from fullfunnel.demo.truth import HALDEN, QUARTERS, Form, Truth, earlier

VISITOR, INTERESTED, CONSIDERING = 0, 1, 2


@dataclass
class Life:
    """One person of the demo company, from the first visit on. `form`: started or arrived; empty: never begun.

    `stopped_at`: the field of it that they left it at; empty: none, or the button.

    `until` ends the quarter they came in, `end` the demo: customers and subscribers stay.
    """

    number: int
    channel: str
    device: str
    zone: str
    level: int
    first_at: datetime
    until: datetime
    form: str = ""
    stopped_at: str = ""
    alone: bool = False
    hand_over: HandOver | None = None
    is_ada: bool = False
    end: datetime | None = None
    rng: Random = field(default_factory=Random, repr=False)


def lives(
    end: datetime, *, seed: int = 1, truth: Truth = HALDEN, quarters: tuple[tuple[int, int], ...] = QUARTERS
) -> Iterator[Life]:
    """Everybody, oldest quarter first. `end` is the first moment after the demo: 00:00 in the company's zone."""
    blocks = []
    until = end
    for position, (days, people) in enumerate(quarters):
        start = days_before(until, days)
        blocks.append((start, until, truth if position == 0 else earlier(truth, people)))
        until = start
    number = 0
    for position, (start, stop, quarter) in enumerate(reversed(blocks)):
        rng = Random(f"{seed}-{position}")
        block = quarter_lives(quarter, start, stop, rng, is_last=stop == end)
        block.sort(key=lambda life: (life.first_at, life.channel))
        for life in block:
            number += 1
            life.number, life.end = number, end
            life.rng = Random(f"{seed}-{number}-life")
            yield life


def days_before(midnight: datetime, days: int) -> datetime:
    """The local midnight so many days earlier, as a time in UTC: a quarter of whole days may be an hour longer or shorter."""
    local = midnight.astimezone(places.HOME).replace(tzinfo=None) - timedelta(days=days)
    return local.replace(tzinfo=places.HOME).astimezone(UTC)


def last_midnight(now: datetime) -> datetime:
    """Midnight in the company's zone: the 90 days that the truth tells of end yesterday, as those of a page nearly do."""
    return now.astimezone(places.HOME).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def quarter_lives(truth: Truth, start: datetime, stop: datetime, rng: Random, *, is_last: bool) -> list[Life]:
    """The people who first come between `start` and `stop`, in the numbers that `truth` names."""
    handed = [
        life_of(hand_over, start, stop, rng) for hand_over in hand_overs(truth, start, stop, rng, is_last=is_last)
    ]
    room = {c.name: c.people - sum(life.channel == c.name for life in handed) for c in truth.channels}
    slots = [name for name, count in room.items() for _ in range(count)]
    rng.shuffle(slots)
    others = [newcomer(slot, start, stop, rng) for slot in slots]
    stop_at_form(truth, handed, others, rng, is_last=is_last)
    undecided = [life for life in others if life.level == VISITOR]
    alone = undecided[: truth.alone]
    for life in alone:
        life.alone, life.level = True, CONSIDERING
    rest = undecided[truth.alone :]
    considering = truth.considering - len(handed) - (len(others) - len(undecided)) - len(alone)
    for life in rest[: max(0, considering)]:
        life.level = CONSIDERING
    for life in rest[max(0, considering) :][: truth.interested - truth.considering]:
        life.level = INTERESTED
    for life in others:
        if life.level > VISITOR:
            # Somebody with several visits needs time for them before the quarter ends.
            days = rng.uniform(0.4, 4) + (1.5 if life.form else 0)
            life.first_at = min(life.first_at, stop - timedelta(days=days))
    return handed + others


def stop_at_form(truth: Truth, handed: list[Life], others: list[Life], rng: Random, *, is_last: bool) -> None:
    """Marks those who began the demo form and whose form never arrived."""
    missing = [("phone", field) for field in left_at(truth.phone)]
    missing += [("desktop", left) for left in left_at(truth.desktop)]
    few = truth.few_country.started - truth.few_country.arrived
    for position, (device, left) in enumerate(missing):
        life = others[position]
        life.device, life.form, life.level, life.stopped_at = device, "started", CONSIDERING, left
        life.zone = places.FEW_ZONE if len(missing) - position <= few else zone(rng)
    if is_last:
        ada = next(life for life in others if life.form and life.device == "phone" and life.channel == "linkedin")
        ada.is_ada, ada.zone, ada.stopped_at = True, "Europe/Berlin", "employees"
    arrived = [life for life in handed if life.form]
    for life in arrived[: truth.few_country.arrived]:
        life.zone = places.FEW_ZONE


def left_at(form: Form) -> list[str]:
    """The field at which each of those stopped whose form never arrived; "" for the button."""
    lost = form.started - form.arrived
    fields = [field for field, count in form.stopped for _ in range(count)][:lost]
    return fields + [""] * (lost - len(fields))


def life_of(hand_over: HandOver, start: datetime, stop: datetime, rng: Random) -> Life:
    """The life that led to a hand-over: most come a week before it, never before the quarter."""
    room = (hand_over.at - start) / timedelta(days=1)
    before = min(rng.lognormvariate(1.6, 0.8), max(0.05, room * rng.random()))
    region = places.REGIONS.get(hand_over.owner)
    return Life(
        number=0,
        channel=hand_over.channel,
        device=hand_over.device or device(rng),
        zone=rng.choice([z for z in region if z != places.FEW_ZONE]) if region else zone(rng),
        level=CONSIDERING,
        first_at=hand_over.at - timedelta(days=before),
        until=stop,
        form="arrived" if hand_over.via == "demo form" else "",
        hand_over=hand_over,
    )


def newcomer(channel: str, start: datetime, stop: datetime, rng: Random) -> Life:
    """Somebody who comes on a day of the quarter, at an hour when people are awake, and of whom nothing more is known yet."""
    days = round((stop - start) / timedelta(days=1))
    while True:
        day = start + timedelta(days=rng.randrange(days))
        # Clinics plan on weekdays: weekends bring two fifths of the visits.
        if day.weekday() < 5 or rng.random() < 0.4:
            break
    # Careful: the first and last hour stay empty, for where the clock changes they would lie in another day.
    at = day + timedelta(seconds=min(82_000, max(4_000, rng.gauss(13.5, 4.0) * 3600)))
    return Life(number=0, channel=channel, device=device(rng), zone=zone(rng), level=VISITOR, first_at=at, until=stop)


def device(rng: Random) -> str:
    return "phone" if rng.random() < 0.46 else "desktop"


def zone(rng: Random) -> str:
    return rng.choices([name for name, _ in places.ZONES], [weight for _, weight in places.ZONES])[0]
