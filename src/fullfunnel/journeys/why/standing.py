"""Where the fold says that one unit stands, and which of the walked entries those are."""

from collections import defaultdict
from dataclasses import dataclass, replace

from fullfunnel.journeys.folds.plan import NOT_OPEN
from fullfunnel.journeys.funnel.fold import fold_funnel
from fullfunnel.journeys.funnel.outcomes import Outcomes
from fullfunnel.journeys.questions.shapes import Funnel
from fullfunnel.journeys.watch import Watch
from fullfunnel.journeys.why.one import OneUnit
from fullfunnel.journeys.why.walks import Entry


@dataclass(frozen=True)
class Row:
    """An entry that stands, by the fold: when it was entered (µs), when each step was reached, and the last step reached
    by an entry of the unit that still could go on (None: none can)."""

    entered: int
    times: dict[int, int]
    open_at: int | None

    def weight(self, question: Funnel) -> tuple[int, int]:
        """How far it came: required steps, then all steps."""
        return sum(not question.steps[s].optional for s in self.times), len(self.times)


def plain(question: Funnel) -> Funnel:
    """The same funnel for one unit: without groups, shown as steps."""
    return replace(question, breakdown=None, show="steps")


def rows_of(question: Funnel, one: OneUnit, watch: Watch) -> list[Row]:
    """Where the fold says that the unit stands: a row each for sessions and entries, at most one for others."""
    watch.check()
    found, _ = fold_funnel(plain(question), one.dataset, watch)
    return [_row(found, at) for at in range(len(found.unit))]


def _row(found: Outcomes, at: int) -> Row:
    steps = [s for s in range(found.times.shape[1]) if int(found.reached[at]) >> s & 1]
    open_at = int(found.open_at[at])
    times = {s: int(found.times[at, s]) for s in steps}
    return Row(int(found.entered[at]), times, None if open_at == NOT_OPEN else open_at)


def matched(rows: list[Row], entries: list[Entry]) -> list[Entry]:
    """The walked entry of each row. RuntimeError when there is none: the trace must never tell another story than the fold."""
    alike: dict[tuple[int, frozenset[tuple[int, int]]], list[Entry]] = defaultdict(list)
    for one in reversed(entries):
        alike[one.entered, frozenset(one.times().items())].append(one)
    try:
        return [alike[row.entered, frozenset(row.times.items())].pop() for row in rows]
    except IndexError as error:
        raise RuntimeError("the trace of a unit and the fold of its funnel differ") from error


def outcome_of(question: Funnel, row: Row) -> str:
    """reached, dropped or pending, by the last required step."""
    last = max(s for s, step in enumerate(question.steps) if not step.optional)
    if last in row.times:
        return "reached"
    return "pending" if row.open_at is not None and row.open_at < last else "dropped"
