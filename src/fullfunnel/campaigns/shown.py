"""An answer about returns as rows of a page and of a file. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from fullfunnel.core.numbers import NO_DATA, money, number, percent

Json = dict[str, Any]
COUNTS = (
    ("people", "person", "People", "awareness", "reached"),
    ("prospects", "prospect", "Prospects", "prospect", "reached"),
    ("handed_over", "hand_over", "Handed over", "handed_over", "reached"),
    ("opportunities", "opportunity", "Opportunities", "opportunity", "reached"),
)
HEADER = (
    "value", "name", "spend", "currency", "until", "impressions", "clicks", "people", "cost_per_person", "prospects", "cost_per_prospect",
    "handed_over", "cost_per_hand_over", "opportunities", "cost_per_opportunity", "won", "cac", "won_value", "roas", "roi",
    "payback_months", "model", "roas_before",
)  # fmt: skip
# Of the drawing of returns: its width in px, and between which it is drawn.
WIDTH, INSET = 200.0, 8.0
UNCERTAIN = 1.6


@dataclass(frozen=True)
class Cell:
    """each: what one of them cost, "" where nothing is known."""

    label: str
    said: str
    url: str = ""
    each: str = ""


@dataclass(frozen=True)
class Row:
    """cells: people to opportunities. dots: (place, whether it is the leading model) of each model's return."""

    name: str
    value: str | None
    spend: str
    until: date | None
    is_old: bool
    cells: list[Cell]
    won: Cell
    revenue: str
    returned: str
    before: str
    roi: str
    payback: str
    range: str
    dots: list[tuple[float, bool]] = field(default_factory=list)


def whole(amount: str | Decimal, currency: str) -> str:
    """Write money without cents where it has none, or is 100 or more."""
    exact = Decimal(amount)
    said = money(exact.quantize(Decimal(1)) if abs(exact) >= 100 else exact, currency)
    return said.replace(".00", "") if exact == exact.to_integral() or abs(exact) >= 100 else said


def times(share: float | None) -> str:
    """0.85 -> "0.9×", 14.0 -> "14×"."""
    if share is None:
        return NO_DATA
    return f"{number(round(share) if share >= 10 else round(share, 1))}×"


def credited(won: float) -> str:
    return number(round(won)) if abs(won - round(won)) < 0.05 else number(round(won, 1))


def rows_of(answer: Json, link: Callable[[str, str], str], has_sales: bool) -> list[Row]:
    """Return the rows. link: (stage, outcome) -> address of the people, to which the row is added."""
    most = max([model["roas"] or 0 for row in answer["rows"] for model in row["models"].values()] + [1.0])
    before = {row["value"]: row for row in answer.get("before", {}).get("rows", [])}
    return [
        _row(answer, row, before.get(row["value"]), _within(link, row["value"]), most, has_sales)
        for row in answer["rows"]
    ]


def total_of(answer: Json, link: Callable[[str, str], str], has_sales: bool) -> Row:
    row = {"value": None, "name": "All", "until": None, "is_old": False} | answer["total"]
    return _row(answer, row, answer.get("before", {}).get("total"), link, 1.0, has_sales)


def _within(link: Callable[[str, str], str], value: str | None) -> Callable[[str, str], str]:
    group = urlencode({"nogroup": 1} if value is None else {"group": value})
    return lambda stage, outcome: f"{link(stage, outcome)}&{group}"


def _row(
    answer: Json, row: Json, before: Json | None, link: Callable[[str, str], str], most: float, has_sales: bool
) -> Row:
    currency, lead = answer["currency"], answer["model"]
    cells = [
        Cell(label, number(row[name]), link(stage, outcome) if row[name] else "", _each(row, cost, currency))
        for name, cost, label, stage, outcome in (COUNTS if has_sales else COUNTS[:1])
    ]
    won = Cell("Won" if has_sales else "Orders", credited(row["won"]), "", _each(row, "win", currency))
    # Whole people stand behind wins only where the first touch earns them.
    if has_sales and lead == "first_touch" and answer["count"] == "people" and row["won"]:
        won = Cell(won.label, won.said, link("opportunity", "won"), won.each)
    revenue = " + ".join(
        [whole(row["won_value"], currency), *(whole(one["amount"], one["currency"]) for one in row["others"])]
    )
    returns = [model["roas"] for model in row["models"].values() if model["roas"] is not None]
    spread = f"{times(min(returns))} – {times(max(returns))}" if len(set(returns)) > 1 else ""
    dots = [
        (round(INSET + (WIDTH - 2 * INSET) * model["roas"] / most, 1), name == lead)
        for name, model in row["models"].items()
        if model["roas"] is not None
    ]
    return Row(
        name=row["name"] or "(not known)", value=row["value"], spend=whole(row["spend"], currency) if row["has_spend"] else "",
        until=date.fromisoformat(row["until"]) if row["until"] else None, is_old=row["is_old"], cells=cells, won=won,
        revenue=revenue, returned=times(row["roas"]), before=times(before["roas"]) if before and before["roas"] is not None else "",
        roi=NO_DATA if row["roi"] is None else percent(row["roi"]),
        payback=NO_DATA if row["payback_months"] is None else f"{number(row['payback_months'])} months",
        range=spread, dots=sorted(dots, key=lambda dot: dot[1]),
    )  # fmt: skip


