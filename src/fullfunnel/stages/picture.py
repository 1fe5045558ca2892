"""The picture of the two funnels: what stands on each track, and the shapes. Pure; all places come from here.

Blocks are drawn by one rule, the cube root: twice as tall is eight times as many. Thin bars are exact shares.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from fullfunnel.core.numbers import duration, number
from fullfunnel.stages.words import MEANINGS, OUTCOMES, TITLES, amounts, changed, rate

Json = dict[str, Any]
# Writes the address of the people behind a number: (stage, outcome).
Link = Callable[[str, str], str]
TALLEST, AXIS, BLOCK, BAR = 150.0, 100.0, 58.0, 44.0
WIDTHS = (114, 114, 114, 114, 248, 114, 114, 102, 102)
WIDTHS_ALONE = (190, 190, 190, 190, 188, 188)
PANEL, PANEL_BAR = 190.0, 62.0
WIDEST = 140.0
LEAST = 3.0
MARKETING, SALES = "mk", "sl"
# Column in which a band begins -> its names; with a sales funnel, and alone.
BANDS = {0: ("Top", "TOFU"), 4: ("Middle", "MOFU"), 5: ("Bottom", "BOFU"), 7: ("After", "the purchase")}
BANDS_ALONE = {0: ("Top", "TOFU"), 2: ("Middle", "MOFU"), 3: ("Bottom", "BOFU"), 4: ("After", "the purchase")}


@dataclass(frozen=True)
class Track:
    """A stage on its track. x, y, height: of its block (px of the picture); width, left: of the phone's.

    band: the names of the band that begins with it, empty where none does; big: its number in words, "": the count.
    """

    stage: str
    title: str
    count: int
    said: str
    url: str
    hue: str
    column: int
    x: float = 0.0
    height: float = 0.0
    width: float = 0.0
    meaning: str = ""
    money: str = ""
    band: tuple[str, str] = ("", "")
    big: str = ""
    cost: str = ""
    cost_unit: str = ""

    @property
    def key(self) -> str:
        """Return the stage as its own page calls it: customers are deals that were won."""
        return "customer" if self.title == "Customers" else self.stage

    @property
    def y(self) -> float:
        return round(AXIS - self.height / 2, 1)

    @property
    def left(self) -> float:
        return round((WIDEST - self.width) / 2, 1)

    @property
    def is_outline(self) -> bool:
        return self.height <= LEAST


@dataclass(frozen=True)
class Step:
    """From one track to the next: a share and its base, pending beside it, how long it takes. Bars in px of BAR."""

    column: int
    rate: str
    under: str
    tip: str
    url: str
    bar: float
    pending: float
    hue: str
    points: str = ""
    narrowing: str = ""
    pending_at: float = 0.0


@dataclass(frozen=True)
class Part:
    """A share of a whole that is drawn to scale: an outcome of the joint, or won, open and lost of the deals."""

    name: str
    title: str
    count: int
    url: str
    size: float
    at: float = 0.0


@dataclass(frozen=True)
class Picture:
    tracks: list[Track]
    steps: list[Step]
    outcomes: list[Part]
    deals: list[Part]
    alone: Part | None
    columns: str

    @property
    def rows(self) -> list[tuple[Track, Step | None]]:
        """Return each track with the step that leaves it, for the phone's picture."""
        by_column = {step.column: step for step in self.steps}
        return [(track, by_column.get(track.column)) for track in self.tracks]


def height_of(count: int, most: int) -> float:
    """Return a block's height: 150 × ∛(count ÷ most); 3 for none, and for what would be lower."""
    return round(max(TALLEST * (count / most) ** (1 / 3), LEAST), 1) if most and count else LEAST


