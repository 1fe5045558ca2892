"""What is known of people while a batch is resolved, and what merging two of them means. Pure."""

from dataclasses import dataclass, field
from typing import Any

from fullfunnel.people.identifiers import USER, Key, rank, says_who

Record = dict[str, Any]


@dataclass(slots=True, eq=False)
class Known:
    """An identity: `at` is when it was first seen with the person, µs; `id` 0 until it is written."""

    key: Key
    person: "Who"
    verified: bool
    at: int
    id: int = 0
    changed: bool = False


@dataclass(slots=True, eq=False)
class Word:
    """A person's latest word on one purpose; `at` in µs."""

    given: bool
    at: int
    source: str = ""
    text_version: str = ""


@dataclass(slots=True, eq=False)
class Who:
    """A person; `id` is negative until it is written. Times in µs, None where nothing was seen yet."""

    id: int
    created_at: int
    identified: bool = False
    traits: dict[str, str] = field(default_factory=dict)
    traits_at: dict[str, int] = field(default_factory=dict)
    company: int | None = None
    first_seen: int | None = None
    last_seen: int | None = None
    consents: dict[str, Word] = field(default_factory=dict)
    identities: list[Known] = field(default_factory=list)
    merged_into: "Who | None" = None
    changed: bool = False
    changed_consents: set[str] = field(default_factory=set)
    public_id: str = ""

    def now(self) -> "Who":
        """Whom this person has become by merges."""
        who = self
        while who.merged_into is not None:
            who = who.merged_into
        return who

    def see_identified(self) -> None:
        """Identified is whoever has a user id, or a verified e-mail address or record of another system."""
        identified = any(says_who(one.key, verified=one.verified) for one in self.identities)
        if identified != self.identified:
            self.identified, self.changed = identified, True


@dataclass(slots=True, eq=False)
class Merged:
    """A merge to be written: `winner` takes in `loser`; `moved` are the identities and whether each was verified before.

    `key` is an identifier of the winner's own: events about the merge stay with them when it is taken back.
    """

    winner: Who
    loser: Who
    moved: list[tuple[Known, bool]]
    before: Record
    cause: str
    at: int
    key: Key


def record_of(who: Who) -> Record:
    """A person's record in plain JSON, as a merge keeps it to restore it exactly."""
    return {
        "traits": dict(who.traits),
        "traits_at": dict(who.traits_at),
        "company": who.company,
        "first_seen": who.first_seen,
        "last_seen": who.last_seen,
        "consents": {
            purpose: [word.given, word.at, word.source, word.text_version] for purpose, word in who.consents.items()
        },
    }


def merge(winner: Who, loser: Who, *, cause: str, at: int, trusted: bool) -> Merged:
    """`winner` takes the identities of `loser` and what it did not know itself; `loser` keeps its record, for an unmerge.

    A merge that only a browser claims (not `trusted`) moves no consent, and leaves the identities moved unverified.
    """
    before: Record = {"winner": record_of(winner), "loser": record_of(loser)}
    key = min((identity.key for identity in winner.identities), key=rank)
    moved = [(identity, identity.verified) for identity in loser.identities]
    for identity, _ in moved:
        identity.person, identity.changed = winner, True
        identity.verified = identity.verified and (trusted or identity.key[0] == USER)
    winner.identities += loser.identities
    loser.identities = []
    for trait, value in loser.traits.items():
        if trait not in winner.traits:
            winner.traits[trait] = value
            winner.traits_at[trait] = loser.traits_at.get(trait, 0)
    if winner.company is None:
        winner.company = loser.company
    seen = [t for t in (winner.first_seen, loser.first_seen) if t is not None]
    winner.first_seen = min(seen, default=None)
    winner.last_seen = max((t for t in (winner.last_seen, loser.last_seen) if t is not None), default=None)
    if trusted:
        _merge_consents(winner, loser)
    winner.see_identified()
    winner.changed = loser.changed = True
    loser.merged_into = winner
    before["after"] = record_of(winner)
    return Merged(winner, loser, moved, before, cause, at, key)


def _merge_consents(winner: Who, loser: Who) -> None:
    """The later word on a purpose holds; of two at the same time, the refusal."""
    for purpose, word in loser.consents.items():
        own = winner.consents.get(purpose)
        if own is None or word.at > own.at or (word.at == own.at and own.given and not word.given):
            winner.consents[purpose] = Word(word.given, word.at, word.source, word.text_version)
            winner.changed_consents.add(purpose)


def unmerged(before: Record, now: Record) -> Record:
    """The winner's record without the merge: what it was, but for what was said since, which it keeps.

    `before` is Merged.before; `now` is the winner's record today. Nothing said since: the record is exactly what it was.
    """
    was, after = before["winner"], before["after"]
    restored: Record = {}
    for field_name, value in was.items():
        if now[field_name] == after[field_name]:
            restored[field_name] = value
        elif isinstance(value, dict):
            restored[field_name] = _unmerged_pairs(value, after[field_name], now[field_name])
        else:
            restored[field_name] = now[field_name]
    return restored


def _unmerged_pairs(was: Record, after: Record, now: Record) -> Record:
    """Of a dictionary: the keys that did not change since the merge become what they were before it."""
    kept = {key: was[key] for key in was if now.get(key) == after.get(key)}
    kept.update({key: value for key, value in now.items() if after.get(key) != value})
    return kept
