"""The lake: immutable Parquet files and the manifest (LakeFile) that says which of them count."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F

from fullfunnel.core import clock
from fullfunnel.core.lease import Lease
from fullfunnel.events.event import Event
from fullfunnel.events.models import Extent, LakeFile
from fullfunnel.events.store import index, leases, parquet, upkeep
from fullfunnel.events.store.dialects import Dialect
from fullfunnel.events.store.engine import Engine, stoppable
from fullfunnel.events.store.journeys import Index, Journeys, Units
from fullfunnel.events.store.schema import SEQ_SPAN
from fullfunnel.events.store.senders import LakeDialect


class LakeStore:
    """Remembers every event in Parquet files below `data`. Any number of processes may read; who changes holds `changing()`."""

    def __init__(self, data: Path, *, memory: str, threads: int) -> None:
        self.data = data
        self.engine = Engine(data, memory=memory, threads=threads)
        self.dialect: Dialect = LakeDialect()

    def prepare(self) -> None:
        """Makes the directories, clears away what a crash left half done, counts again what was lost. Safe to repeat."""
        for name in ("events", "keys", "leases", "index", "tmp"):
            (self.data / name).mkdir(parents=True, exist_ok=True)
        with self.changing():
            upkeep.sweep(self)
            upkeep.count_missing(self)

    @contextmanager
    def changing(self, *, wait: bool = True) -> Iterator[bool]:
        """The right to add, merge or rewrite files: one holder in the data directory at a time. Yields False if not given."""
        self.data.mkdir(parents=True, exist_ok=True)
        lease = Lease(self.data / "stream.lock")
        taken = lease.take(wait=wait)
        try:
            yield taken
        finally:
            lease.release()

    def append(self, batch_id: int, events: Sequence[Event]) -> Callable[[], None]:
        """Makes the batch durable; what comes back enters it into the manifest, inside the caller's transaction."""
        known = LakeFile.objects.filter(superseded_at=None, first_batch__lte=batch_id, last_batch__gte=batch_id)
        if not events or known.exists():
            return lambda: None
        month = clock.from_us(events[0].received_at).strftime("%Y-%m")
        name = f"events/{month}/{batch_id}.parquet"
        path = self.data / name
        parquet.write_events(self.engine.cursor(), events, path, self.aside(f"{batch_id}.json"))
        return lambda: _publish(name, path.stat().st_size, batch_id, events)

    def read_batch(self, batch_id: int) -> list[Event]:
        """The events of a stored batch, in order; for a reaction that was behind."""
        with self.files(first_batch__lte=batch_id, last_batch__gte=batch_id) as files:
            first = batch_id * SEQ_SPAN
            return parquet.read_events(self.engine.cursor(), files, first, first + SEQ_SPAN - 1)

    def read_named(self, names: Collection[str], *, after: int, last: int, most: int) -> tuple[list[Event], int]:
        """The next events with these names, from one file; and up to which number these are all."""
        first = (after + 1) // SEQ_SPAN
        # The lease first: a file that is merged meanwhile stays.
        with self.files(last_batch__gte=first, first_batch__lte=last // SEQ_SPAN) as files:
            if not files:
                return [], last
            end = LakeFile.objects.get(path=str(Path(files[0]).relative_to(self.data))).last_batch
            until = min(last, (end + 1) * SEQ_SPAN - 1)
            cursor = self.engine.cursor()
            events = parquet.read_events(cursor, files[:1], after + 1, until, names=names, most=most)
        return events, until if len(events) < most else events[-1].seq

    def ask(
        self,
        write: Callable[[Dialect], str],
        values: Sequence[Any] = (),
        *,
        units: Units | None = None,
        is_over: Callable[[], bool] | None = None,
    ) -> list[dict[str, Any]]:
        """Rows of a question over `events` (and `units`). TimeoutError once `is_over` says so."""
        with self.files() as files, stoppable(self.engine.cursor(), is_over):
            cursor = self.engine.over(files, units)
            answer = cursor.execute(write(self.dialect), list(values))
            names = [column[0] for column in answer.description]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def journeys(self, workspace_id: int, columns: Sequence[str], *, units: Units) -> Iterator[Journeys]:
        """Journeys of whole units, in chunks, with the named property columns."""
        yield from index.journeys(self, workspace_id, columns, units)

    def index(self, workspace_id: int, *, units: Units) -> Index:
        """All journeys of units at once, without a copy."""
        return index.index(self, workspace_id, units)

    def erase(self, identities: Sequence[int]) -> int:
        """Rewrites every file without these identities' events; returns how many events went."""
        return upkeep.erase(self, sorted(set(identities)))

    def version(self, workspace_id: int) -> str:
        """Changes whenever an answer about the workspace could."""
        erasures, last_batch = self.reach(workspace_id)
        return f"{erasures}.{last_batch}"

    def reach(self, workspace_id: int) -> tuple[int, int]:
        """(erasures, last batch) of the workspace's stream; merging files changes neither."""
        found = Extent.objects.filter(pk=workspace_id).values_list("erasures", "last_batch").first()
        return found or (0, 0)

    def latest_at(self, workspace_id: int) -> int | None:
        """The latest occurred_at of the workspace in µs; None without events."""
        return Extent.objects.filter(pk=workspace_id).values_list("latest_at", flat=True).first()

    def close(self) -> None:
        """Close the engine and drop the index's memory maps; both are opened again when they are needed."""
        from fullfunnel.events.store.index import forget_cached

        forget_cached()
        self.engine.close()

    @contextmanager
    def files(self, **condition: Any) -> Iterator[list[str]]:
        """The manifest's files at this moment; none of them is removed inside the block."""
        with leases.reading(self.data / "leases"):
            listed = LakeFile.objects.filter(superseded_at=None, **condition).order_by("first_batch", "id")
            yield [str(self.data / path) for path in listed.values_list("path", flat=True)]

    def aside(self, name: str) -> Path:
        """A name for a file on the way; cleared at the next start when a crash leaves it behind."""
        return self.data / "tmp" / name


def _publish(name: str, size: int, batch_id: int, events: Sequence[Event]) -> None:
    moments = [event.occurred_at for event in events]
    counts = Counter(event.workspace_id for event in events)
    latest: dict[int, int] = {}
    for event in events:
        if event.occurred_at > latest.get(event.workspace_id, -(2**63)):
            latest[event.workspace_id] = event.occurred_at
    with transaction.atomic():
        LakeFile.objects.create(
            path=name,
            first_batch=batch_id,
            last_batch=batch_id,
            events=len(events),
            bytes=size,
            from_at=min(moments),
            to_at=max(moments),
            workspaces=sorted(counts),
        )
        for workspace_id, count in counts.items():
            extent, _ = Extent.objects.get_or_create(workspace_id=workspace_id)
            Extent.objects.filter(pk=workspace_id).update(
                last_batch=batch_id,
                events=F("events") + count,
                latest_at=max(latest[workspace_id], extent.latest_at or latest[workspace_id]),
            )
