"""What rules would change: the touches of the last days by the channels of now and by those of the rules."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from fullfunnel.capture.own_channels.naming import Row, name_rows, touches_sql
from fullfunnel.capture.own_channels.rules import Rule
from fullfunnel.core import clock
from fullfunnel.events.store import open_store

DAYS, MAX_SECONDS, MAX_SHOWN = 30, 10.0, 12


@dataclass(frozen=True)
class Share:
    """A channel's touches now and under the rules."""

    channel: str
    now: int
    then: int


@dataclass(frozen=True)
class Move:
    """Touches of one origin that get another channel."""

    source: str
    medium: str
    campaign: str
    before: str
    after: str
    touches: int


@dataclass(frozen=True)
class Preview:
    """touches: of how many of the last DAYS; moved: how many get another channel; unused: rules that named none (from 1)."""

    touches: int
    moved: int
    shares: list[Share]
    moves: list[Move]
    unused: list[int]


def preview(workspace_id: int, now: Sequence[Rule], then: Sequence[Rule]) -> Preview:
    """Return it; TimeoutError after MAX_SECONDS."""
    since, end = clock.now() - timedelta(days=DAYS), time.monotonic() + MAX_SECONDS
    both = [*now, *then]
    rows = open_store().ask(
        lambda d: touches_sql(both, d, " AND occurred_at >= ?"),
        [workspace_id, since.replace(tzinfo=None)],
        is_over=lambda: time.monotonic() > end,
    )
    return compared(now, then, rows)


def compared(now: Sequence[Rule], then: Sequence[Rule], rows: Sequence[Row]) -> Preview:
    """Return what the rows of touches_sql (of both lists of rules) say."""
    both = [*now, *then]
    before, after = name_rows(now, both, rows), name_rows(then, both, rows)
    counts = [int(row["touches"]) for row in rows]
    totals: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    moves: Counter[tuple[str, str, str, str, str]] = Counter()
    for row, old, new, count in zip(rows, before, after, counts, strict=True):
        totals[0][old] += count
        totals[1][new] += count
        if old != new:
            moves[str(row["source"]), str(row["medium"]), str(row["campaign"]), old, new] += count
    names = sorted(totals[0] | totals[1], key=lambda name: (-totals[1][name], name))
    shares = [Share(name, totals[0][name], totals[1][name]) for name in names]
    shown = [Move(*told, count) for told, count in moves.most_common(MAX_SHOWN)]
    return Preview(sum(counts), moves.total(), shares, shown, _unused(then, both, rows))


def _unused(rules: Sequence[Rule], asked: Sequence[Rule], rows: Sequence[Row]) -> list[int]:
    """Return the places of rules that no touch reaches: each is named by its place for once."""
    placed = [Rule(f"\0{at}", rule.where) for at, rule in enumerate(rules, 1)]
    reached = set(name_rows(placed, asked, rows))
    return [at for at, rule in enumerate(placed, 1) if rule.name not in reached]
