"""Fit and engagement: how well somebody suits, and how much they do. Pure; the reasons add up to the score."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from math import exp2, log2
from typing import NamedTuple

from fullfunnel.core import clock
from fullfunnel.events.conditions import Clause, Happening, Has, holds, serves
from fullfunnel.events.event import PERSON

DAY = 86_400_000_000
HALF_LIFE = 14 * DAY
MOST = 100
# One kind of event gives so much a day at most, or what one event of it gives, if that is more.
MOST_A_DAY = 20
OVER = "more than 100 counts as 100"


class Point(NamedTuple):
    """What an event was worth when it happened. What we did, and bots, count nothing."""

    at: int
    points: float
    reason: str = ""
    actor: str = PERSON
    is_bot: bool = False


@dataclass(frozen=True)
class Weight:
    """What is worth points: an event for engagement (`rule` is a Has), a clause over traits for fit."""

    reason: str
    rule: Clause
    points: int


@dataclass(frozen=True)
class Score:
    """0 to 100, and why: whole points that add up to `value`, the most first."""

    value: int
    reasons: tuple[tuple[str, int], ...]


def decayed(points: Iterable[Point], at: int, half_life: float = HALF_LIFE) -> float:
    """Return what points are worth at a moment (µs): each halves every half-life (µs); later ones count nothing."""
    return sum(
        point.points * exp2((point.at - at) / half_life)
        for point in points
        if point.at <= at and point.actor == PERSON and not point.is_bot
    )


def falls_to(level: float, value: float, at: int, half_life: float = HALF_LIFE) -> int | None:
    """Return when a value of `at` will have fallen to a level (µs), if nothing more happens; None: it is below already."""
    return at + round(half_life * log2(value / level)) if value >= level else None


def engagement(
    journey: Sequence[Happening], weights: Sequence[Weight], at: int, zone: tzinfo, half_life: float = HALF_LIFE
) -> Score:
    """Return the engagement at a moment (µs) of what a person did, in order of time."""
    sums: dict[str, float] = {}
    for point in points_of(journey, weights, zone):
        sums[point.reason] = sums.get(point.reason, 0.0) + decayed([point], at, half_life)
    return score_of(sums)


@dataclass(frozen=True)
class Limits:
    """Who suits so well, and does so much, is handed over. floor: a moment (µs) before which they may have met both already."""

    fit: int
    engagement: int
    floor: int
    half_life: float = HALF_LIFE


def cause_of(
    journey: Sequence[Happening], new: Container[int], fit: int, weights: Sequence[Weight], limits: Limits, zone: tzinfo
) -> tuple[int, Score] | None:  # fmt: skip
    """Return the place in a journey of the event with which somebody meets both limits, and their engagement then.

    new: the places of the events that may be a cause. Who met them at the floor already has to do as much anew.
    """
    if fit < limits.fit:
        return None
    before = [one for one in journey if one.at <= limits.floor]
    had = engagement(before, weights, limits.floor, zone, limits.half_life).value >= limits.engagement
    counted = list(journey[len(before) :]) if had else list(journey)
    begin = len(journey) - len(counted)
    for place, one in enumerate(counted):
        if begin + place in new and one.at > limits.floor:
            found = engagement(counted[: place + 1], weights, one.at, zone, limits.half_life)
            if found.value >= limits.engagement:
                return begin + place, found
    return None


def points_of(journey: Sequence[Happening], weights: Sequence[Weight], zone: tzinfo) -> list[Point]:
    """Return the points of each event: of the weights that it meets, the one worth most, up to the limit of its kind and day."""
    ordered = sorted(weights, key=lambda weight: -weight.points)
    given: dict[tuple[str, date], int] = {}
    found = []
    for one in journey:
        weight = next((weight for weight in ordered if isinstance(weight.rule, Has) and serves(weight.rule, one)), None)
        if weight is None:
            continue
        day = (weight.reason, clock.from_us(one.at).astimezone(zone).date())
        points = min(weight.points, max(MOST_A_DAY, weight.points) - given.get(day, 0))
        if points > 0:
            given[day] = given.get(day, 0) + points
            found.append(Point(one.at, points, weight.reason))
    return found


def fit(traits: Mapping[str, str], weights: Sequence[Weight], zone: tzinfo) -> Score:
    """Return the fit of somebody with these traits, their company's among them."""
    return score_of({weight.reason: float(weight.points) for weight in weights if holds(weight.rule, traits, [], zone)})


def score_of(sums: Mapping[str, float]) -> Score:
    """Return the sum as a score between 0 and 100, with whole reasons that add up to it."""
    total = round(sum(sums.values()))
    whole = {reason: int(points // 1) for reason, points in sums.items()}
    # What rounding leaves goes to the largest remainders.
    short = sorted(sums, key=lambda reason: (whole[reason] - sums[reason], reason))
    for reason in short[: total - sum(whole.values())]:
        whole[reason] += 1
    reasons = sorted(
        ((reason, points) for reason, points in whole.items() if points), key=lambda one: (-one[1], one[0])
    )
    if total > MOST:
        reasons.append((OVER, MOST - total))
    return Score(min(max(total, 0), MOST), tuple(reasons))
