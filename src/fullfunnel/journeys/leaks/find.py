"""Find the groups that go on less often than the others: all are looked at together, and what tells the same is told once. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from fullfunnel.journeys.folds.gather import Longs
from fullfunnel.journeys.leaks.compare import Table, chance_of, chance_within, together
from fullfunnel.journeys.leaks.step import Bools, Dimension, Step

# Smaller groups stay silent; so does what loses fewer than so many.
LEAST, LEAST_MISSING = 30, 5.0
# So much lower than the others' rate, of that rate: what is sure and slight is no leak.
LEAST_WORSE = 0.2
# Of what is told, one in a hundred is chance.
SURE = 0.01
# A group too small to judge is named where it would look bad alone.
FEWEST_NAMED, LOOKS_BAD = 10, 0.05
MOST_SILENT = 10


@dataclass(frozen=True)
class Group:
    """A value of a dimension at a step. of_it, compared: masks over the step's things."""

    step: Step
    dimension: Dimension
    value: str
    of_it: Bools
    compared: Bools
    table: Table
    p: float
    test: str
    q: float = 1.0

    @property
    def key(self) -> str:
        return f"{self.step.key}|{self.dimension.name}|{self.value}"

    @property
    def lost(self) -> Bools:
        return self.of_it & self.compared & ~self.step.went_on


@dataclass
class Leak:
    """A group that is told, and the groups that say the same of mostly the same people."""

    group: Group
    same: list[Group] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    """tested: how many groups were looked at; silent: too few to judge; unproven: may follow from going on as well."""

    leaks: list[Leak]
    unproven: list[Group]
    silent: list[Group]
    tested: int


def find_leaks(steps: Sequence[Step]) -> Found:
    """Return the leaks of all steps, in no order of money yet. steps: those whose losses are losses of others come first."""
    groups = [group for step in steps for group in groups_of(step)]
    large = [group for group in groups if min(group.table.group, group.table.others) >= LEAST]
    corrected = together([group.p for group in large])
    judged = [replace(group, q=q) for group, q in zip(large, corrected, strict=True)]
    told = [group for group in judged if group.q < SURE and is_much(group.table)]
    worst = max((group.p for group in judged if group.q < SURE), default=0.0)
    leaks: list[Leak] = []
    for step in steps:
        own = [group for group in told if group.step is step and not group.dimension.is_unproven]
        _tell(own, leaks, worst)
    few = [
        group for group in groups
        if FEWEST_NAMED <= group.table.group < LEAST and group.table.others >= LEAST and group.p < LOOKS_BAD
        and not group.dimension.is_unproven
    ]  # fmt: skip
    silent = sorted(few, key=lambda group: group.p)[:MOST_SILENT]
    return Found(leaks, [group for group in told if group.dimension.is_unproven], silent, len(judged))


def groups_of(step: Step) -> Iterator[Group]:
    """Yield every group of a step with its table."""
    for dimension in step.dimensions:
        compared = step.things_of(dimension)
        codes, values = dimension.column.codes, dimension.column.values
        sizes = np.bincount(codes[compared] + 1, minlength=len(values) + 1)[1:]
        on = np.bincount(codes[compared & step.went_on] + 1, minlength=len(values) + 1)[1:]
        total, total_on = int(compared.sum()), int((compared & step.went_on).sum())
        for code in np.flatnonzero(sizes >= FEWEST_NAMED).tolist():
            if dimension.only and values[code] not in dimension.only:
                continue
            size, some = int(sizes[code]), int(on[code])
            table = Table(size, some, total - size, total_on - some)
            p, test = chance_of(table) if table.missing > 0 else (1.0, "normal")
            yield Group(step, dimension, values[code], codes == code, compared, table, p, test)


def is_much(table: Table) -> bool:
    """Whether what the group loses beyond the others is worth telling."""
    return table.missing >= LEAST_MISSING and table.rate <= table.reference * (1 - LEAST_WORSE)


def group_at(step: Step, name: str, value: str) -> Group | None:
    """Return a group of a step by its name, however it does; None where it has nobody."""
    for dimension in step.dimensions:
        if dimension.name == name and value in dimension.column.values:
            code = dimension.column.values.index(value)
            of_it, compared = dimension.column.codes == code, step.things_of(dimension)
            table = table_of(step, of_it, compared)
            if table.group:
                return Group(step, dimension, value, of_it, compared, table, *chance_of(table))
    return None


def table_of(step: Step, of_it: Bools, compared: Bools) -> Table:
    here, others = of_it & compared, ~of_it & compared
    return Table(
        int(here.sum()), int((here & step.went_on).sum()), int(others.sum()), int((others & step.went_on).sum())
    )


def _tell(groups: Sequence[Group], leaks: list[Leak], worst: float) -> None:
    """Add what is a leak of its own to `leaks`, the surest first; what goes with a leak that is told already is added to that one."""
    order = {dimension.name: at for group in groups for at, dimension in enumerate(group.step.dimensions)}
    # Ways to say that it took us long are one: the first that holds is told.
    ours = min((_surprise(one) for one in groups if one.dimension.is_done_by_us), default=0.0)

    def surest(one: Group) -> tuple[float, int, str]:
        return ours if one.dimension.is_done_by_us else _surprise(one), order[one.dimension.name], one.value

    for group in sorted(groups, key=surest):
        earlier = [leak for leak in leaks if leak.group.step is group.step or _is_before(leak.group.step, group.step)]
        if not earlier or _is_own(group, earlier, worst):
            leaks.append(Leak(group))
        else:
            max(earlier, key=lambda leak: _shared(leak.group, group)).same.append(group)


def _surprise(group: Group) -> float:
    """Return a number that is the lower the surer: p itself is 0 for much that is sure."""
    table = group.table
    total, on = table.group + table.others, table.group_on + table.others_on
    spread = max(on * (total - on) / total**2 * (1 / table.group + 1 / table.others), 1e-12)
    return float(round((table.rate - table.reference) / spread**0.5, 6))


def _is_before(step: Step, other: Step) -> bool:
    return step.key.startswith(other.after) if other.after else False


def _is_own(group: Group, earlier: Sequence[Leak], worst: float) -> bool:
    """Whether the group does worse also among those whom the leaks of its step hit alike, and had earlier steps lost nobody more."""
    step, kept = group.step, group.compared
    strata, went_on = np.zeros(len(step.unit), np.int64), step.went_on.copy()
    for leak in earlier:
        if leak.group.step is step:
            strata = strata * 2 + leak.group.of_it
        else:
            went_on |= np.isin(step.unit, _mended(leak.group))
    p, missing = chance_within(strata[kept], group.of_it[kept], went_on[kept])
    return p <= worst and missing >= LEAST_MISSING


def _mended(group: Group) -> Longs:
    """Return as many of those it lost as would have gone on at the others' rate, taken evenly."""
    lost = _lost_units(group)
    many = min(round(group.table.missing), len(lost))
    return lost[np.linspace(0, len(lost) - 1, many).round().astype(np.int64)] if many else lost[:0]


def _lost_units(group: Group) -> Longs:
    return group.step.unit[group.lost]


def _shared(leak: Group, group: Group) -> int:
    """Return how many who were lost are lost in both."""
    return int(np.isin(group.step.unit[group.lost], _lost_units(leak)).sum())
