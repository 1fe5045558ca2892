"""Keep the lake in shape: merge small files, erase identities, remove superseded files."""

import secrets
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import F

from fullfunnel.core import clock
from fullfunnel.events.failpoints import reached
from fullfunnel.events.models import Extent, LakeFile
from fullfunnel.events.store import leases, parquet
from fullfunnel.events.store.folders import remove_older_kinds, remove_outdated
from fullfunnel.events.store.schema import SEQ_SPAN
from fullfunnel.events.store.types import Lake
from fullfunnel.workspaces.models import Workspace

# A run of neighbours below a size is merged when it has so many files; what is above the last size stays as it is.
TIERS = (5_000, 50_000, 500_000)
MIN_FILES = 8
MAX_EVENTS = 1_000_000
# Seconds that an erasure waits for readers; whoever repeats it goes on waiting for the same ones.
MAX_READER_SECONDS = 3.0
# When this process first saw a file superseded (time.monotonic_ns): only readers from before then may know it.
_observed: dict[str, int] = {}


@dataclass(frozen=True)
class Rewritten:
    """A lake without some events. Readers that began by `since` (time.monotonic_ns) may know old files.

    erasures: by workspace; an index with fewer is old.
    """

    events: int
    since: int
    erasures: dict[int, int]


@dataclass(frozen=True)
class Stripped:
    """Some identities' events in a file, their workspaces, and a file without them (None: there are none)."""

    events: int
    workspaces: list[int]
    target: Path | None


# Erasures whose readers had not ended when this process last looked.
_unfinished: dict[tuple[Path, tuple[int, ...]], Rewritten] = {}


def next_merge(sizes: Sequence[int]) -> tuple[int, int] | None:
    """Return which neighbours to merge, (from, to) with `to` excluded, by numbers of events; None: all is well."""
    for limit in TIERS:
        start = 0
        for end in range(len(sizes) + 1):
            if end < len(sizes) and sizes[end] < limit:
                continue
            if end - start >= MIN_FILES:
                return start, _up_to(sizes, start, end)
            start = end + 1
    return None


def _up_to(sizes: Sequence[int], start: int, end: int) -> int:
    total, position = 0, start
    while position < end and (position < start + 2 or total + sizes[position] <= MAX_EVENTS):
        total += sizes[position]
        position += 1
    return position


def merge_some(store: Lake) -> bool:
    """Do the next merge; return whether there was one.

    The caller does not hold `store.changing()`: others may add and erase meanwhile.
    """
    # The lease keeps what is read, and an erasure waits for it: what we wrote is listed, or gone, before that ends.
    with leases.reading(store.data / "leases"):
        files = list(LakeFile.objects.filter(superseded_at=None).order_by("first_batch", "id"))
        found = next_merge([file.events for file in files])
        if found is None:
            return False
        files = files[found[0] : found[1]]
        try:
            target = _rewritten(store, files)
        except FileNotFoundError:
            # Somebody swept it away: the manifest does not name it yet.
            return False
        with store.changing():
            left = LakeFile.objects.filter(pk__in=[file.pk for file in files], superseded_at=None).count()
            if left < len(files) or not target.exists():
                target.unlink(missing_ok=True)
                return False
            _replace(store, files, target)
    reached("superseded")
    return True


def _rewritten(store: Lake, files: Sequence[LakeFile], without: Sequence[int] = ()) -> Path:
    """Write a file in place of these. The manifest does not name it."""
    # Careful: several processes may write one for the same files at once.
    name = f"{files[0].first_batch}-{files[-1].last_batch}.{secrets.token_hex(8)}.parquet"
    target = store.data / Path(files[0].path).parent / name
    parquet.rewrite(store.engine.cursor(), [store.data / file.path for file in files], target, without)
    reached("merged")
    return target


def _replace(store: Lake, files: Sequence[LakeFile], target: Path, *, erased: int = 0) -> None:
    """Enter a file into the manifest in place of several. The caller holds `store.changing()`."""
    events, from_at, to_at, workspaces = parquet.summary(store.engine.cursor(), target)
    if not erased and events != sum(file.events for file in files):
        raise RuntimeError(f"merging {len(files)} files gave {events} events, not {sum(file.events for file in files)}")
    with transaction.atomic():
        LakeFile.objects.filter(pk__in=[file.pk for file in files]).update(superseded_at=clock.now())
        if events:
            LakeFile.objects.create(
                path=str(target.relative_to(store.data)),
                first_batch=files[0].first_batch,
                last_batch=files[-1].last_batch,
                events=events,
                bytes=target.stat().st_size,
                from_at=from_at,
                to_at=to_at,
                workspaces=workspaces,
            )
    if not events:
        target.unlink()


def remove_superseded(store: Lake) -> int:
    """Remove superseded files that no living reader knows; return how many are left."""
    waiting = list(LakeFile.objects.exclude(superseded_at=None))
    now = time.monotonic_ns()
    oldest = leases.oldest_reader(store.data / "leases") if waiting else None
    left = 0
    for file in waiting:
        if oldest is not None and oldest <= _observed.setdefault(file.path, now):
            left += 1
            continue
        (store.data / file.path).unlink(missing_ok=True)
        reached("removed")
        file.delete()
        _observed.pop(file.path, None)
    return left


