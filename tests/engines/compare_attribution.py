"""The fold and the oracle, asked the same about attribution."""

import random
from decimal import Decimal
from fractions import Fraction

from fullfunnel.journeys.attribution.answer import answer_attribution
from fullfunnel.journeys.questions.reading import parse
from fullfunnel.journeys.watch import Watch
from tests.engines import oracle_attribution
from tests.engines.worlds_attribution import random_question, random_world

# Exact by construction: their credits are divided without remainder among so few touches.
EXACT = {"first_touch", "last_touch", "last_non_direct", "linear", "participation", "u_shaped", "j_shaped", "inverse_j"}


def differences(seed, pairs):
    """Asks so many random questions of random worlds; yields (seed, question, what is wrong)."""
    for at in range(pairs):
        rng = random.Random(f"{seed}/{at}")
        world, question = random_world(rng), random_question(rng)
        said, meant = (
            answer_attribution(parse(question), world.dataset, Watch()),
            oracle_attribution.answer(world, question),
        )
        wrong = list(compared(said, meant))
        if len(said.get("groups", [])) != len(meant.get("groups", [])):
            wrong.append("other groups")
        for mine, theirs in zip(said.get("groups", []), meant.get("groups", []), strict=False):
            wrong += [(mine["value"], theirs["value"])] if mine["value"] != theirs["value"] else []
            wrong += list(compared(mine, theirs))
        if wrong:
            yield f"{seed}/{at}", question, wrong[:5], world.rows


def compared(said, meant):
    """What the two say differently: counts, credits to a hundred-millionth, money to the cent."""
    for name in ("conversions", "unattributed"):
        if said[name] != meant[name]:
            yield name, said[name], meant[name]
    rows = {(row["model"], row["value"]): row for row in said["rows"]}
    for key in {*rows, *meant["rows"]}:
        row = rows.get(key, {"conversions": 0, "amounts": []})
        earned, amounts = meant["rows"].get(key, (0, {}))
        if abs(row["conversions"] - earned) > 1e-8:
            yield key, row["conversions"], float(earned)
        for one in row["amounts"]:
            off = abs(Decimal(one["amount"]) - Decimal(float(amounts.get(one["currency"], 0))))
            if off > Decimal("0.010001"):
                yield key, one, amounts
    yield from sums(said, meant)


def sums(said, meant):
    """The laws of every answer: credits add up to the conversions, amounts to the last cent."""
    totals = {one["currency"]: Decimal(one["amount"]) for one in said["totals"]}
    for currency, total in totals.items():
        if Fraction(total) != meant["totals"].get(currency, 0):
            yield "total", currency, total
    linear = {row["value"]: row["conversions"] for row in said["rows"] if row["model"] == "linear"}
    for model in {row["model"] for row in said["rows"]}:
        rows = [row for row in said["rows"] if row["model"] == model]
        if model == "participation":
            if any(row["conversions"] < linear.get(row["value"], 0) - 1e-9 for row in rows):
                yield model, "is below linear"
            continue
        if sum(Decimal(str(row["conversions"])) for row in rows) != said["conversions"]:
            yield model, "does not add up, as its numbers are written"
        for currency, total in totals.items():
            amounts = [Decimal(o["amount"]) for row in rows for o in row["amounts"] if o["currency"] == currency]
            if sum(amounts) != total:
                yield model, currency, "is not the total to the cent"
