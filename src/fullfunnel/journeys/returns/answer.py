"""The answer to a question about returns, as docs/spec/questions.md writes it: stages, attribution and spend, side by side."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from fullfunnel.core import clock
from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.attribution.answer import answer_attribution
from fullfunnel.journeys.attribution.question import Attribution, read_attribution
from fullfunnel.journeys.attribution.touches import NOT_SET
from fullfunnel.journeys.datasets.spending import Spending, Spent
from fullfunnel.journeys.questions.shapes import Breakdown, Period
from fullfunnel.journeys.returns.figures import Brought, Figures, row_json
from fullfunnel.journeys.returns.grouping import COLUMN, value_of, with_channels, with_programs
from fullfunnel.journeys.returns.question import Returns
from fullfunnel.journeys.stages.answer import answer_stages
from fullfunnel.journeys.stages.question import Stages
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

Json = dict[str, Any]
MOST_VALUES = 200
# Spend that is older than this makes a return doubtful.
OLD = timedelta(days=7)
# What is earned, and what holds its money: a deal, or of a shop an order.
DEAL, ORDER = {"event": "deal_won", "value": "amount"}, {"event": "order_completed", "value": "revenue"}


def answer_returns(question: Returns, dataset: "Dataset", watch: Watch) -> Json:
    """{"kind", "by", "model", "models", "currency", "margin", "rows", "total", "before"?, "unmatched", "unconverted", "data_until"}."""
    spending = dataset.facts.selling.spending.load()
    grouped = _grouped(question, dataset, spending)
    if question.people_list:
        asked = Stages(
            period=question.period, breakdown=Breakdown(COLUMN, limit=MOST_VALUES), people_list=question.people_list
        )
        return answer_stages(asked, grouped, watch) | {"kind": "returns"}
    rows, total = _period(question, question.period, grouped, spending, watch)
    answer: Json = {"kind": "returns", "by": question.by, "model": question.model, "models": list(question.models)}
    answer |= {"count": question.count, "currency": spending.currency, "rows": rows, "total": total}
    answer["margin"] = None if spending.margin is None else str(spending.margin)
    if question.compare:
        before, all_before = _period(
            replace(question, models=(question.model,)), question.compare, grouped, spending, watch
        )
        answer["before"] = {"rows": before, "total": all_before}
    answer["until"] = {name: day.isoformat() for name, day in sorted(spending.until.items())}
    first, last = days_of(question.period, dataset.facts.data_until)
    lost = [one for one in spending.unmatched if first <= one.day <= last]
    answer["unmatched"] = str(sum((one.amount for one in lost), Decimal(0)))
    answer["unconverted"] = _unconverted(spending, first, last)
    return answer | {"data_until": clock.from_us(dataset.facts.data_until).isoformat().replace("+00:00", "Z")}


def days_of(period: Period, data_until: int) -> tuple[date, date]:
    """Return the first and the last day of a period that has both; else the beginning of time, and today."""
    zone = ZoneInfo(period.timezone)
    first = date.min if period.start is None else clock.from_us(period.start).astimezone(zone).date()
    end = data_until if period.end is None else period.end - 1
    return first, clock.from_us(end).astimezone(zone).date()


def _grouped(question: Returns, dataset: "Dataset", spending: Spending) -> "Dataset":
    """The dataset with what the rows are in the place of the campaign."""

    def index(count: str = "people") -> Index:
        found = dataset.index(count)
        return (
            with_programs(found, spending.programs) if question.by == "campaign" else with_channels(found, question.by)
        )

    return replace(dataset, index=index)


def _period(
    question: Returns, period: Period, dataset: "Dataset", spending: Spending, watch: Watch
) -> tuple[list[Json], Json]:
    found = answer_stages(Stages(period=period, breakdown=Breakdown(COLUMN, limit=MOST_VALUES)), dataset, watch)
    first, last = days_of(period, dataset.facts.data_until)
    earned = _earned(question, period, "deals" in found, dataset, watch)
    spent = _spent(question, spending, first, last)
    groups = {group["value"]: group for group in found.get("groups", [])}
    names = {program.key: program.name for program in spending.programs}
    values = list(dict.fromkeys([*groups, *spent, *(value for of in earned.values() for value in of)]))
    rows = []
    for value in values:
        of_model = {model: of.get(value, Brought()) for model, of in earned.items()}
        figures = Figures(spent.get(value, []), _counts(groups.get(value)), of_model)
        row = {"value": value, "name": names.get(value or "", value)}
        rows.append(row | row_json(figures, question.model, spending, last) | _until(question, spending, value, last))
    rows.sort(key=lambda row: (-Decimal(row["spend"]), -row["people"], row["name"] or ""))
    total = Figures(
        [one for of in spent.values() for one in of],
        _counts(found),
        {model: Brought.together(of.values()) for model, of in earned.items()},
    )
    return rows, row_json(total, question.model, spending, last)


def _counts(group: Json | None) -> dict[str, int]:
    if group is None:
        return {"people": 0, "prospects": 0, "handed_over": 0, "opportunities": 0}
    deals = group.get("deals", {})
    return {
        "people": group["marketing"][0]["people"],
        "prospects": group.get("prospects", 0),
        "handed_over": group.get("hand_overs", {}).get("handed_over", 0),
        "opportunities": deals.get("opportunities", 0),
    }


def _earned(
    question: Returns, period: Period, has_sales: bool, dataset: "Dataset", watch: Watch
) -> dict[str, dict[str | None, Brought]]:
    """What each value earned by each model."""
    asked = {"conversion": DEAL if has_sales else ORDER, "by": COLUMN, "models": list(question.models), "bootstrap": 0}
    read = read_attribution(asked | {"limit": 100}, dataset.names.canonical, period.timezone)
    attribution: Attribution = replace(read, period=period, lookback=question.lookback)
    own = replace(dataset, index=lambda count="people": dataset.index(question.count if count == "people" else count))
    answer = answer_attribution(attribution, own, watch)
    found: dict[str, dict[str | None, Brought]] = {model: {} for model in question.models}
    for row in answer["rows"]:
        value = None if row["value"] == NOT_SET else row["value"]
        told = Brought(
            Decimal(str(row["conversions"])), {one["currency"] or "": Decimal(one["amount"]) for one in row["amounts"]}
        )
        if told.won or any(told.amounts.values()):
            found[row["model"]][value] = Brought.together([found[row["model"]].get(value, Brought()), told])
    return found


def _spent(question: Returns, spending: Spending, first: date, last: date) -> dict[str | None, list[Spent]]:
    values = {program.key: value_of(program, question.by) for program in spending.programs}
    found: dict[str | None, list[Spent]] = {}
    for one in spending.spent:
        if first <= one.day <= last:
            found.setdefault(values[one.program], []).append(one)
    return found


def _until(question: Returns, spending: Spending, value: str | None, last: date) -> Json:
    """Up to when the spend of a row is known: the earliest of its platforms' last days."""
    keys = [one.key for one in spending.programs if value_of(one, question.by) == value]
    platforms = {name for key in keys for name in spending.platforms.get(key, ())}
    days = [spending.until[name] for name in platforms if name in spending.until]
    return {"until": min(days).isoformat() if days else None, "is_old": bool(days) and last - min(days) > OLD}


def _unconverted(spending: Spending, first: date, last: date) -> list[Json]:
    sums: dict[str, Decimal] = {}
    for one in spending.unconverted:
        if first <= one.day <= last:
            sums[one.currency] = sums.get(one.currency, Decimal(0)) + one.amount
    return told(sums)


def told(sums: dict[str, Decimal]) -> list[Json]:
    return [{"currency": currency, "amount": str(amount)} for currency, amount in sorted(sums.items())]
