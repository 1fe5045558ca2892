"""Who came back: the rows of a retention answer, cohort by cohort, as docs/spec/questions.md describes them."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from fullfunnel.core import clock
from fullfunnel.events.conditions import QuestionError
from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys import buckets
from fullfunnel.journeys.answers.groups import ranked
from fullfunnel.journeys.answers.people_lists import people_json
from fullfunnel.journeys.buckets import MAX_ROWS, Bucket
from fullfunnel.journeys.datasets.file import dataset_of_rows
from fullfunnel.journeys.folds.gather import Longs, taken
from fullfunnel.journeys.folds.step_matching import StepMatching, codes_of_groups
from fullfunnel.journeys.questions.shapes import CohortList, Retention, Step
from fullfunnel.journeys.retention.fold import START, WORD, Members, members, tally
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

Json = dict[str, Any]
Found = TypeVar("Found")
# What is read of an index, and whether everybody's cohort is among the buckets.
Reading = Callable[[Retention, StepMatching, "Grid", Watch], tuple[Found, bool]]
NO_LIMIT = 2**62
# So many slices tell about when the data begins.
SOME = 1_000
# No hour, day, week or month is longer.
MAX_BUCKET = {"hour": 2 * buckets.HOUR, "day": 2 * buckets.DAY, "week": 8 * buckets.DAY, "month": 32 * buckets.DAY}


@dataclass(frozen=True)
class Grid:
    """Buckets without gaps: of every possible cohort, and as many after them as were asked for."""

    listed: list[Bucket]
    edges: Longs

    def holds(self, moment: int) -> int:
        """The bucket that holds a moment; -1: before the first."""
        return int(np.searchsorted(self.edges, moment, side="right")) - 1


def answer_retention(question: Retention, dataset: "Dataset", watch: Watch) -> Json:
    """The rows of every cohort and their sums, as JSON of docs/spec/questions.md. `watch` may end it."""
    sought = StepMatching(dataset.index(question.count), (question.start, question.comeback), dataset, question.count)
    if question.people_list:
        return _people(question, question.people_list, sought, dataset, watch)
    groups: list[str | None] = [None]
    if question.breakdown is None:
        grid, counts = _folded(question, sought, dataset.facts.data_until, watch, _counts)
        first, last = _reach(question, grid, np.flatnonzero(counts[0, :, 0]), dataset.facts.data_until, 1)
        counts = counts[:, first : last + 1]
    else:
        grid, found = _folded(question, sought, dataset.facts.data_until, watch, _members)
        groups, places = _groups(question, sought, found, dataset)
        first, last = _reach(question, grid, found.cohort, dataset.facts.data_until, len(groups))
        # Careful: cohorts before the first may be a hundred thousand, of each of a thousand groups.
        counts = np.zeros((len(groups), max(last + 1 - first, 0), question.periods + 2), np.int64)
        tally(found.cohort - first, places, found.back, counts)
    rows, overall = list[Json](), list[Json]()
    for value, cells in zip(groups, counts, strict=True):
        watch.check()
        group = {"group": value} if question.breakdown else {}
        rows += _rows(grid, cells, first, group, dataset.facts.data_until)
        overall += _overall(grid, cells, first, group, dataset.facts.data_until)
    answer = {"kind": "retention", "by": question.by, "mode": question.mode, "timezone": question.period.timezone}
    until = clock.from_us(dataset.facts.data_until).isoformat().replace("+00:00", "Z")
    return answer | {"periods": question.periods, "rows": rows, "overall": overall, "data_until": until}


def _people(question: Retention, asked: CohortList, sought: StepMatching, dataset: "Dataset", watch: Watch) -> Json:
    """Who began in a cohort, or came back, or did not, of everybody or of a group."""
    grid, found = _folded(question, sought, dataset.facts.data_until, watch, _members)
    groups, places = _groups(question, sought, found, dataset)
    moments = taken((sought.index.parts[0].time, sought.index.parts[1].time), found.row)
    chosen = _chosen(asked, grid, found, groups, places, dataset.facts.data_until)
    units = sought.index.units[found.unit[chosen]]
    return people_json("retention", question.count, units, moments[chosen], asked, dataset)


def _groups(
    question: Retention, sought: StepMatching, found: Members, dataset: "Dataset"
) -> tuple[list[str | None], Longs]:
    """The groups, and which of them each member is in."""
    if question.breakdown is None:
        return [None], np.zeros(len(found.unit), np.int64)
    column = codes_of_groups(question.breakdown, sought.index, dataset, found.row, found.unit, question.count)
    return ranked(column, question.breakdown.limit)


def _folded(
    question: Retention, sought: StepMatching, until: int, watch: Watch, read: Reading[Found]
) -> tuple[Grid, Found]:
    """The buckets, and what is read of them. When the data begins is guessed first: to know it would be to read all of it."""
    grid = _grid(question, *_cohorts_between(question, *_reach_of_some(sought, until)))
    if grid is not None and grid.listed:
        found, is_all = read(question, sought, grid, watch)
        if is_all:
            return grid, found
    start, end = _cohorts_between(question, *_reach_of_starts(question, sought, until, watch))
    grid = _grid(question, start, end)
    if grid is not None:
        return grid, read(question, sought, grid, watch)[0]
    if (many := buckets.count(question.by, start, end)) > MAX_ROWS:
        raise _too_many(question, many * (question.periods + 1))
    raise QuestionError("period", "the buckets reach beyond the years 1 to 9999; give a 'from' and a 'to'")


def _grid(question: Retention, start: int, end: int) -> Grid | None:
    """The buckets of cohorts between two moments; None where they are too many, or beyond the calendar."""
    if start >= end:
        return Grid([], np.zeros(1, np.int64))
    if buckets.count(question.by, start, end) > MAX_ROWS:
        return None
    reach = end + (question.periods + 1) * MAX_BUCKET[question.by]
    try:
        listed = buckets.buckets(question.by, question.period.timezone, start, reach)
    except OverflowError:
        return None
    return Grid(listed, np.array([bucket.start for bucket in listed] + [listed[-1].end], np.int64))


def _cohorts_between(question: Retention, first: int, last: int) -> tuple[int, int]:
    """From when to when cohorts begin: the period, but no further than the data."""
    period = question.period
    end = last + 1 if period.end is None else min(period.end, last + 1)
    return first if period.start is None else period.start, end


def _reach_of_some(sought: StepMatching, until: int) -> tuple[int, int]:
    """About the first and the last moment of all events, or `until`, by some of the slices: their ends tell, as they are in order."""
    index = sought.index
    ends = index.kept.get(("some ends",))
    if ends is None:
        ends = index.kept["some ends",] = [end for number in range(2) for end in _some_ends(index, number)]
    first, last = min([until, *ends]), max([until, *ends])
    return first - (last - first) // 8, last


def _some_ends(index: Index, number: int) -> list[int]:
    """The first and the last moment of some slices of a part."""
    held = np.flatnonzero((index.part == number) & (index.high > index.low))
    some, time = held[:: len(held) // SOME + 1], index.parts[number].time
    return [int(time[index.low[some]].min()), int(time[index.high[some] - 1].max())] if len(some) else []


def _reach_of_starts(question: Retention, sought: StepMatching, until: int, watch: Watch) -> tuple[int, int]:
    """The first and the last moment of what may begin a cohort, or `until`."""

    def reach(begin: int, end: int) -> tuple[int, int]:
        found = sought.gather(begin, end)
        times = found.time[found.bits & START != 0]
        return int(times.min(initial=until)), int(times.max(initial=until))

    reaches = [(until, until), *sought.each_portion(watch, reach)]
    return min(low for low, _ in reaches), max(high for _, high in reaches)


def _counts(question: Retention, sought: StepMatching, grid: Grid, watch: Watch) -> tuple[Longs, bool]:
    """counts of `tally`, all in one group, and whether everybody's cohort is among the buckets. Nobody is remembered."""
    counts, lock = np.zeros((1, len(grid.listed) + 1, question.periods + 2), np.int64), Lock()

    def add(found: Members) -> None:
        places = np.zeros(len(found.unit), np.int64)
        with lock:
            tally(found.cohort, places, found.back, counts)

    _each_portion(question, sought, grid, watch, add)
    # Who is in none of the buckets was counted as the last.
    return counts[:, :-1], not counts[0, -1, 0]


