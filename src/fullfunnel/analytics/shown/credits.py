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
        self.rows = {(row["model"], row["value"]): row for row in answer["rows"]}
        listed = list(dict.fromkeys(row["value"] for row in answer["rows"]))
        most = {value: max(row["share"] for row in answer["rows"] if row["value"] == value) for value in listed}
        self.values = sorted((value for value in listed if most[value] > NOTHING), key=lambda value: value is None)
        self.unearned = sum(1 for value in listed if value is not None and most[value] <= NOTHING)

    def shares(self, value: str | None) -> list[tuple[float, str]]:
        """What the models that add up give a value."""
        return [(self.rows[model, value]["share"], model) for model in self.adding if (model, value) in self.rows]

    def ends(self, value: str | None) -> tuple[Json, Json] | None:
        """The rows of the models that add up which give a value the least and the most; None where they say nothing of it."""
        rows = [self.rows[model, value] for model in self.adding if (model, value) in self.rows]
        if not rows:
            return None
        return min(rows, key=self._size), max(rows, key=self._size)

    def _size(self, row: Json) -> Decimal:
        """What is shown of it, to be compared; several currencies cannot be, their conversions can."""
        in_money = self.show == "money" and len(row["amounts"]) == 1
        return Decimal(row["amounts"][0]["amount"]) if in_money else Decimal(row["share"])

    def text(self, row: Json) -> str:
        """A share, conversions or money; of few conversions never a percentage."""
        if self.show == "money" and row["amounts"]:
            return " + ".join(money_words(one) for one in row["amounts"] if Decimal(one["amount"])) or money_words(
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


def name_of(value: str | None) -> str:
    return NO_TOUCH if value is None else value


def money_words(one: Json) -> str:
    """An amount without its cents, which stand in the table."""
    return money(Decimal(one["amount"]).quantize(Decimal(1)), one["currency"] or NO_CURRENCY).removesuffix(".00")


def exact(one: Json) -> str:
    return money(Decimal(one["amount"]), one["currency"] or NO_CURRENCY)
