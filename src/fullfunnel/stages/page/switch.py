"""People, money or time: what stands on each track of the picture. The shapes stay. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from fullfunnel.core.numbers import NBSP, NO_DATA, duration, money, number
from fullfunnel.stages.picture import Picture, Track
from fullfunnel.stages.words import TITLES, amount

Json = dict[str, Any]
# How a track's unit is said beside its cost.
UNITS = {
    "awareness": "per visitor", "interest": "per interested", "consideration": "per considering", "prospect": "per prospect",
    "handed_over": "per hand-over", "opportunity": "per opportunity", "won": "per deal won", "conversion": "per customer",
}  # fmt: skip
WIDEST = 320.0
CUSTOMERS = "Customers"


@dataclass(frozen=True)
class Spend:
    """What was spent in the period, in the workspace's currency; None: nothing is known. why: why not."""

    amount: Decimal | None
    currency: str
    why: str = ""


@dataclass(frozen=True)
class Timing:
    """How long a step takes. Seconds; median_x, late_x: places on a line WIDEST wide."""

    title: str
    median: float
    late: float
    median_x: float = 0.0
    late_x: float = 0.0

    @property
    def said(self) -> str:
        return f"half within {duration(self.median)}, nine of ten within {duration(self.late)}"


def worded(picture: Picture, answer: Json, view: str, spend: Spend) -> Picture:
    """Return the picture with the words of a view, and what each has cost so far where spend is known."""
    said = {"money": _money, "time": _time}.get(view)
    tracks = [_costed(track, spend) for track in picture.tracks]
    if said:
        tracks = [replace(track, big=big, said=small) for track in tracks for big, small in [said(track, answer)]]
    return replace(picture, tracks=tracks)


def _costed(track: Track, spend: Spend) -> Track:
    unit = UNITS.get("won" if track.title == CUSTOMERS else track.stage)
    if spend.amount is None or unit is None or not track.count:
        return track
    return replace(track, cost=money(spend.amount / track.count, spend.currency), cost_unit=unit)


def _money(track: Track, answer: Json) -> tuple[str, str]:
    value = _value_of(track, answer)
    won, opened = (_first(value.get(name, [])) for name in ("won", "open"))
    return won or NO_DATA, f"{opened} open" if opened else "won"


def _value_of(track: Track, answer: Json) -> Mapping[str, Sequence[Json]]:
    if track.stage == "opportunity":
        deals = answer["deals"]
        is_won = track.title == CUSTOMERS
        return {"won": deals["won_value"], "open": [] if is_won else deals["open_value"]}
    found: Mapping[str, Sequence[Json]] = answer["worth"][track.stage]
    return found


def _first(sums: Sequence[Json]) -> str:
    """Return the largest of some sums; further currencies are named, for they are never added up."""
    more = f" + {len(sums) - 1} more" if len(sums) > 1 else ""
    return amount(sums[0]) + more if sums else ""


def _time(track: Track, answer: Json) -> tuple[str, str]:
    found = _seconds(track, answer)
    if not found:
        return NO_DATA, f"{number(track.count)}"
    return duration(found["median"]), f"90{NBSP}%: {duration(found['p90'])}"


def _seconds(track: Track, answer: Json) -> Json | None:
    rows = {row["stage"]: row for row in answer["marketing"]}
    if track.title == CUSTOMERS:
        found: Json | None = rows["conversion"]["seconds_to_next"]
    elif track.stage == "opportunity":
        found = answer["deals"]["seconds_to_win"]
    elif track.stage == "handed_over":
        found = answer["hand_overs"]["seconds_to_answer"]
    else:
        found = rows[track.stage]["seconds_to_next"] if track.stage in rows else None
    return found


def timings(answer: Json) -> list[Timing]:
    """Return how long each step takes, of those that somebody took, drawn to one scale."""
    steps = [
        (f"{TITLES[row['stage']]} → {TITLES[after['stage']]}", row["seconds_to_next"])
        for row, after in pairwise(answer["marketing"])
    ]
    if "deals" in answer:
        steps += [
            ("Handed over → first answer", answer["hand_overs"]["seconds_to_answer"]),
            ("Opportunity → won", answer["deals"]["seconds_to_win"]),
        ]
    found = [Timing(title, one["median"], one["p90"]) for title, one in steps if one]
    most = max((one.late for one in found), default=0) or 1
    return [
        replace(one, median_x=round(one.median / most * WIDEST, 1), late_x=round(one.late / most * WIDEST, 1))
        for one in found
    ]
