"""Whose turn it is. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

OWNER, TURN, NOBODY = "owner", "turn", "nobody"


@dataclass(frozen=True)
class Candidate:
    """Somebody who may get a lead. given: leads got so far; last: when, or None; capacity: None is any number.

    weight 0 gets none by turn, but those of their own companies.
    """

    id: int | str
    name: str
    given: float = 0
    last: float | None = None
    weight: float = 1
    capacity: int | None = None
    open: int = 0
    is_here: bool = True
    fits: bool = True

    @property
    def has_room(self) -> bool:
        return self.capacity is None or self.open < self.capacity

    @property
    def may_take(self) -> bool:
        return self.is_here and self.has_room and self.fits

    @property
    def share(self) -> float:
        return self.given / self.weight

    @property
    def why_not(self) -> str:
        """In words, "" for who may take a lead."""
        if not self.is_here:
            return f"{self.name} is away"
        if not self.has_room:
            return f"{self.name} has {self.open} of {self.capacity}"
        return "" if self.fits else f"{self.name} looks after other places"


@dataclass(frozen=True)
class Choice:
    candidate: Candidate | None
    how: str
    why: str


def lifted(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates with who is away lifted to the lowest share of those present, so that nothing is made up for."""
    present = [each.share for each in candidates if each.is_here and each.weight]
    lowest = min(present, default=0)
    return [
        replace(each, given=lowest * each.weight) if not each.is_here and each.weight and each.share < lowest else each
        for each in candidates
    ]


def choose(candidates: Sequence[Candidate], owner: int | str | None = None) -> Choice:
    """Choose who gets a lead: its company's owner; else the lowest share, then longest since the last, then the first id.

    Give candidates that were lifted.
    """
    mine = next((each for each in candidates if each.id == owner), None)
    if mine is not None and mine.may_take:
        return Choice(mine, OWNER, f"{mine.name} looks after the company")
    able = [each for each in candidates if each.may_take and each.weight]
    if not able:
        reasons = [each.why_not for each in candidates if each.why_not]
        return Choice(None, NOBODY, "Nobody can take it: " + ("; ".join(reasons) or "nobody sells here"))
    best = min(able, key=lambda each: (each.share, each.last is not None, each.last or 0, str(each.id)))
    before = f"{mine.why_not}; " if mine is not None else ""
    return Choice(best, TURN, f"{before}it is {best.name}'s turn" if before else f"It is {best.name}'s turn")