def picture_of(answer: Json, link: Link) -> Picture:
    """Return the picture of an answer; a shop has the marketing funnel alone."""
    has_sales = "deals" in answer
    tracks = _placed(_tracks(answer, link), WIDTHS if has_sales else WIDTHS_ALONE)
    columns = "both" if has_sales else "alone"
    if not has_sales:
        return Picture(tracks, _drawn(_steps(answer, link), tracks), [], [], None, columns)
    steps = _drawn(_sales_steps(answer, link), tracks)
    return Picture(tracks, steps, _outcomes(answer, link), _deals(answer, link, tracks), _alone(answer, link), columns)


def _tracks(answer: Json, link: Link) -> list[Track]:
    before, counts = answer.get("before"), {row["stage"]: row["people"] for row in answer["marketing"]}
    earlier = {row["stage"]: row["people"] for row in before["marketing"]} if before else {}

    def stage(name: str, column: int) -> Track:
        said = changed(counts[name], earlier.get(name))
        return Track(
            name, TITLES[name], counts[name], said, link(name, "reached"), MARKETING, column, meaning=MEANINGS[name]
        )

    if "deals" not in answer:
        return [stage(name, column) for column, name in enumerate(counts)]
    first = [stage(name, column) for column, name in enumerate(("awareness", "interest", "consideration"))]
    last = [stage(name, column) for column, name in enumerate(("loyalty", "advocacy"), 7)]
    return [*first, *_sales_tracks(answer, before, link), *last]


def _sales_tracks(answer: Json, before: Json | None, link: Link) -> list[Track]:
    deals, joint = answer["deals"], answer["hand_overs"]
    was = (before["prospects"], before["hand_overs"]["handed_over"], before["deals"]) if before else (None, None, {})
    found = [
        ("prospect", "Prospects", answer["prospects"], was[0], "reached", 3, ""),
        ("handed_over", "Leads, handed over", joint["handed_over"], was[1], "reached", 4, ""),
        ("opportunity", "Opportunities", deals["opportunities"], was[2].get("opportunities"), "reached", 5, ""),
        ("opportunity", "Customers", deals["won"], was[2].get("won"), "won", 6, amounts(deals["won_value"])),
    ]
    return [
        Track(
            stage, title, count, changed(count, earlier), link(stage, outcome), SALES, column,
            meaning=MEANINGS[stage] if title != "Customers" else "Deals that were won.", money=money if count else "",
        )
        for stage, title, count, earlier, outcome, column, money in found
    ]  # fmt: skip


def _placed(tracks: Sequence[Track], widths: Sequence[int]) -> list[Track]:
    most = max(track.count for track in tracks)
    found = []
    for track in tracks:
        height = height_of(track.count, most)
        place = {
            "x": float(sum(widths[: track.column])),
            "height": height,
            "width": round(height / TALLEST * WIDEST, 1),
            "band": (BANDS if len(widths) == len(WIDTHS) else BANDS_ALONE).get(track.column, ("", "")),
        }
        found.append(Track(**{**vars(track), **place}))
    return found


def _steps(answer: Json, link: Link) -> list[Step]:
    rows = answer["marketing"]
    return [_cohort(row, following, at, link) for at, (row, following) in enumerate(pairwise(rows))]


def _cohort(row: Json, following: Json, column: int, link: Link) -> Step:
    """Return the step of people from a stage to the next, of those who reached it in the period."""
    name, whole = row["stage"], row["people"]
    time = row["seconds_to_next"]
    tip = (
        f"{number(row['went_on'])} of {number(whole)} went on to {TITLES[following['stage']]}, {number(row['pending'])} still may, "
        f"{number(row['lost'])} have gone quiet"
    )
    shares = _shares(row["went_on"], row["pending"], whole)
    under = duration(time["median"]) if time else ""
    return Step(column, rate(row["went_on"], whole), under, tip, link(name, "went_on"), *shares, MARKETING)


