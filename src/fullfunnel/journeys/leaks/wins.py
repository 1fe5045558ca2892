"""What a win is worth: the amounts of deals that were won, or of orders where nobody sells."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.leaks.step import Money
from fullfunnel.journeys.leaks.told import texts, told
from fullfunnel.journeys.stages.deals import WON
from fullfunnel.journeys.stages.figures import Funnels
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

ORDER = "order_completed"
Amount = tuple[int, Decimal, str]


def wins_of(found: Funnels, index: Index, dataset: "Dataset", watch: Watch) -> Money:
    """Return the wins of the period; of all time where it has none. Only those of the currency that most of them have."""
    amounts = list(_deals(found) if found.has_sales else _orders(index, dataset, watch))
    own = [one for one in amounts if found.start <= one[0] < found.end] or amounts
    if not own:
        return Money()
    currency = Counter(one[2] for one in own).most_common(1)[0][0]
    return Money(tuple(amount for _, amount, of in own if of == currency), currency)


def _deals(found: Funnels) -> Iterable[Amount]:
    return (
        (deal.at, deal.amount, deal.currency)
        for deal in found.deals
        if deal.outcome == WON and deal.amount is not None and deal.amount > 0
    )


def _orders(index: Index, dataset: "Dataset", watch: Watch) -> Iterable[Amount]:
    orders = told(index, (ORDER,), dataset, watch)
    said = (texts(index, name, orders.row) for name in ("revenue", "currency"))
    for at, revenue, currency in zip(orders.time.tolist(), *said, strict=True):
        try:
            amount = Decimal(revenue)
        except InvalidOperation:
            continue
        if amount.is_finite() and amount > 0:
            yield at, amount, currency
