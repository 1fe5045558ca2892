"""The funnel question over a dataset: journeys in, entries that stand out. Numba is loaded here, when a funnel is first asked."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.journeys import Column
from fullfunnel.journeys.folds.gather import codes_at, each_portion, gather, taken
from fullfunnel.journeys.folds.plan import Plan, plan_of
from fullfunnel.journeys.funnel.cuts import by_session, by_trait, by_unit, in_sessions, into_groups
from fullfunnel.journeys.funnel.fast.plain import fold_plain, is_plain, outcomes_of
from fullfunnel.journeys.funnel.grouping import Grouping, grouping_of
from fullfunnel.journeys.funnel.held_properties import held_values, into_strands
from fullfunnel.journeys.funnel.matching import Ready, match, ready, trait_periods_of, without_empty
from fullfunnel.journeys.funnel.outcomes import Outcomes, fold_cut, joined
from fullfunnel.journeys.questions.shapes import Funnel
from fullfunnel.journeys.watch import Flag, Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

# Rows of the index that a general fold looks at at once.
ROWS_AT_ONCE = 1_000_000


def fold_funnel(question: Funnel, dataset: "Dataset", watch: Watch | None = None) -> tuple[Outcomes, Outcomes | None]:
    """Who stands where: of the whole funnel, and again by group when it has a breakdown (the same rows, or more).

    `watch` hears between portions of about so many rows (or one unit); what it raises ends the fold.
    """
    if is_plain(question):
        found = outcomes_of(fold_plain(question, dataset, watch or Watch(), named=True), len(question.steps))
        return found, found if question.breakdown else None
    return fold_entries(question, dataset, watch or Watch())


def fold_entries(question: Funnel, dataset: "Dataset", watch: Watch) -> tuple[Outcomes, Outcomes | None]:
    """The same by the general kernel, for any question."""
    made, plan = ready(question, dataset), plan_of(question, dataset.facts.data_until)
    grouping = grouping_of(made, dataset)

    with watch.flagged() as flag:

        def fold(begin: int, end: int) -> tuple[Outcomes, Outcomes]:
            return _fold_units(made, plan, begin, end, grouping, watch, flag)

        found = each_portion(made.index, fold, watch, ROWS_AT_ONCE)
    whole = joined([one for one, _ in found], plan.steps, grouping.values)
    if question.breakdown is None:
        return whole, None
    same = all(one is other for one, other in found)
    return whole, whole if same else joined([other for _, other in found], plan.steps, grouping.values)


def _fold_units(
    made: Ready, plan: Plan, begin: int, end: int, grouping: Grouping, watch: Watch, flag: Flag
) -> tuple[Outcomes, Outcomes]:
    """The units from `begin` to `end`: as a whole, and by group."""
    question, index = made.question, made.index
    matched = match(made, gather(index, made.table, begin, end))
    spells = trait_periods_of(made, begin, end)
    sessions = question.count == "sessions"
    session = taken((index.parts[0].session, index.parts[1].session), matched.row) if sessions else None
    cut = by_unit(matched) if session is None else by_session(matched, session)
    breakdown, values, trait = question.breakdown, grouping.values, grouping.of_units

    def in_rows(name: str, of_owners: NDArray[np.int32] | None = None) -> NDArray[np.int32]:
        """The codes of a property (or of those whose events they are), in the order of the rows of the cut."""
        if of_owners is not None:
            return of_owners[matched.owner]
        column = made.columns[name]
        codes = without_empty(Column(codes_at(column, matched.row), column[0].values))
        return codes if session is None else in_sessions(codes, matched, session)

    if question.hold:
        held = held_values([(in_rows(name), made.columns[name][0].values) for name in question.hold])
        cut = replace(cut, held=held)
    if breakdown is None or trait is not None:
        whole = into_strands(question, cut)
        cut = whole if trait is None else by_trait(whole, trait[begin:end])
        found = fold_cut(plan, cut, spells, matched, values, watch, flag)
        return found, found
    groups = into_groups(question, cut, in_rows(breakdown.property, grouping.of_owners), spells)
    carry = breakdown.step if breakdown.attribution == "step" and question.order == "any" else 0
    found = fold_cut(plan._replace(carry=carry), groups, spells, matched, values, watch, flag)
    if breakdown.attribution == "step":
        found = found.take(np.flatnonzero(found.reached >> (breakdown.step - 1) & 1))
    if breakdown.attribution in ("first", "last"):
        return found, found
    return fold_cut(plan, into_strands(question, cut), spells, matched, values, watch, flag), found


def warm() -> None:
    """Has the kernels compiled (once: Numba keeps them beside the code), so that the first question need not wait."""
    from fullfunnel.journeys.datasets.file import dataset_of_rows
    from fullfunnel.journeys.funnel.question import read_funnel

    dataset = dataset_of_rows({"person": "a", "event": name, "timestamp": at, "p": "x"} for at, name in enumerate("ab"))
    where, then = [{"property": "p", "value": "x"}], [{"property": "p", "op": "is_not_set", "of": "person_then"}]
    plain = {"kind": "funnel", "steps": [{"event": "a", "where": where, "first_ever": True}, "b"]}
    strict = {"kind": "funnel", "steps": [{"event": "*", "where": then}, "b"], "order": "strict", "count": "sessions"}
    straight = {"kind": "funnel", "steps": ["a", "b"]}
    for given in (straight, plain, plain | {"breakdown": {"property": "p"}}, strict | {"breakdown": {"property": "p"}}):
        fold_funnel(read_funnel(given, str, "UTC"), dataset)
