"""How long a deal stayed in each stage, out of its moves. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Stay:
    """From `since` until `until` in one stage; until None: it is there now."""

    stage_id: int
    since: datetime
    until: datetime | None = None


def stays_of(moves: Iterable[tuple[datetime, int | None, int | None]]) -> list[Stay]:
    """Return the stays, in their order. moves: (when, from which stage, to which), in their order; without `to` none of ours."""
    found: list[Stay] = []
    for at, _, to in moves:
        if to is None or (found and found[-1].stage_id == to):
            continue
        if found:
            found[-1] = Stay(found[-1].stage_id, found[-1].since, at)
        found.append(Stay(to, at))
    return found


def days_by_stage(stays: Iterable[Stay], now: datetime) -> dict[int, tuple[int, datetime]]:
    """Return for each stage how many whole days it had the deal, all stays together, and since when it had it last."""
    seconds: dict[int, float] = {}
    since: dict[int, datetime] = {}
    for stay in stays:
        seconds[stay.stage_id] = seconds.get(stay.stage_id, 0) + ((stay.until or now) - stay.since).total_seconds()
        since[stay.stage_id] = stay.since
    return {stage: (int(total // 86_400), since[stage]) for stage, total in seconds.items()}
