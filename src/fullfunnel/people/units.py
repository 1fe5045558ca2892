"""Who is whom at this moment, as arrays for the folds: identity -> person, person -> trait. Kept until people change."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from fullfunnel.events.store.journeys import Units
from fullfunnel.people import sql

Ids = NDArray[np.int64]
T = TypeVar("T")
AT_ONCE = 100_000


class _Kept:
    """The latest few results of this process; truth is the version beside each."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Any, tuple[Any, Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Any, version: Any, make: Callable[[Any], T]) -> T:
        """What `make` gave at this version; `make` is given what it made at an earlier one, with that version, or None."""
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and kept[0] == version:
            return kept[1]  # type: ignore[no-any-return]
        made = make(kept)
        with self._lock:
            self._kept[key] = (version, made)
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


@dataclass(frozen=True)
class Version:
    """Numbers that grow when people change, for caches to compare. moves: who is whom; last: the latest identity; erased: the latest erasure; traits: what is known."""

    moves: int
    last: int
    erased: int
    traits: int


_units = _Kept(4)
_traits = _Kept(16)


def forget_kept() -> None:
    """Forgets what this process keeps: for tests, whose databases go back to an earlier state."""
    _units.clear()
    _traits.clear()


def version_of(workspace_id: int) -> Version:
    """The version of a workspace's people at this moment."""
    rows = sql.select(
        "SELECT moves, traits, (SELECT coalesce(max(id), 0) FROM people_identity), "
        "(SELECT coalesce(max(id), 0) FROM people_erasure) FROM people_peopleversion WHERE workspace_id = %s",
        [workspace_id],
    )
    moves, traits, last, erased = rows[0] if rows else (0, 0, 0, 0)
    return Version(moves, last, erased, traits)


def units_of(workspace_id: int) -> Units:
    """Every identity of the workspace with its person, contacts unknown among them."""
    # Read before the rows: what changes between the two is then only read once more than needed.
    version = version_of(workspace_id)

    def make(kept: tuple[Version, Units] | None) -> Units:
        name = f"{version.moves}.{version.last}.{version.erased}"
        if kept is None or kept[0].erased != version.erased:
            return Units(*_identities(workspace_id, 0), name)
        known = kept[1]
        # Identities' ids grow: those of new visitors follow those already here.
        after = int(known.identities[-1]) if len(known.identities) else 0
        fresh, people = _identities(workspace_id, after)
        units = np.concatenate([known.units, people])
        if kept[0].moves != version.moves:
            moved, now = _moved(workspace_id, kept[0].moves, after)
            units[np.searchsorted(known.identities, moved)] = now
        return Units(np.concatenate([known.identities, fresh]), units, name)

    return _units.get(workspace_id, Version(version.moves, version.last, version.erased, 0), make)


def contacts_unknown_of(workspace_id: int) -> Ids:
    """Return the ids of those who stand for a company of which nobody is known, sorted: they are nobody that is counted."""
    rows = sql.select(
        "SELECT id FROM people_person WHERE workspace_id = %s AND is_contact_unknown ORDER BY id", [workspace_id]
    )
    return np.fromiter((row[0] for row in rows), np.int64, len(rows))


def _identities(workspace_id: int, after: int) -> tuple[Ids, Ids]:
    """Every identity with an id above `after`, and whose it is."""
    return _pairs(
        # Careful: without the plus SQLite takes the index of identifiers, and sorts.
        "SELECT id, person_id FROM people_identity WHERE id > %s AND +workspace_id = %s ORDER BY id",
        [after, workspace_id],
    )


def _moved(workspace_id: int, moves: int, last: int) -> tuple[Ids, Ids]:
    """The identities up to `last` that changed their person after so many moves, and whose they are now."""
    return _pairs(
        # Careful: SQLite takes an index of some rows only where the condition is there word for word.
        "SELECT id, person_id FROM people_identity WHERE workspace_id = %s AND moved > 0 AND moved > %s AND id <= %s",
        [workspace_id, moves, last],
    )


def traits_of(workspace_id: int, trait: str) -> tuple[Ids, list[str | None]]:
    """(ids of all living people that have it, sorted; the values today): who is absent has no value."""
    version = version_of(workspace_id).traits
    return _traits.get((workspace_id, trait), version, lambda _: _texts(workspace_id, trait))


def company_traits_of(workspace_id: int, trait: str) -> tuple[Ids, list[str | None]]:
    """The same for a trait of the company that each person belongs to today."""
    text, name = trait_of("c", trait)
    return _rows(
        f"SELECT p.id, {text} FROM people_person AS p JOIN people_company AS c ON c.id = p.company_id "
        f"WHERE p.workspace_id = %s AND p.merged_into_id IS NULL AND {text} IS NOT NULL ORDER BY p.id",
        [name, workspace_id, name],
    )


def companies_of(workspace_id: int) -> tuple[Ids, Ids]:
    """(ids of all living people that belong to a company today, sorted; the ids of their companies)."""
    return _pairs(
        "SELECT id, company_id FROM people_person "
        "WHERE workspace_id = %s AND merged_into_id IS NULL AND company_id IS NOT NULL ORDER BY id",
        [workspace_id],
    )


def traits_of_companies(workspace_id: int, trait: str) -> tuple[Ids, list[str | None]]:
    """(ids of all companies that have a trait, sorted; the values today)."""
    text, name = trait_of("c", trait)
    return _rows(
        f"SELECT c.id, {text} FROM people_company AS c WHERE c.workspace_id = %s AND {text} IS NOT NULL ORDER BY c.id",
        [name, workspace_id, name],
    )


def _texts(workspace_id: int, trait: str) -> tuple[Ids, list[str | None]]:
    living = "p.workspace_id = %s AND p.merged_into_id IS NULL"
    if trait == "name":
        # Also for whom only first and last name are known.
        return _rows(
            f"SELECT p.id, p.name FROM people_person AS p WHERE {living} AND p.search_text > '' AND p.name > '' "
            "ORDER BY p.id",
            [workspace_id],
        )
    text, name = trait_of("p", trait)
    return _rows(
        f"SELECT p.id, {text} FROM people_person AS p "
        f"WHERE {living} AND CAST(p.traits AS text) <> '{{}}' AND {text} IS NOT NULL ORDER BY p.id",
        [name, workspace_id, name],
    )


def trait_of(alias: str, trait: str) -> tuple[str, str]:
    """SQL of one trait of the table `alias` as text or NULL, and the value that its one placeholder is bound to."""
    if connection.vendor != "sqlite":
        return f"({alias}.traits ->> %s)", trait
    if any(letter in trait for letter in '"\\\0'):
        # A path cannot quote these.
        return f"(SELECT j.value FROM json_each({alias}.traits) AS j WHERE j.key = %s)", trait
    return f"json_extract({alias}.traits, %s)", f'$."{trait}"'


def _rows(statement: str, values: list[Any]) -> tuple[Ids, list[str | None]]:
    rows = sql.select(statement, values)
    return np.fromiter((row[0] for row in rows), np.int64, len(rows)), [row[1] for row in rows]


def _pairs(statement: str, values: list[Any]) -> tuple[Ids, Ids]:
    parts = [np.empty((0, 2), np.int64)]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        while rows := cursor.fetchmany(AT_ONCE):
            parts.append(np.array(rows, np.int64))
    found = np.concatenate(parts)
    return np.ascontiguousarray(found[:, 0]), np.ascontiguousarray(found[:, 1])
