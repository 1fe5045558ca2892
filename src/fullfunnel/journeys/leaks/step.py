"""What a step is to whoever looks for leaks: things that reached it, which went on, and what is known of each."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.journeys import Column
from fullfunnel.journeys.folds.gather import Longs

Json = dict[str, Any]
Bools = NDArray[np.bool_]
MONTH = 30 * 86_400_000_000


@dataclass(frozen=True)
class Dimension:
    """What things are grouped by. column: a code each, -1 where it is not known.

    things: which are compared by it, None: those of the step that are decided. is_done_by_us: it hits the whole group, not only
    who was lost. is_unproven: it may as well follow from going on. only: the values that are
    groups, empty: all. none_counts: things without a value are among the others.
    """

    name: str
    column: Column
    things: Bools | None = None
    is_done_by_us: bool = False
    is_unproven: bool = False
    only: tuple[str, ...] = ()
    none_counts: bool = False


@dataclass(frozen=True)
class Share:
    """Of `decided` so many were won."""

    won: int
    decided: int

    @property
    def rate(self) -> float:
        return self.won / self.decided if self.decided else 0.0


# A form nearly all of whose senders are handed over hands over.
NEARLY_ALL = 0.95


@dataclass(frozen=True)
class Goal:
    """What all steps lead to: being handed over, where people sell, else buying. at: when each person of the moves reached it.

    units: who reached it; win: of those, how many were won.
    """

    at: Longs
    units: Longs
    win: tuple[Share, ...]

    def from_here(self, reached: Share) -> tuple[Share, ...]:
        return self.win if reached.rate >= NEARLY_ALL else (reached, *self.win)


@dataclass(frozen=True)
class Step:
    """Things that reached a step in a period. unit: the person each is about; at: when (µs); ids: of hand-overs and deals.

    is_decided: False for what is pending; such things are in no rate. win: of those who go on, how many go on again and are won,
    a link each. months: how long the decided ones took to come. after: steps, by the beginning of their keys, whose losses are losses here too.
    """

    key: str
    to: str
    unit: Longs
    at: Longs
    went_on: Bools
    is_decided: Bools
    dimensions: tuple[Dimension, ...]
    win: tuple[Share, ...]
    months: float
    label: str = ""
    ids: list[str] = field(default_factory=list)
    after: tuple[str, ...] = ()
    is_priced: bool = True

    def things_of(self, dimension: Dimension) -> Bools:
        things = self.is_decided if dimension.things is None else dimension.things
        return things if dimension.none_counts else things & (dimension.column.codes >= 0)

    def totals(self) -> Json:
        decided = int(self.is_decided.sum())
        went_on = int((self.is_decided & self.went_on).sum())
        pending = len(self.unit) - decided
        return {"reached": len(self.unit), "went_on": went_on, "lost": decided - went_on, "pending": pending}


@dataclass(frozen=True)
class Money:
    """What wins are worth: their amounts in one currency, the one that most wins have."""

    amounts: tuple[Decimal, ...] = ()
    currency: str = ""

    @property
    def mean(self) -> Decimal:
        return sum(self.amounts, Decimal(0)) / len(self.amounts) if self.amounts else Decimal(0)


def column_of(texts: list[str]) -> Column:
    """Return texts as a column; "" is not known."""
    index: dict[str, int] = {}
    codes = [index.setdefault(text, len(index)) if text else -1 for text in texts]
    return Column(np.array(codes, np.int32), list(index))


def months_between(start: int, end: int) -> float:
    return max((end - start) / MONTH, 1 / 30)
