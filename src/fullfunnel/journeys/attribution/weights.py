"""The rule models: what each touch before one conversion weighs. Pure, and compiled, because the fold asks it millions of times."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls

from fullfunnel.journeys.folds.ties import compiled

# As many touches can stand out in one model: first, lead, opportunity, last.
MAX_PLACES = 4


@compiled
def stand_out(model, n, last_not_direct, lead, opportunity, places, weights):
    """Who of n touches stands out: fills places[:few] and weights[:few]; returns (few, what each other touch weighs).

    Not normalised. model is its place in RULES, of those that look at places alone; last_not_direct, lead, opportunity: the place of
    that touch, -1 for none (last_not_direct: the last of all where every one is direct). What each model gives: docs/adr/0027 to 0029.
    """
    few, rest = 0, 0.0
    if model == 0:
        few = _add(places, weights, few, 0, 1.0)
    elif model == 1:
        few = _add(places, weights, few, n - 1, 1.0)
    elif model == 2:
        few = _add(places, weights, few, last_not_direct, 1.0)
    elif model == 3:
        rest = 1.0
    elif model in (6, 7, 8):
        # First and last touch, and the rest in equal parts. Of two touches, each has its own share of what both have.
        first = 40.0 if model == 6 else (20.0 if model == 7 else 60.0)
        few = _add(places, weights, few, 0, first)
        few = _add(places, weights, few, n - 1, 80.0 - first)
        rest = 20.0
    else:
        # Of 200: the same for the first touch and for those at lead, opportunity and, in Z, close; the rest share 20.
        share = 60.0 if model == 9 else 45.0
        few = _add(places, weights, few, 0, share)
        few = _add(places, weights, few, lead, share)
        few = _add(places, weights, few, opportunity, share)
        few = _add(places, weights, few, n - 1 if model == 10 else -1, share)
        rest = 20.0
    return few, rest if model == 3 else rest / max(n - few, 1)


@compiled
def _add(places, weights, few, place, weight):
    """One more that stands out; one touch that serves several has their weights together, and -1 has none."""
    if place < 0:
        return few
    for k in range(few):
        if places[k] == place:
            weights[k] += weight
            return few
    places[few], weights[few] = place, weight
    return few + 1


@compiled
def halved(gap, half_life):
    """What is left after a gap (both in µs) of what halves in each half-life."""
    return 2.0 ** (-gap / half_life)


@compiled
def decay(left, weights, n):
    """Time decay of n touches, to weights, not normalised; returns their sum, never 0: the newest weighs 1.

    left[i] is what is left of the weight of touch i + 1 at touch i.
    """
    weights[n - 1] = total = 1.0
    for i in range(n - 2, -1, -1):
        weights[i] = weights[i + 1] * left[i]
        total += weights[i]
    return total
