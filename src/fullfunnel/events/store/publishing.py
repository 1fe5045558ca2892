"""Publish the journeys index from the worker: deltas, merges, removal of what nobody reads."""

import shutil
import subprocess
import time
from pathlib import Path

from fullfunnel.core import clock
from fullfunnel.events.failpoints import reached
from fullfunnel.events.models import Extent
from fullfunnel.events.store import leases
from fullfunnel.events.store.aside import start_building
from fullfunnel.events.store.building import MIN_BASE_EVENTS, is_large
from fullfunnel.events.store.coding import remove_unused
from fullfunnel.events.store.folders import bases, deltas, last_of, save_delta
from fullfunnel.events.store.reading import Moved
from fullfunnel.events.store.state import State, current, keep_state, load_state, lock_of, with_property
from fullfunnel.events.store.types import Lake

# Seconds between two publications of a workspace.
PAUSE_SECONDS = 2.0
# A reader may be just opening the delta before the newest.
MAX_DELTAS = 2
# Seconds between two looks for columns that nobody uses.
COLUMN_SWEEP_SECONDS = 3600.0
_published: dict[tuple[str, int], tuple[float, tuple[int, int]]] = {}
_looked: dict[tuple[str, int], float] = {}
_building: dict[tuple[str, int], "subprocess.Popen[bytes]"] = {}
# When a newer base than this one was there (time.monotonic_ns): only readers from before then may use it.
_superseded: dict[Path, int] = {}


def publish(store: Lake) -> bool:
    """Publish the delta of every workspace with new events; return False."""
    rows = Extent.objects.filter(events__gt=0).values_list("pk", "erasures", "last_batch", "events")
    for workspace_id, erasures, last, events in rows:
        key = (str(store.data), workspace_id)
        _remove_unused(store, workspace_id, erasures)
        at, version = _published.get(key, (0.0, (-1, -1)))
        if version == (erasures, last) or time.monotonic() - at < PAUSE_SECONDS:
            continue
        try:
            with leases.reading(store.data / "leases"):
                is_done = _publish(store, workspace_id, erasures, events)
        except (Moved, FileNotFoundError):
            continue
        _published[key] = (time.monotonic(), (erasures, last) if is_done else (-1, -1))
    return False


def _remove_unused(store: Lake, workspace_id: int, erasures: int) -> None:
    """Remove columns that nobody uses, once an hour."""
    key = (str(store.data), workspace_id)
    if time.monotonic() - _looked.get(key, -COLUMN_SWEEP_SECONDS) >= COLUMN_SWEEP_SECONDS:
        _looked[key] = time.monotonic()
        for folder in bases(store.data, workspace_id, erasures):
            remove_unused(folder)


def _publish(store: Lake, workspace_id: int, erasures: int, events: int) -> bool:
    """Publish one workspace; return False when it must be called again without new events."""
    there = bases(store.data, workspace_id, erasures)
    if not there:
        # Nobody asked yet; after an import or an erasure it is better done before somebody does.
        if events >= MIN_BASE_EVENTS:
            build_aside(store, workspace_id)
        return events < MIN_BASE_EVENTS
    with lock_of(store, workspace_id):
        # Careful: before it looks. Readers trust that nothing which was in the lake then is missing.
        at = clock.now_us()
        state = current(store, workspace_id, publishing=True)
        if state is None:
            return True
        state = _saved(store, workspace_id, state, at)
    _remove_older(store, there, state)
    if is_large(state.delta.slices.events, state.base.slices.events):
        build_aside(store, workspace_id)
        return False
    return there == [state.base.folder] and not is_building(store, workspace_id)


def _saved(store: Lake, workspace_id: int, state: State, at: int) -> State:
    """Save the state, with every coded property, and return it mapped from disk."""
    before = state
    for name in state.base.properties():
        state = with_property(store, workspace_id, state, name)
    there = deltas(state.base.folder)
    if state is not before or not there or there[-1].name != f"delta.{state.last}":
        for path in state.base.folder.glob("aside-*"):
            shutil.rmtree(path, ignore_errors=True)
        names = state.names.values[len(state.base.names) :]
        values = {}
        for name, coding in state.values.items():
            values[name] = coding.values[len(state.base.known_column(name).values) :]
        save_delta(state.base, state.last, at, state.delta, names, values)
        # Mapped instead of held in memory.
        state = load_state(state.base.folder)
        keep_state(store, workspace_id, state, instead_of=before)
    return state


def build_aside(store: Lake, workspace_id: int) -> None:
    """Start a process that makes the next base, unless one runs."""
    if not is_building(store, workspace_id):
        _building[str(store.data), workspace_id] = start_building(workspace_id)


def is_building(store: Lake, workspace_id: int) -> bool:
    """Return whether our process still makes a base."""
    process = _building.get((str(store.data), workspace_id))
    return process is not None and process.poll() is None


def _remove_older(store: Lake, there: list[Path], state: State) -> None:
    for path in deltas(state.base.folder)[:-MAX_DELTAS]:
        shutil.rmtree(path, ignore_errors=True)
        reached("delta-removed")
    # Careful: the base may be there since a moment only, and not be listed yet.
    older = [path for path in there if last_of(path) < state.base.last]
    now = time.monotonic_ns()
    oldest = leases.oldest_reader(store.data / "leases") if older else None
    for path in older:
        if oldest is None or oldest > _superseded.setdefault(path, now):
            shutil.rmtree(path, ignore_errors=True)
            _superseded.pop(path, None)
            reached("base-removed")
