"""Attribution: the models side by side, how far they disagree, what each of them says; its sentence, table and file."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fullfunnel.analytics.forms.attribution_kind import MODEL_NAMES
from fullfunnel.analytics.forms.kind import QuestionFields
from fullfunnel.analytics.shown.model_words import MODEL_WORDS
from fullfunnel.analytics.shown.table import Table
from fullfunnel.analytics.words import period_words, span_words, step_label
from fullfunnel.core.numbers import NBSP, NO_PERCENT_BELOW, money, number, percent

Json = dict[str, Any]
SHADES = 10
NO_TOUCH, NO_CURRENCY = "no touch", "no currency"
# Less than this of all conversions is nothing that a picture could show.
NOTHING = 0.0005


@dataclass(frozen=True)
class Span:
    """A value with the least and the most that a model gives it. Places in the drawing are percent of its width, as texts."""

    name: str
    said: str
    low: str
    high: str
    dots: list[tuple[str, str]]


@dataclass(frozen=True)
class Cell:
    """What one model says of one value. `shade`: 0 to SHADES; `said`: all of it, with the range."""

    text: str
    said: str
    shade: int


@dataclass(frozen=True)
class Row:
    """A value. A cell is None where the model says nothing of it (Shapley, of the rarest values)."""

    name: str
    cells: list[Cell | None]


@dataclass(frozen=True)
class ModelSaid:
    """A model: its name, how it divides, and what comes of it."""

    name: str
    how: str
    said: str
    adds_up: bool


class _Answer:
    """An answer with what several pictures of it need."""

    def __init__(self, answer: Json, show: str) -> None:
        self.answer, self.show, self.whole = answer, show, answer["conversions"]
        self.adding = [row["model"] for row in answer["models"] if row["adds_up"]]
        # What does not add up stands apart, at the end.
        self.models = [*self.adding, *(row["model"] for row in answer["models"] if not row["adds_up"])]
        self.rows = {(row["model"], row["value"]): row for row in answer["rows"]}
        listed = list(dict.fromkeys(row["value"] for row in answer["rows"]))
        most = {value: max(row["share"] for row in answer["rows"] if row["value"] == value) for value in listed}
        self.values = sorted((value for value in listed if most[value] > NOTHING), key=lambda value: value is None)
        self.unearned = sum(1 for value in listed if value is not None and most[value] <= NOTHING)

    def shares(self, value: str | None) -> list[tuple[float, str]]:
        """What the models that add up give a value."""
        return [(self.rows[model, value]["share"], model) for model in self.adding if (model, value) in self.rows]

    def text(self, row: Json) -> str:
        """A share, conversions or money; of few conversions never a percentage."""
        if self.show == "money" and row["amounts"]:
            return " + ".join(_money(one) for one in row["amounts"] if Decimal(one["amount"])) or _money(
                row["amounts"][0]
            )
        if self.show == "share":
            return self.share(row["share"])
        return number(round(row["conversions"], 1))

    def share(self, share: float) -> str:
        if self.whole < NO_PERCENT_BELOW:
            return number(round(share * self.whole, 1))
        return percent(share)

    def ranges(self, row: Json) -> str:
        return f"{self.share(row['low'])} to {self.share(row['high'])}" if "low" in row else ""


def shown(fields: QuestionFields, question: Json, answer: Json, beside: list[Json | None]) -> Json:
    """What templates/analytics/_attribution.html reads."""
    found = _Answer(answer, fields.values["show"])
    most = max((share for value in found.values for share, _ in found.shares(value)), default=0.0) or 1.0
    return {
        "is_nothing": not answer["conversions"],
        "spans": [_span(found, value, most) for value in found.values if found.shares(value)],
        "scale_end": found.share(most),
        "heads": [(MODEL_NAMES[model], model in found.adding, MODEL_WORDS[model]) for model in found.models],
        "rows": [_row(found, value, most) for value in found.values],
        "unearned": found.unearned,
        "models_said": [_model_said(found, model, question) for model in found.models],
        "has_apart": len(found.adding) < len(found.models),
        "has_ranges": any("low" in row for row in answer["rows"]),
        "is_few": found.whole < NO_PERCENT_BELOW and found.show == "share",
        "unattributed": answer["unattributed"],
        "lookback": _lookback(question),
        "whole": found.whole,
        "sentence": sentence(question, found, fields.period.preset),
        "table": table(found),
    }


def _lookback(question: Json) -> str:
    given = question.get("lookback", {"value": 90, "unit": "day"})
    return span_words(given) + " before" if given else "ever before"


def _name(value: str | None) -> str:
    return NO_TOUCH if value is None else value


def _money(one: Json) -> str:
    """An amount without its cents, which stand in the table."""
    return money(Decimal(one["amount"]).quantize(Decimal(1)), one["currency"] or NO_CURRENCY).removesuffix(".00")


def _at(share: float, most: float) -> str:
    return f"{2 + max(share, 0.0) / most * 96:.2f}%"


def _span(found: _Answer, value: str | None, most: float) -> Span:
    shares = found.shares(value)
    low, high = min(shares, key=lambda one: one[0]), max(shares, key=lambda one: one[0])
    dots = [(_at(share, most), f"{MODEL_NAMES[model]}: {found.share(share)}") for share, model in shares]
    least, top = found.share(low[0]), found.share(high[0])
    if least == top:
        said = f"{top} in every model" if len(shares) > 1 else f"{top} ({MODEL_NAMES[high[1]]})"
    else:
        said = f"{least} ({MODEL_NAMES[low[1]]}) to {top} ({MODEL_NAMES[high[1]]})"
    return Span(_name(value), said, _at(low[0], most), _at(high[0], most), dots)


def _row(found: _Answer, value: str | None, most: float) -> Row:
    cells: list[Cell | None] = []
    for model in found.models:
        row = found.rows.get((model, value))
        if row is None:
            cells.append(None)
            continue
        said = f"{MODEL_NAMES[model]}, {_name(value)}: {number(round(row['conversions'], 2))} of {number(found.whole)}"
        if "low" in row:
            said += f"; had other people come by, {found.ranges(row)} (95{NBSP}%)"
        said += "".join(f"; {_exact(one)}" for one in row["amounts"])
        shade = min(SHADES, round(row["share"] / most * SHADES)) if model in found.adding else 0
        cells.append(Cell(found.text(row), said, shade if shade or row["share"] <= NOTHING else 1))
    return Row(_name(value), cells)


def _exact(one: Json) -> str:
    return money(Decimal(one["amount"]), one["currency"] or NO_CURRENCY)


def _model_said(found: _Answer, model: str, question: Json) -> ModelSaid:
    """ "LinkedIn 29 %, Webinar 23 %, Google 16 %."."""
    rows = [found.rows[model, value] for value in found.values if (model, value) in found.rows]
    rows = [row for row in sorted(rows, key=lambda row: -row["share"]) if row["share"] > NOTHING]
    said = ", ".join(f"{_name(row['value'])} {found.text(row)}" for row in rows[:3])
    how = MODEL_WORDS[model].format(half_life=span_words(question.get("half_life", {"value": 7, "unit": "day"})))
    return ModelSaid(MODEL_NAMES[model], how, f"{said}." if said else "", model in found.adding)


def sentence(question: Json, found: _Answer, preset: str) -> str:
    """ "LinkedIn earns between 18 % and 41 % of 31 × “Deal won” (€297,600) in the last 90 days, depending on the model."."""
    given = question["conversion"]
    label = step_label({"event": given} if isinstance(given, str) else given)
    when = period_words(preset, question)
    if not found.whole:
        return f"“{label}” did not happen {when}."
    worth = " and ".join(_money(one) for one in found.answer["totals"])
    what = f"{number(found.whole)}{NBSP}× “{label}” {when}" + (f", {worth} in all" if worth else "")
    named = [value for value in found.values if value is not None and found.shares(value)]
    if not named:
        return f"No touch came before {what}."
    first = named[0]
    widest = max(named, key=lambda value: max(found.shares(value))[0] - min(found.shares(value))[0])
    second = widest if widest != first else next(iter(named[1:]), None)
    said = f"Of {what}, {first} earned {_between(found, first)}"
    said += f" and {second} {_between(found, second)}" if second else ""
    return said + (", depending on the model." if len(found.adding) > 1 else ".")


def _between(found: _Answer, value: str) -> str:
    shares = [share for share, _ in found.shares(value)]
    low, high = found.share(min(shares)), found.share(max(shares))
    return high if low == high else f"between {low} and {high}"


def table(found: _Answer) -> Table:
    head = [
        ("Value", False),
        ("Model", False),
        ("Conversions", True),
        ("Share", True),
        ("Range (95 %)", True),
        ("Worth", True),
    ]
    rows = []
    for value in found.values:
        for model in found.models:
            if row := found.rows.get((model, value)):
                name = MODEL_NAMES[model] + ("" if model in found.adding else " (does not add up)")
                worth = " + ".join(_exact(one) for one in row["amounts"]) or "–"
                counted = number(round(row["conversions"], 2))
                rows.append([_name(value), name, counted, found.share(row["share"]), found.ranges(row) or "–", worth])
    return Table(head, rows)


def csv_rows(answer: Json) -> list[list[Any]]:
    """A row for each model, value and currency: model, adds_up, value ("" had no touch), conversions, share, low, high, currency, amount."""
    rows: list[list[Any]] = [["model", "adds_up", "value", "conversions", "share", "low", "high", "currency", "amount"]]
    adds_up = {row["model"]: row["adds_up"] for row in answer["models"]}
    for row in answer["rows"]:
        own = [row["model"], str(adds_up[row["model"]]).lower(), "" if row["value"] is None else row["value"]]
        own += [row["conversions"], row["share"], row.get("low"), row.get("high")]
        for one in row["amounts"] or [{"currency": None, "amount": None}]:
            rows.append([*own, one["currency"], one["amount"]])
    return rows
