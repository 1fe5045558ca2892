"""The answer to an attribution question, as docs/spec/questions.md writes it."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.core import clock
from fullfunnel.events.names import PAGE_VIEWED
from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.attribution.amounts import Money, notes_on_money
from fullfunnel.journeys.attribution.credits import LIMB, Journeys
from fullfunnel.journeys.attribution.model_totals import ModelTotals, earn
from fullfunnel.journeys.attribution.models import ADD_UP
from fullfunnel.journeys.attribution.question import Attribution
from fullfunnel.journeys.attribution.shapley import MAX_PLAYERS
from fullfunnel.journeys.attribution.shares import PARTS, PLACES, apportioned, divided
from fullfunnel.journeys.attribution.touches import NOT_SET, Touched, joined, read_touches, value_column
from fullfunnel.journeys.folds.gather import Longs, still
from fullfunnel.journeys.folds.step_matching import codes_of_groups
from fullfunnel.journeys.questions.shapes import Step
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

Json = dict[str, Any]
OTHER = "(other)"
# Conversions and shares are told with so many decimals.
DECIMALS = 8


def answer_attribution(question: Attribution, dataset: "Dataset", watch: Watch) -> Json:
    """{"kind", "by", "models", "conversions", "unattributed", "totals", "rows", "disagreement", "groups"?, "notes"?, "data_until"}."""
    index = dataset.index()
    parts, seen = read_touches(question, index, dataset, watch)
    values, numbers = _named(question, index, seen)
    parts = [part._replace(touch_code=numbers[part.touch_code]) for part in parts]
    rows = np.concatenate([part.row for part in parts])
    money = Money(question, index, rows)
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
            for group, journeys in _groups(question, index, dataset, joined(parts), money, values)
        ]
    if notes := notes_on_money(question, index, dataset, rows):
        answer["notes"] = notes
    return answer | {"data_until": clock.from_us(dataset.facts.data_until).isoformat().replace("+00:00", "Z")}


def _named(question: Attribution, index: Index, seen: Longs) -> tuple[list[str], NDArray[np.int32]]:
    """The values by how many touches of conversions have them, beyond the limit as "(other)"; and the number of each code there, of no value at the end."""
    weights, met, all_met = seen.tolist()
    names = [NOT_SET, *value_column(question, index)[0].values]
    # A value that no journey has is told, with nothing, but takes nobody's place.
    present = sorted(np.flatnonzero(all_met).tolist(), key=lambda at: (-weights[at], not met[at], names[at]))
    kept = present[: question.limit]
    values = [names[at] for at in kept]
    # Shapley knows so many values; what is beyond needs a name there.
    if len(present) > len(kept) or ("shapley" in question.models and len(kept) > MAX_PLAYERS + 1):
        values.append(OTHER)
    numbers = np.full(len(names), len(kept), np.int32)
    numbers[kept] = np.arange(len(kept))
    return values, np.roll(numbers, -1)


def _journeys(part: Touched, money: Money, conversions: slice | Longs, values: list[str]) -> Journeys:
    """`conversions`: which of all those of `part` are."""
    places = (part.low, part.high, part.lead, part.opportunity)
    worth = (money.amount[conversions], money.currency[conversions])
    arrays = (part.touch_time, part.touch_code, part.touch_direct, *places, *worth)
    return Journeys._make([*(still(one) for one in arrays), len(values), len(money.currencies)])


def _groups(
    question: Attribution, index: Index, dataset: "Dataset", touched: Touched, money: Money, values: list[str]
) -> Iterator[tuple[str | None, Journeys]]:
    """The groups by their conversions, the largest first; beyond the limit together. Who went away is in the person's group, or in all."""
    breakdown = question.breakdown
    assert breakdown is not None  # noqa: S101
    conversions = touched.conversions
    column = codes_of_groups(breakdown, index, dataset, touched.row, touched.unit[:conversions])
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
        rest = codes_of_groups(breakdown, index, dataset, touched.row[:0], touched.unit[conversions:]).codes
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


def _credited(question: Attribution, values: list[str], money: Money, found: ModelTotals) -> Json:
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


