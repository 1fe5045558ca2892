"""Questions after reading: frozen, with every default filled in. Times and spans are microseconds."""

from dataclasses import dataclass
from typing import ClassVar

from fullfunnel.events.conditions import Condition

ANY = "*"
DAY = 86_400_000_000
DEFAULT_WINDOW = 14 * DAY


# What a row of `show: people` calls its unit.
NOUNS = {"companies": "company", "deals": "deal"}


@dataclass(frozen=True)
class Question:
    """The base of all questions. `kind` is the name in kinds.KINDS that answers it."""

    kind: ClassVar[str] = ""


@dataclass(frozen=True)
class Matcher:
    """Events with one of these names ("*": any) that satisfy every condition of `where`."""

    events: tuple[str, ...]
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Step(Matcher):
    """A step of a funnel. `within` counts from the step before; None: only the window holds."""

    label: str = ""
    optional: bool = False
    first_ever: bool = False
    within: int | None = None


@dataclass(frozen=True)
class Exclusion(Matcher):
    """An event that must not come after step `after` and before step `before` (counted from 1)."""

    after: int = 1
    before: int = 2
    effect: str = "drop"


@dataclass(frozen=True)
class Breakdown:
    property: str
    of: str = "event"
    attribution: str = "first"
    step: int = 1
    limit: int = 25


@dataclass(frozen=True)
class Period:
    """From `start`, included, to `end`, excluded (microseconds since 1970 UTC); None: without end."""

    start: int | None = None
    end: int | None = None
    timezone: str = "UTC"


@dataclass(frozen=True)
class Listed:
    """A piece of a list of people. `group` holds one value (None: those without one), or nothing: all groups."""

    group: tuple[str | None, ...] = ()
    limit: int = 100
    offset: int = 0


@dataclass(frozen=True)
class PeopleList(Listed):
    """The people that a funnel's `show: people` lists."""

    step: int = 1
    outcome: str = "reached"


@dataclass(frozen=True)
class CohortList(Listed):
    """The people of a cohort, as rows name it (None: of all whose bucket is over), by its `after`th bucket."""

    cohort: str | None = None
    after: int = 0
    outcome: str = "returned"


@dataclass(frozen=True)
class BucketList(Listed):
    """The people counted in the `line`th series (from 1) of a trend `at` a bucket, as rows name it."""

    at: str = ""
    line: int = 1


@dataclass(frozen=True)
class NodeList(Listed):
    """The people whose path has the node of that name at that depth."""

    node: str = ""
    node_depth: int = 0


@dataclass(frozen=True)
class LinkList(Listed):
    """The people whose path goes from node `start` to `end`; the one farther from the anchor is at `depth`."""

    start: str = ""
    end: str = ""
    depth: int = 1


@dataclass(frozen=True)
class Histogram:
    """The times between two steps, of `show: time_to_convert`. `bins` None: chosen by the data."""

    from_step: int
    to_step: int
    bins: int | None = None


@dataclass(frozen=True)
class Funnel(Question):
    """A funnel question. `window` None is no limit."""

    kind = "funnel"

    steps: tuple[Step, ...]
    people_list: PeopleList
    histogram: Histogram
    order: str = "ordered"
    count: str = "people"
    entries: str = "best"
    window: int | None = DEFAULT_WINDOW
    exclude: tuple[Exclusion, ...] = ()
    hold: tuple[str, ...] = ()
    breakdown: Breakdown | None = None
    period: Period = Period()
    late_conversions: bool = True
    show: str = "steps"
    by: str = "day"


@dataclass(frozen=True)
class Series(Matcher):
    """A line of a trend: `measure` is events, people, or sum, mean, median or p90 of `property`."""

    label: str = ""
    measure: str = "events"
    property: str | None = None


@dataclass(frozen=True)
class Trend(Question):
    """How many, by `by` (hour, day, week or month). `where` holds for every series."""

    kind = "trend"

    series: tuple[Series, ...]
    by: str = "day"
    where: tuple[Condition, ...] = ()
    breakdown: Breakdown | None = None
    period: Period = Period()
    people_list: BucketList | None = None


@dataclass(frozen=True)
class Retention(Question):
    """Who came back: cohorts by the first `start` in the period, and in which of the next `periods` buckets there was a `comeback`."""

    kind = "retention"

    start: Step
    comeback: Step
    by: str = "week"
    periods: int = 8
    mode: str = "on"
    count: str = "people"
    breakdown: Breakdown | None = None
    period: Period = Period()
    people_list: CohortList | None = None


@dataclass(frozen=True)
class Naming:
    """How a node of a path is called: by the value of `property`, of `events` only ("*": of all); else as its event."""

    property: str
    events: tuple[str, ...] = (ANY,)


@dataclass(frozen=True)
class Paths(Question):
    """What came `after` or `before` an `anchor`, `depth` nodes of it. `nodes`: which events may be one; `window` None is no limit."""

    kind = "paths"

    anchor: Step
    nodes: Matcher = Matcher((ANY,))
    direction: str = "after"
    depth: int = 4
    top: int = 6
    collapse_repeats: bool = True
    by: Naming | None = None
    window: int | None = None
    breakdown: Breakdown | None = None
    period: Period = Period()
    people_list: NodeList | LinkList | None = None
