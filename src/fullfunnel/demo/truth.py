"""What is true of the demo company: the numbers that a reader of its reports must find again (docs/demo.md)."""

from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Channel:
    """How people first come. `people`, `handed_over` and `won` are counts in a quarter of 90 days; spend is in whole euros."""

    name: str
    people: int
    handed_over: int
    won: int
    spend: int


@dataclass(frozen=True)
class Fates:
    """What becomes of hand-overs that were answered at one speed. Accepted = won + lost + open + no_deal."""

    waiting: int
    aged_out: int
    rejected: int
    recycled: int
    no_deal: int
    won: int
    lost: int
    open: int

    @property
    def total(self) -> int:
        return (
            self.waiting
            + self.aged_out
            + self.rejected
            + self.recycled
            + self.no_deal
            + self.won
            + self.lost
            + self.open
        )


@dataclass(frozen=True)
class Form:
    """The demo form on one kind of device: people who started it, and those whose form arrived."""

    started: int
    arrived: int
    # Field -> how many stopped there for good; the others left at the button.
    stopped: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Truth:
    """A quarter's truth. `fast` were answered within 24 hours, `slow` were not."""

    channels: tuple[Channel, ...]
    interested: int
    considering: int
    alone: int
    fast: Fates
    slow: Fates
    phone: Form
    desktop: Form
    few_country: Form
    single_contact_won: int
    single_contact_lost: int
    price: int = 9_600
    open_value: int = 322_400

    @property
    def people(self) -> int:
        return sum(channel.people for channel in self.channels)

    @property
    def handed_over(self) -> int:
        return sum(channel.handed_over for channel in self.channels)


HALDEN = Truth(
    channels=(
        Channel("google_ads", people=5_400, handed_over=150, won=5, spend=27_000),
        Channel("linkedin", people=1_800, handed_over=72, won=9, spend=21_600),
        Channel("guides", people=6_700, handed_over=96, won=8, spend=9_000),
        Channel("webinars", people=900, handed_over=54, won=7, spend=4_800),
        Channel("newsletter", people=1_400, handed_over=22, won=1, spend=0),
        Channel("direct", people=2_200, handed_over=18, won=1, spend=0),
    ),
    interested=5_520,
    considering=1_104,
    alone=58,
    fast=Fates(waiting=4, aged_out=0, rejected=32, recycled=21, no_deal=105, won=28, lost=48, open=26),
    slow=Fates(waiting=58, aged_out=21, rejected=17, recycled=12, no_deal=18, won=3, lost=14, open=5),
    phone=Form(
        started=240,
        arrived=74,
        stopped=(("employees", 125), ("name", 4), ("email", 8), ("phone", 7), ("pains", 8), ("consent", 8)),
    ),
    desktop=Form(
        started=290,
        arrived=180,
        stopped=(("name", 9), ("email", 11), ("phone", 8), ("employees", 22), ("pains", 18), ("consent", 22)),
    ),
    few_country=Form(started=19, arrived=1),
    single_contact_won=9,
    single_contact_lost=42,
)

# People who came first in each quarter, latest first; the oldest "quarter" is 40 days long. 60,000 in 400 days.
QUARTERS = ((90, 18_400), (90, 14_600), (90, 11_600), (90, 9_400), (40, 6_000))


def earlier(truth: Truth, people: int) -> Truth:
    """The same company in an earlier quarter with `people` newcomers: everything in proportion, nothing waiting or open any
    more, and the form not yet broken on phones."""

    def part(count: int) -> int:
        return round(count * people / truth.people)

    channels = tuple(
        replace(c, people=part(c.people), handed_over=part(c.handed_over), won=part(c.won)) for c in truth.channels
    )
    # Careful: rounding must not lose people, or the company would not have 60,000.
    channels = (
        replace(channels[0], people=channels[0].people + people - sum(c.people for c in channels)),
        *channels[1:],
    )
    won = sum(c.won for c in channels)
    slow = settled(truth.slow, part, won=won // 10)
    total = sum(c.handed_over for c in channels)
    fast = settled(truth.fast, part, won=won - slow.won)
    fast = replace(fast, no_deal=fast.no_deal + total - fast.total - slow.total)
    stopped = tuple((field, part(count)) for field, count in truth.desktop.stopped)
    healthy = Form(started=part(truth.phone.started), arrived=part(round(truth.phone.started * 0.6)), stopped=stopped)
    return replace(
        truth,
        channels=channels,
        interested=part(truth.interested),
        considering=part(truth.considering),
        alone=part(truth.alone),
        fast=fast,
        slow=slow,
        phone=healthy,
        desktop=Form(
            started=part(truth.desktop.started),
            arrived=min(part(truth.desktop.arrived), total - healthy.arrived),
            stopped=stopped,
        ),
        few_country=Form(0, 0),
        single_contact_won=min(part(truth.single_contact_won), won),
        single_contact_lost=part(truth.single_contact_lost),
    )


def settled(fates: Fates, part: Callable[[int], int], *, won: int) -> Fates:
    """An earlier quarter's fates: those still waiting were answered since, those still open were decided."""
    return Fates(
        waiting=0,
        aged_out=part(fates.aged_out + fates.waiting // 4),
        rejected=part(fates.rejected + fates.waiting // 4),
        recycled=part(fates.recycled),
        no_deal=part(fates.no_deal + fates.waiting // 2),
        won=won,
        lost=part(fates.lost + fates.open),
        open=0,
    )
