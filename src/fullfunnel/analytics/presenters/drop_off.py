"""What separates two sides, as its page shows it: sentences, and a forest plot on a logarithmic axis. Pure."""

from dataclasses import dataclass
from math import log
from typing import Any

from fullfunnel.analytics.presenters.people_links import who
from fullfunnel.core.numbers import number, percent
from fullfunnel.core.texts.locales import digits
from fullfunnel.journeys.questions.words import event_words, short_label

Json = dict[str, Any]
TELLING = 0.05
MOST_TOLD = 50
TICKS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0)


@dataclass(frozen=True)
class Axis:
    """From `low` to `high` (odds ratios), as percent of the width; what lies beyond stands at the edge."""

    low: float
    high: float

    def place(self, ratio: float) -> float:
        inside = min(max(ratio, self.low), self.high)
        return round(2 + 96 * (log(inside) - log(self.low)) / (log(self.high) - log(self.low)), 2)

    def ticks(self) -> list[tuple[str, float]]:
        """The numbers of the axis. What lies beyond its widest ends is drawn at them, so they say so."""
        ends = {TICKS[0]: "≤\u00a0", TICKS[-1]: "≥\u00a0"}
        return [(f"{ends.get(tick, '')}{tick:g}", self.place(tick)) for tick in TICKS if self.low <= tick <= self.high]


def present(question: Json, answer: Json) -> Json:
    """The rows that tell something, those that do not, and the axis that both share."""
    axis = axis_of(answer["rows"])
    rows = [_row(row, axis) for row in answer["rows"]]
    apart = [row for row in rows if row["tells"] and row["set_apart"]]
    return {
        "sentence": sentence(question, answer),
        "telling": by_property([row for row in rows if row["tells"] and not row["set_apart"]]),
        "apart": by_property(apart),
        "apart_count": len(apart),
        "most_told": MOST_TOLD,
        "others": by_property([row for row in rows if not row["tells"]]),
        "others_count": sum(not row["tells"] for row in rows),
        "rows": rows,
        "ticks": axis.ticks(),
        "one": axis.place(1.0),
        "tested": answer["tested"],
        "silent": answer["silent"],
        "went_on": answer["went_on"],
        "dropped": answer["dropped"],
    }


def by_property(rows: list[Json]) -> list[Json]:
    """Values of one property exclude each other, so that where one goes on more, the others go on less: its first row holds the rest."""
    lines: dict[Any, Json] = {}
    for row in rows:
        lines.setdefault(row["of"], row | {"more": []})["more"].append(row)
    return [line | {"more": line["more"][1:]} for line in lines.values()]


def axis_of(rows: list[Json]) -> Axis:
    """Wide enough for the intervals, at most from a tenth to ten, and 1 in the middle."""
    reach = max([2.0, *(max(row["high"], 1 / row["low"]) for row in rows)])
    reach = next((tick for tick in TICKS if tick >= reach), TICKS[-1])
    return Axis(1 / reach, reach)


def _row(row: Json, axis: Axis) -> Json:
    kept, other = row["with"], row["without"]
    return {
        "factor": factor_words(row),
        "of": (row["factor"], row["property"], row["value"] if row["factor"] == "behaviour" else ""),
        "subject": subject_words(row),
        "who": who({}, factor=row["factor"], property=row["property"], value=row["value"]),
        "also": [factor_words(one) for one in row["also"]],
        "opposite": [factor_words(one) for one in row["opposite"]],
        "beyond": beyond_words(kept, other),
        "sentence": row["sentence"],
        "tells": row["q"] < TELLING,
        "set_apart": row["set_apart"],
        "is_loss": row["odds_ratio"] < 1,
        "odds": odds_words(row),
        "odds_ratio": ratio_words(row["odds_ratio"]),
        "interval": f"{ratio_words(row['low'])} to {ratio_words(row['high'])}",
        "q": "< 0.001" if row["q"] < 0.001 else f"{row['q']:.3f}",
        "more_lost": number(abs(round(row["more_lost"]))),
        "is_more": row["more_lost"] > 0,
        "with": (kept["went_on"], kept["went_on"] + kept["dropped"], kept["dropped"]),
        "without": (other["went_on"], other["went_on"] + other["dropped"], other["dropped"]),
        "at": axis.place(row["odds_ratio"]),
        "low": axis.place(row["low"]),
        "width": round(max(axis.place(row["high"]) - axis.place(row["low"]), 0.1), 2),
    }


