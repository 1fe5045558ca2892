"""The lake: immutable Parquet files, and the manifest (LakeFile) that says which of them count."""

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
from fullfunnel.events.store.dialects import Dialect, Groups
from fullfunnel.events.store.engine import Engine, stoppable
from fullfunnel.events.store.journeys import Index, Journeys, Units
from fullfunnel.events.store.schema import SEQ_SPAN
from fullfunnel.events.store.senders import LakeDialect


class LakeStore:
    """An EventStore in Parquet files below `data`. Any process may read; who changes holds `changing()`."""

    def __init__(self, data: Path, *, memory: str, threads: int) -> None:
        self.data = data
        self.engine = Engine(data, memory=memory, threads=threads)
        self.dialect: Dialect = LakeDialect()

    def prepare(self) -> None:
        """Make the directories, remove what a crash left, count again what was lost."""
        for name in ("events", "keys", "leases", "index", "tmp"):
            (self.data / name).mkdir(parents=True, exist_ok=True)
        with self.changing():
            upkeep.sweep(self)
            upkeep.count_missing(self)

    @contextmanager
    def changing(self, *, wait: bool = True) -> Iterator[bool]:
        """Hold the right to add, merge or rewrite files; yield False when another holder has it."""
        self.data.mkdir(parents=True, exist_ok=True)
        lease = Lease(self.data / "stream.lock")
        taken = lease.take(wait=wait)
        try:
            yield taken
        finally:
            lease.release()

    def append(self, batch_id: int, events: Sequence[Event]) -> Callable[[], None]:
        """Write the batch; the returned function enters it into the manifest."""
        known = LakeFile.objects.filter(superseded_at=None, first_batch__lte=batch_id, last_batch__gte=batch_id)
        if not events or known.exists():
            return lambda: None
        month = clock.from_us(events[0].received_at).strftime("%Y-%m")
        name = f"events/{month}/{batch_id}.parquet"
        path = self.data / name
        parquet.write_events(self.engine.cursor(), events, path, self.aside(f"{batch_id}.json"))
        return lambda: _publish(name, path.stat().st_size, batch_id, events)

    def read_batch(self, batch_id: int) -> list[Event]:
        """Return the events of a stored batch, in order."""
        with self.files(first_batch__lte=batch_id, last_batch__gte=batch_id) as files:
            first = batch_id * SEQ_SPAN
            return parquet.read_events(self.engine.cursor(), files, first, first + SEQ_SPAN - 1)

    def read_named(self, names: Collection[str], *, after: int, last: int, most: int) -> tuple[list[Event], int]:
        """Return the next events with these names from one file, and the number up to which they are all."""
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
        groups: Groups | None = None,
    ) -> list[dict[str, Any]]:
        """Return the rows of SQL over `events` (and `units`)."""
        with self.files() as files, stoppable(self.engine.cursor(), is_over):
            cursor = self.engine.over(files, units)
            if groups is not None:
                self.engine.join_groups(files, groups, self.dialect)
            dialect = self.dialect.with_groups() if groups is not None else self.dialect
            answer = cursor.execute(write(dialect), list(values))
            names = [column[0] for column in answer.description]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def journeys(self, workspace_id: int, columns: Sequence[str], *, units: Units) -> Iterator[Journeys]:
        """Yield journeys of whole units, in chunks, with these properties."""
        yield from index.journeys(self, workspace_id, columns, units)

    def index(self, workspace_id: int, *, units: Units) -> Index:
        """Return all journeys of units, without a copy."""
        return index.index(self, workspace_id, units)

    def erase(self, identities: Sequence[int]) -> int:
        """Erase the events of these identities; return how many there were."""
        return upkeep.erase(self, sorted(set(identities)))

    def version(self, workspace_id: int) -> str:
        """Return a text that changes whenever an answer could."""
        erasures, last_batch = self.reach(workspace_id)
        return f"{erasures}.{last_batch}"

    def reach(self, workspace_id: int) -> tuple[int, int]:
        """Return (erasures, last batch) of a workspace; merging files changes neither."""
        found = Extent.objects.filter(pk=workspace_id).values_list("erasures", "last_batch").first()
        return found or (0, 0)

    def latest_at(self, workspace_id: int) -> int | None:
        """Return the latest occurred_at in µs; None without events."""
        return Extent.objects.filter(pk=workspace_id).values_list("latest_at", flat=True).first()

    def close(self) -> None:
        """Close the engine and the memory maps; the next use opens them again."""
        from fullfunnel.events.store.index import forget_cached

        forget_cached()
        self.engine.close()

    @contextmanager
    def files(self, **condition: Any) -> Iterator[list[str]]:
        """Yield the paths in the manifest; none is removed inside the block."""
        with leases.reading(self.data / "leases"):
            listed = LakeFile.objects.filter(superseded_at=None, **condition).order_by("first_batch", "id")
            yield [str(self.data / path) for path in listed.values_list("path", flat=True)]

    def aside(self, name: str) -> Path:
        """Return a temporary path, removed at the next start after a crash."""
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
