"""Add fresh events to the delta of a base, with the right session for every row. Pure.

An identity with a late event (earlier than its last one in the base) stands in the delta whole, and its slice of
the base no longer counts. So no two slices of an identity overlap in time.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from fullfunnel.events.event import ACTORS, SYSTEM
from fullfunnel.events.sessions import APART, MAX_PAUSE_US, number_sessions
from fullfunnel.events.store.slices import (
    Longs,
    Rows,
    Slices,
    chosen,
    distinct,
    merged,
    no_slices,
    positions,
    row_numbers,
)

# Numbers of sessions that a client named begin here. A derived one's number is the seq of its first event, which is below.
NAMED = 2**61
# So many rows back are looked at in all slices at once, the few longer sessions one by one.
FEW = 32


class Delta(NamedTuple):
    """slices: events after the base; whole: sorted identities whose events of the base are among them."""

    slices: Slices
    whole: Longs


def no_delta(properties: Sequence[str] = ()) -> Delta:
    """Return an empty delta with these coded properties."""
    return Delta(no_slices(properties), np.empty(0, np.int64))


def grown(base: Slices, delta: Delta, fresh: Slices) -> Delta:
    """Return the delta with fresh events, all later arrivals, and the same coded properties."""
    if not fresh.events:
        return delta
    late = _late(base, delta, fresh)
    narrow = base._replace(rows={name: base.rows[name] for name in fresh.rows})
    slices = merged(merged(chosen(narrow, late), delta.slices), fresh) if len(late) else merged(delta.slices, fresh)
    whole = distinct(np.concatenate([delta.whole, late]))
    _renew_sessions(base, slices, whole, fresh.identities)
    return Delta(slices, whole)


def derive_sessions(owner: Longs, rows: Rows) -> Longs:
    """Return each row's session: the client's, else derived from pauses, else -1. Rows: (owner, time, seq)."""
    session, seq = rows["session"], rows["seq"]
    given, apart = session >= NAMED, session == APART
    # What stands apart counts as if no person had done it.
    actor = np.where(apart, ACTORS.index(SYSTEM), rows["actor"]).astype(np.uint8)
    numbers = number_sessions(owner, rows["time"], actor, np.where(given, 0, -1).astype(np.int64))
    derived = np.flatnonzero((numbers >= 0) & ~given)
    begins = np.diff(numbers[derived], prepend=-1) != 0
    found = np.where(given | apart, session, -1)
    found[derived] = seq[derived[begins]][np.cumsum(begins) - 1]
    return found


def _late(base: Slices, delta: Delta, fresh: Slices) -> Longs:
    places, here = positions(base.identities, fresh.identities)
    here &= ~positions(delta.whole, fresh.identities)[1]
    places = places[here]
    last = base.rows["time"][base.offsets[places + 1] - 1]
    earliest = fresh.rows["time"][fresh.offsets[:-1][here]]
    return fresh.identities[here][earliest < last]


def _renew_sessions(base: Slices, slices: Slices, whole: Longs, touched: Longs) -> None:
    """Derive the sessions of the touched identities again, each from where its base ends."""
    places, _ = positions(slices.identities, touched)
    counts = slices.offsets[places + 1] - slices.offsets[places]
    rows = row_numbers(slices.offsets[places], counts)
    mine = {name: slices.rows[name][rows] for name in ("time", "seq", "actor", "session")}
    owner = np.repeat(touched, counts)
    going_on = ~positions(whole, touched)[1]
    before = _running(base, touched[going_on], slices.rows["time"][slices.offsets[places]][going_on])
    if len(before):
        # Stable: what the base holds of an identity comes before what the delta holds.
        above = base.identities[np.searchsorted(base.offsets, before, side="right") - 1]
        order = np.argsort(np.concatenate([above, owner]), kind="stable")
        both = {name: np.concatenate([base.rows[name][before], mine[name]])[order] for name in mine}
        found = np.empty(len(order), np.int64)
        found[order] = derive_sessions(np.concatenate([above, owner])[order], both)
        slices.rows["session"][rows] = found[len(before) :]
    else:
        slices.rows["session"][rows] = derive_sessions(owner, mine)


def _running(base: Slices, identities: Longs, since: Longs) -> Longs:
    """Return the base's rows of each identity's last derived session, if it can go on at `since`."""
    places, here = positions(base.identities, identities)
    places, since = places[here], since[here]
    ends = base.offsets[places + 1]
    near = since - base.rows["time"][ends - 1] <= MAX_PAUSE_US
    begins, ends = base.offsets[places[near]], ends[near]
    starts = _starts(base, begins, ends)
    found = starts >= 0
    return row_numbers(starts[found], (ends - starts)[found])


def _starts(base: Slices, begins: Longs, ends: Longs) -> Longs:
    """Return where the last derived session of each slice begins; -1 where there is none."""
    session, seq = base.rows["session"], base.rows["seq"]
    found, sought = np.full(len(ends), -1, np.int64), np.full(len(ends), -1, np.int64)
    at, open_ = ends - 1, np.arange(len(ends))
    for _ in range(FEW):
        rows = at[open_]
        said = session[rows]
        is_derived = (said >= 0) & (said < NAMED)
        sought[open_] = np.where((sought[open_] < 0) & is_derived, said, sought[open_])
        is_start = seq[rows] == sought[open_]
        found[open_[is_start]] = rows[is_start]
        open_ = open_[~is_start & (rows > begins[open_])]
        if not len(open_):
            return found
        at[open_] -= 1
    for i in open_.tolist():
        said = session[begins[i] : ends[i]]
        derived = np.flatnonzero((said >= 0) & (said < NAMED))
        if derived.size:
            found[i] = begins[i] + int(np.argmax(said == said[derived[-1]]))
    return found
