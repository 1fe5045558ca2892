"""The journeys index: a memory-mapped base and the delta after it. It can be made again from the lake.

slices, delta: arrays; reading: from the lake; folders: on disk; building: bases; state: in memory; joining:
units; publishing: in the worker.
"""

import weakref
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, wait
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store import leases
from fullfunnel.events.store.coding import code_aside, note_use
from fullfunnel.events.store.joining import Listing, Order, is_in_force, joined, order_of
from fullfunnel.events.store.journeys import Column, Index, Journeys, Units, no_part
from fullfunnel.events.store.portions import journeys_of
from fullfunnel.events.store.reading import Moved
from fullfunnel.events.store.slices import PROPERTY
from fullfunnel.events.store.state import State, current, forget_states, keep_state, lock_of, with_property
from fullfunnel.events.store.types import Lake

K = TypeVar("K")
V = TypeVar("V")
# Workspaces whose base's order and latest listing this process keeps: about 60 and 40 bytes an identity.
MAX_CACHED_WORKSPACES = 4
# Seconds that are waited at most for a property to be coded before whoever waits looks at the clock.
CODING_WAIT_SECONDS = 0.1
_orders: OrderedDict[Path, tuple[Path, Order]] = OrderedDict()
_listings: OrderedDict[Path, tuple[tuple[Path, int, str], Listing]] = OrderedDict()


def journeys(store: Lake, workspace_id: int, columns: Sequence[str], units: Units) -> Iterator[Journeys]:
    """Yield journeys of whole units, in portions, as of now."""
    yield from journeys_of(index(store, workspace_id, units), columns)


def index(store: Lake, workspace_id: int, units: Units) -> Index:
    """Return all journeys of units as of now. Its files stay while it is held."""
    release = leases.take(store.data / "leases")
    try:
        for attempt in range(5):
            try:
                state = current(store, workspace_id)
                break
            except (Moved, FileNotFoundError):
                if attempt == 4:
                    raise
                forget_cached()
        found = _nothing() if state is None else _index(store, workspace_id, state, units)
    except BaseException:
        release()
        raise
    # Careful: a finalizer lets go once only, whoever comes first; until then it keeps itself alive, not what was found.
    held: list[weakref.finalize[[], Index]] = []
    found = replace(found, release=lambda: held[0]())
    held.append(weakref.finalize(found, release))
    return found


def forget_cached() -> None:
    """Drop the caches of this process."""
    forget_states()
    _orders.clear()
    _listings.clear()


def _index(store: Lake, workspace_id: int, state: State, units: Units) -> Index:
    with lock_of(store, workspace_id):
        listing = _listing(state, units)
    seen, jobs = [state], dict[str, Future[None]]()

    none: list[NDArray[np.int32]] = []

    def is_coded(name: str) -> bool:
        if name in jobs or not (name in seen[0].values or seen[0].base.column(name)):
            job = jobs.get(name) or jobs.setdefault(name, code_aside(store, workspace_id, state.base, state.last, name))
            return bool(wait([job], CODING_WAIT_SECONDS).done)
        return True

    def column(name: str) -> tuple[Column, Column]:
        nonlocal none
        while not is_coded(name):
            pass
        if name in jobs:
            jobs[name].result()
        with lock_of(store, workspace_id):
            if name not in seen[0].values:
                before, seen[0] = seen[0], with_property(store, workspace_id, seen[0], name)
                keep_state(store, workspace_id, seen[0], instead_of=before)
            if name not in seen[0].values:
                # No event has it. One array for all such names: a question may ask for hundreds.
                none = none or [np.full(state.delta.slices.events, -1, np.int32)]
                return Column(seen[0].base.missing(), []), Column(none[0], [])
            base, values = seen[0].base.known_column(name), seen[0].values[name].values
        note_use(state.base, name)
        return Column(base.codes, values), Column(seen[0].delta.slices.rows[PROPERTY + name], values)

    parts = (state.base.slices.part(), state.delta.slices.part())
    lists = (listing.units, listing.first, listing.low, listing.high, listing.part, listing.owner)
    return Index(parts, state.names.values, *lists, column, kept=listing.kept, is_coded=is_coded)


def _listing(state: State, units: Units) -> Listing:
    base, home, version = state.base.folder, state.base.folder.parent, (state.base.folder, state.last, units.version)
    kept = _listings.get(home)
    if kept is not None and kept[0] == version:
        return kept[1]
    of, order = _orders.get(home, (base, None))
    if order is None or of != base or not is_in_force(order, state.base.slices, units):
        order = order_of(state.base.slices, units)
    _keep(_orders, home, (base, order))
    listing = joined(state.base.slices, state.delta, units, order)
    _keep(_listings, home, (version, listing))
    return listing


def _keep(kept: "OrderedDict[K, V]", key: K, value: V) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > MAX_CACHED_WORKSPACES:
        kept.popitem(last=False)


def _nothing() -> Index:
    none = np.empty(0, np.int64)
    empty = Column(np.empty(0, np.int32), [])
    zero = np.zeros(1, np.int64)
    parts = (no_part(), no_part())
    return Index(parts, [], none, zero, none, none, np.empty(0, np.uint8), none, lambda name: (empty, empty))
