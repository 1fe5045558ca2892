"""The rules of identity: who an arrival is about, given who is known. Pure: a batch is taken claim by claim, then written.

reference: Segment's flat matching. Look up every identifier; none known: a new person; one person: they gain the others;
several: they merge, where the rules allow it. What does not fit is left out, the lowest priority first (docs/adr/0050).
"""

from dataclasses import dataclass, field

from fullfunnel.people import traits as trait_texts
from fullfunnel.people.book import Known, Merged, Who, Word, merge
from fullfunnel.people.identifiers import ANONYMOUS, EMAIL, USER, Key, Seen, fits, key_of, kind_words


@dataclass(slots=True)
class Claim:
    """What one arrival says about whom. `trusted` unless a browser said it: its key is public, it can claim anything.

    keys: never empty, by priority; traits: texts, None takes one away; consents: purpose -> given; keeps_apart: two
    identified people are not merged (a file's row can be wrong), but proposed.
    """

    keys: list[Key]
    at: int
    trusted: bool
    cause: str = "event"
    previous: str | None = None
    traits: dict[str, str | None] = field(default_factory=dict)
    company: int | None = None
    consents: dict[str, bool] = field(default_factory=dict)
    source: str = ""
    keeps_apart: bool = False
    # A form's word: what is known of somebody stays, whoever vouches.
    fills_only: bool = False
    # purpose -> the version of the text that was agreed to.
    text_versions: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Change:
    """A trait of somebody already known changed (None: no value), or a word on a consent (`trait` is then its purpose)."""

    who: Who
    key: Key
    at: int
    trait: str
    old: str | None
    new: str | None


