"""What each person's first session says of them: channel, campaign, device, country, browser, and the kind of page they landed on."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from fullfunnel.events.store.journeys import Column, Index
from fullfunnel.journeys.folds.gather import Longs, codes_at
from fullfunnel.journeys.leaks.step import Dimension
from fullfunnel.journeys.stages.moves import NO_ROW, Moves
from fullfunnel.journeys.stages.page_kinds import DEFAULTS, page_pattern

OF_FIRST_SESSION = ("channel", "campaign", "device", "country", "browser")
LANDING, CAMPAIGN = "landing_page_kind", "campaign"
HOME, OTHER = "home", "another page"


class Firsts:
    """The dimensions of people, for whatever is about one of them."""

    def __init__(self, index: Index, moves: Moves, pages: Mapping[str, Sequence[str]]) -> None:
        self._columns: dict[str, Column] = {}
        self._order = np.argsort(moves.unit)
        self._units = moves.unit[self._order]
        for name in (*OF_FIRST_SESSION, "path"):
            column = index.column(name)
            codes = np.full(len(moves.unit), -1, np.int32)
            is_known = moves.row != NO_ROW
            codes[is_known] = codes_at(column, moves.row[is_known])
            self._columns[name] = without_empty(Column(codes, column[0].values))
        self._columns[LANDING] = kinds_of(self._columns.pop("path"), pages)

    def places(self, units: Longs) -> Longs:
        """Return where these people stand in the moves, -1 for who is unknown or left out."""
        if not len(self._units):
            return np.full(len(units), -1, np.int64)
        at = np.minimum(np.searchsorted(self._units, units), len(self._units) - 1)
        return np.where(self._units[at] == units, self._order[at], -1)

    def of(self, places: Longs) -> tuple[Dimension, ...]:
        """Return the dimensions of people by their places in the moves."""
        return tuple(
            Dimension(
                name, Column(np.append(column.codes, np.int32(-1))[places], column.values), none_counts=name == CAMPAIGN
            )
            for name, column in self._columns.items()
        )


def without_empty(column: Column) -> Column:
    if "" not in column.values:
        return column
    return Column(np.where(column.codes == column.values.index(""), np.int32(-1), column.codes), column.values)


def kinds_of(paths: Column, pages: Mapping[str, Sequence[str]]) -> Column:
    """Return the kind of page of each path."""
    kinds = [HOME, *dict.fromkeys((*DEFAULTS, *pages)), OTHER]
    patterns = [(at, re.compile(page_pattern([kind], pages))) for at, kind in enumerate(kinds[1:-1], 1)]
    of_value = [
        0 if value == "/" else next((at for at, pattern in patterns if pattern.match(value)), len(kinds) - 1)
        for value in paths.values
    ]
    return Column(np.array([*of_value, -1], np.int32)[paths.codes], kinds)
