"""The ledger of hand-overs: each is exactly one of five things, whatever was said of it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

ACCEPTED, REJECTED, RECYCLED, AGED_OUT, WAITING = OUTCOMES = ("accepted", "rejected", "recycled", "aged_out", "waiting")
HANDED_OVER, REOPENED, ACTIVITY = "lead_handed_over", "lead_reopened", "activity_logged"
TAKEN_BACK = "activity_taken_back"
SAYS = {f"lead_{outcome}": outcome for outcome in OUTCOMES[:-1]}
LEAD_EVENTS = (HANDED_OVER, *SAYS, REOPENED)


class Said(NamedTuple):
    """An event about a hand-over, or an activity of ours. lead: its id; "" where the event names none."""

    event: str
    at: int
    person: int
    source: int = 0
    lead: str = ""
    score: tuple[int, int] | None = None


@dataclass
class HandOver:
    """A hand-over as it is now. lead: its id, "" where nobody gave one. Moments in µs.

    told: when it had which outcome; answered_at: the first outcome of a seller, or activity; None: none yet. score: fit and engagement, where it was made for them.
    """

    person: int
    at: int
    lead: str = ""
    outcome: str = WAITING
    answered_at: int | None = None
    asked_again: int = 0
    score: tuple[int, int] | None = None
    told: list[tuple[int, str]] = field(default_factory=list)


class Ledger:
    """Hand-overs in the order in which they were made. `ignored`: events that were about none."""

    def __init__(self) -> None:
        self.hand_overs: list[HandOver] = []
        self.ignored = 0
        self._named: dict[str, HandOver] = {}
        self._unnamed: dict[tuple[int, int], list[HandOver]] = {}
        self._latest: dict[int, HandOver] = {}

    def tell(self, said: Said) -> None:
        """Take one event in; they come in order of time."""
        if said.event == ACTIVITY:
            latest = self._latest.get(said.person)
            if latest and latest.answered_at is None:
                latest.answered_at = said.at
        elif said.event == HANDED_OVER:
            self._hand_over(said)
        elif (found := self._meant(said)) is not None:
            _change(found, said)
        else:
            self.ignored += 1

    def _hand_over(self, said: Said) -> None:
        own = self._unnamed.setdefault((said.person, said.source), [])
        known = self._named.get(said.lead) if said.lead else next((one for one in own if one.outcome == WAITING), None)
        if known is not None:
            known.asked_again += 1
            return
        made = HandOver(said.person, said.at, said.lead, score=said.score, told=[(said.at, WAITING)])
        self.hand_overs.append(made)
        self._latest[said.person] = made
        if said.lead:
            self._named[said.lead] = made
        else:
            own.append(made)

    def _meant(self, said: Said) -> HandOver | None:
        """Return the hand-over that the event changes: named, or the latest that this can be said of."""
        own = [self._named[said.lead]] if said.lead in self._named else []
        own = own or ([] if said.lead else self._unnamed.get((said.person, said.source), []))
        is_reopening = said.event == REOPENED
        return next((one for one in reversed(own) if (one.outcome != WAITING) == is_reopening), None)


def _change(hand_over: HandOver, said: Said) -> None:
    hand_over.told.append((said.at, SAYS.get(said.event, WAITING)))
    if said.event == REOPENED:
        hand_over.outcome = WAITING
        return
    hand_over.outcome = SAYS[said.event]
    if hand_over.answered_at is None and hand_over.outcome != AGED_OUT:
        hand_over.answered_at = said.at


def ledger_of(events: Iterable[Said]) -> Ledger:
    """Return the ledger after these events, which are in order of time."""
    ledger = Ledger()
    for said in events:
        ledger.tell(said)
    return ledger
