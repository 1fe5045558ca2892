"""Make bases in bounded memory: the first from the lake, later ones from base and delta."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from fullfunnel.core.lease import Lease
from fullfunnel.events.models import Extent
from fullfunnel.events.store import leases
from fullfunnel.events.store.coding import copy_uses
from fullfunnel.events.store.delta import Delta
from fullfunnel.events.store.folders import Base, bases, deltas, last_of, load_base, load_delta, writing_base
from fullfunnel.events.store.reading import Moved, names_of, read_all, span_of
from fullfunnel.events.store.slices import PROPERTY, Slices, between, chosen, merged, positions
from fullfunnel.events.store.types import Lake

# A delta of more events, and more than a tenth of the base, is merged into it; so many make a base worth building ahead.
MIN_BASE_EVENTS = 50_000
# Rows of base and delta together that are merged at once.
PORTION = 1_000_000
Told = Callable[[int, int], None]


def is_large(added: int, base: int) -> bool:
    """Return whether a delta should be merged into its base; both as numbers of events."""
    return added > max(MIN_BASE_EVENTS, base // 10)


def build(store: Lake, workspace_id: int, told: Told = lambda done, total: None, *, anew: bool = False) -> Path:
    """Make a base of the whole lake and return its folder. Without `anew` an existing one will do."""
    with alone(store, workspace_id), leases.reading(store.data / "leases"):
        erasures, last = store.reach(workspace_id)
        there = bases(store.data, workspace_id, erasures)
        if there and last_of(there[-1]) >= last and not anew:
            return there[-1]
        cursor, span = store.engine.cursor(), span_of(store.data, workspace_id, 0, last)
        total = Extent.objects.values_list("events", flat=True).get(pk=workspace_id)
        told(0, total)
        names = names_of(cursor, span)
        with writing_base(store.data, workspace_id, erasures, last) as writer:
            for portion in read_all(cursor, span, names):
                writer.add(portion)
                told(writer.events, total)
            writer.finish(names, {})
            _check(store, workspace_id, erasures)
        return bases(store.data, workspace_id, erasures)[-1]


def merge(store: Lake, workspace_id: int, told: Told = lambda done, total: None) -> bool:
    """Make a base of the newest base and its delta; return False when there is nothing to merge."""
    with alone(store, workspace_id), leases.reading(store.data / "leases"):
        erasures, _ = store.reach(workspace_id)
        there = bases(store.data, workspace_id, erasures)
        after = deltas(there[-1]) if there else []
        if not after or last_of(after[-1]) == last_of(there[-1]):
            return False
        base, published = load_base(there[-1]), load_delta(after[-1])
        values = {}
        for name, further in published.values.items():
            # One may have been removed, as nobody used it.
            if (column := base.column(name)) is not None:
                values[name] = [*column.values, *further]
                base.slices.rows[PROPERTY + name] = column.codes
        total = base.slices.events + published.delta.slices.events
        with writing_base(store.data, workspace_id, erasures, published.last, list(values)) as writer:
            for portion in _together(base, published.delta):
                writer.add(portion)
                told(writer.events, total)
                _check(store, workspace_id, erasures)
            writer.finish([*base.names, *published.names], values)
        copy_uses(base.folder, base.folder.with_name(f"{erasures}.{published.last}"))
        return True


def alone(store: Lake, workspace_id: int) -> Lease:
    """Return the lease that whoever makes bases of a workspace holds."""
    folder = store.data / "index"
    folder.mkdir(parents=True, exist_ok=True)
    return Lease(folder / f"{workspace_id}.lock")


def _together(base: Base, delta: Delta) -> Iterator[Slices]:
    """Yield base and delta merged, in portions of whole identities."""
    slices, after = base.slices, delta.slices
    begin = at = 0
    while begin < len(slices.identities) or at < len(after.identities):
        end = int(np.searchsorted(slices.offsets, slices.offsets[begin] + PORTION, side="right")) - 1
        end = min(max(end, begin + 1), len(slices.identities))
        # What follows the base's last identity goes with its last portion.
        to = len(after.identities)
        if end < len(slices.identities):
            to = int(np.searchsorted(after.identities, slices.identities[end]))
        old = between(slices, begin, end)
        is_whole = positions(delta.whole, old.identities)[1]
        if is_whole.any():
            old = chosen(old, old.identities[~is_whole])
        yield merged(old, between(after, at, to))
        begin, at = end, to


def _check(store: Lake, workspace_id: int, erasures: int) -> None:
    """Raise Moved after an erasure. Careful: it waits for us, and our base would hold what it erases."""
    if store.reach(workspace_id)[0] != erasures:
        raise Moved
