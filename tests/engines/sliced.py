"""A world whose journeys lie in many slices: several identities a person, in the base and in the delta, cut at random."""

import random
from unittest.mock import patch

import numpy as np

from fullfunnel.events.store.journeys import Column, Index
from fullfunnel.journeys import ask
from fullfunnel.journeys.folds import step_matching as sought
from fullfunnel.journeys.retention import answer as retention
from tests.engines.stream import Stream, _column, _part


class Sliced(Stream):
    """Rows as a Dataset. `seed` says which identity sent which event, and which events came late (lie in the delta).

    apart: False where everybody has one slice, in the base, as most people do.
    """

    def __init__(self, rows, people=None, *, until=None, chunk=10**9, companies=None, seed=0, apart=True):
        super().__init__(rows, people, until=until, chunk=chunk, companies=companies)
        rng = random.Random(seed)
        identities, late = (rng.choice([1, 2, 3]), rng.choice([0.0, 0.3, 1.0])) if apart else (1, 0.0)
        self._some = rng.choice([1, 2, 1_000])
        self._keys = [(rng.random() < late, rng.randrange(identities)) for _ in rows]

    def _people_index(self) -> Index:
        own = [
            (is_late, self.names.index(row.person), identity, row.at, seq, row)
            for seq, ((is_late, identity), row) in enumerate(zip(self._keys, self.rows, strict=True))
        ]
        own.sort(key=lambda one: one[:5])
        base = [one for one in own if not one[0]]
        delta = [one for one in own if one[0]]
        names = sorted({row.event for row in self.rows})
        slices = sorted(
            (unit, part, identity, min(at), max(at) + 1)
            for part, events in enumerate((base, delta))
            for unit, identity in {(one[1], one[2]) for one in events}
            for at in [[at for at, one in enumerate(events) if one[1:3] == (unit, identity)]]
        )
        units, part, _, low, high = (np.array([one[k] for one in slices], np.int64) for k in range(5))
        ids = np.arange(len(self.names), dtype=np.int64)
        first = np.searchsorted(units, np.arange(len(ids) + 1)).astype(np.int64)

        def column(name: str) -> tuple[Column, Column]:
            whole = _column([row.company if name == "@company" else row.properties.get(name) for *_, row in own])
            cut = len(base)
            return Column(whole.codes[:cut], whole.values), Column(whole.codes[cut:], whole.values)

        sessions = dict.fromkeys(range(len(self.rows)), -1)
        parts = tuple(_part([(0, 0, *one[3:]) for one in events], names, sessions) for events in (base, delta))
        return Index(parts, names, ids, first, low, high, part.astype(np.uint8), units, column)

    def ask(self, question):
        """The answer, folded in portions of about `chunk` events."""
        with patch.object(sought, "PORTION", self.chunk), patch.object(retention, "SOME", self._some):
            return ask.answer(question, self.dataset)
