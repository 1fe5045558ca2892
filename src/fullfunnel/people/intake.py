"""The step of wiring.INTAKE that finds out who every draft of a batch is about: a few statements, however many drafts."""

from collections import defaultdict

import msgspec
from django.db import transaction

from fullfunnel.events.event import PERSON, Arrival, Draft
from fullfunnel.events.store.schema import SEQ_SPAN
from fullfunnel.people import ledger
from fullfunnel.people.book import Known
from fullfunnel.people.companies import Saying, company_key, say_of_companies, upsert_companies
from fullfunnel.people.erased import erased_among
from fullfunnel.people.identifiers import ANONYMOUS, EMAIL, USER, Key, key_of, keys_of, previous_of
from fullfunnel.people.models import ResolvedBatch
from fullfunnel.people.resolve import Claim, Resolver
from fullfunnel.people.traits import texts_of

REMEMBERED_BATCHES = 1_000
NOBODY = "names nobody: its user id, e-mail address or anonymous id is missing, or a placeholder such as 0 or null"
ERASED = "is about somebody who was erased"


def resolve(drafts: list[Draft]) -> list[Draft]:
    """Sets identity_id and company_id of every draft, or the reason why it is dropped; commits what was learnt of people.

    Repeated after a crash, it only looks the same people up: nothing is made, merged, changed or recorded twice.
    """
    by_workspace: dict[int, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.dropped is None:
            by_workspace[draft.workspace_id].append(draft)
    # What an earlier step added has no number yet; it goes with the last.
    last = max((draft.seq for draft in drafts), default=0)
    settled = ResolvedBatch.objects.filter(batch=last // SEQ_SPAN).values_list("last_seq", flat=True).first() or -1
    # Before anything is read: who changes people after this is noticed below.
    locks = ledger.locks(by_workspace)
    decided = [_Batch(workspace_id, mine, settled) for workspace_id, mine in sorted(by_workspace.items())]
    for batch in decided:
        batch.decide()
    with transaction.atomic():
        for batch in decided:
            # An identity never changes: who only looked them up need not look again.
            if not batch.taught:
                continue
            if ledger.lock(batch.workspace_id) != locks[batch.workspace_id] + 1:
                batch.decide()
            batch.write()
        ResolvedBatch.objects.update_or_create(batch=last // SEQ_SPAN, defaults={"last_seq": max(last, settled)})
        ResolvedBatch.objects.filter(batch__lt=last // SEQ_SPAN - REMEMBERED_BATCHES).delete()
    return drafts


class _Batch:
    """The drafts of one workspace on their way through resolve, in order.

    `decide` only reads people, and may be repeated: the database's write lock is held for `write` alone.
    """

    def __init__(self, workspace_id: int, drafts: list[Draft], settled: int) -> None:
        self.workspace_id = workspace_id
        self.settled = settled
        self.last = max(draft.seq for draft in drafts)
        self.drafts = drafts
        self.keys = [keys_of(draft.arrival) for draft in drafts]
        self._resolver = Resolver()
        # Drafts that may teach something, each with the identity that it is about.
        self.taught: list[tuple[Draft, Known]] = []
        # What is said of companies: (company, trait -> text, whether it may overwrite).
        self._said: list[Saying] = []

    def decide(self) -> None:
        """Find out who each draft is about and what it teaches. Companies never heard of are made, in a transaction of their own."""
        self._resolver, self.taught, self._said = Resolver(), [], []
        wanted = {key for keys in self.keys for key in keys} | {k for d in self.drafts for k in previous_of(d.arrival)}
        found = ledger.find(self.workspace_id, wanted)
        self._drop(wanted - found.keys())
        self._find_companies()
        slow = [i for i in range(len(self.drafts)) if self._finish(i, found)]
        if slow:
            self._learn(slow, found)

    def write(self) -> None:
        """Write what was decided; every draft has its identity afterwards. Nobody else changes people meanwhile."""
        ledger.write(self.workspace_id, self._resolver)
        if self._said:
            say_of_companies(self.workspace_id, self._said)
        for draft, identity in self.taught:
            draft.identity_id = identity.id

    def _drop(self, unknown: set[Key]) -> None:
        """Drops what names nobody, and what names somebody erased; an erased device of somebody else is only left out."""
        erased = erased_among(self.workspace_id, unknown)
        kept = []
        for i, draft in enumerate(self.drafts):
            keys = self.keys[i]
            if erased and not erased.isdisjoint((*keys, *previous_of(draft.arrival))):
                if any(key in erased and key[0] in (USER, EMAIL) for key in keys):
                    keys = []
                self.keys[i] = keys = [key for key in keys if key not in erased]
                if keys:
                    _leave_out(draft, erased)
                else:
                    _blank(draft)
            elif not keys:
                draft.dropped = NOBODY
            if draft.dropped is None:
                kept.append(i)
        if len(kept) < len(self.drafts):
            self.drafts, self.keys = [self.drafts[i] for i in kept], [self.keys[i] for i in kept]

    def _find_companies(self) -> None:
        """Sets company_id where the event names a company: it is a fact of the event, unlike the person's company today."""
        named = [(draft, key) for draft in self.drafts if (key := company_key(draft.arrival.company))]
        companies = upsert_companies(self.workspace_id, {key for _, key in named}) if named else {}
        for draft, key in named:
            draft.company_id = companies[key]

    def _finish(self, i: int, found: dict[Key, tuple[int, int]]) -> bool:
        """Finishes a draft that teaches nothing: all its identifiers are one person's. True where there is more to do."""
        keys, arrival, draft = self.keys[i], self.drafts[i].arrival, self.drafts[i]
        first = found.get(keys[0])
        if first is None:
            return True
        draft.identity_id = first[0]
        if (draft.seq or self.last) <= self.settled:
            return False
        if arrival.kind != "event" or arrival.traits or "consent" in arrival.context:
            return True
        return len(keys) > 1 and any(key not in found or found[key][1] != first[1] for key in keys)

    def _learn(self, slow: list[int], found: dict[Key, tuple[int, int]]) -> None:
        """Takes the drafts that may teach something through the rules, one by one."""
        touched = {key for i in slow for key in (*self.keys[i], *previous_of(self.drafts[i].arrival))}
        people = ledger.load(self.workspace_id, {found[key][1] for key in touched if key in found})
        self._resolver = Resolver({identity.key: identity for who in people.values() for identity in who.identities})
        for i in slow:
            draft = self.drafts[i]
            self.taught.append((draft, self._resolver.take(self._claim(draft, self.keys[i]))))
            if draft.arrival.kind == "group" and draft.company_id is not None and draft.arrival.traits:
                is_trusted = draft.source_kind != "web"
                may = is_trusted or self.keys[i][0][0] == USER
                self._said.append((draft.company_id, texts_of(draft.arrival.traits), may, is_trusted))

    def _claim(self, draft: Draft, keys: list[Key]) -> Claim:
        arrival = draft.arrival
        claim = Claim(keys=keys, at=arrival.at, trusted=draft.source_kind != "web", source=f"source {draft.source_id}")
        claim.keeps_apart = draft.source_kind == "file"
        if arrival.kind == "alias":
            claim.previous = arrival.previous
        if arrival.traits and arrival.kind != "group":
            claim.traits = texts_of(arrival.traits)
            email = next((value for kind, value in keys if kind == EMAIL), None)
            if email is None:
                claim.traits.pop("email", None)
        if arrival.kind in ("group", "identify"):
            claim.company = draft.company_id
        if arrival.actor == PERSON:
            claim.consents = _consents(arrival.context.get("consent"))
        return claim


def _blank(draft: Draft) -> None:
    """Drops a draft so that the record of the refusal holds nothing of the person."""
    draft.dropped, draft.ip, draft.user_agent, draft.columns = ERASED, "", "", {}
    draft.arrival, draft.is_emptied = Arrival(kind="erased", name=draft.arrival.name, at=draft.arrival.at, id=""), True


def _leave_out(draft: Draft, erased: set[Key]) -> None:
    """Takes the identifiers of somebody erased, such as a device that was shared, out of what somebody else did."""
    arrival, draft.is_emptied = draft.arrival, True
    draft.arrival = msgspec.structs.replace(
        arrival,
        anonymous=None if key_of(ANONYMOUS, arrival.anonymous) in erased else arrival.anonymous,
        previous=None if not erased.isdisjoint(previous_of(arrival)) else arrival.previous,
        identifiers=[(kind, value) for kind, value in arrival.identifiers if key_of(kind, value) not in erased],
    )


def _consents(said: object) -> dict[str, bool]:
    """Segment's context.consent: {"categoryPreferences": {"email": true}} -> purpose -> given."""
    preferences = said.get("categoryPreferences") if isinstance(said, dict) else None
    if not isinstance(preferences, dict):
        return {}
    return {p: given for p, given in preferences.items() if isinstance(given, bool) and 0 < len(p) <= 40}
