"""What conversions are worth, as an answer about attribution tells it; and why it tells none."""

from typing import TYPE_CHECKING, Any

import numpy as np

from fullfunnel.core.suggest import closest_word, quoted
from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.attribution.money import is_amount, units_at
from fullfunnel.journeys.attribution.question import Attribution
from fullfunnel.journeys.attribution.shares import PLACES, money_text
from fullfunnel.journeys.datasets.dataset import AMOUNTS
from fullfunnel.journeys.folds.gather import Longs, codes_at
from fullfunnel.journeys.questions.shapes import ANY

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

Json = dict[str, Any]


class Money:
    """What the conversions are worth. currencies: their names (None: not told); amount, currency: of each conversion."""

    def __init__(self, question: Attribution, index: Index, rows: Longs) -> None:
        self.currencies: list[str | None] = []
        self.amount = self.currency = np.zeros(len(rows), np.int64)
        self.places: list[int] = []
        if question.value is None:
            return
        column = index.column(question.value)
        self.amount = units_at(column[0].values, codes_at(column, rows))
        named = index.column("currency")
        codes = codes_at(named, rows).astype(np.int64)
        used = np.unique(codes[self.amount != 0])
        # Where there is no amount, the currency is of no matter.
        self.currency = np.minimum(np.searchsorted(used, codes), max(len(used) - 1, 0)).astype(np.int64)
        self.currencies = [None if code < 0 else named[0].values[code] for code in used.tolist()]
        for at in range(len(used)):
            self.places.append(PLACES if (self.amount[self.currency == at] % 100).any() else 2)

    def told(self, at: int, units: int) -> Json:
        return {"currency": self.currencies[at], "amount": money_text(units, self.places[at])}


def notes_on_money(question: Attribution, index: Index, dataset: "Dataset", rows: Longs) -> list[Json]:
    """Why the conversions at `rows` are worth nothing, where that may be a mistake: their property is not there, or holds no money.

    As a refusal: [{"field", "message"}], or nothing. What some of them lack, or is 0, is no mistake.
    """
    if question.value is None or not len(rows):
        return []
    texts = _texts(question.value, index, rows)
    if any(map(is_amount, texts)):
        return []
    name = quoted(question.value)
    message = f"holds no amount of money, such as 99.90, in any conversion: {name}"
    if not texts:
        events = [] if ANY in question.conversion.events else question.conversion.events
        meant = closest_word(question.value, dict.fromkeys([AMOUNTS[0], *dataset.names.event_properties(events)]))
        hint = f"; did you mean {quoted(meant)}?" if meant and _texts(meant, index, rows) else ""
        message = f"is a property that no conversion has: {name}{hint}"
    return [{"field": "conversion.value", "message": message}]


def _texts(name: str, index: Index, rows: Longs) -> list[str]:
    """The values that the events at `rows` have of a property."""
    column = index.column(name)
    return [column[0].values[code] for code in np.unique(codes_at(column, rows)).tolist() if code >= 0]
