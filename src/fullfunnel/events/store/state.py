"""The journeys index of a workspace in the memory of this process."""

import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fullfunnel.core import clock
from fullfunnel.events.conditions import property_text
from fullfunnel.events.models import Extent, LakeFile
from fullfunnel.events.store.building import build, is_large
from fullfunnel.events.store.delta import Delta, grown, no_delta
from fullfunnel.events.store.folders import Base, bases, deltas, last_of, load_base, load_delta
from fullfunnel.events.store.journeys import Column
from fullfunnel.events.store.reading import (
    Coding,
    Moved,
    Span,
    coding_of_names,
    read_fresh,
    span_of,
)
from fullfunnel.events.store.schema import SEQ_SPAN
from fullfunnel.events.store.slices import PROPERTY, Longs, positions, row_numbers
from fullfunnel.events.store.types import Lake

# What was published so long ago is new enough, unless what is missing is quickly read because there is little yet.
MAX_AGE_US = 3_000_000  # µs
SMALL_DELTA_EVENTS = 100_000
# Events that are read from the lake at once to go into a delta.
MAX_EVENTS_AT_ONCE = 500_000


@dataclass(frozen=True)
class State:
    """Every event of a workspace up to batch `last`. names, values: of base and delta together.

    at: the lake held no more at that µs; 0 when it is not published.
    """

    base: Base
    last: int
    delta: Delta
    names: Coding
    values: dict[str, Coding]
    at: int = 0

    @property
    def events(self) -> int:
        return self.base.slices.events + self.added

    @property
    def added(self) -> int:
        """Count the events of the delta that the base does not have."""
        places, _ = positions(self.base.slices.identities, self.delta.whole)
        offsets = self.base.slices.offsets
        return self.delta.slices.events - int((offsets[places + 1] - offsets[places]).sum())


_states: dict[tuple[str, int], State] = {}
_locks: defaultdict[tuple[str, int], threading.RLock] = defaultdict(threading.RLock)


def lock_of(store: Lake, workspace_id: int) -> threading.RLock:
    """Return the lock of a workspace's state."""
    return _locks[str(store.data), workspace_id]


def forget_states() -> None:
    """Drop all states."""
    _states.clear()


def current(store: Lake, workspace_id: int, *, publishing: bool = False) -> State | None:
    """Return the index, made if need be; None without events. Readers may get one of MAX_AGE_US ago.

    The caller holds a reader's lease. FileNotFoundError, Moved: erased or replaced meanwhile; ask again.
    """
    key = (str(store.data), workspace_id)
    erasures, last = store.reach(workspace_id)
    # Careful: an erasure may have taken every event, and does not turn `last` back.
    if not last or store.latest_at(workspace_id) is None:
        return None
    with lock_of(store, workspace_id):
        there = bases(store.data, workspace_id, erasures)
        if not there:
            there = [build(store, workspace_id)]
        state = _newest(there, _states.get(key), is_leading=publishing)
        if state.last < last and (publishing or not _is_new_enough(state)):
            state = _grown(store, workspace_id, state, last)
        _states[key] = state
        return state


def keep_state(store: Lake, workspace_id: int, state: State, *, instead_of: State) -> None:
    """Keep a state, unless a newer one is kept."""
    key = (str(store.data), workspace_id)
    if _states.get(key) is instead_of:
        _states[key] = state


def load_state(folder: Path, known: State | None = None) -> State:
    """Load a base and its newest delta, or return the known state if it reaches as far."""
    is_known = known is not None and known.base.folder == folder
    after = deltas(folder)
    if known is not None and is_known and (not after or last_of(after[-1]) <= known.last):
        return known
    base = known.base if known is not None and is_known else load_base(folder)
    if not after:
        return State(base, base.last, no_delta(), coding_of_names(base.names), {})
    one = load_delta(after[-1])
    values, rows = {}, dict(one.delta.slices.rows)
    for name, further in one.values.items():
        column = base.column(name)
        if column is None:
            # It was removed, as nobody used it.
            del rows[PROPERTY + name]
        else:
            values[name] = Coding([*column.values, *further])
    delta = one.delta._replace(slices=one.delta.slices._replace(rows=rows))
    return State(base, one.last, delta, coding_of_names([*base.names, *one.names]), values, one.at)


