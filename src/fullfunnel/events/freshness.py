"""Up to when answers are complete: what waits for the drain is in none."""

from contextlib import closing
from pathlib import Path

from django.db.models import Max, Min, Q

from fullfunnel.core import clock
from fullfunnel.events.journal import Journal
from fullfunnel.events.models import Batch, Outbox


def data_until(data: Path) -> int:
    """Return the µs before which everything that arrived is in the store."""
    # Read before looking: what arrives meanwhile is later than this.
    now = clock.now_us()
    stored = Batch.objects.filter(state=Batch.State.STORED).aggregate(last=Max("journal_to"))["last"] or 0
    waiting = [moment for moment in (_oldest_entry(data, stored), _oldest_outbox()) if moment]
    return min([now, *waiting])


def _oldest_entry(data: Path, stored: int) -> int | None:
    with closing(Journal(data / "journal.db")) as journal:
        row_id, _ = journal.next_range(stored, most_items=1, most_bytes=1)
        entries = journal.read(row_id, row_id) if row_id > stored else []
        return entries[0][1].received_at if entries else None


def _oldest_outbox() -> int | None:
    unsettled = Outbox.objects.filter(Q(batch=None) | Q(batch__state=Batch.State.FROZEN))
    oldest = unsettled.aggregate(oldest=Min("at"))["oldest"]
    return None if oldest is None else clock.to_us(oldest)
