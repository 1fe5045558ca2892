"""The rule models: what each touch before one conversion weighs. Pure, and compiled, because the fold asks it millions of times."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls

from fullfunnel.analytics.folds.ties import compiled


@compiled
def _last_not_direct(direct):
    """The last touch that is not direct; the last of all where every one is."""
    n = len(direct)
    for i in range(n - 1, -1, -1):
        if not direct[i]:
            return i
    return n - 1


@compiled
def _ends(first, middle, last, weights):
    """First and last touch, and the rest in equal parts. Of two touches, each has its own share of what both have."""
    n = len(weights)
    if n == 1:
        weights[0] = 1.0
    elif n == 2:
        weights[0], weights[1] = first / (first + last), last / (first + last)
    else:
        for i in range(n):
            weights[i] = middle / (n - 2)
        weights[0], weights[n - 1] = first, last


@compiled
def _milestones(share, lead, opportunity, close, weights):
    """`share` (of 200) each for the first touch and for those at lead, opportunity and close; the rest share 20."""
    n = len(weights)
    weights[0] += share
    for i in range(3):
        at = lead if i == 0 else (opportunity if i == 1 else close)
        if at >= 0:
            weights[at] += share
    rest = 0
    for i in range(n):
        rest += weights[i] == 0.0
    for i in range(n):
        if weights[i] == 0.0:
            weights[i] = 20.0 / rest


@compiled
def weigh(model, ages, direct, lead, opportunity, half_life, weights):
    """Fills weights[0..n-1], not normalised: model is its place in RULES.

    ages: µs from each touch to the conversion, oldest first; direct: bool of each; lead, opportunity: the place of the touch at
    that milestone, -1 for none; half_life: µs. Of participation each touch weighs 1 (its caller counts each value once).
    """
    n = len(weights)
    for i in range(n):
        weights[i] = 0.0
    if model == 0:
        weights[0] = 1.0
    elif model == 1:
        weights[n - 1] = 1.0
    elif model == 2:
        weights[_last_not_direct(direct)] = 1.0
    elif model in (3, 4):
        for i in range(n):
            weights[i] = 1.0
    elif model == 5:
        for i in range(n):
            # From the newest touch, which is 1: however old all are, the sum is never 0.
            weights[i] = 2.0 ** (-(ages[i] - ages[n - 1]) / half_life)
    elif model == 6:
        _ends(40.0, 20.0, 40.0, weights)
    elif model == 7:
        _ends(20.0, 20.0, 60.0, weights)
    elif model == 8:
        _ends(60.0, 20.0, 20.0, weights)
    elif model == 9:
        _milestones(60.0, lead, opportunity, -1, weights)
    else:
        _milestones(45.0, lead, opportunity, n - 1, weights)