class Resolver:
    """Takes claims one after the other; what they change stands in the lists, for ledger.write."""

    def __init__(self, known: dict[Key, Known] | None = None) -> None:
        self.known = {} if known is None else known
        self.new_people: list[Who] = []
        self.new_identities: list[Known] = []
        self.moved: list[Known] = []
        self.merges: list[Merged] = []
        self.proposals: list[tuple[Who, Who, str]] = []
        self.trait_changes: list[Change] = []
        self.consent_changes: list[Change] = []

    def take(self, claim: Claim) -> Known:
        """The identity that the event of this claim carries for ever: its highest-priority identifier."""
        who, kept, created = self._gather(claim)
        if claim.previous is not None:
            before, who = who, self._alias(who, claim)
            created = created and who is before
        vouched = created or claim.trusted or self._is_vouched(who, kept)
        by_user = claim.keys[0][0] == USER
        if claim.traits:
            self._say_traits(who, claim, created=created, overwrite=(vouched or by_user) and not claim.fills_only)
        # Not by a user id alone: whoever guesses it would move the person to another firm.
        if claim.company not in (None, who.company) and (who.company is None or vouched):
            who.company, who.changed = claim.company, True
        for purpose, given in claim.consents.items():
            # A browser that has only claimed to be somebody may withdraw as the user it names; it may not give.
            if vouched or (not given and by_user):
                self._say_consent(who, claim, purpose, given)
        return self.known[claim.keys[0]]

    def _gather(self, claim: Claim) -> tuple[Who, list[Key], bool]:
        """The person that the identifiers lead to (made, extended or merged), those that fitted, and whether it is new."""
        who: Who | None = None
        new: list[Key] = []
        kept: list[Key] = []
        refused: list[Known] = []
        for key in claim.keys:
            found = self.known.get(key)
            if found is None:
                if (not kept and who is None) or self._fit(who, [*new, key], claim.at):
                    new.append(key)
                    kept.append(key)
                continue
            other = found.person
            if who is None and self._may_join(other, new, claim):
                who = other
            elif (
                who is not None
                and other is not who
                and self._may_merge(who, other, claim.trusted and not claim.keeps_apart, new, claim.at)
            ):
                who = self._merge(who, other, claim)
            elif other is not who:
                refused.append(found)
                continue
            kept.append(key)
        created = who is None
        if who is None:
            who = Who(-len(self.new_people) - 1, claim.at)
            self.new_people.append(who)
        self._attach(who, new, kept, claim, created)
        for found in refused:
            self._settle(found, who, claim)
        if claim.trusted:
            self._verify(who, kept)
        return who, kept, created

    def _fit(self, who: Who | None, new: list[Key], at: int) -> bool:
        kinds = [kind for kind, _ in new]
        return fits([*(_seen(who) if who else ()), *((kind, at) for kind in kinds)], kinds, at)

    def _may_join(self, other: Who, new: list[Key], claim: Claim) -> bool:
        """Whether identifiers never seen before may go to `other`. A user id never seen is itself somebody identified."""
        if not new:
            return True
        if other.identified and new[0][0] == USER and not claim.trusted:
            return False
        return self._fit(other, new, claim.at)

    def _may_merge(self, a: Who, b: Who, trusted: bool, new: list[Key], at: int) -> bool:
        if a.identified and b.identified and not trusted:
            return False
        added = [kind for kind, _ in new]
        shared = {i.key[0] for i in a.identities} & {i.key[0] for i in b.identities}
        return fits([*_seen(a), *_seen(b), *((kind, at) for kind in added)], [*shared, *added], at)

    def _merge(self, who: Who, other: Who, claim: Claim) -> Who:
        """The identified one takes in the other; of two alike, the one that the identifier of higher priority named."""
        winner, loser = (other, who) if other.identified and not who.identified else (who, other)
        cause = claim.cause if not claim.trusted or claim.cause != "event" else "server key"
        self.merges.append(merge(winner, loser, cause=cause, at=claim.at, trusted=claim.trusted))
        return winner

    def join(self, winner: Who, loser: Who, *, cause: str, at: int) -> None:
        """Merges two people because a user says so, whatever the limits are."""
        self.merges.append(merge(winner, loser, cause=cause, at=at, trusted=True))

    def _attach(self, who: Who, new: list[Key], kept: list[Key], claim: Claim, created: bool) -> None:
        if not new:
            return
        vouched = created or claim.trusted or self._is_vouched(who, kept)
        for key in new:
            verified = key[0] == USER or claim.trusted or (vouched and key[0] == ANONYMOUS)
            identity = Known(key, who, verified, claim.at)
            self.known[key] = identity
            who.identities.append(identity)
            self.new_identities.append(identity)
        who.see_identified()

    def _is_vouched(self, who: Who, kept: list[Key]) -> bool:
        """Whether the event names a browser that has been this person's from the start, not by a claim.

        Only an anonymous id says that: it is a secret of its browser. Addresses and customers' numbers can be known or guessed.
        """
        found = [self.known.get(key) for key in kept if key[0] == ANONYMOUS]
        return any(known is not None and known.verified and known.person is who for known in found)

    def _settle(self, found: Known, who: Who, claim: Claim) -> None:
        """An identifier that belongs to somebody else: one that was only claimed goes to whom a server names; two known people are proposed."""
        other = found.person
        if other is who:
            return
        if claim.trusted and not found.verified and found.key[0] not in (USER, ANONYMOUS):
            self._take_back(found, who, claim)
        elif other.identified and who.identified:
            reason = f"one event named the {kind_words(claim.keys[0][0])} of one and the {kind_words(found.key[0])} of the other"
            self.proposals.append((who, other, reason))

    def _take_back(self, found: Known, who: Who, claim: Claim) -> None:
        other = found.person
        other.identities.remove(found)
        who.identities.append(found)
        found.person, found.verified, found.changed = who, True, True
        self.moved.append(found)
        if found.key[0] == EMAIL and other.traits.get("email", "").strip().lower() == found.key[1]:
            old = other.traits.pop("email")
            other.traits_at["email"] = claim.at
            if other.identities:
                key = other.identities[0].key
                self.trait_changes.append(Change(other, key, claim.at, "email", old, None))
        other.changed = True
        other.see_identified()
        who.see_identified()

    def _verify(self, who: Who, kept: list[Key]) -> None:
        """What a server, a file or a user says is so."""
        for key in kept:
            found = self.known[key]
            if not found.verified and found.person is who:
                found.verified = found.changed = True
                who.see_identified()

    def _alias(self, who: Who, claim: Claim) -> Who:
        """`previous` is the same person: a user id if it is known as one, else a device's. A trusted alias knows no limits."""
        keys = [key for kind in (USER, ANONYMOUS) if (key := key_of(kind, claim.previous))]
        key = next((key for key in keys if key in self.known), keys[-1] if keys else None)
        if key is None or key in claim.keys:
            return who
        found = self.known.get(key)
        if found is None:
            if self._fit(who, [key], claim.at):
                self._attach(who, [key], claim.keys, claim, created=False)
        elif found.person is not who:
            other = found.person
            if claim.trusted or self._may_merge(who, other, False, [], claim.at):
                return self._merge(who, other, claim)
            if who.identified and other.identified:
                self.proposals.append((who, other, "an alias in a browser named both"))
        return who

    def _say_traits(self, who: Who, claim: Claim, *, created: bool, overwrite: bool) -> None:
        key = claim.keys[0]
        for trait, value in claim.traits.items():
            old = who.traits.get(trait)
            if value == old or claim.at < who.traits_at.get(trait, claim.at):
                continue
            if old is not None and (not overwrite or (trait == "email" and not claim.trusted)):
                continue
            if trait == "email" and value is not None and self._is_of_another(value, who):
                continue
            if value is None:
                del who.traits[trait]
            elif old is None and len(who.traits) >= trait_texts.MOST:
                continue
            else:
                who.traits[trait] = value
            who.traits_at[trait] = claim.at
            who.changed = True
            # What a new person is born with is no change: `person_then` falls back to today's value.
            if not created:
                self.trait_changes.append(Change(who, key, claim.at, trait, old, value))

    def _is_of_another(self, email: str, who: Who) -> bool:
        key = key_of(EMAIL, email)
        found = self.known.get(key) if key else None
        return found is not None and found.person is not who

    def _say_consent(self, who: Who, claim: Claim, purpose: str, given: bool) -> None:
        word = who.consents.get(purpose)
        if word is not None and (word.given == given or claim.at < word.at):
            return
        who.consents[purpose] = Word(given, claim.at, claim.source, claim.text_versions.get(purpose, ""))
        who.changed_consents.add(purpose)
        old = None if word is None else str(word.given).lower()
        change = Change(who, claim.keys[0], claim.at, purpose, old, str(given).lower())
        self.consent_changes.append(change)


def _seen(who: Who) -> list[Seen]:
    return [(identity.key[0], identity.at) for identity in who.identities]
