"""What a frozen batch holds: the journal's and the outbox's items as drafts, each with its number and its place."""

from bisect import bisect_right
from typing import NamedTuple

import msgspec

from fullfunnel.core import clock
from fullfunnel.events.event import Arrival, Draft
from fullfunnel.events.journal import Entry, Journal
from fullfunnel.events.models import Batch, Outbox, Refusal
from fullfunnel.events.store.schema import SEQ_SPAN
from fullfunnel.workspaces.models import Workspace

# The kind that erasure leaves in the place of an item, so that the numbers of the others stay as they are.
ERASED = "erased"
LONGEST_ITEM = 2_000
_many = msgspec.json.Decoder(list[Arrival])
_each = msgspec.json.Decoder(list[msgspec.Raw])
_one = msgspec.json.Decoder(Arrival)
_refused = msgspec.json.Decoder(list[tuple[str, str]])
_text = msgspec.json.Encoder()


class Place(NamedTuple):
    first: int
    key: str
    is_forever: bool


class Waiting:
    """Reads the same drafts with the same numbers every time it is asked, also after a crash."""

    def __init__(self, batch: Batch, journal: Journal) -> None:
        self._batch = batch
        self._journal = journal
        self._places: list[Place] = []
        self._firsts: list[int] = []
        self.refusals: list[Refusal] = []
        self.next_seq = batch.pk * SEQ_SPAN

    def drafts(self) -> list[Draft]:
        """All items of the batch in order; what cannot be read goes to `refusals`."""
        self._places, self.refusals, self.next_seq = [], [], self._batch.pk * SEQ_SPAN
        drafts: list[Draft] = []
        workspaces = set(Workspace.objects.values_list("pk", flat=True))
        for row_id, entry in self._journal.read(self._batch.journal_from, self._batch.journal_to):
            self._place(f"{row_id}", entry.forever)
            if entry.workspace_id not in workspaces:  # deleted since
                continue
            self._note_refused(row_id, entry)
            drafts.extend(self._drafts_of(row_id, entry))
        for row in Outbox.objects.filter(batch=self._batch).order_by("id"):
            self._place(f"o{row.pk}", False)
            arrival = _one.decode(bytes(row.arrival))
            if arrival.kind != ERASED:
                drafts.append(self._draft(arrival, row, clock.to_us(row.at)))
            self.next_seq += 1
        self._firsts = [place.first for place in self._places]
        return drafts

    def key(self, seq: int) -> str:
        """Where an item came from: journal row and position; the same in every repetition."""
        place = self._places[bisect_right(self._firsts, seq) - 1]
        return f"{place.key}:{seq - place.first}"

    def is_forever(self, seq: int) -> bool:
        """True for an item of an import, whose id is never forgotten."""
        return bool(self._places) and self._places[bisect_right(self._firsts, seq) - 1].is_forever

    def _place(self, key: str, is_forever: bool) -> None:
        self._places.append(Place(self.next_seq, key, is_forever))

    def _drafts_of(self, row_id: int, entry: Entry) -> list[Draft]:
        try:
            arrivals: list[Arrival | None] = [*_many.decode(entry.items)]
        except msgspec.MsgspecError:
            arrivals = self._one_by_one(row_id, entry)
        drafts = []
        for arrival in arrivals:
            if arrival is not None and arrival.kind != ERASED:
                drafts.append(self._draft(arrival, entry, entry.received_at))
            self.next_seq += 1
        return drafts

    def _draft(self, arrival: Arrival, holder: Entry | Outbox, received_at: int) -> Draft:
        return Draft(
            arrival=arrival,
            workspace_id=holder.workspace_id,
            source_id=holder.source_id,
            source_kind=holder.source_kind,
            received_at=received_at,
            seq=self.next_seq,
            ip=holder.ip,
            user_agent=holder.user_agent,
        )

    def _one_by_one(self, row_id: int, entry: Entry) -> list[Arrival | None]:
        try:
            items = _each.decode(entry.items)
        except msgspec.MsgspecError:
            self._refuse(
                f"{row_id}:all", entry, "the journal's row cannot be read", entry.items.decode("utf-8", "replace")
            )
            return []
        found: list[Arrival | None] = []
        for position, item in enumerate(items):
            try:
                found.append(_one.decode(item))
            except msgspec.MsgspecError as error:
                self._refuse(f"{row_id}:{position}", entry, str(error), bytes(item).decode("utf-8", "replace"))
                found.append(None)
        return found

    def _note_refused(self, row_id: int, entry: Entry) -> None:
        for position, (reason, item) in enumerate(_refused.decode(entry.refused) if entry.refused else ()):
            self._refuse(f"{row_id}:r{position}", entry, reason, item[:LONGEST_ITEM])

    def _refuse(self, key: str, entry: Entry, reason: str, item: str) -> None:
        self.refusals.append(
            Refusal(
                workspace_id=entry.workspace_id,
                source_id=entry.source_id,
                received_at=clock.from_us(entry.received_at),
                reason=reason[:300],
                item=item,
                journal_key=key,
            )
        )


def refusal(draft: Draft, key: str) -> Refusal:
    """The row for a draft that went no further. An item that broke us is kept whole, so that it can be sent again."""
    item = _text.encode(draft.arrival).decode("utf-8", "replace")
    broke = (draft.dropped or "").startswith(BROKE)
    return Refusal(
        workspace_id=draft.workspace_id,
        source_id=draft.source_id,
        received_at=clock.from_us(draft.received_at),
        reason=(draft.dropped or "")[:300],
        item=item if broke else item[:LONGEST_ITEM],
        journal_key=key,
    )


BROKE = "fullfunnel failed on this item"
