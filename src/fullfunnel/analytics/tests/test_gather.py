"""What every fold begins with: the matching events of a unit's slices, in order, whatever part they lie in."""

import random

import numpy as np
import pytest

from fullfunnel.events.store.journeys import Column, Index, Part
from fullfunnel.journeys.folds.gather import gather, portions, taken

NAMES = ["a", "b", "c", "d"]
TABLE = np.array([1, 0, 2, 4], np.int64)


def part_of(events):
    time, seq, name = ([event[k] for event in events] for k in range(3))
    none = np.zeros(len(events), np.uint8)
    return Part(
        np.array(time, np.int64), np.array(seq, np.int64), np.array(name, np.uint16), none, none.astype(np.int64)
    )


def any_index(draw, units):
    """An index of random slices, and for each unit its events as (time, seq, name)."""
    parts, slices, truth = ([], []), [], [[] for _ in range(units)]
    first = [0]
    for unit in range(units):
        for _ in range(draw.randint(0, 4)):
            part = draw.randint(0, 1)
            events = sorted((draw.randint(0, 5), draw.randint(0, 10_000), draw.randint(0, 3)) for _ in range(3))
            slices.append((len(parts[part]), len(parts[part]) + 3, part, unit))
            parts[part].extend(events)
            truth[unit] += events
        first.append(len(slices))
    low, high, part, owner = (np.array([one[k] for one in slices], np.int64) for k in range(4))
    nothing = (Column(np.empty(0, np.int32), []),) * 2
    index = Index(
        (part_of(parts[0]), part_of(parts[1])),
        NAMES,
        np.arange(units),
        np.array(first, np.int64),
        low,
        high,
        part.astype(np.uint8),
        owner,
        lambda name: nothing,
    )
    return index, truth


@pytest.mark.parametrize("seed", range(30))
def test_a_units_matching_events_come_in_order_of_time_and_arrival(seed):
    index, truth = any_index(random.Random(seed), 8)
    found = gather(index, TABLE, 2, 7)
    for unit in range(2, 7):
        rows = slice(found.offsets[unit - 2], found.offsets[unit - 1])
        wanted = sorted(event for event in truth[unit] if TABLE[event[2]])
        assert found.time[rows].tolist() == [time for time, _, _ in wanted]
        seqs = taken((index.parts[0].seq, index.parts[1].seq), found.row[rows])
        assert seqs.tolist() == [seq for _, seq, _ in wanted]
        names = taken((index.parts[0].name, index.parts[1].name), found.row[rows])
        assert found.bits[rows].tolist() == TABLE[names].tolist()


def test_portions_are_whole_units_and_leave_none_out():
    index, _ = any_index(random.Random(1), 50)
    cuts = list(portions(index, 10))
    assert [begin for begin, _ in cuts] == [0, *(end for _, end in cuts[:-1])]
    assert cuts[-1][1] == 50
    assert len(cuts) > 5
