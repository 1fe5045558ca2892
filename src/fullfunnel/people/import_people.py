"""Rows of a file as people: found by their identifiers or made, with what the row says of them. Safe to run twice."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.events.mapping import MappingError
from fullfunnel.events.values import flatten
from fullfunnel.events.who import (
    ANONYMOUS,
    EMAIL,
    EMAILS,
    RECORD,
    RECORDS,
    USER,
    USERS,
    VISITORS,
    address_of,
    addressed_columns,
    certain_address_of,
    letters_of,
    reason_against_system,
    record_kind,
)
from fullfunnel.people import ledger
from fullfunnel.people.companies import company_key, say_of_companies, upsert_companies
from fullfunnel.people.contradictions import contradiction
from fullfunnel.people.erased import erased_among
from fullfunnel.people.identifiers import Key, key_of, rank
from fullfunnel.people.resolve import Claim, Resolver
from fullfunnel.people.traits import LONGEST_NAME
from fullfunnel.workspaces.models import Workspace

# What a column is for -> the names it is recognised by (lower case, letters and digits only), the likeliest first.
KNOWN = {
    # As our own export writes them: ["user_id:42", "email:…"]; `person` is only a label beside them.
    "identities": ["identities"],
    "person": ["person"],
    USER: USERS,
    RECORD: RECORDS,
    EMAIL: EMAILS,
    ANONYMOUS: VISITORS,
    "name": ["name", "fullname", "contactname", "displayname"],
    "first_name": ["firstname", "givenname", "forename"],
    "last_name": ["lastname", "surname", "familyname"],
    "company": ["company", "companyname", "account", "accountname", "organisation", "organization", "companyid"],
    "phone": ["phone", "phonenumber", "telephone", "mobile", "mobilephone"],
}  # fmt: skip
IDENTIFIERS = ("identities", "person", USER, RECORD, EMAIL, ANONYMOUS)
CHUNK = 1_000
LONGEST = 65_536
NOBODY = "names nobody: its user id or e-mail address is empty, no address, or a placeholder such as 0 or null"
ERASED = "is about somebody who was erased"


@dataclass
class Report:
    """How the rows went. `created` and `changed` count rows that made somebody, or taught something of somebody."""

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass(frozen=True)
class Reading:
    """How a file of people is read. columns: key of KNOWN -> column; rename: column -> trait; system: whose record ids."""

    columns: Mapping[str, str]
    rename: Mapping[str, str] = field(default_factory=dict)
    system: str | None = None
    # Columns that name nobody, whatever they are called.
    plain: Sequence[str] = ()


def guess(
    columns: Iterable[str], given: Mapping[str, str] | None = None, *, rows: Iterable[Any] = (), **further: Any
) -> Reading:
    """Return what was given, and for the rest what names say and, of who it is, the values of `rows`. MappingError."""
    names = list(columns)
    mapping = dict(given or {})
    reading = Reading(mapping, **further)
    if unknown := [what for what in mapping if what not in KNOWN]:
        raise MappingError(f"{unknown[0]!r} is nothing a column of people can be; there is: {', '.join(KNOWN)}")
    asked = [*mapping.values(), *reading.rename, *reading.plain]
    if absent := [name for name in asked if name not in names]:
        raise MappingError(f"there is no column {absent[0]!r}; the file has: {', '.join(names)}")
    if reason := reason_against_system(reading.system):
        raise MappingError(f"--system: {reason}")
    never = {*reading.plain, *reading.rename}
    by_letters = {letters_of(name): name for name in reversed(names)}
    for what, known in KNOWN.items():
        taken = {*mapping.values(), *(never if what in IDENTIFIERS else ())}
        name = next((by_letters[k] for k in known if k in by_letters and by_letters[k] not in taken), None)
        if what not in mapping and name is not None:
            mapping[what] = name
    if not any(what in mapping for what in IDENTIFIERS):
        # No name tells who it is; the only column of addresses does.
        addressed = sorted(addressed_columns(names, rows) - never - {*mapping.values()})
        mapping |= {EMAIL: addressed[0]} if len(addressed) == 1 else {}
    if not any(what in mapping for what in IDENTIFIERS):
        raise MappingError("no column says who a person is: name one that holds a user id or an e-mail address")
    return reading


def import_rows(
    workspace: Workspace,
    rows: Iterable[tuple[int, Mapping[str, Any] | str]],
    reading: Reading,
    *,
    dry_run: bool = False,
    on_refused: Callable[[int, str, Mapping[str, Any] | str], Any] = lambda line, reason, row: None,
    on_progress: Callable[[Report], Any] = lambda report: None,
) -> Report:
    """Takes (line, row, or the reason why it cannot be read) as RowFile gives them; `reading` as `guess` gives it.

    Every other column is a trait. An empty cell says nothing. A dry run does the same and keeps nothing.
    """
    report = Report()
    source, seen = iter(rows), set[Key]()
    while chunk := list(islice(source, CHUNK)):
        taken: list[tuple[int, _Row]] = []
        for line, row in chunk:
            read = row if isinstance(row, str) else _read(row, reading)
            if isinstance(read, str):
                report.refused += 1
                on_refused(line, read, row)
            else:
                taken.append((line, read))
        with transaction.atomic():
            _take(workspace.pk, taken, report, on_refused, seen if dry_run else None)
            transaction.set_rollback(dry_run)
        report.rows += len(chunk)
        on_progress(report)
    return report


@dataclass
class _Row:
    keys: list[Key]
    traits: dict[str, str | None]
    company: str | None
    row: Mapping[str, Any]


def _read(row: Mapping[str, Any], reading: Reading) -> _Row | str:
    mapping = reading.columns
    by_column = {name: what for what, name in mapping.items()}
    # As `ask` reads people: {"person": …, "properties": {…}}.
    nested = row.get("properties")
    flat = flatten({k: v for k, v in row.items() if k != "properties"} | (nested if isinstance(nested, dict) else {}))
    keys: set[Key] = set()
    traits: dict[str, str | None] = {}
    company = None
    for name, value in flat.items():
        value = value.strip().replace("\0", "\ufffd")
        if reason := _reason_not_to_take(name, value):
            return reason
        what = by_column.get(name, EMAIL if name == EMAIL and EMAIL not in mapping else None)
        if what == "identities":
            keys |= _keys_in(value)
        elif what == "person" and "identities" in mapping:
            continue
        elif what in IDENTIFIERS and value:
            kind, text = _identifier(str(what), value, name, reading.system)
            if key := key_of(kind, text):
                keys.add(key)
            if kind == EMAIL:
                traits[EMAIL] = text
        elif what == "company":
            company = company_key(value)
        elif value:
            traits[what or reading.rename.get(name, name)] = value
    return _Row(sorted(keys, key=rank), traits, company, row) if keys else NOBODY


def _identifier(what: str, value: str, column: str, system: str | None) -> tuple[str, str]:
    """Return the kind of identifier that a value of a column is, and the value; an address is one whatever the column is."""
    if what == EMAIL or (what != ANONYMOUS and certain_address_of(value)):
        # The trait keeps the capitals as somebody wrote them.
        address = address_of(value)
        at = value.lower().find(address) if address else -1
        return EMAIL, value[at : at + len(address)] if address and at >= 0 else value
    if what == RECORD:
        return record_kind(column, system), value
    return (USER if what == "person" else what), value


def _reason_not_to_take(name: str, value: str) -> str:
    if len(value) > LONGEST or not 0 < len(name) <= LONGEST_NAME:
        return f"{name[:60]!r}: a name has at most {LONGEST_NAME} characters and a value at most {LONGEST:,}"
    if not _is_text(name + value):
        return f"{name[:60]!r} holds half a character (a lone surrogate); save the file as UTF-8"
    return ""


def _keys_in(value: str) -> set[Key]:
    try:
        found = json.loads(value)
    except ValueError:
        found = [value]
    pairs = (str(text).partition(":") for text in (found if isinstance(found, list) else [found]))
    return {key for kind, _, rest in pairs if (key := key_of(kind, rest))}


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _take(
    workspace_id: int,
    rows: list[tuple[int, _Row]],
    report: Report,
    on_refused: Callable[[int, str, Mapping[str, Any] | str], Any],
    seen: set[Key] | None,
) -> None:
    ledger.lock(workspace_id)
    wanted = {key for _, row in rows for key in row.keys}
    found = ledger.find(workspace_id, wanted)
    erased = erased_among(workspace_id, wanted - found.keys())
    people = ledger.load(workspace_id, {person for _, person in found.values()})
    resolver = Resolver({known.key: known for who in people.values() for known in who.identities})
    names = {row.company for _, row in rows if row.company}
    companies = upsert_companies(workspace_id, names) if names else {}
    for line, row in rows:
        if not erased.isdisjoint(row.keys):
            report.refused += 1
            on_refused(line, ERASED, row.row)
        elif told := contradiction(resolver, row.keys):
            report.refused += 1
            on_refused(line, told, row.row)
        else:
            _count(report, _say(resolver, row, companies), row.keys, seen)
    ledger.write(workspace_id, resolver)
    # An import calls companies by their names.
    say_of_companies(workspace_id, [(companies[name], {"name": name}, False, True) for name in sorted(names)])


def _say(resolver: Resolver, row: _Row, companies: dict[str, int]) -> str:
    before = _size(resolver)
    known = resolver.known.get(row.keys[0])
    company = companies[row.company] if row.company else None
    moves = company is not None and (known is None or known.person.company != company)
    claim = Claim(keys=row.keys, at=clock.now_us(), trusted=True, cause="import", source="import")
    claim.traits, claim.company = row.traits, company
    resolver.take(claim)
    after = _size(resolver)
    return "created" if after[0] > before[0] else "changed" if after != before or moves else "unchanged"


def _size(resolver: Resolver) -> tuple[int, ...]:
    lists = (resolver.new_people, resolver.new_identities, resolver.trait_changes, resolver.merges, resolver.moved)
    return tuple(len(one) for one in lists)


def _count(report: Report, outcome: str, keys: list[Key], seen: set[Key] | None) -> None:
    """A dry run forgets its chunks: whom an earlier one would have made is not counted as made again."""
    if seen is not None:
        if outcome == "created" and not seen.isdisjoint(keys):
            outcome = "changed"
        seen.update(keys)
    setattr(report, outcome, getattr(report, outcome) + 1)
