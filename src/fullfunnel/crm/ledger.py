"""The hand-over ledger: moves in, five outcomes out; after every prefix of any history they add up. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

WAITING, ACCEPTED, REJECTED, RECYCLED, AGED_OUT = "waiting", "accepted", "rejected", "recycled", "aged_out"
OUTCOMES = (WAITING, ACCEPTED, REJECTED, RECYCLED, AGED_OUT)
HANDED_OVER, REOPENED, ASSIGNED, RESCHEDULED = "handed_over", "reopened", "assigned", "rescheduled"


@dataclass(frozen=True)
class Counts:
    """How many hand-overs have which outcome; together they are all of them."""

    waiting: int = 0
    accepted: int = 0
    rejected: int = 0
    recycled: int = 0
    aged_out: int = 0

    @property
    def handed_over(self) -> int:
        return self.waiting + self.accepted + self.rejected + self.recycled + self.aged_out


def outcome_after(outcome: str | None, what: str) -> str:
    """Return the outcome after a move; `outcome` is None before the first. ValueError for a move that is none.

    A hand-over is handed over once: told again of it, one that is decided stays decided.
    """
    if what in (HANDED_OVER, ASSIGNED, RESCHEDULED):
        return outcome or WAITING
    if what == REOPENED:
        return WAITING
    if what not in OUTCOMES[1:]:
        raise ValueError(f"{what!r} is no move of a hand-over")
    return what


def outcome_of(moves: Iterable[str]) -> str:
    """Return the outcome after these moves, in their order; waiting before the first."""
    outcome: str | None = None
    for what in moves:
        outcome = outcome_after(outcome, what)
    return outcome or WAITING


def counts_of(moves: Iterable[tuple[str, str]]) -> Counts:
    """Return the counts after these moves, each (hand-over, what happened), in their order."""
    outcomes: dict[str, str] = {}
    for hand_over, what in moves:
        outcomes[hand_over] = outcome_after(outcomes.get(hand_over), what)
    return Counts(**Counter(outcomes.values()))
