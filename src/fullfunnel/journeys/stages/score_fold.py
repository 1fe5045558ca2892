"""When each person first suited and did enough to be handed over by score: journeys/stages/score.py for many at once (Numba)."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="assignment"

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.conditions import Clause, Condition, Group, Has, truths
from fullfunnel.events.event import ACTORS, PERSON
from fullfunnel.events.store.journeys import Column, Index
from fullfunnel.journeys.folds.gather import Longs, taken
from fullfunnel.journeys.folds.has import local_days
from fullfunnel.journeys.folds.plan import NEVER
from fullfunnel.journeys.folds.step_matching import StepMatching
from fullfunnel.journeys.folds.ties import compiled
from fullfunnel.journeys.questions.shapes import Matcher
from fullfunnel.journeys.stages.reading import kept
from fullfunnel.journeys.stages.rule_set import RuleSet
from fullfunnel.journeys.stages.score import MOST, MOST_A_DAY, Weight
from fullfunnel.journeys.stages.weights import with_addresses
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

DID = ACTORS.index(PERSON)
Bools = NDArray[np.bool_]


def first_met(rules: RuleSet, index: Index, dataset: "Dataset", zone: str, watch: Watch) -> Longs:
    """Return when each unit of the index first met both limits, µs; NEVER where it did not, or nobody is handed over by score.

    The fit is that of today; the engagement that of the moment.
    """
    never: Longs = np.full(len(index.units), NEVER, np.int64)
    limits = rules.by_score
    if limits is None or not limits.is_on:
        return never
    key = ("engaged", rules.weights.engagement, limits.engagement, rules.half_life, zone)
    # Careful: not the fit, for an index stays as it is while people's traits change.
    engaged = kept(index, key, lambda: _engaged(rules, limits.engagement, index, dataset, zone, watch))
    suits = fits_of(rules.weights.fit, index.units, dataset) >= limits.fit
    return np.where(suits, engaged, never)


def fits_of(weights: Sequence[Weight], units: Longs, dataset: "Dataset") -> Longs:
    """Return the fit of these people as of today, 0 to 100."""
    total, traits = np.zeros(len(units), np.int64), _Traits(units, dataset)
    for weight in weights:
        total += weight.points * _holds(weight.rule, traits)
    found: Longs = np.clip(total, 0, MOST)
    return found


class _Traits:
    """The columns of traits of these people and of their companies, each loaded once."""

    def __init__(self, units: Longs, dataset: "Dataset") -> None:
        self.units, self._dataset = units, dataset
        self._known: dict[str, tuple[Column, Column]] = {}

    def of(self, name: str) -> tuple[Column, Column]:
        if name not in self._known:
            traits = self._dataset.traits
            self._known[name] = traits.of_people(name, self.units), traits.of_their_companies(name, self.units)
        return self._known[name]


def _holds(clause: Clause, traits: _Traits) -> Bools:
    if isinstance(clause, Group):
        parts = [_holds(one, traits) for one in clause.of]
        joined: Bools = (np.logical_and if clause.op == "all" else np.logical_or).reduce(parts)
        return ~joined if clause.op == "none" else joined
    if not isinstance(clause, Condition):
        return np.zeros(len(traits.units), np.bool_)
    own, theirs = traits.of(clause.property)
    said, of_company = (truths(clause, one.values)[one.codes] for one in (own, theirs))
    # What the person says goes before what the company says.
    return np.where(own.codes >= 0, said, of_company)


def _engaged(rules: RuleSet, least: int, index: Index, dataset: "Dataset", zone: str, watch: Watch) -> Longs:
    weights = sorted(with_addresses(rules.weights.engagement, dataset.facts.selling.pages), key=lambda one: -one.points)
    served = [(one, one.rule) for one in weights if isinstance(one.rule, Has)]
    sought = StepMatching(index, [Matcher(rule.events, rule.where) for _, rule in served], dataset)
    points = np.array([one.points for one, _ in served], np.float64)
    reasons = {reason: at for at, reason in enumerate(dict.fromkeys(one.reason for one, _ in served))}
    reason = np.array([reasons[one.reason] for one, _ in served], np.int64)

    def read(begin: int, end: int) -> Longs:
        found = sought.gather(begin, end)
        did = taken((index.parts[0].actor, index.parts[1].actor), found.row) == DID
        bits = np.where(did, found.bits, 0)
        days = local_days(found.time.copy(), zone)
        moments = np.full(end - begin, NEVER, np.int64)
        events, limits = (
            (found.offsets, found.time, bits, days),
            (float(rules.half_life), least - 0.5, float(MOST_A_DAY)),
        )
        _first_enough(events, points, reason, len(reasons), limits, moments)
        return moments

    parts = sought.each_portion(watch, read) or [read(0, 0)]
    whole: Longs = np.concatenate(parts)
    return whole


@compiled
def _first_enough(events, points, reason, reasons, limits, moments):
    offsets, time, bits, days = events
    half_life, least, most_a_day = limits
    last_day, given = np.empty(reasons, np.int64), np.empty(reasons, np.float64)
    for u in range(offsets.shape[0] - 1):
        last_day[:] = -(2**62)
        value, before = 0.0, 0
        for i in range(offsets[u], offsets[u + 1]):
            if bits[i] == 0:
                continue
            # Weights stand in falling order of points: the first that the event meets is worth most.
            m = 0
            while not bits[i] >> m & 1:
                m += 1
            r = reason[m]
            if last_day[r] != days[i]:
                last_day[r], given[r] = days[i], 0.0
            worth = min(points[m], max(most_a_day, points[m]) - given[r])
            if worth <= 0:
                continue
            given[r] += worth
            value = value * 2.0 ** ((before - time[i]) / half_life) + worth
            before = time[i]
            if value >= least:
                moments[u] = time[i]
                break