def odds_words(row: Json) -> str:
    """ "Odds ratio 0.27 (0.19 to 0.39)"; beyond what counts of people can tell "Odds more than 50 times those of the others"."""
    if row["odds_ratio"] > MOST_TOLD:
        return f"Odds more than {MOST_TOLD} times those of the others"
    if row["odds_ratio"] < 1 / MOST_TOLD:
        return f"Odds less than a {MOST_TOLD}th of those of the others"
    return f"Odds ratio {ratio_words(row['odds_ratio'])} ({ratio_words(row['low'])} to {ratio_words(row['high'])})"


def ratio_words(ratio: float) -> str:
    """ "0.27", "12"; "> 50" and "< 0.02" beyond."""
    if ratio > MOST_TOLD or ratio < 1 / MOST_TOLD:
        return f">\u00a0{MOST_TOLD}" if ratio > 1 else f"<\u00a0{1 / MOST_TOLD:g}"
    return digits(f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}")


def beyond_words(kept: Json, other: Json) -> str:
    """ "75 more lost than at the others’ rate"; of more than half it is told of the others, who are as many as it is about."""
    whole, rest = kept["went_on"] + kept["dropped"], other["went_on"] + other["dropped"]
    more = (kept["dropped"] * other["went_on"] - kept["went_on"] * other["dropped"]) / max(whole, rest)
    if whole <= rest:
        return f"{number(abs(round(more)))} {'more' if more > 0 else 'fewer'} lost than at the others’ rate"
    return f"{number(abs(round(more)))} {'fewer' if more > 0 else 'more'} of the others lost than at its rate"


def factor_words(row: Json) -> str:
    """ "device: mobile", "“Pricing viewed” before the entry"."""
    if row["factor"] == "behaviour":
        return f"{subject_words(row)} {row['value']}"
    nothing = "none" if row["factor"] == "first_touch" else "no value"
    return f"{subject_words(row)}: {nothing if row['value'] is None else row['value']}"


def subject_words(row: Json) -> str:
    """ "device", "person’s plan", "“Pricing viewed”"."""
    if row["factor"] == "behaviour":
        return f"“{event_words([row['property']])}”"
    owner = {"person": "person’s ", "company": "company’s ", "first_touch": "first "}.get(row["factor"], "")
    return f"{owner}{row['property'].replace('_', ' ')}"


def sentence(question: Json, answer: Json) -> str:
    """The page's one sentence: both sides, and what goes together with the loss most."""
    on, lost = answer["went_on"], answer["dropped"]
    label = short_label(question["steps"][answer["step"] - 1])
    said = f"{number(on)} went on to “{label}”, {number(lost)} {'was' if lost == 1 else 'were'} lost before it."
    if not on or not lost:
        return f"{said} So there are no two sides to compare."
    telling = [row for row in answer["rows"] if row["q"] < TELLING]
    if not telling:
        return f"{said} Nothing that was looked at separates them more than chance would."
    rows = [row for row in telling if not row["set_apart"]]
    if not rows:
        return f"{said} What separates them is all or nothing."
    shares = [
        percent(side["went_on"] / (side["went_on"] + side["dropped"])) for side in (rows[0]["with"], rows[0]["without"])
    ]
    whom = rows[0]["who"][:1].lower() + rows[0]["who"][1:]
    return f"{said} What goes together with it most: {whom} ({shares[0]} went on, of the others {shares[1]})."


def csv_rows(answer: Json) -> list[list[Any]]:
    """The table as a file, every figure as the answer has it."""
    head = ["factor", "property", "value", "with_went_on", "with_dropped", "without_went_on", "without_dropped"]
    figures = ["odds_ratio", "low", "high", "p", "q", "more_lost", "set_apart"]
    rows: list[list[Any]] = [[*head, *figures, "sentence", "also", "opposite"]]
    for row in answer["rows"]:
        counts = [row[side][key] for side in ("with", "without") for key in ("went_on", "dropped")]
        value = "" if row["value"] is None else row["value"]
        others = ["; ".join(map(factor_words, row[side])) for side in ("also", "opposite")]
        told = [*(row[figure] for figure in figures), row["sentence"], *others]
        rows.append([row["factor"], row["property"], value, *counts, *told])
    return rows
