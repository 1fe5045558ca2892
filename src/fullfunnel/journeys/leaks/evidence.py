"""The evidence of a leak as JSON: the two sides, the test, the price and how it was reckoned, week by week."""

from decimal import Decimal
from typing import Any

from fullfunnel.journeys.answers.people_lists import moment_text
from fullfunnel.journeys.leaks.compare import Table, chance_of, newcombe
from fullfunnel.journeys.leaks.find import LEAST, SURE, Group, Leak
from fullfunnel.journeys.leaks.forms import field_of
from fullfunnel.journeys.leaks.joint import OVER_A_DAY, OVER_FOUR_HOURS, YES
from fullfunnel.journeys.leaks.price import Price, chance_of_win, loss_of, price_of
from fullfunnel.journeys.leaks.step import Bools, Money, months_between

Json = dict[str, Any]
WEEK = 7 * 86_400_000_000
PLACES = Decimal("0.0001")
WHERE_FROM, MOST_FROM = ("seller", "weekday"), 3
Fields = dict[str, list[str]]


def group_json(group: Group) -> Json:
    """Return who they are and how many of them, and of the others, went on."""
    table = group.table
    return {
        "key": group.key,
        "step": group.step.key,
        "to": group.step.to,
        "label": group.step.label,
        "dimension": group.dimension.name,
        "value": group.value,
        "group": _side(table.group, table.group_on),
        "others": _side(table.others, table.others_on),
    }


def _side(many: int, on: int) -> Json:
    return {"people": many, "went_on": on, "rate": round(on / many, 6) if many else None}


def tested_json(group: Group) -> Json:
    low, high = newcombe(group.table)
    difference = {
        "value": round(group.table.reference - group.table.rate, 6),
        "low": round(low, 6),
        "high": round(high, 6),
    }
    return {"difference": difference, "test": group.test, "p": group.p, "q": group.q}


def leak_json(leak: Leak, money: Money, fields: Fields) -> Json:
    """Return a leak with its evidence; its price is None where nothing was ever won."""
    group, step = leak.group, leak.group.step
    table, lost = group.table, int(leak.group.lost.sum())
    price = price_of(table, step.win, money, step.months, group.key) if step.is_priced else None
    return (
        group_json(group)
        | tested_json(group)
        | {
            "win": {"rate": round(chance_of_win(step.win), 6), "links": [vars(link).copy() for link in step.win]},
            "months": round(step.months, 4),
            "missing": round(table.missing, 2),
            "per_month": price_json(price, money),
            "total": {
                "lost": lost,
                "per_month": money_json(loss_of(lost, step.win, money, step.months), money),
            },
            "hit": int(hit(group).sum()),
            "field": _field_json(group, fields),
            "bands": _bands(group),
            "comes_from": _comes_from(group),
            "same": [group_json(one) | {"p": one.p} for one in leak.same],
            "first_at": moment_text(int(step.at[group.of_it].min(initial=2**62))) if group.of_it.any() else None,
            "weeks": weeks_json(group),
        }
    )


def hit(group: Group) -> Bools:
    """Return whom the leak hit: all of the group where we did it to them, else those who did not go on."""
    return group.of_it & group.compared if group.dimension.is_done_by_us else group.lost


def price_json(price: Price | None, money: Money) -> Json | None:
    if price is None:
        return None
    amounts = {"amount": price.amount, "low": price.low, "high": price.high}
    return {name: str(amount.quantize(PLACES)) for name, amount in amounts.items()} | {
        "currency": money.currency or None
    }


def money_json(amount: Decimal | None, money: Money) -> Json | None:
    return None if amount is None else {"amount": str(amount.quantize(PLACES)), "currency": money.currency or None}


def _field_json(group: Group, fields: Fields) -> Json | None:
    stopped = fields.get(group.step.key)
    found = field_of(group.step, stopped, group.of_it) if stopped else None
    return vars(found).copy() if found else None


def _bands(group: Group) -> list[Json]:
    """Return, of those who did not wait so long, how soon they were answered and how they did."""
    if group.dimension.name != OVER_A_DAY:
        return []
    late = next(one for one in group.step.dimensions if one.name == OVER_FOUR_HOURS)
    is_late = late.column.codes == late.column.values.index(YES)
    rest = group.compared & ~group.of_it
    found = []
    for name, mask in (("within_4_hours", rest & ~is_late), ("later", rest & is_late)):
        found.append({"name": name} | _side(int(mask.sum()), int((mask & group.step.went_on).sum())))
    return found


def _comes_from(group: Group) -> list[Json]:
    """Return where what we did to a group is done more often than elsewhere: by whom, on which weekday."""
    if not group.dimension.is_done_by_us:
        return []
    step, found = group.step, list[Json]()
    for dimension in step.dimensions:
        if dimension.name not in WHERE_FROM:
            continue
        known = group.compared & (dimension.column.codes >= 0)
        for code, value in enumerate(dimension.column.values):
            here = known & (dimension.column.codes == code)
            hits, others = int((here & group.of_it).sum()), int((known & ~here & group.of_it).sum())
            many, rest = int(here.sum()), int((known & ~here).sum())
            p, _ = chance_of(Table(many, many - hits, rest, rest - others))
            if many >= LEAST and p < SURE:
                sides = {"people": many, "hit": hits}, {"people": rest, "hit": others}
                found.append(
                    {"dimension": dimension.name, "value": value, "group": sides[0], "others": sides[1], "p": p}
                )
    return sorted(found, key=lambda one: -one["group"]["hit"])[:MOST_FROM]


def weeks_json(group: Group) -> list[Json]:
    """Return how the group and the others did, by the week in which they came; weeks end with the last one that came."""
    step, compared = group.step, group.compared
    if not compared.any():
        return []
    end = int(step.at[compared].max())
    ago = (end - step.at) // WEEK
    found = []
    for week in range(int(ago[compared].max()), -1, -1):
        here = compared & (ago == week)
        sides = [here & group.of_it, here & ~group.of_it]
        counts = [_side(int(side.sum()), int((side & step.went_on).sum())) for side in sides]
        found.append({"from": moment_text(end - (week + 1) * WEEK + 1), "group": counts[0], "others": counts[1]})
    return found


def recovered_json(group: Group, since: int, money: Money) -> Json:
    """Return how the group did before and after a moment, and what the difference brings a month."""
    step = group.step
    before, after = ((group.of_it & group.compared & side).nonzero()[0] for side in (step.at < since, step.at >= since))
    on = [int(step.went_on[side].sum()) for side in (before, after)]
    table = Table(len(before), on[0], len(after), on[1])
    others = group.compared & ~group.of_it & (step.at >= since)
    found: Json = {"before": _side(table.group, on[0]), "after": _side(table.others, on[1])}
    found["others"] = _side(int(others.sum()), int((others & step.went_on).sum()))
    low, high = newcombe(table)
    found["difference"] = {
        "value": round(table.reference - table.rate, 6),
        "low": round(low, 6),
        "high": round(high, 6),
    }
    first = int(step.at.min(initial=since))
    is_told = table.group > 0 and table.others > 0
    price = price_of(table, step.win, money, months_between(first, since), f"{group.key} since") if is_told else None
    return found | {"per_month": price_json(price, money)}


def silent_json(group: Group) -> Json:
    return group_json(group) | {"why": "too few"}
