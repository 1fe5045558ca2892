"""The answer to an attribution question, as docs/asking.md writes it."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.analytics.attribution.models import ADD_UP
from fullfunnel.analytics.attribution.money import units_at
from fullfunnel.analytics.attribution.shapley import MOST_PLAYERS
from fullfunnel.analytics.attribution.shares import PARTS, PLACES, apportioned, divided, money_text
from fullfunnel.analytics.folds.credits import LIMB, Journeys
from fullfunnel.analytics.folds.earned import Earned, earn
from fullfunnel.analytics.folds.gather import Longs, codes_at, still
from fullfunnel.analytics.folds.ranges import each_of
from fullfunnel.analytics.folds.sought import codes_of_groups
from fullfunnel.analytics.folds.touches import NOT_SET, Touched, joined, read_touches, value_column
from fullfunnel.analytics.questions.attribution import Attribution
from fullfunnel.analytics.questions.shapes import Step
from fullfunnel.analytics.watch import Watch
from fullfunnel.core import clock
from fullfunnel.events.names import PAGE_VIEWED
from fullfunnel.events.store.journeys import Index

if TYPE_CHECKING:
    from fullfunnel.analytics.worlds.world import World

Json = dict[str, Any]
OTHER = "(other)"


def answer_attribution(question: Attribution, world: "World", watch: Watch) -> Json:
    """{"kind", "by", "models", "conversions", "unattributed", "totals", "rows", "disagreement", "groups"?, "data_until"}."""
    index = world.index()
    parts, seen = read_touches(question, index, world, watch)
    values, numbers = _named(question, index, seen)
    parts = each_of(parts, lambda part: part._replace(touch_code=numbers[part.touch_code + 1]), watch)
    money = _Money(question, index, np.concatenate([part.row for part in parts]))
    answer: Json = {"kind": "attribution", "by": question.by}
    answer["models"] = [{"model": name, "adds_up": name in ADD_UP} for name in question.models]
    ends = np.cumsum([part.conversions for part in parts]).tolist()
    everything = [
        _journeys(part, money, slice(end - part.conversions, end), values)
        for part, end in zip(parts, ends, strict=True)
    ]
    # The question itself is the seed, so that it is answered with the same ranges until other events come.
    answer |= _credited(question, values, money, earn(question, everything, watch, repr(question)))
    if question.breakdown:
        answer["groups"] = [
            {"value": group}
            | _credited(question, values, money, earn(question, [journeys], watch, repr((question, group))))
            for group, journeys in _groups(question, index, world, joined(parts), money, values)
        ]
    return answer | {"data_until": clock.from_us(world.data_until).isoformat().replace("+00:00", "Z")}


class _Money:
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


def _named(question: Attribution, index: Index, seen: Longs) -> tuple[list[str], NDArray[np.int32]]:
    """The values by how many touches of conversions have them, beyond the limit as "(other)"; and the number of each code + 1 there."""
    weights, met, all_met = seen.tolist()
    names = [NOT_SET, *value_column(question, index)[0].values]
    # A value that no journey has is told, with nothing, but takes nobody's place.
    present = sorted(np.flatnonzero(all_met).tolist(), key=lambda at: (-weights[at], not met[at], names[at]))
    kept = present[: question.limit]
    values = [names[at] for at in kept]
    # Shapley knows so many values; what is beyond needs a name there.
    if len(present) > len(kept) or ("shapley" in question.models and len(kept) > MOST_PLAYERS + 1):
        values.append(OTHER)
    numbers = np.full(len(names), len(kept), np.int32)
    numbers[kept] = np.arange(len(kept))
    return values, numbers


def _journeys(part: Touched, money: _Money, conversions: slice | Longs, values: list[str]) -> Journeys:
    """`conversions`: which of all those of `part` are."""
    places = (part.low, part.high, part.lead, part.opportunity)
    worth = (money.amount[conversions], money.currency[conversions])
    arrays = (part.touch_time, part.touch_code, part.touch_direct, *places, *worth)
    return Journeys._make([*(still(one) for one in arrays), len(values), len(money.currencies)])


def _groups(
    question: Attribution, index: Index, world: "World", touched: Touched, money: _Money, values: list[str]
) -> Iterator[tuple[str | None, Journeys]]:
    """The groups by their conversions, the largest first; beyond the limit together. Who went away is in the person's group, or in all."""
    breakdown = question.breakdown
    assert breakdown is not None  # noqa: S101
    conversions = touched.conversions
    column = codes_of_groups(breakdown, index, world, touched.row, touched.unit[:conversions])
    sizes = np.bincount(column.codes + 1, minlength=len(column.values) + 1)
    texts = [None, *column.values]
    order = sorted(np.flatnonzero(sizes).tolist(), key=lambda at: (-sizes[at], at > 0, texts[at] or ""))
    # The group of each code + 1: -1 where no conversion has it.
    groups = np.full(len(texts), -1, np.int64)
    groups[order] = np.minimum(np.arange(len(order)), breakdown.limit)
    names = [texts[at] for at in order[: breakdown.limit]] + [OTHER] * (len(order) > breakdown.limit)
    own = _places(groups[column.codes + 1], len(names))
    if breakdown.of == "event":
        gone = [np.arange(conversions, len(touched.unit))] * len(names)
    else:
        rest = codes_of_groups(breakdown, index, world, touched.row[:0], touched.unit[conversions:]).codes
        gone = [conversions + places for places in _places(groups[rest + 1], len(names))]
    for name, at, away in zip(names, own, gone, strict=True):
        both = np.concatenate([at, away])
        part = touched._replace(low=touched.low[both], high=touched.high[both])
        part = part._replace(row=touched.row[at], lead=touched.lead[at], opportunity=touched.opportunity[at])
        yield name, _journeys(part, money, at, values)


