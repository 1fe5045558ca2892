"""Numba: a unit's events out of several slices, each of them in order, put in order as one. O(events x log slices)."""

# Numba infers the types of what it compiles.
# mypy: allow-untyped-defs, allow-untyped-calls

from fullfunnel.journeys.folds.ties import compiled


@compiled
def put_in_order(seqs, begun, n, time, bits, row, spare):
    """Merges sorted runs, neighbour by neighbour, until there is one. spare: four arrays, one longer than the events."""
    starts, runs = spare[3], 0
    for i in range(begun, n):
        if i == begun or _is_before(seqs, time, row, i, i - 1):
            starts[runs] = i
            runs += 1
    starts[runs] = n
    while runs > 1:
        left = 0
        for r in range(0, runs, 2):
            a, middle = starts[r], starts[r + 1]
            b = starts[r + 2] if r + 1 < runs else middle
            _merge(seqs, a, middle, b, time, bits, row, spare[0], spare[1], spare[2])
            starts[left] = a
            left += 1
        starts[left] = n
        runs = left


@compiled
def _is_before(seqs, time, row, i, j):
    """Whether event i comes before event j."""
    if time[i] != time[j]:
        return time[i] < time[j]
    a = seqs[0][row[i]] if row[i] >= 0 else seqs[1][~row[i]]
    b = seqs[0][row[j]] if row[j] >= 0 else seqs[1][~row[j]]
    return a < b


@compiled
def _merge(seqs, a, middle, b, time, bits, row, spare_time, spare_bits, spare_row):
    i, j, to = a, middle, 0
    while i < middle or j < b:
        if j >= b or (i < middle and not _is_before(seqs, time, row, j, i)):
            at = i
            i += 1
        else:
            at = j
            j += 1
        spare_time[to], spare_bits[to], spare_row[to] = time[at], bits[at], row[at]
        to += 1
    for k in range(to):
        time[a + k], bits[a + k], row[a + k] = spare_time[k], spare_bits[k], spare_row[k]
