"""The figures of a row: what was spent, what it reached, what each of that cost, and what came back. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from fullfunnel.journeys.datasets.spending import Spending, Spent

Json = dict[str, Any]
CENT, SHARE = Decimal("0.01"), Decimal("0.0001")
MONTHS = 12
# What a cost is told of, and the count that it is divided by.
COSTS = {"person": "people", "prospect": "prospects", "hand_over": "handed_over", "opportunity": "opportunities"}


@dataclass(frozen=True)
class Brought:
    """Wins that were credited, and their money by currency."""

    won: Decimal = Decimal(0)
    amounts: Mapping[str, Decimal] = field(default_factory=dict)

    @staticmethod
    def together(some: "Iterable[Brought]") -> "Brought":
        won, amounts = Decimal(0), dict[str, Decimal]()
        for one in some:
            won += one.won
            for currency, amount in one.amounts.items():
                amounts[currency] = amounts.get(currency, Decimal(0)) + amount
        return Brought(won, amounts)


@dataclass(frozen=True)
class Figures:
    """counts: people, prospects, handed_over, opportunities; by_model: what each model says was brought."""

    spent: Sequence[Spent]
    counts: Mapping[str, int]
    by_model: Mapping[str, Brought]


def row_json(figures: Figures, model: str, spending: Spending, day: date) -> Json:
    """Return a row of the answer. Amounts are texts, in the spending's currency; what cannot be divided is null."""
    spend = sum((one.amount for one in figures.spent), Decimal(0))
    lead = figures.by_model.get(model, Brought())
    value, others = converted(lead.amounts, spending, day)
    row: Json = {"spend": str(spend), "has_spend": bool(figures.spent), **figures.counts}
    row |= {
        "impressions": sum(one.impressions for one in figures.spent),
        "clicks": sum(one.clicks for one in figures.spent),
    }
    row |= {
        "won": float(lead.won),
        "won_value": str(value),
        "others": [{"currency": c, "amount": str(a)} for c, a in sorted(others.items())],
    }
    row["cost"] = {name: _each(spend, figures.counts[count]) for name, count in COSTS.items()} | {
        "win": _each(spend, lead.won)
    }
    row |= _returned(spend, value, lead.won, spending.margin)
    row["models"] = {
        name: {
            "won": float(one.won),
            "won_value": str(money := converted(one.amounts, spending, day)[0]),
            "roas": _share(money, spend),
        }
        for name, one in figures.by_model.items()
    }
    return row


def converted(amounts: Mapping[str, Decimal], spending: Spending, day: date) -> tuple[Decimal, dict[str, Decimal]]:
    """Return the money in the spending's currency, at the rates of the day, and what has no rate."""
    whole, others = Decimal(0), dict[str, Decimal]()
    for currency, amount in amounts.items():
        rate = Decimal(1) if currency in ("", spending.currency) else spending.rate(currency, day)
        if rate is not None:
            whole += amount * rate
        elif amount:
            others[currency] = amount
    return whole.quantize(CENT), others


def _returned(spend: Decimal, value: Decimal, won: Decimal, margin: Decimal | None) -> Json:
    """ROAS: revenue ÷ spend. ROI: (gross profit − spend) ÷ spend. Payback: months until a year's gross profit, spread evenly, is the spend."""
    told: Json = {"roas": _share(value, spend), "roi": None, "payback_months": None}
    if margin is not None and spend:
        profit = value * margin
        told["roi"] = _share(profit - spend, spend)
        told["payback_months"] = float(round(spend / (profit / MONTHS), 1)) if won and profit else None
    return told


def _share(part: Decimal, whole: Decimal) -> float | None:
    return float((part / whole).quantize(SHARE)) if whole else None


def _each(spend: Decimal, count: Decimal | int) -> str | None:
    return str((spend / count).quantize(CENT)) if spend and count else None
