"""The numbers of the two funnels, of everybody or of a group, and who stands behind each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fullfunnel.journeys.folds.gather import Longs
from fullfunnel.journeys.folds.plan import NEVER
from fullfunnel.journeys.stages import deals as sold
from fullfunnel.journeys.stages import ledger
from fullfunnel.journeys.stages.moves import Moves
from fullfunnel.journeys.stages.question import FORMER, HANDED_OVER, LOST, NOW, OPPORTUNITY, PENDING, REACHED, WENT_ON
from fullfunnel.journeys.stages.rule import CONVERSION, LADDER, PROSPECT

Json = dict[str, Any]
Bools = NDArray[np.bool_]
SECOND = 1_000_000
PLACES = Decimal("0.0001")
NOWHERE = -1


@dataclass(frozen=True)
class Funnels:
    """What was read of a dataset. groups: the place of each person's group, of hand-overs and of deals that of their person.

    start, end: the period (µs, end excluded); until: up to when data is in; silence: µs.
    """

    moves: Moves
    hand_overs: Sequence[ledger.HandOver]
    deals: Sequence[sold.Deal]
    start: int
    end: int
    until: int
    silence: int
    has_sales: bool

    def lies_in(self, moments: Longs) -> Bools:
        return (moments >= self.start) & (moments < self.end)

    @cached_property
    def stands(self) -> Longs:
        """See standing()."""
        return standing(self)

    @cached_property
    def is_quiet(self) -> Bools:
        """Who gave no sign for longer than the limit of silence."""
        return self.until - self.moves.active > self.silence


@dataclass(frozen=True)
class Chosen:
    """Which people, hand-overs and deals are counted."""

    people: Bools
    hand_overs: Bools
    deals: Bools


def of_stage(found: Funnels, stage: str, outcome: str) -> tuple[Bools, Longs]:
    """Return which people have this outcome at a stage that they reached in the period, and when each reached it."""
    moves = found.moves
    own, reached, following = _moments(moves, stage)
    here = found.lies_in(reached)
    # Only what is asked for: a page of groups asks for hundreds.
    chosen: dict[str, Callable[[], Bools]] = {
        REACHED: lambda: here,
        NOW: lambda: here & (found.stands == (LADDER.index(stage) if stage in LADDER else NOWHERE)),
        FORMER: lambda: here & (moves.ended <= found.until),
        WENT_ON: lambda: here & (following < NEVER),
        PENDING: lambda: here & (following >= NEVER) & ~found.is_quiet,
        LOST: lambda: here & (following >= NEVER) & found.is_quiet,
        "skipped": lambda: here & (own > reached),
        "alone": lambda: here & moves.alone,
    }
    return chosen[outcome](), reached


def standing(found: Funnels) -> Longs:
    """Return the stage (its place on the ladder) in which each stands at the end of the data; NOWHERE: none, or a former customer.

    It is the last one reached, and a stage lower for each limit of silence since the last sign.
    """
    moves = found.moves
    is_reached = moves.reached < NEVER
    last = np.maximum(moves.active, np.where(is_reached, moves.reached, -NEVER).max(axis=0, initial=-NEVER))
    falls = np.maximum(found.until - last, 0) // found.silence
    stands = np.maximum(is_reached.sum(axis=0) - 1 - falls, 0)
    return np.where(is_reached.any(axis=0) & (moves.ended > found.until), stands, NOWHERE)


def _moments(moves: Moves, stage: str) -> tuple[Longs, Longs, Longs]:
    """Return when a stage was reached by its own rule, at all, and when the next one was; NEVER where there is none."""
    if stage == PROSPECT:
        return moves.prospect, moves.prospect, np.full(len(moves.unit), NEVER, np.int64)
    at = LADDER.index(stage)
    is_last = at == len(LADDER) - 1
    following = np.full(len(moves.unit), NEVER, np.int64) if is_last else moves.reached[at + 1]
    return moves.own[at], moves.reached[at], following


def hand_overs_with(found: Funnels, outcome: str) -> tuple[Bools, Longs]:
    """Return which hand-overs made in the period have this outcome, and when they were made."""
    at = np.array([one.at for one in found.hand_overs], np.int64)
    is_so = np.array([outcome in (REACHED, one.outcome) for one in found.hand_overs], np.bool_)
    return found.lies_in(at) & is_so, at


def deals_with(found: Funnels, outcome: str) -> tuple[Bools, Longs]:
    """Return which deals created in the period have this outcome, and when they were created."""
    at = np.array([one.at for one in found.deals], np.int64)
    is_so = np.array([outcome in (REACHED, one.outcome) for one in found.deals], np.bool_)
    return found.lies_in(at) & is_so, at


class Behind(NamedTuple):
    """What stands behind a number, a place each: whom it is about, when it was reached, and the id of the hand-over or deal."""

    people: Longs
    at: Longs
    ids: list[str]


def behind(found: Funnels, stage: str, outcome: str, chosen: Chosen) -> Behind:
    """Return the people, hand-overs or deals behind a number."""
    if stage == HANDED_OVER:
        is_meant, at = hand_overs_with(found, outcome)
        people, ids = [one.person for one in found.hand_overs], [one.lead for one in found.hand_overs]
        return _kept(is_meant & chosen.hand_overs, people, at, ids)
    if stage == OPPORTUNITY:
        is_meant, at = deals_with(found, outcome)
        people, ids = [one.person for one in found.deals], [one.name for one in found.deals]
        return _kept(is_meant & chosen.deals, people, at, ids)
    is_meant, at = of_stage(found, stage, outcome)
    kept = is_meant & chosen.people
    return Behind(found.moves.unit[kept], at[kept], [])


def _kept(kept: Bools, people: list[int], at: Longs, ids: list[str]) -> Behind:
    return Behind(np.array(people, np.int64)[kept], at[kept], [ids[place] for place in np.flatnonzero(kept).tolist()])


def figures_json(found: Funnels, chosen: Chosen) -> Json:
    """Return the counts, times and sums of the things chosen."""
    marketing = [_stage_json(found, stage, chosen.people) for stage in LADDER]
    alone = int((of_stage(found, CONVERSION, "alone")[0] & chosen.people).sum())
    former = int((of_stage(found, CONVERSION, FORMER)[0] & chosen.people).sum())
    answer: Json = {"marketing": marketing, "alone": alone, "former": former}
    if not found.has_sales:
        return answer
    prospects = int((of_stage(found, PROSPECT, REACHED)[0] & chosen.people).sum())
    joint, sales = _joint_json(found, chosen.hand_overs), _sales_json(found, chosen.deals)
    stages = (*LADDER, PROSPECT, HANDED_OVER)
    answer["worth"] = {stage: _worth_json(found, _units_at(found, stage, chosen)) for stage in stages}
    return answer | {"prospects": prospects, "hand_overs": joint, "deals": sales}


def _stage_json(found: Funnels, stage: str, people: Bools) -> Json:
    counts = {
        name: int((of_stage(found, stage, name)[0] & people).sum())
        for name in (REACHED, "skipped", WENT_ON, PENDING, LOST, NOW)
    }
    own, reached, following = _moments(found.moves, stage)
    # Who skipped a stage was in it for no time.
    was_there = of_stage(found, stage, WENT_ON)[0] & people & (own == reached) & (own < following)
    times = (following - reached)[was_there]
    return {"stage": stage, "people": counts.pop(REACHED), **counts, **_times_json("seconds_to_next", times)}


def _units_at(found: Funnels, stage: str, chosen: Chosen) -> Longs:
    """Return the people who reached a stage in the period, or of the hand-overs made in it."""
    if stage == HANDED_OVER:
        people = np.array([one.person for one in found.hand_overs], np.int64)
        return people[hand_overs_with(found, REACHED)[0] & chosen.hand_overs]
    units: Longs = found.moves.unit[of_stage(found, stage, REACHED)[0] & chosen.people]
    return units


def _worth_json(found: Funnels, units: Longs) -> Json:
    """Return what the deals with these people are worth: those won, and those open."""
    people = np.array([one.person for one in found.deals], np.int64)
    own = [one for one, is_so in zip(found.deals, np.isin(people, units).tolist(), strict=True) if is_so]
    return {name: money_json([one for one in own if one.outcome == name]) for name in (sold.WON, sold.OPEN)}


def _times_json(name: str, times: Longs) -> Json:
    if not len(times):
        return {name: None}
    median, late = np.percentile(times, [50, 90]) / SECOND
    return {name: {"median": round(float(median)), "p90": round(float(late))}}


def _joint_json(found: Funnels, chosen: Bools) -> Json:
    made = hand_overs_with(found, REACHED)[0] & chosen
    own = [one for one, is_meant in zip(found.hand_overs, made.tolist(), strict=True) if is_meant]
    counts = {outcome: sum(one.outcome == outcome for one in own) for outcome in ledger.OUTCOMES}
    answers = np.array([one.answered_at - one.at for one in own if one.answered_at is not None], np.int64)
    again = sum(one.asked_again for one in own)
    return {"handed_over": len(own), **counts, "asked_again": again, **_times_json("seconds_to_answer", answers)}


def _sales_json(found: Funnels, chosen: Bools) -> Json:
    made = deals_with(found, REACHED)[0] & chosen
    own = [deal for deal, is_meant in zip(found.deals, made.tolist(), strict=True) if is_meant]
    counts = {outcome: sum(deal.outcome == outcome for deal in own) for outcome in sold.OUTCOMES}
    won = [deal for deal in own if deal.outcome == sold.WON]
    times = np.array([deal.ended_at - deal.at for deal in won if deal.ended_at is not None], np.int64)
    return {
        "opportunities": len(own),
        **counts,
        "expansions": sum(deal.type in sold.EXPANSIONS for deal in won),
        "won_value": money_json(won),
        "open_value": money_json([deal for deal in own if deal.outcome == sold.OPEN]),
        **_times_json("seconds_to_win", times),
    }


def money_json(deals: Sequence[sold.Deal]) -> list[Json]:
    """Return the sum of each currency, the largest first; deals without an amount are in none."""
    sums: dict[str, Decimal] = {}
    for deal in deals:
        if deal.amount is not None:
            sums[deal.currency] = sums.get(deal.currency, Decimal(0)) + deal.amount
    ordered = sorted(sums.items(), key=lambda one: (-one[1], one[0]))
    return [{"currency": currency or None, "amount": str(amount.quantize(PLACES))} for currency, amount in ordered]