def _places(group: Longs, groups: int) -> list[Longs]:
    """Where each of the groups is, in rising order."""
    order = np.argsort(group, kind="stable")
    return np.split(order, np.searchsorted(group[order], np.arange(groups + 1)))[1:-1]


def _credited(question: Attribution, values: list[str], money: _Money, found: Earned) -> Json:
    names = [*values, None]
    order = _order(question, found)
    rows = [
        row
        for m, model in enumerate(question.models)
        for row in _rows(found, m, model, [(at, names[at]) for at in order], money)
    ]
    return {
        "conversions": found.conversions,
        "unattributed": found.unattributed,
        "totals": [money.told(c, total) for c, total in enumerate(found.totals)],
        "rows": rows,
        "disagreement": _disagreement(question, found, [(at, names[at]) for at in order[:-1]]),
    }


def _order(question: Attribution, found: Earned) -> list[int]:
    """The values by what the models that add up give them on average, the largest first; "no touch" last."""
    adding = [m for m, name in enumerate(question.models) if name in ADD_UP] or [0]
    means = np.nansum(found.shares[adding], axis=0)
    return [*sorted(range(len(means) - 1), key=lambda at: (-means[at], at)), len(means) - 1]


def _rows(found: Earned, m: int, model: str, order: list[tuple[int, str | None]], money: _Money) -> Iterator[Json]:
    amounts = [_amounts(found, m, model, c, places) for c, places in enumerate(money.places)]
    for at, value in order:
        share = found.shares[m, at]
        if np.isnan(share):
            continue
        if model in found.rules:
            conversions = int(found.parts[found.rules.index(model), at]) / PARTS
        else:
            conversions = float(share) * found.conversions
        row: Json = {"model": model, "value": value, "conversions": conversions, "share": float(share)}
        if found.low is not None and found.high is not None:
            row |= {"low": float(found.low[m, at]), "high": float(found.high[m, at])}
        row["amounts"] = [money.told(c, units[at]) for c, units in enumerate(amounts)]
        yield row


def _amounts(found: Earned, m: int, model: str, c: int, places: int) -> list[int]:
    """A model's amounts of a currency by value, in ten-thousandths. Of a model that adds up they sum to the total."""
    step = 1 if places == PLACES else 100
    if model in found.rules:
        rule = found.rules.index(model)
        upper, lower = found.money[0, rule, :, c].tolist(), found.money[1, rule, :, c].tolist()
        exact = [Fraction(a * LIMB + b, PARTS * step) for a, b in zip(upper, lower, strict=True)]
        whole = apportioned(exact, found.totals[c] // step) if model in ADD_UP else [int(one) for one in exact]
        return [one * step for one in whole]
    earned = [Fraction(share) for share in np.nan_to_num(found.shares[m, :-1]).tolist()]
    touched = (found.totals[c] - found.untouched[c]) // step
    whole = divided(touched, earned) if any(earned) else [0] * len(earned)
    return [one * step for one in whole] + [found.untouched[c]]


def _disagreement(question: Attribution, found: Earned, order: list[tuple[int, str | None]]) -> list[Json]:
    """Of each value, which of the models that add up gives it least and which most; of equals, the first."""
    said = [(m, name) for m, name in enumerate(question.models) if name in ADD_UP]
    rows: list[Json] = []
    for at, value in order:
        shares = [(float(found.shares[m, at]), name) for m, name in said if not np.isnan(found.shares[m, at])]
        if not shares:
            continue
        low, high = min(shares, key=lambda one: one[0]), max(shares, key=lambda one: one[0])
        rows.append(
            {"value": value, "low_model": low[1], "low_share": low[0], "high_model": high[1], "high_share": high[0]}
        )
    return rows


def warm() -> None:
    """Has what attribution needs compiled, so that no question waits for it."""
    from fullfunnel.analytics.worlds.file import world_of_rows

    rows = [{"person": "a", "event": name, "timestamp": at} for at, name in enumerate([PAGE_VIEWED, "won"])]
    for touches in (None, Step((PAGE_VIEWED,))):
        question = Attribution(Step(("won",)), Step(("lead",)), Step(("deal",)), "worth", touches)
        answer_attribution(question, world_of_rows(rows), Watch())