def erase(store: Lake, identities: Sequence[int]) -> int:
    """Rewrite the files with events of these identities, and remove the old ones after their readers.

    Others may add and merge meanwhile. TimeoutError after MAX_READER_SECONDS: the events are in no new answer,
    but on disk until this is repeated, by any process.
    """
    if not identities:
        return 0
    key = (store.data, tuple(identities))
    ready = _written_aside(store, identities)
    with store.changing():
        done = _unfinished[key] = _rewrite(store, identities, ready, _unfinished.get(key))
    reached("rewritten")
    if not leases.wait_for_readers(store.data / "leases", done.since, seconds=MAX_READER_SECONDS):
        raise TimeoutError("somebody still reads files that hold the erased events; they are removed when that ends")
    with store.changing():
        # Careful: after the wait. Whoever was building an index from the old files has put it there by now. And not only those
        # touched now: an erasure that was interrupted, or gave up waiting, finds no event when it is repeated.
        for workspace_id, erasures in done.erasures.items():
            remove_outdated(store.data, workspace_id, erasures)
        remove_superseded(store)
        sweep(store)
    _unfinished.pop(key, None)
    return done.events


def _written_aside(store: Lake, identities: Sequence[int]) -> dict[str, Stripped]:
    """Write what will replace each file. Others may add, merge and erase meanwhile."""
    ready = {}
    # The lease keeps what is read; and who erases somebody else waits for it, so no copy of theirs outlives that.
    with leases.reading(store.data / "leases"):
        for file in LakeFile.objects.filter(superseded_at=None).order_by("first_batch", "id"):
            # Swept away on its way, as the manifest does not name it, it is written later.
            with suppress(FileNotFoundError):
                ready[file.path] = _stripped(store, file, identities)
    return ready


def _stripped(store: Lake, file: LakeFile, identities: Sequence[int]) -> Stripped:
    count, _, _, workspaces = parquet.summary(store.engine.cursor(), store.data / file.path, identities)
    return Stripped(count, workspaces, _rewritten(store, [file], identities) if count else None)


def _rewrite(
    store: Lake, identities: Sequence[int], ready: Mapping[str, Stripped], before: Rewritten | None
) -> Rewritten:
    """Replace files by those without the identities, and write those that came meanwhile.

    before: what this process did already.
    """
    erased, touched = 0, set[int]()
    for file in LakeFile.objects.filter(superseded_at=None).order_by("first_batch", "id"):
        found = ready.get(file.path)
        if found is None or (found.target and not found.target.exists()):
            found = _stripped(store, file, identities)
        if found.target:
            _replace(store, [file], found.target, erased=found.events)
            erased += found.events
            touched.update(found.workspaces)
    if before is not None and not erased:
        return before
    Extent.objects.filter(pk__in=touched).update(erasures=F("erasures") + 1)
    for workspace_id in touched:
        _count_again(store, workspace_id)
    # Careful: later than what was committed above. Who begins to read from now on does not know the old files.
    since = time.monotonic_ns()
    for path in LakeFile.objects.exclude(superseded_at=None).values_list("path", flat=True):
        _observed.setdefault(path, since)
    erasures = dict(Extent.objects.values_list("pk", "erasures"))
    return Rewritten(erased + (before.events if before else 0), since, erasures)


def count_missing(store: Lake) -> None:
    """Make missing extents from the lake."""
    listed = {
        pk for held in LakeFile.objects.filter(superseded_at=None).values_list("workspaces", flat=True) for pk in held
    }
    known = set(Extent.objects.values_list("pk", flat=True))
    for workspace in Workspace.objects.filter(pk__in=listed - known):
        Extent.objects.create(workspace=workspace)
        _count_again(store, workspace.pk)


def _count_again(store: Lake, workspace_id: int) -> None:
    [row] = store.ask(
        lambda d: (
            "SELECT count(*) AS n, max(epoch_us(occurred_at)) AS latest, max(seq) AS seq FROM events WHERE workspace_id = ?"
        ),
        [workspace_id],
    )
    extent = Extent.objects.get(pk=workspace_id)
    extent.events, extent.latest_at = row["n"], row["latest"]
    # Careful: an erasure must not turn the number back.
    extent.last_batch = max(extent.last_batch, (row["seq"] or 0) // SEQ_SPAN)
    extent.save()


def sweep(store: Lake) -> None:
    """Remove files that the manifest does not name. The caller holds `store.changing()`."""
    listed = set(LakeFile.objects.values_list("path", flat=True))
    for path in (store.data / "events").glob("*/*"):
        if str(path.relative_to(store.data)) not in listed:
            path.unlink(missing_ok=True)
    for path in (store.data / "tmp").glob("*.json"):
        path.unlink(missing_ok=True)
    remove_older_kinds(store.data)
