"""Attribution by one model: what each value earned, share and money beside each other, and the other models to choose. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fullfunnel.analytics.kinds.attribution_models import MODEL_NAMES, MODEL_WORDS, offered_models
from fullfunnel.analytics.kinds.credits import NOTHING, Credits, money_words, name_of
from fullfunnel.core.numbers import NO_PERCENT_BELOW
from fullfunnel.core.texts.locales import digits

Json = dict[str, Any]


@dataclass(frozen=True)
class ModelChoice:
    """A model that may be shown instead. link: the query string of the question by it alone."""

    name: str
    said: str
    link: str
    is_on: bool


@dataclass(frozen=True)
class Earned:
    """What a value earned. width: of its bar, in percent of the widest; share "" where there are too few to tell one."""

    name: str
    width: float
    share: str
    conversions: str
    money: str
    between: str


def model_choices(shown: str, opens_with: str, half_life: str, link_of: Callable[[str], str]) -> Json:
    """What the template reads of the choice between models: `shown` is the control's value, "" for all."""
    one = shown if shown in MODEL_NAMES else ""
    offered = offered_models(opens_with)
    models = [*offered, *({one} - {"", *offered})]
    said = {model: MODEL_WORDS[model].format(half_life=half_life) for model in models}
    return {
        "choices_of_model": [ModelChoice(MODEL_NAMES[each], said[each], link_of(each), each == one) for each in models],
        "compare_link": link_of(""),
        "is_comparing": not one,
    }


def single(found: Credits) -> Json:
    """The context of templates/analytics/_attribution_single.html; empty where several models were asked."""
    if len(found.models) != 1:
        return {}
    rows = rows_of(found)
    most = max((found.size(row) for row in rows), default=0.0) or 1.0
    places = int(any(round(row["conversions"], 1) % 1 for row in rows))
    return {
        "earned": [_earned(found, row, most, places) for row in rows],
        "has_money": bool(found.answer["totals"]),
        "single_is_few": found.whole < NO_PERCENT_BELOW,
    }


def rows_of(found: Credits) -> list[Json]:
    """The rows of the one model that earned anything, the largest first; what no touch came before last."""
    rows = [row for row in found.answer["rows"] if row["share"] > NOTHING]
    return sorted(rows, key=lambda row: (row["value"] is None, -found.size(row)))


def single_words(found: Credits) -> str:
    """ "Organic Search earned 31 % (€92,256) and Paid Social 24 % (€71,424), by the model U-shaped."."""
    told = [f"{row['value']} {at}{_part(found, row)}" for row, at in zip(_named(found), ("earned ", ""), strict=False)]
    return " and ".join(told) + f", by the model {MODEL_NAMES[found.models[0]]}."


def _named(found: Credits) -> list[Json]:
    return [row for row in rows_of(found) if row["value"] is not None]


def _part(found: Credits, row: Json) -> str:
    part, money = found.share(row["share"]), _money(row)
    part += " of them" if found.whole < NO_PERCENT_BELOW else ""
    return f"{part} ({money})" if money else part


def _earned(found: Credits, row: Json, most: float, places: int) -> Earned:
    return Earned(
        name=name_of(row["value"]),
        width=round(max(found.size(row), 0.0) / most * 100, 2),
        share=found.share(row["share"]) if found.whole >= NO_PERCENT_BELOW else "",
        conversions=digits(f"{row['conversions']:,.{places}f}"),
        money=_money(row) or "–",
        between=found.ranges(row),
    )


def _money(row: Json) -> str:
    return " + ".join(money_words(one) for one in row["amounts"] if float(one["amount"]))