def _members(question: Retention, sought: StepMatching, grid: Grid, watch: Watch) -> tuple[Members, bool]:
    """Everybody, and whether their cohorts are among the buckets."""
    none = np.empty(0, np.int64)
    parts = [Members(none, none, none, np.empty((0, 2), np.int64))]
    parts += _each_portion(question, sought, grid, watch, lambda found: found)
    found = Members(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    return found, found.cohort.min(initial=0) >= 0


def _each_portion(
    question: Retention, sought: StepMatching, grid: Grid, watch: Watch, made: Callable[[Members], Found]
) -> list[Found]:
    """What is made of the members of each portion."""
    start, end = question.period.start, question.period.end
    start, end = -NO_LIMIT if start is None else start, NO_LIMIT if end is None else end
    later = question.mode == "on_or_after"

    def fold(first: int, last: int) -> Found:
        found = sought.gather(first, last)
        return made(members(found, sought.allowed, start, end, grid.edges, question.periods, later=later))

    return sought.each_portion(watch, fold) if grid.listed else []


def _reach(question: Retention, grid: Grid, cohorts: Longs, until: int, groups: int) -> tuple[int, int]:
    """The first and the last cohort that is listed; last < first where there is none. QuestionError where that is too much."""
    if not grid.listed:
        return 0, -1
    period, now = question.period, grid.holds(until)
    first = 0 if period.start is not None else int(cohorts.min(initial=len(grid.listed)))
    last = max(now, int(cohorts.max(initial=-1)))
    last = last if period.end is None else min(last, grid.holds(period.end - 1))
    cells = np.clip(max(now, last) - np.arange(first, last + 1), 0, question.periods) + 1
    if (many := int(cells.sum()) * groups) > MAX_ROWS:
        raise _too_many(question, many)
    return first, last


def _too_many(question: Retention, many: int) -> QuestionError:
    field = "by" if question.period.start is not None else "period"
    hint = "ask about a shorter period, longer buckets, or fewer periods or groups"
    return QuestionError(field, f"this would be {many:,} rows, and {MAX_ROWS:,} are the most; {hint}")


def _rows(grid: Grid, cells: NDArray[np.int64], first: int, group: Json, until: int) -> list[Json]:
    """The rows of one group; `cells` begins with the cohort `first`."""
    rows, newest = [], max(grid.holds(until), first + len(cells) - 1)
    for cohort, (size, *counts) in enumerate(cells.tolist(), first):
        for k, count in enumerate(counts):
            if cohort + k <= newest:
                row = {"cohort": grid.listed[cohort].label} | group | {"size": size, "period": k, "count": count}
                incomplete = grid.listed[cohort + k].end - 1 > until
                rows.append(row | {"share": count / size if size else None, "incomplete": incomplete})
    return rows


def _chosen(
    asked: CohortList, grid: Grid, found: Members, groups: list[str | None], places: Longs, until: int
) -> NDArray[np.bool_]:
    """Which members a list is about."""
    if asked.cohort is None:
        chosen = found.cohort < _over(grid, until) - asked.after
    else:
        cohorts = {bucket.label: at for at, bucket in enumerate(grid.listed)}
        if asked.cohort not in cohorts:
            hint = f", such as '{next(iter(cohorts))}'" if cohorts else ""
            raise QuestionError("cohort", f"is no cohort of this question; use one that its rows name{hint}")
        chosen = found.cohort == cohorts[asked.cohort]
    if asked.group:
        chosen &= places == (groups.index(asked.group[0]) if asked.group[0] in groups else -1)
    came = found.back[:, asked.after // WORD] >> asked.after % WORD & 1 == 1
    return np.asarray(chosen & {"began": chosen, "returned": came, "stayed_away": ~came}[asked.outcome], np.bool_)


def _over(grid: Grid, until: int) -> int:
    """How many buckets are over."""
    return int(np.searchsorted(grid.edges[1:], until + 1, side="right"))


def _overall(grid: Grid, cells: NDArray[np.int64], first: int, group: Json, until: int) -> list[Json]:
    """Each period over the cohorts whose bucket is over; `cells` begins with the cohort `first`."""
    over, rows = _over(grid, until) - first, []
    for k in range(cells.shape[1] - 1):
        size, count = (int(cells[: max(over - k, 0), column].sum()) for column in (0, 1 + k))
        rows.append({"period": k} | group | {"size": size, "count": count, "share": count / size if size else None})
    return rows


def warm() -> None:
    """Has the folds compiled: Numba keeps them beside the code."""
    dataset = dataset_of_rows([{"person": "a", "event": "seen", "timestamp": 0}])
    answer_retention(Retention(start=Step(("seen",)), comeback=Step(("seen",))), dataset, Watch())