def _newest(there: Sequence[Path], known: State | None, *, is_leading: bool) -> State:
    """Load the newest base that has a delta; a publisher loads the newest."""
    followed = [folder for folder in there if deltas(folder)]
    return load_state(there[-1] if is_leading or not followed else followed[-1], known)


def _is_new_enough(state: State) -> bool:
    return state.delta.slices.events > SMALL_DELTA_EVENTS and clock.now_us() - state.at < MAX_AGE_US


def _grown(store: Lake, workspace_id: int, state: State, last: int) -> State:
    """Add the events that came since, or build a new base when they are many."""
    total = Extent.objects.values_list("events", flat=True).get(pk=workspace_id)
    if is_large(total - state.events, 2 * state.base.slices.events):
        return load_state(build(store, workspace_id))
    before = state.last
    files = LakeFile.objects.filter(superseded_at=None, last_batch__gt=state.last, first_batch__lte=last)
    waiting, ends = 0, []
    for end, events in files.order_by("last_batch").values_list("last_batch", "events"):
        if waiting and waiting + events > MAX_EVENTS_AT_ONCE:
            ends.append(min(before, last))
            waiting = 0
        waiting, before = waiting + events, end
    for end in [*ends, last]:
        state = _with(store, state, span_of(store.data, workspace_id, state.last, end))
    return state


def _with(store: Lake, state: State, span: Span) -> State:
    names = state.names
    wanted = {name: (property_text(name, store.dialect), coding) for name, coding in state.values.items()}
    fresh = read_fresh(store.engine.cursor(), span, names, wanted)
    base = state.base.slices
    for name in wanted:
        base = base._replace(rows=base.rows | {PROPERTY + name: state.base.known_column(name).codes})
    before = state.delta if state.delta.slices.events else no_delta(list(wanted))
    return State(state.base, span.last, grown(base, before, fresh), names, state.values)


def with_property(store: Lake, workspace_id: int, state: State, name: str) -> State:
    """Return the state with a property that its base has coded. Absent names are not kept: anybody may invent some."""
    if name in state.values:
        return state
    column = state.base.column(name)
    if column is None:
        return state
    coding = Coding(column.values)
    codes = _delta_codes(store, workspace_id, state, name, column, coding)
    slices = state.delta.slices._replace(rows=state.delta.slices.rows | {PROPERTY + name: codes})
    return State(
        state.base,
        state.last,
        state.delta._replace(slices=slices),
        state.names,
        state.values | {name: coding},
        state.at,
    )


def _delta_codes(
    store: Lake, workspace_id: int, state: State, name: str, column: Column, coding: Coding
) -> NDArray[np.int32]:
    """Return the codes of a property for the delta: from the base where it has the event, else from the lake."""
    slices = state.delta.slices
    codes = np.full(slices.events, -1, np.int32)
    if not slices.events:
        return codes
    is_fresh = slices.rows["seq"] >= (state.base.last + 1) * SEQ_SPAN
    places, _ = positions(state.base.slices.identities, state.delta.whole)
    begins: Longs = state.base.slices.offsets[places]
    codes[~is_fresh] = column.codes[row_numbers(begins, state.base.slices.offsets[places + 1] - begins)]
    span = span_of(store.data, workspace_id, state.base.last, state.last)
    read = read_fresh(store.engine.cursor(), span, Coding(), {name: (property_text(name, store.dialect), coding)})
    order = np.argsort(read.rows["seq"])
    seqs, wanted = read.rows["seq"][order], slices.rows["seq"][is_fresh]
    at, there = positions(seqs, wanted)
    if not there.all():
        raise Moved
    codes[is_fresh] = read.rows[PROPERTY + name][order][at]
    return codes
