"""Attribution: the models side by side, how far they disagree, what each of them says; its sentence, table and file."""

from dataclasses import dataclass
from typing import Any

from fullfunnel.analytics.forms.form import QuestionFields
from fullfunnel.analytics.kinds.attribution_groups import group_answers, groups_words, shown_groups
from fullfunnel.analytics.kinds.attribution_models import MODEL_NAMES, MODEL_WORDS
from fullfunnel.analytics.kinds.attribution_single import single, single_words
from fullfunnel.analytics.kinds.credits import NOTHING, Credits, exact, money_words, name_of
from fullfunnel.analytics.presenters.table import Table
from fullfunnel.core.numbers import NBSP, NO_PERCENT_BELOW, number
from fullfunnel.journeys.questions.words import period_words, short_label, span_words

Json = dict[str, Any]
SHADES = 10


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
class ModelSummary:
    """A model: its name, how it divides, and what comes of it."""

    name: str
    how: str
    said: str
    adds_up: bool


def present(fields: QuestionFields, question: Json, answer: Json) -> Json:
    """Return the context of templates/analytics/_attribution.html."""
    found = Credits(answer, fields.values["show"])
    most = max((size for value in found.values for size, _ in found.sizes(value)), default=0.0) or 1.0
    return (
        {
            "is_nothing": not answer["conversions"],
            "spans": [_span(found, value, most) for value in found.values if found.sizes(value)],
            "scale_end": found.scale(most),
            "heads": [(MODEL_NAMES[model], model in found.adding, model) for model in found.models],
            "rows": [_row(found, value, most) for value in found.values],
            "unearned": found.unearned,
            "models_said": [_model_said(found, model, question) for model in found.models],
            "has_apart": len(found.adding) < len(found.models),
            "has_ranges": any("low" in row for row in answer["rows"]),
            "is_few": found.whole < NO_PERCENT_BELOW and found.show == "share",
            "unattributed": answer["unattributed"],
            "lookback": _lookback(question),
            "whole": found.whole,
            "sentence": sentence(question, found, fields.period.preset) + groups_words(question, answer),
            "table": table(answer, found.show),
        }
        | shown_groups(question, answer, found)
        | single(found)
    )


def _lookback(question: Json) -> str:
    given = question.get("lookback", {"value": 90, "unit": "day"})
    return span_words(given) + " before" if given else "ever before"


def _at(share: float, most: float) -> str:
    return f"{2 + max(share, 0.0) / most * 96:.2f}%"


def _span(found: Credits, value: str | None, most: float) -> Span:
    sizes = found.sizes(value)
    low, high = min(sizes, key=lambda one: one[0]), max(sizes, key=lambda one: one[0])
    said_of = {model: found.text(found.rows[model, value]) for _, model in sizes}
    dots = [(_at(size, most), f"{MODEL_NAMES[model]}: {said_of[model]}") for size, model in sizes]
    least, top = said_of[low[1]], said_of[high[1]]
    if least == top:
        said = f"{top} in every model" if len(sizes) > 1 else f"{top} ({MODEL_NAMES[high[1]]})"
    else:
        said = f"{least} ({MODEL_NAMES[low[1]]}) to {top} ({MODEL_NAMES[high[1]]})"
    return Span(name_of(value), said, _at(low[0], most), _at(high[0], most), dots)


def _row(found: Credits, value: str | None, most: float) -> Row:
    cells: list[Cell | None] = []
    for model in found.models:
        row = found.rows.get((model, value))
        if row is None:
            cells.append(None)
            continue
        said = (
            f"{MODEL_NAMES[model]}, {name_of(value)}: {number(round(row['conversions'], 2))} of {number(found.whole)}"
        )
        if "low" in row:
            said += f"; had other people come by, {found.ranges(row)} (95{NBSP}%)"
        said += "".join(f"; {exact(one)}" for one in row["amounts"])
        shade = min(SHADES, round(found.size(row) / most * SHADES)) if model in found.adding else 0
        cells.append(Cell(found.brief(row), said, shade if shade or row["share"] <= NOTHING else 1))
    return Row(name_of(value), cells)