def _order(question: Attribution, found: ModelTotals) -> list[int]:
    """The values by what the models that add up give them on average, the largest first; "no touch" last."""
    adding = [m for m, name in enumerate(question.models) if name in ADD_UP] or [0]
    means = np.nansum(found.shares[adding], axis=0)
    return [*sorted(range(len(means) - 1), key=lambda at: (-means[at], at)), len(means) - 1]


def _rows(found: ModelTotals, m: int, model: str, order: list[tuple[int, str | None]], money: Money) -> Iterator[Json]:
    amounts = [_amounts(found, m, model, c, places) for c, places in enumerate(money.places)]
    conversions = _conversions(found, m, model)
    for at, value in order:
        share = found.shares[m, at]
        if np.isnan(share):
            continue
        row: Json = {"model": model, "value": value, "conversions": conversions[at] / 10**DECIMALS}
        row["share"] = _told(share)
        if found.low is not None and found.high is not None:
            row |= {"low": _told(found.low[m, at]), "high": _told(found.high[m, at])}
        row["amounts"] = [money.told(c, units[at]) for c, units in enumerate(amounts)]
        yield row


def _told(share: float) -> float:
    return round(float(share), DECIMALS)


def _conversions(found: ModelTotals, m: int, model: str) -> list[int]:
    """A model's conversions by value, in units of the last decimal. Of a model that adds up they sum to all conversions."""
    unit = 10**DECIMALS
    if model not in found.rules:
        return _by_share(found, m, found.conversions * unit, found.unattributed * unit)
    parts = found.parts[found.rules.index(model)].tolist()
    return _whole([one * unit for one in parts], PARTS, model, found.conversions * unit)


def _amounts(found: ModelTotals, m: int, model: str, c: int, places: int) -> list[int]:
    """A model's amounts of a currency by value, in ten-thousandths. Of a model that adds up they sum to the total."""
    step = 1 if places == PLACES else 100
    total, untouched = found.totals[c] // step, found.untouched[c] // step
    if model not in found.rules:
        return [one * step for one in _by_share(found, m, total, untouched)]
    rule = found.rules.index(model)
    upper, lower = found.money[0, rule, :, c].tolist(), found.money[1, rule, :, c].tolist()
    parts = [a * LIMB + b for a, b in zip(upper, lower, strict=True)]
    return [one * step for one in _whole(parts, PARTS * step, model, total)]


def _whole(parts: list[int], over: int, model: str, total: int) -> list[int]:
    return apportioned(parts, over, total) if model in ADD_UP else [int(Fraction(part, over)) for part in parts]


def _by_share(found: ModelTotals, m: int, total: int, untouched: int) -> list[int]:
    """The same for a model that says shares: what touches came before is divided by them; "no touch" has the rest."""
    earned = [Fraction(share) for share in np.nan_to_num(found.shares[m, :-1]).tolist()]
    return [*(divided(total - untouched, earned) if any(earned) else [0] * len(earned)), untouched]


def _disagreement(question: Attribution, found: ModelTotals, order: list[tuple[int, str | None]]) -> list[Json]:
    """Of each value, which of the models that add up gives it least and which most; of equals, the first."""
    said = [(m, name) for m, name in enumerate(question.models) if name in ADD_UP]
    rows: list[Json] = []
    for at, value in order:
        shares = [(_told(found.shares[m, at]), name) for m, name in said if not np.isnan(found.shares[m, at])]
        if not shares:
            continue
        low, high = min(shares, key=lambda one: one[0]), max(shares, key=lambda one: one[0])
        rows.append(
            {"value": value, "low_model": low[1], "low_share": low[0], "high_model": high[1], "high_share": high[0]}
        )
    return rows


def warm() -> None:
    """Has what attribution needs compiled, so that no question waits for it."""
    from fullfunnel.journeys.datasets.file import dataset_of_rows

    rows = [{"person": "a", "event": name, "timestamp": at} for at, name in enumerate([PAGE_VIEWED, "won"])]
    for touches in (None, Step((PAGE_VIEWED,))):
        question = Attribution(Step(("won",)), Step(("lead",)), Step(("deal",)), "worth", touches)
        answer_attribution(question, dataset_of_rows(rows), Watch())
