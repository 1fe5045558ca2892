"""What each touch of one conversion earns, and what the chain and the game of all journeys give: fractions, tried out one by one.

Semantics: ../shared/reference/attribution.md.
"""

from collections import Counter
from fractions import Fraction
from itertools import pairwise, permutations

DAY = 86_400_000_000
SPANS = {"second": DAY // 86_400, "minute": DAY // 1_440, "hour": DAY // 24, "day": DAY}


def span(question, name, default):
    given = question.get(name, default)
    return None if given is None else round(given["value"] * SPANS[given["unit"]])


def credits_of(model, one, question):
    """[(value, part)] of one conversion."""
    path = one["path"]
    values = [value for _, value, _, _ in path]
    if model == "participation":
        return [(value, 1) for value in set(values)]
    weights = WEIGHTS[model](one, question)
    return [(value, Fraction(weight) / sum(weights)) for value, weight in zip(values, weights, strict=True)]


def only(n, at):
    return [Fraction(i == at) for i in range(n)]


def not_direct(one):
    named = [i for i, (_, _, direct, _) in enumerate(one["path"]) if not direct]
    return named[-1] if named else len(one["path"]) - 1


def decay(one, question):
    half = span(question, "half_life", {"value": 7, "unit": "day"})
    return [Fraction(2.0 ** (-(one["path"][-1][0] - at) / half)) for at, *_ in one["path"]]


def positions(first, middle, last, n):
    if n == 1:
        return [Fraction(1)]
    if n == 2:
        return [Fraction(first), Fraction(last)]
    return [Fraction(first), *[Fraction(middle, n - 2)] * (n - 2), Fraction(last)]


def milestones(share, places, n):
    weights = [share * sum(1 for place in places if place == i) for i in range(n)]
    rest = weights.count(0)
    return [weight or Fraction(10, rest) for weight in weights]


def size(one):
    return len(one["path"])


WEIGHTS = {
    "first_touch": lambda one, _: only(size(one), 0),
    "last_touch": lambda one, _: only(size(one), size(one) - 1),
    "last_non_direct": lambda one, _: only(size(one), not_direct(one)),
    "linear": lambda one, _: [Fraction(1)] * size(one),
    "time_decay": decay,
    "u_shaped": lambda one, _: positions(40, 20, 40, size(one)),
    "j_shaped": lambda one, _: positions(20, 20, 60, size(one)),
    "inverse_j": lambda one, _: positions(60, 20, 20, size(one)),
    "w_shaped": lambda one, _: milestones(Fraction(30), [0, one["lead"], one["opportunity"]], size(one)),
    "z_shaped": lambda one, _: milestones(
        Fraction(45, 2), [0, one["lead"], one["opportunity"], size(one) - 1], size(one)
    ),
}


def markov(paths, away):
    """The chain, solved anew without each value in turn."""
    steps = Counter()
    for path, end in [*((path, "won") for path in paths), *((path, "lost") for path in away)]:
        states = ["start", *path, end]
        steps.update(pairwise(states))
    values = sorted({value for path in [*paths, *away] for value in path})
    whole = chance(steps, None)
    effects = {value: 1 - chance(steps, value) / whole for value in values}
    return {value: effect / sum(effects.values()) for value, effect in effects.items()}


def chance(steps, removed):
    """P(won) from the start, by elimination over fractions; what leads to the removed state is lost."""
    states = sorted({a for a, _ in steps} - {removed})
    place = {state: at for at, state in enumerate(states)}
    matrix = [[Fraction(0)] * (len(states) + 1) for _ in states]
    for at, state in enumerate(states):
        own = {to: n for (a, to), n in steps.items() if a == state}
        matrix[at][at] += 1
        for to, n in own.items():
            part = Fraction(n, sum(own.values()))
            if to == "won":
                matrix[at][-1] += part
            elif to in place:
                matrix[at][place[to]] -= part
    for k in range(len(states)):
        pivot = next(r for r in range(k, len(states)) if matrix[r][k])
        matrix[k], matrix[pivot] = matrix[pivot], matrix[k]
        matrix[k] = [cell / matrix[k][k] for cell in matrix[k]]
        for r in range(len(states)):
            if r != k and matrix[r][k]:
                matrix[r] = [a - matrix[r][k] * b for a, b in zip(matrix[r], matrix[k], strict=True)]
    return matrix[place["start"]][-1]


def shapley(paths, away):
    """What each value adds, on average over all orders; a set is worth the best shrunk rate of any part of it."""
    journeys = [(frozenset(path), 1) for path in paths] + [(frozenset(path), 0) for path in away]
    values = sorted({value for own, _ in journeys for value in own})
    cost = Fraction(len(journeys), max(len(paths), 1))
    known = {}

    def worth(subset):
        if subset not in known:
            inside = [converted for own, converted in journeys if own <= subset]
            rate = sum(inside) / (len(inside) + cost) if subset else Fraction(0)
            known[subset] = max([rate, *(worth(subset - {value}) for value in subset)])
        return known[subset]

    found = Counter()
    for order in permutations(values):
        so_far = frozenset()
        for value in order:
            found[value] += worth(so_far | {value}) - worth(so_far)
            so_far |= {value}
    total = sum(found.values())
    return {value: part / total for value, part in found.items()} if total else {}