def _model_said(found: Credits, model: str, question: Json) -> ModelSummary:
    """ "LinkedIn 29 %, Webinar 23 %, Google 16 %."."""
    rows = [found.rows[model, value] for value in found.values if (model, value) in found.rows]
    rows = [row for row in sorted(rows, key=lambda row: -row["share"]) if row["share"] > NOTHING]
    said = ", ".join(f"{name_of(row['value'])} {found.text(row)}" for row in rows[:3])
    how = MODEL_WORDS[model].format(half_life=span_words(question.get("half_life", {"value": 7, "unit": "day"})))
    return ModelSummary(MODEL_NAMES[model], how, f"{said}." if said else "", model in found.adding)


def sentence(question: Json, found: Credits, preset: str) -> str:
    """ "LinkedIn earns between 18 % and 41 % of 31 × “Deal won” (€297,600) in the last 90 days, depending on the model."."""
    given = question["conversion"]
    label = short_label({"event": given} if isinstance(given, str) else given)
    when = period_words(preset, question)
    if not found.whole:
        return f"“{label}” did not happen {when}."
    worth = " and ".join(money_words(one) for one in found.answer["totals"])
    what = f"{number(found.whole)}{NBSP}× “{label}” {when}" + (f", {worth} in all" if worth else "")
    named = [value for value in found.values if value is not None and found.sizes(value)]
    if not named:
        return f"No touch came before {what}."
    first = named[0]
    widest = max(named, key=lambda value: max(found.sizes(value))[0] - min(found.sizes(value))[0])
    second = widest if widest != first else next(iter(named[1:]), None)
    if len(found.models) == 1:
        return f"Of {what}, {single_words(found)}"
    told = {value: _between(found, value) for value in (first, second) if value is not None}
    said = f"Of {what}, {first} earned {told[first]}" + (f" and {second} {told[second]}" if second else "")
    return said + (", depending on the model." if any(one.startswith("between") for one in told.values()) else ".")


def _between(found: Credits, value: str) -> str:
    ends = found.ends(value)
    low, high = (found.text(row) for row in ends) if ends else ("", "")
    return high if low == high else f"between {low} and {high}"


def table(answer: Json, show: str) -> Table:
    """A row for each value and model; with a breakdown all together first, then the groups."""
    parts, has_groups = group_answers(answer), "groups" in answer
    head = [
        ("Value", False),
        *([("Group", False)] if has_groups else []),
        ("Model", False),
        ("Conversions", True),
        ("Share", True),
        ("Range (95 %)", True),
        ("Worth", True),
    ]
    rows = []
    for group, part in parts:
        found = Credits(part, show)
        for value in found.values:
            own = [name_of(value), *([group] if has_groups else [])]
            rows += [own + line for line in _lines(found, value)]
    return Table(head, rows)


def _lines(found: Credits, value: str | None) -> list[list[str]]:
    lines = []
    for model in found.models:
        if row := found.rows.get((model, value)):
            name = MODEL_NAMES[model] + ("" if model in found.adding else " (does not add up)")
            worth = " + ".join(exact(one) for one in row["amounts"]) or "–"
            counted = number(round(row["conversions"], 2))
            lines.append([name, counted, found.share(row["share"]), found.ranges(row) or "–", worth])
    return lines


def csv_rows(question: Json, answer: Json) -> list[list[Any]]:
    """A row for each model, value and currency: model, adds_up, value ("" had no touch), conversions, share, low, high, currency, amount.

    With a breakdown `group` comes before `value`: "all", then each group.
    """
    has_groups = "groups" in answer
    names = ["value", "conversions", "share", "low", "high", "currency", "amount"]
    rows: list[list[Any]] = [["model", "adds_up", *(["group"] if has_groups else []), *names]]
    adds_up = {row["model"]: row["adds_up"] for row in answer["models"]}
    for group, part in group_answers(answer):
        for row in part["rows"]:
            own = [row["model"], adds_up[row["model"]], *([group] if has_groups else [])]
            own += ["" if row["value"] is None else row["value"], row["conversions"], row["share"]]
            own += [row.get("low"), row.get("high")]
            for one in row["amounts"] or [{"currency": None, "amount": None}]:
                rows.append([*own, one["currency"], one["amount"]])
    return rows
