"""What the models credit each value with: what all pictures of attribution read. Pure."""

from decimal import Decimal
from typing import Any

from fullfunnel.core.numbers import NO_PERCENT_BELOW, money, number, percent

Json = dict[str, Any]
NO_TOUCH, NO_CURRENCY = "no touch", "no currency"
# Less than this of all conversions is nothing that a picture could show.
NOTHING = 0.0005


class Credits:
    """What an answer, or a group of it, credits each value with, as several pictures need it.

    `show`: share, conversions or money. `values`: those that earned anything, by what they earned; None (no touch) last.
    """

    def __init__(self, answer: Json, show: str) -> None:
        self.answer, self.show, self.whole = answer, show, answer["conversions"]
        self.adding = [row["model"] for row in answer["models"] if row["adds_up"]]
        # What does not add up stands apart, at the end.
        self.models = [*self.adding, *(row["model"] for row in answer["models"] if not row["adds_up"])]
        # What does not add up is not compared with what does.
        self.compared = self.adding or self.models
        self.rows = {(row["model"], row["value"]): row for row in answer["rows"]}
        listed = list(dict.fromkeys(row["value"] for row in answer["rows"]))
        most = {value: max(row["share"] for row in answer["rows"] if row["value"] == value) for value in listed}
        totals = answer["totals"]
        # Several currencies cannot be compared; their conversions can.
        self._total = Decimal(totals[0]["amount"]) if show == "money" and len(totals) == 1 else Decimal(0)
        self._currency = totals[0]["currency"] if totals else None
        earned = [value for value in listed if most[value] > NOTHING]
        self.values = sorted(earned, key=lambda value: (value is None, self._total and -self._largest(value)))
        self.unearned = sum(1 for value in listed if value is not None and most[value] <= NOTHING)

    def sizes(self, value: str | None) -> list[tuple[float, str]]:
        """What the models that add up give a value: of all conversions, or of all money where money is shown."""
        return [(self.size(self.rows[model, value]), model) for model in self.compared if (model, value) in self.rows]

    def size(self, row: Json) -> float:
        if not self._total:
            return float(row["share"])
        return float(sum(Decimal(one["amount"]) for one in row["amounts"]) / self._total)

    def _largest(self, value: str | None) -> float:
        return max((size for size, _ in self.sizes(value)), default=0.0)

    def ends(self, value: str | None) -> tuple[Json, Json] | None:
        """The rows of the models that add up which give a value the least and the most; None where they say nothing of it."""
        rows = [self.rows[model, value] for model in self.compared if (model, value) in self.rows]
        if not rows:
            return None
        return min(rows, key=self.size), max(rows, key=self.size)

    def scale(self, most: float) -> str:
        """The end of a scale up to the size `most`, and what it is a part of."""
        if self._total:
            whole = {"amount": self._total, "currency": self._currency}
            return f"{money_words(whole | {'amount': self._total * Decimal(most)})} of {money_words(whole)}"
        if self.show == "share":
            return f"{self.share(most)} of {number(self.whole)}"
        return f"{number(round(most * self.whole, 1))} of {number(self.whole)}"

    def text(self, row: Json) -> str:
        """A share, conversions or money; of few conversions never a percentage."""
        if self.show == "money" and row["amounts"]:
            return " + ".join(money_words(one) for one in row["amounts"] if Decimal(one["amount"])) or money_words(
                row["amounts"][0]
            )
        if self.show == "share":
            return self.share(row["share"])
        return number(round(row["conversions"], 1))

    def brief(self, row: Json) -> str:
        """The same for a cell among many."""
        if self.show == "money" and len(row["amounts"]) == 1:
            return brief_money(row["amounts"][0])
        return self.text(row)

    def share(self, share: float) -> str:
        if self.whole < NO_PERCENT_BELOW:
            return number(round(share * self.whole, 1))
        return percent(share)

    def ranges(self, row: Json) -> str:
        return f"{self.share(row['low'])} to {self.share(row['high'])}" if "low" in row else ""


def name_of(value: str | None) -> str:
    return NO_TOUCH if value is None else value


def brief_money(one: Json) -> str:
    """ "€240k", "€9.6k", "€373": for a cell among many; exact amounts stand in its tooltip and in the table."""
    amount, currency = Decimal(one["amount"]), one["currency"] or NO_CURRENCY
    for size, letter in ((1_000_000, "m"), (1_000, "k")):
        if abs(amount) >= size:
            short = (amount / size).quantize(Decimal(1) if abs(amount) >= 10 * size else Decimal("0.1"))
            # "€9.60" and "€24.00" say a digit, or two, too many; a currency without cents says none.
            said, dot, cents = money(short, currency).partition(".")
            return f"{said}{dot}{cents[0]}{letter}" if cents.strip("0") else f"{said}{letter}"
    return money_words(one)


def money_words(one: Json) -> str:
    """An amount without its cents, which stand in the table."""
    return money(Decimal(one["amount"]).quantize(Decimal(1)), one["currency"] or NO_CURRENCY).removesuffix(".00")


def exact(one: Json) -> str:
    return money(Decimal(one["amount"]), one["currency"] or NO_CURRENCY)
