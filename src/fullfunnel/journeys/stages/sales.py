"""Hand-overs and deals of a dataset, out of its lead_… and deal_… events."""

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from fullfunnel.events.conditions import DEAL, SENT_BY, Condition
from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.folds.gather import Longs, codes_at, taken
from fullfunnel.journeys.folds.step_matching import StepMatching
from fullfunnel.journeys.questions.shapes import Matcher
from fullfunnel.journeys.stages.deals import DEAL_EVENTS, Deal, Told, deals_of
from fullfunnel.journeys.stages.ledger import ACTIVITY, LEAD_EVENTS, TAKEN_BACK, Ledger, Said, ledger_of
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

T = TypeVar("T")
# Of a column: one event in so many is told before the watch is looked at.
AT_ONCE = 65_536
# Of a hand-over by score: "55/50", its fit and engagement.
BY_SCORE = "by_score"


class _Rows(NamedTuple):
    """Events in order of (time, seq). name: its number in index.names."""

    unit: Longs
    time: Longs
    row: Longs
    name: Longs


def ledger_in(index: Index, dataset: "Dataset", watch: Watch) -> Ledger:
    """Return the ledger of all hand-overs. index: of people and contacts unknown."""
    inbound = Condition("direction", "!=", ("in",))
    rows = _rows(
        index, [Matcher(LEAD_EVENTS), Matcher((ACTIVITY,), (inbound,)), Matcher((TAKEN_BACK,))], dataset, watch
    )
    names = _names(index, rows)
    leads, sources = _texts(index, "lead_id", rows), _codes(index, SENT_BY, rows)
    scores = [_score(text) for text in _texts(index, BY_SCORE, rows)]
    told = zip(names, rows.time.tolist(), rows.unit.tolist(), sources, leads, scores, strict=True)
    stands = _standing(index, rows, names)
    return ledger_of(_watched((Said(*one) for one, is_kept in zip(told, stands, strict=True) if is_kept), watch))


def _score(text: str) -> tuple[int, int] | None:
    fit, _, engagement = text.partition("/")
    return (int(fit), int(engagement)) if fit.isdecimal() and engagement.isdecimal() else None


def _standing(index: Index, rows: _Rows, names: list[str]) -> list[bool]:
    """Whether each event counts: an activity that was taken back does not, nor does what took it back."""
    if TAKEN_BACK not in names:
        return [True] * len(names)
    activities = _texts(index, "activity", rows)
    gone = {what for what, name in zip(activities, names, strict=True) if name == TAKEN_BACK}
    return [
        name not in (ACTIVITY, TAKEN_BACK) or what not in gone for what, name in zip(activities, names, strict=True)
    ]


def deals_in(index: Index, dataset: "Dataset", watch: Watch) -> list[Deal]:
    """Return all deals. index: of people and contacts unknown."""
    rows = _rows(index, [Matcher(DEAL_EVENTS)], dataset, watch)
    deals = _codes(index, DEAL, rows)
    amounts, revenues = _amounts(index, "amount", rows), _amounts(index, "revenue", rows)
    money = [amount if revenue is None else revenue for amount, revenue in zip(amounts, revenues, strict=True)]
    texts = [_texts(index, name, rows) for name in ("currency", "type")]
    told = zip(_names(index, rows), rows.time.tolist(), rows.unit.tolist(), deals, money, *texts, strict=True)
    found = deals_of(_watched((Told(*one) for one in told if one[3] >= 0), watch))
    names = index.column(DEAL)[0].values
    for deal in found:
        deal.name = names[deal.number]
    return found


def _rows(index: Index, matchers: Sequence[Matcher], dataset: "Dataset", watch: Watch) -> _Rows:
    sought = StepMatching(index, matchers, dataset, "owners")

    def read(begin: int, end: int) -> tuple[Longs, Longs, Longs]:
        found = sought.gather(begin, end)
        unit = np.repeat(np.arange(begin, end), np.diff(found.offsets))
        kept = found.bits != 0
        return unit[kept], found.time[kept], found.row[kept]

    parts = sought.each_portion(watch, read) or [read(0, 0)]
    unit, time, row = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((taken((index.parts[0].seq, index.parts[1].seq), row), time))
    row = row[order]
    name = taken((index.parts[0].name, index.parts[1].name), row).astype(np.int64)
    return _Rows(index.units[unit[order]], time[order], row, name)


def _names(index: Index, rows: _Rows) -> list[str]:
    return [index.names[name] for name in rows.name.tolist()]


def _codes(index: Index, name: str, rows: _Rows) -> list[int]:
    found: list[int] = codes_at(index.column(name), rows.row).tolist()
    return found


def _texts(index: Index, name: str, rows: _Rows) -> list[str]:
    values = [*index.column(name)[0].values, ""]
    return [values[code] for code in _codes(index, name, rows)]


def _amounts(index: Index, name: str, rows: _Rows) -> list[Decimal | None]:
    codes = _codes(index, name, rows)
    values = index.column(name)[0].values
    known = {code: _decimal(values[code]) for code in set(codes) if code >= 0}
    return [known.get(code) for code in codes]


def _decimal(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _watched(things: Iterator[T], watch: Watch) -> Iterator[T]:
    for number, thing in enumerate(things):
        if number % AT_ONCE == 0:
            watch.check()
        yield thing
