"""The stages of people as steps: who reached one in the period, and had the time in which nine in ten go on."""

from collections.abc import Iterable, Sequence

import numpy as np

from fullfunnel.journeys.folds.gather import Longs
from fullfunnel.journeys.folds.plan import NEVER
from fullfunnel.journeys.leaks.firsts import Firsts
from fullfunnel.journeys.leaks.step import Goal, Share, Step, months_between
from fullfunnel.journeys.stages.figures import Funnels
from fullfunnel.journeys.stages.rule import (
    ADVOCACY,
    AWARENESS,
    CONSIDERATION,
    CONVERSION,
    INTEREST,
    LADDER,
    LOYALTY,
    PROSPECT,
)

HANDED_OVER = "handed_over"
DAY = 86_400_000_000
# Nobody is waited for longer than a third of the period, or there would be nobody left to judge.
LONGEST = 30 * DAY
FORMS = "form:"


def goal_of(found: Funnels, handed: Share) -> Goal:
    """Return what the steps lead to. handed: of decided hand-overs those that were won."""
    if found.has_sales:
        return _goal(found, _first(found, ((one.person, one.at) for one in found.hand_overs)), (handed,))
    return _goal(found, found.moves.reached[LADDER.index(CONVERSION)], ())


def _goal(found: Funnels, at: Longs, win: tuple[Share, ...]) -> Goal:
    return Goal(at, found.moves.unit[at < NEVER], win)


def people_steps(found: Funnels, firsts: Firsts, goal: Goal, on_deals: dict[int, int]) -> list[Step]:
    """Return the steps of people.

    on_deals: since when (µs) each contact of a deal is one: who joins a colleague's deal is not handed over, and not lost.
    """
    moves, has_sales = found.moves, found.has_sales
    moments = {name: moves.reached[at] for at, name in enumerate(LADDER)}
    pairs: list[tuple[str, str, tuple[str, ...]]] = [(AWARENESS, INTEREST, ()), (INTEREST, CONSIDERATION, ())]
    if has_sales:
        moments[PROSPECT] = moves.prospect
        # Who buys alone went on past the joint.
        joined = _first(found, on_deals.items())
        moments[HANDED_OVER] = np.minimum.reduce([goal.at, joined, moments[CONVERSION]])
        pairs += [(PROSPECT, HANDED_OVER, (FORMS,)), (CONSIDERATION, HANDED_OVER, (FORMS, PROSPECT))]
    else:
        pairs.append((CONSIDERATION, CONVERSION, (FORMS,)))
    pairs += [(CONVERSION, LOYALTY, ()), (LOYALTY, ADVOCACY, ())]
    steps = []
    for name, to, after in pairs:
        win = goal.win if to == HANDED_OVER else ()
        if to in (INTEREST, CONSIDERATION):
            win = (_share(found, moments[to], goal.at), *goal.win)
        step = _step(found, firsts, (name, to, after), (moments[name], moments[to]), win)
        if step is not None:
            steps.append(step)
    return steps


def _share(found: Funnels, reached: Longs, following: Longs) -> Share:
    """Return how many of those who reached something in the period, and had the time, reached the other."""
    ripe = _ripening(reached, following, LONGEST)
    here = found.lies_in(reached) & (reached <= found.until - ripe)
    return Share(int((here & (following < NEVER) & (following >= reached)).sum()), int(here.sum()))


def _step(
    found: Funnels,
    firsts: Firsts,
    names: tuple[str, str, tuple[str, ...]],
    moments: Sequence[Longs],
    win: tuple[Share, ...],
) -> Step | None:
    reached, following = moments
    # Who was further already when they reached it is not asked to go on.
    here = np.flatnonzero(found.lies_in(reached) & (following >= reached))
    if not len(here):
        return None
    at = reached[here]
    name, to, after = names
    ripe = _ripening(reached, following, NEVER if to in (LOYALTY, ADVOCACY) else LONGEST)
    is_decided = at <= found.until - ripe
    went_on = following[here] < NEVER
    months = months_between(found.start, min(found.end, found.until - ripe))
    return Step(
        name, to, found.moves.unit[here], at, went_on, is_decided, firsts.of(here), win, months,
        after=after, is_priced=to != ADVOCACY,
    )  # fmt: skip


def _ripening(reached: Longs, following: Longs, longest: int) -> int:
    """Return within what time (µs) of reaching a stage nine in ten of those who go on do."""
    went = (reached < NEVER) & (following < NEVER) & (reached > -NEVER) & (following >= reached)
    if not went.any():
        return 0
    return int(min(np.percentile(following[went] - reached[went], 90), longest))


def _first(found: Funnels, told: Iterable[tuple[int, int]]) -> Longs:
    """Return the first moment of each person of the moves, NEVER where none is told."""
    first = np.full(len(found.moves.unit), NEVER, np.int64)
    places = {unit: at for at, unit in enumerate(found.moves.unit.tolist())}
    for person, when in told:
        at = places.get(person)
        if at is not None and when < first[at]:
            first[at] = when
    return first