def _each(row: Json, cost: str, currency: str) -> str:
    found = row["cost"][cost]
    return "" if found is None else whole(found, currency)


@dataclass(frozen=True)
class Comparison:
    """Wins that each model credits. models: (name, whether it leads); rows: (name, credits, range, is it wide, how to read it)."""

    models: list[tuple[str, bool]]
    rows: list[tuple[str, list[tuple[str, bool]], str, bool, str]]
    totals: list[str]


def comparison_of(answer: Json, titles: dict[str, str]) -> Comparison:
    """Return the models side by side; the leading one first."""
    lead = answer["model"]
    models = [lead, *(name for name in answer["models"] if name != lead)]
    rows = []
    for row in answer["rows"]:
        credits = [row["models"].get(name, {"won": 0.0})["won"] for name in models]
        if not any(credits):
            continue
        low, high = min(credits), max(credits)
        is_wide = high > low * UNCERTAIN and high - low >= 1
        spread = f"{credited(low)} – {credited(high)}" if credited(low) != credited(high) else credited(low)
        said = [(credited(each), name == lead) for each, name in zip(credits, models, strict=True)]
        rows.append((row["name"] or "(not known)", said, spread, is_wide, _reading(credits[0], low, high, is_wide)))
    totals = [credited(answer["total"]["models"].get(name, {"won": 0.0})["won"]) for name in models]
    return Comparison([(titles[name], name == lead) for name in models], rows, totals)


def _reading(lead: float, low: float, high: float, is_wide: bool) -> str:
    if not is_wide:
        return "much the same in all"
    return "other models credit it less" if lead >= (low + high) / 2 else "other models credit it more"


def sentence_of(answer: Json) -> list[tuple[str, bool]]:
    """Return the page's sentence; parts that are True stand out."""
    rows = [row for row in answer["rows"] if Decimal(row["spend"]) and row["roas"] is not None]
    if not rows:
        return [("No spend is known in this period, so nothing can be returned on it.", False)]
    if len(rows) > 1 and (found := _against(rows[0], rows[1], answer)):
        return found
    best, worst = max(rows, key=lambda row: row["roas"]), min(rows, key=lambda row: row["roas"])
    if best is worst:
        return [(f"{best['name']} returned {times(best['roas'])}", True), (" of what was spent on it.", False)]
    return [
        (f"{best['name']} returns most, {times(best['roas'])}", True),
        (f"; {worst['name']} least, {times(worst['roas'])}.", False),
    ]


def _against(one: Json, other: Json, answer: Json) -> list[tuple[str, bool]] | None:
    """Of the two that cost most: where the cheaper leads are not those that return more."""
    costs = [row["cost"]["hand_over"] for row in (one, other)]
    if None in costs:
        return None
    cheap, dear = (one, other) if Decimal(costs[0]) < Decimal(costs[1]) else (other, one)
    if not cheap["roas"] or dear["roas"] <= cheap["roas"] * 1.2:
        return None
    less = 1 - Decimal(cheap["cost"]["hand_over"]) / Decimal(dear["cost"]["hand_over"])
    more = sum((dear["models"][name]["roas"] or 0) > (cheap["models"][name]["roas"] or 0) for name in answer["models"])
    said = f"Leads of {cheap['name']} cost {percent(float(less))} less than those of {dear['name']}, which returns {times(dear['roas'] / cheap['roas'])} as much."
    return [(said, True), (f" It returns more in {more} of {len(answer['models'])} models.", False)]


def file_rows(answer: Json) -> list[Sequence[Any]]:
    """Return the lines of the file, the sum last."""
    before = {row["value"]: row for row in answer.get("before", {}).get("rows", [])}
    total = {"value": "", "name": "All", "until": None} | answer["total"]
    found: list[Sequence[Any]] = []
    for row in [*answer["rows"], total]:
        cost, earlier = (
            row["cost"],
            before.get(row["value"]) if row is not total else answer.get("before", {}).get("total"),
        )
        found.append((
            row["value"] or "", row["name"] or "", row["spend"], answer["currency"], row["until"] or "", row["impressions"], row["clicks"],
            row["people"], cost["person"] or "", row["prospects"], cost["prospect"] or "", row["handed_over"], cost["hand_over"] or "",
            row["opportunities"], cost["opportunity"] or "", row["won"], cost["win"] or "", row["won_value"],
            _or_empty(row["roas"]), _or_empty(row["roi"]), _or_empty(row["payback_months"]), answer["model"],
            _or_empty(earlier["roas"] if earlier else None),
        ))  # fmt: skip
    return found


def _or_empty(value: float | None) -> Any:
    return "" if value is None else value