def _sales_steps(answer: Json, link: Link) -> list[Step]:
    rows = {row["stage"]: row for row in answer["marketing"]}
    joint, deals, prospects = answer["hand_overs"], answer["deals"], answer["prospects"]
    handed, opened, won = joint["handed_over"], deals["opportunities"], deals["won"]
    aware = rows["awareness"]["people"]
    time = deals["seconds_to_win"]
    across = [
        (2, prospects, 0, aware, "of Awareness", f"{number(prospects)} prospects, of {number(aware)} people found", "prospect", "reached"),
        (3, handed, 0, prospects, "of Prospects", f"{number(handed)} hand-overs, of {number(prospects)} prospects", "handed_over", "reached"),
        (4, opened, joint["waiting"], handed, "of hand-overs", f"{number(opened)} deals opened, of {number(handed)} hand-overs", "opportunity", "reached"),
        (5, won, deals["open"], opened, duration(time["median"]) if time else "", f"{number(won)} of {number(opened)} deals won, {number(deals['open'])} open, {number(deals['lost'])} lost", "opportunity", "won"),
    ]  # fmt: skip
    found = [
        _cohort(rows["awareness"], rows["interest"], 0, link),
        _cohort(rows["interest"], rows["consideration"], 1, link),
    ]
    for column, part, pending, whole, under, tip, stage, outcome in across:
        shares = _shares(part, pending, whole)
        found.append(Step(column, rate(part, whole), under, tip, link(stage, outcome), *shares, SALES))
    bought = _cohort(rows["conversion"], rows["loyalty"], 6, link)
    return [*found, bought, _cohort(rows["loyalty"], rows["advocacy"], 7, link)]


def _shares(part: int, pending: int, whole: int) -> tuple[float, float]:
    """Return the lengths of a thin bar: what went on, and what still may."""
    if not whole:
        return 0.0, 0.0
    bar = round(min(part / whole, 1.0) * BAR, 1)
    return bar, round(min(pending / whole * BAR, BAR - bar), 1)


def _drawn(steps: Sequence[Step], tracks: Sequence[Track]) -> list[Step]:
    """Return the steps with their connectors: points of the wide picture, and of the phone's."""
    by_column = {track.column: track for track in tracks}
    found = []
    for step in steps:
        one, other = by_column[step.column], by_column[step.column + 1]
        begin = one.x + (PANEL if one.stage == "handed_over" else BLOCK)
        points = (
            f"{begin},{one.y} {other.x},{other.y} {other.x},{round(other.y + other.height, 1)} "
            f"{begin},{round(one.y + one.height, 1)}"
        )
        narrowing = f"{one.left},0 {one.left + one.width:.1f},0 {other.left + other.width:.1f},32 {other.left},32"
        found.append(Step(**{**vars(step), "points": points, "narrowing": narrowing, "pending_at": step.bar}))
    return found


def _outcomes(answer: Json, link: Link) -> list[Part]:
    joint = answer["hand_overs"]
    most = max(joint[name] for name in OUTCOMES) or 1
    return [
        Part(name, title, joint[name], link("handed_over", name), round(joint[name] / most * PANEL_BAR, 1))
        for name, title in OUTCOMES.items()
    ]


def _deals(answer: Json, link: Link, tracks: Sequence[Track]) -> list[Part]:
    """Return won, open and lost as parts of the block of opportunities, to scale."""
    deals, at, found = answer["deals"], next(track.x for track in tracks if track.column == 5), list[Part]()
    for name in ("won", "open", "lost"):
        size = round(deals[name] / deals["opportunities"] * BLOCK, 1) if deals["opportunities"] else 0.0
        found.append(Part(name, name, deals[name], link("opportunity", name), size, at))
        at = round(at + size, 1)
    return found


def _alone(answer: Json, link: Link) -> Part | None:
    """Return who bought without sales: a line past the joint to a block of its own."""
    if not answer["alone"]:
        return None
    height = height_of(answer["alone"], answer["marketing"][0]["people"] or answer["alone"])
    return Part("alone", "bought alone, without sales", answer["alone"], link("conversion", "alone"), min(height, 40.0))
