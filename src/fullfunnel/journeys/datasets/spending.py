"""What a workspace spent on being found, as questions about returns need it. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Program(NamedTuple):
    """A campaign. tags: values of `campaign` that are its visits; without any, all of its group that carry none.

    channel: in Google's default grouping; group: by the workspace's rules.
    """

    key: str
    name: str
    channel: str
    group: str
    tags: tuple[str, ...] = ()


class Spent(NamedTuple):
    """What was spent on a day, in the spending's currency. program: the key of its campaign, "" where it belongs to none."""

    day: date
    program: str
    amount: Decimal
    impressions: int = 0
    clicks: int = 0


class Unconverted(NamedTuple):
    """Spend in a currency that has no rate on its day."""

    day: date
    program: str
    amount: Decimal
    currency: str


def _no_rate(currency: str, day: date) -> Decimal | None:
    return None


@dataclass(frozen=True)
class Spending:
    """margin: the gross one, None where nobody said. unmatched: spend that belongs to no campaign, of which nothing is returned.

    until: the last day of spend by platform, and platforms: those of each campaign. rate: what a unit of a currency is worth.
    """

    currency: str = "EUR"
    margin: Decimal | None = None
    programs: tuple[Program, ...] = ()
    spent: tuple[Spent, ...] = ()
    unmatched: tuple[Spent, ...] = ()
    unconverted: tuple[Unconverted, ...] = ()
    until: Mapping[str, date] = field(default_factory=dict)
    platforms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rate: Callable[[str, date], Decimal | None] = field(default=_no_rate, repr=False, compare=False)


@dataclass(frozen=True)
class SpendingSource:
    """stamp: changes whenever the spending does; load: the spending."""

    stamp: str = ""
    load: Callable[[], Spending] = field(default=Spending, repr=False, compare=False)
