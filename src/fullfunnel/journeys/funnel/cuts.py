"""How journeys are cut into runs: by unit, by session, by the value of a breakdown. A run is what the kernel folds at once."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.slices import distinct
from fullfunnel.journeys.folds.plan import STEPS
from fullfunnel.journeys.folds.trait_periods import TraitPeriods
from fullfunnel.journeys.funnel.cut import NO_CODE, Codes, Cut, Longs
from fullfunnel.journeys.funnel.held_properties import into_strands
from fullfunnel.journeys.funnel.matching import Matched
from fullfunnel.journeys.questions.shapes import Breakdown, Funnel


def by_unit(matched: Matched) -> Cut:
    """One run for each unit."""
    low, high = matched.offsets[:-1], matched.offsets[1:]
    units = np.arange(len(low), dtype=np.int64)
    nothing = np.empty(0, np.int32)
    none = np.full(len(low), NO_CODE, np.int32)
    return Cut(matched.time, matched.bits, matched.seen, low, high, units, units, none, nothing, owner=matched.owner)


def by_session(matched: Matched, session: Longs) -> Cut:
    """One run for each session of a unit; what belongs to no session is left out. `session`: of each row of `matched`."""
    rows = np.flatnonzero(session >= 0)
    found = _regroup(by_unit(matched), rows, session[rows])
    return replace(found, entity=np.arange(len(found.low), dtype=np.int64))


def _regroup(cut: Cut, rows: Longs, keys: NDArray[np.int64] | Codes) -> Cut:
    """Cuts these rows of every run into one run for each key."""
    run = np.repeat(np.arange(len(cut.low)), cut.high - cut.low)[rows]
    # lexsort is stable: within a run and a key, rows keep their order.
    order = np.lexsort((keys, run))
    rows, run, keys = rows[order], run[order], keys[order]
    begins = np.flatnonzero(np.r_[True, (run[1:] != run[:-1]) | (keys[1:] != keys[:-1])]) if len(rows) else rows
    return replace(
        cut,
        time=cut.time[rows],
        bits=cut.bits[rows],
        seen=cut.seen[rows],
        low=begins.astype(np.int64),
        high=np.r_[begins[1:], len(rows)].astype(np.int64) if len(rows) else begins,
        unit=cut.unit[run[begins]],
        entity=cut.entity[run[begins]],
        code=cut.code[run[begins]],
        codes=cut.codes[rows] if len(cut.codes) else cut.codes,
        held=cut.held[rows] if len(cut.held) else cut.held,
        owner=cut.owner[rows] if len(cut.owner) else cut.owner,
    )


def into_groups(question: Funnel, cut: Cut, codes: Codes, spells: TraitPeriods) -> Cut:
    """The cut by a property of events, according to the breakdown's attribution; `codes`: its value of each row of `cut`."""
    breakdown = question.breakdown
    assert breakdown is not None  # noqa: S101
    if breakdown.attribution == "all":
        everything = np.arange(len(cut.time))
        found = _regroup(replace(cut, codes=codes), everything, codes)
        found = replace(found, code=found.codes[found.low] if len(found.low) else found.code)
        return into_strands(question, found)
    if breakdown.attribution == "step":
        return _by_step(question, breakdown, into_strands(question, replace(cut, codes=codes)))
    from fullfunnel.journeys.folds.gather import still
    from fullfunnel.journeys.funnel.passes import edge_values

    allowed = spells.anywhen()[cut.unit]
    low, high, time, bits, allowed, codes = (
        still(one) for one in (cut.low, cut.high, cut.time, cut.bits, allowed, codes)
    )
    edge = edge_values(low, high, time, bits, allowed, codes, breakdown.attribution == "last")
    return replace(into_strands(question, cut), code=edge)


def _by_step(question: Funnel, breakdown: Breakdown, cut: Cut) -> Cut:
    """A run once more for each value that the events of the step carry in it."""
    at = breakdown.step - 1
    carriers = np.flatnonzero(cut.bits & (STEPS if question.order == "any" else 1 << at))
    run = np.searchsorted(cut.high, carriers, side="right")
    values = int(cut.codes.max(initial=-1)) + 2
    pairs = np.divmod(distinct(run * values + cut.codes[carriers] + 1), values)
    return replace(
        cut,
        low=cut.low[pairs[0]],
        high=cut.high[pairs[0]],
        unit=cut.unit[pairs[0]],
        entity=cut.entity[pairs[0]],
        code=(pairs[1] - 1).astype(np.int32),
        value_step=-1 if question.order == "any" else at,
    )


def in_sessions(codes: Codes, matched: Matched, session: Longs) -> Codes:
    """Codes of the rows of `matched`, in the order of the rows of the cut by session."""
    rows = np.flatnonzero(session >= 0)
    unit = np.repeat(np.arange(len(matched.units)), np.diff(matched.offsets))[rows]
    return codes[rows][np.lexsort((session[rows], unit))]


def by_trait(cut: Cut, codes: Codes) -> Cut:
    """The cut by a trait of the person (or of the person's company) as it is today: `codes`, one for each unit."""
    return replace(cut, code=codes[cut.unit].astype(np.int32))
