"""Where names sit that a question asks for."""

import numpy as np
import pytest

from fullfunnel.analytics.tests.test_gather import part_of
from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.folds.gather import gather
from fullfunnel.journeys.folds.scan import FEW_NAMES, MARK, SHIFT, STRETCH, places, sought_of


@pytest.mark.parametrize("rows", [0, 1, 7, 63, 64, 65, 128, 1_000, STRETCH])
@pytest.mark.parametrize("sought", [0, 1, 5, FEW_NAMES, FEW_NAMES + 1, 60])
def test_every_name_sought_is_found_where_it_stands_with_its_mark(rows, sought):
    rng = np.random.default_rng(rows * 100 + sought)
    table = np.zeros(60, np.uint8)
    table[rng.permutation(60)[:sought]] = rng.integers(1, 256, sought)
    names, found = rng.integers(0, 60, rows + 20).astype(np.uint16), np.empty(rows + 1, np.uint64)
    names.flags.writeable = False
    many = int(places(names, 13, 13 + rows, sought_of(table), found))
    at = np.flatnonzero(table[names[13 : 13 + rows]])
    assert (found[:many] >> SHIFT).tolist() == at.tolist()
    assert (found[:many] & MARK).tolist() == table[names[13:][at]].tolist()


def test_what_is_gathered_of_long_stretches_is_every_event_of_its_unit():
    rng, rows = np.random.default_rng(3), 3 * STRETCH + 77
    edges = np.r_[0, np.sort(rng.permutation(np.arange(1, rows))[:40]), rows]
    names = rng.integers(0, 4, rows).tolist()
    part = part_of([(at, at, name) for at, name in enumerate(names)])
    nobody, units = part_of([]), len(edges) - 1
    index = Index(
        (part, nobody), list("abcd"), np.arange(units), np.arange(units + 1), edges[:-1], edges[1:],
        np.zeros(units, np.uint8), np.arange(units), lambda name: (None, None),
    )  # fmt: skip
    table = np.array([0, 1, 0, 2], np.int64)
    found = gather(index, table, 0, units)
    wanted = np.flatnonzero(table[names])
    assert found.row.tolist() == wanted.tolist()
    assert found.bits.tolist() == table[names][wanted].tolist()
    assert found.offsets.tolist() == np.searchsorted(wanted, edges).tolist()
