"""The picture of a deal's touches: where each line, dot, band and month stands. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from fullfunnel.core.texts import dates
from fullfunnel.crm.deals.touches import Line, Story
from fullfunnel.segments.touches import Touch

WIDTH, LEFT, RIGHT, TOP, ROW, FOOT = 960, 170, 24, 34, 42, 26
DOT, NEAR = 8, 18
LETTER, MONTH_LABEL = 6.5, 46
MOST_MONTHS = 24
# Words of a channel's name -> (hue, icon); the first that fits.
LOOKS = (
    ("linkedin", 4, "users"),
    ("social", 4, "users"),
    ("paid", 1, "search"),
    ("ads", 1, "search"),
    ("search", 3, "search"),
    ("webinar", 5, "device-desktop"),
    ("event", 5, "device-desktop"),
    ("mail", 6, "mail"),
    ("newsletter", 6, "mail"),
    ("referral", 0, "external-link"),
    ("assistant", 2, "bolt"),
)
OTHER = (0, "world")


@dataclass(frozen=True)
class Dot:
    """Touches that stand at `x`: one, or several too near each other. hue: of the channel, 0 grey. title says all of it."""

    x: float
    hue: int
    icon: str
    count: int
    title: str


@dataclass(frozen=True)
class Row:
    """A person's line at `y`."""

    y: float
    line: Line
    dots: list[Dot]


@dataclass(frozen=True)
class Span:
    """A stage from `x`, so wide. label: "" where it would not fit."""

    x: float
    width: float
    name: str
    label: str
    is_second: bool


@dataclass(frozen=True)
class Picture:
    """Everything in the units of the view box, WIDTH by `height`. ticks: (x, label). marks: x of each hand-over."""

    height: float
    rows: list[Row]
    spans: list[Span]
    ticks: list[tuple[float, str]]
    marks: list[tuple[float, str]]
    legend: list[tuple[int, str, str]] = field(default_factory=list)
    width: int = WIDTH
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP

    @property
    def inner(self) -> float:
        return self.bottom - self.top

    @property
    def bottom(self) -> float:
        return self.height - FOOT


def look_of(channel: str) -> tuple[int, str]:
    """Return the hue and icon of a channel, the same on every picture."""
    name = channel.casefold()
    return next(((hue, icon) for word, hue, icon in LOOKS if word in name), OTHER)


def picture_of(story: Story) -> Picture:
    """Place the story. Time runs from the first touch, hand-over or stage to the end of the story."""
    moments = [touch.at for line in story.lines for touch in line.touches] + story.handed_over
    begins = min([*moments, *(band.since for band in story.bands), story.until])
    length = max((story.until - begins).total_seconds(), 86_400.0)
    usable = WIDTH - LEFT - RIGHT

    def x(at: datetime) -> float:
        share = min(max((at - begins).total_seconds() / length, 0.0), 1.0)
        return round(LEFT + share * usable, 1)

    rows = [
        Row(TOP + ROW * at + ROW / 2, line, dots_of([(x(touch.at), touch) for touch in line.touches]))
        for at, line in enumerate(story.lines)
    ]
    spans, ends = [], -1.0
    for at, band in enumerate(story.bands):
        left, wide = x(band.since), max(x(band.until) - x(band.since), 1.0)
        fits = left >= ends and left + len(band.name) * LETTER <= WIDTH
        spans.append(Span(left, wide, band.name, band.name if fits else "", bool(at % 2)))
        ends = left + len(band.name) * LETTER + 6 if fits else ends
    return Picture(
        height=TOP + ROW * max(len(rows), 1) + FOOT,
        rows=rows,
        spans=spans,
        ticks=[(x(at), words) for at, words in ticks_of(begins, begins + timedelta(seconds=length), usable / length)],
        marks=[(x(at), day(at)) for at in story.handed_over],
        legend=legend_of(touch for line in story.lines for touch in line.touches),
    )


def dots_of(placed: Sequence[tuple[float, Touch]]) -> list[Dot]:
    """Return a dot for each touch; those nearer than NEAR to the first of a group are one with their number."""
    groups: list[list[tuple[float, Touch]]] = []
    for at, touch in placed:
        if groups and at - groups[-1][0][0] < NEAR:
            groups[-1].append((at, touch))
        else:
            groups.append([(at, touch)])
    return [dot_of(group) for group in groups]


def dot_of(group: Sequence[tuple[float, Touch]]) -> Dot:
    first = group[0][1]
    hue, icon = look_of(first.channel)
    title = "; ".join(
        f"{day(touch.at)}: {touch.channel}{f', {touch.path}' if touch.path else ''}" for _, touch in group[:5]
    )
    more = f"; and {len(group) - 5} more" if len(group) > 5 else ""
    return Dot(max(group[0][0], LEFT), hue, icon, len(group), title + more)


def legend_of(touches: Iterable[Touch]) -> list[tuple[int, str, str]]:
    """Return (hue, icon, channel) of each channel that is drawn, in the order they came."""
    return [(*look_of(channel), channel) for channel in dict.fromkeys(touch.channel for touch in touches)]


def ticks_of(begins: datetime, ends: datetime, pixels_a_second: float) -> list[tuple[datetime, str]]:
    """Return the beginnings of months in between with their names; fewer where the names would not fit."""
    local = timezone.localtime(begins)
    found: list[tuple[datetime, str]] = [(begins, dates.day(local, has_year=False))]
    month = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while len(found) <= MOST_MONTHS * 10:
        month = (month + timedelta(days=32)).replace(day=1)
        if month > ends:
            break
        apart = (month - found[-1][0]).total_seconds() * pixels_a_second
        if apart >= MONTH_LABEL:
            found.append((month, f"{month:%b}" if month.month > 1 else f"{month:%Y}"))
    return found


def day(at: datetime) -> str:
    return dates.day(timezone.localtime(at))
