"""Map the rows of a file to events: columns to fields, and rows to arrivals. Pure."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from fullfunnel.events.event import ACTORS, PERSON, Arrival
from fullfunnel.events.names import canonical
from fullfunnel.events.times import TimeError, time_reader
from fullfunnel.events.values import flatten, text_of
from fullfunnel.events.who import (
    ANONYMOUS,
    EMAIL,
    EMAILS,
    RECORD,
    USER,
    VISITORS,
    address_of,
    addressed_columns,
    certain_address_of,
    kind_of_column,
    letters_of,
    reason_against_system,
    record_kind,
)

# What a column is for -> the names it is recognised by (lower case, letters and digits only), the likeliest first.
KNOWN = {
    "identity": ["identity"],
    "person": [
        "person", "personid", "userid", "user", "customerid", "customer", "memberid", "distinctid", "contactid",
        "leadid", *VISITORS, "clientid", *EMAILS,
    ],
    # A person's column whose kind is known, or what a flag names.
    USER: [], EMAIL: [], ANONYMOUS: [], RECORD: [],
    "event": ["event", "eventname", "eventtype", "action", "activity"],
    "time": [
        "timestamp", "time", "occurredat", "eventtime", "datetime", "createdat", "createdtime", "date", "eventdate",
        "invoicedate", "orderdate",
    ],
    "id": ["eventid", "messageid", "insertid", "uuid", "id"],
    "session": ["session", "sessionid"],
    "company": ["company", "companyid", "groupid", "accountid"],
    "deal": ["deal", "dealid"],
    "actor": ["actor"],
}  # fmt: skip
NEEDED = ("person", "event", "time")
# What says who it was; several may stand side by side.
WHO = ("identity", "person", USER, EMAIL, ANONYMOUS, RECORD)
MAX_NAME_LENGTH, MAX_ID_LENGTH, MAX_TEXT_LENGTH, MAX_PROPERTIES = 200, 400, 65_536, 1_000
_encode = msgspec.json.Encoder(order="deterministic").encode


class MappingError(ValueError):
    """Columns that cannot be events: what is missing, and which flag gives it."""


@dataclass(frozen=True)
class EventMapping:
    """columns: key of KNOWN -> column; event_name: of every row, without a column for it.

    person: user ids, and addresses where a value is one; system: whose record ids; plain: columns that name nobody.
    """

    columns: Mapping[str, str]
    event_name: str | None = None
    time_format: str | None = None
    rename: Mapping[str, str] = field(default_factory=dict)
    system: str | None = None
    plain: Sequence[str] = ()


def guess(found: Iterable[str], given: Mapping[str, str], *, rows: Iterable[Any] = (), **further: Any) -> EventMapping:
    """Return the given mapping, completed by what names and, of people, values (of `rows`) tell."""
    names = list(found)
    mapping = EventMapping({}, **further)
    asked = [*given.values(), *mapping.rename, *mapping.plain]
    if unknown := [name for name in asked if name not in names]:
        raise MappingError(f"there is no column {unknown[0]!r}; the file has: {', '.join(names)}")
    if reason := reason_against_system(mapping.system):
        raise MappingError(f"--system: {reason}")
    columns = dict(given)
    by_letters = {letters_of(name): name for name in reversed(names)}
    # A column that is given another name is a property.
    never = {*mapping.plain, *mapping.rename}
    for what, known in KNOWN.items():
        if what in columns or (what == "event" and mapping.event_name):
            continue
        # A file of our own says exactly who it was; `person` in it is a label.
        if what in WHO and any(key in columns for key in WHO if (what, key) != ("person", "identity")):
            continue
        barred = {*columns.values(), *(never if what in WHO else ())}
        free = [by_letters[k] for k in known if k in by_letters and by_letters[k] not in barred]
        if free:
            columns[what] = free[0]
    addressed = addressed_columns(names, rows) - never
    columns = columns if "identity" in columns else _with_kinds(columns, names, addressed)
    chosen = EventMapping(columns, **further)
    _refuse_incomplete(chosen, names)
    return chosen


def _with_kinds(given: Mapping[str, str], names: Sequence[str], addressed: Collection[str]) -> dict[str, str]:
    """Decide what the person's column holds, and add a column of addresses beside it."""
    columns = dict(given)
    free = [name for name in names if name in addressed and name not in columns.values()]
    if not any(what in columns for what in WHO):
        # No name tells who it is; the only column of addresses does.
        return columns | ({EMAIL: free[0]} if len(free) == 1 else {})
    if "person" in columns:
        kind = kind_of_column(columns["person"], addressed)
        if kind != USER and kind not in columns:
            columns = {kind if what == "person" else what: name for what, name in columns.items()}
    beside = [name for name in free if letters_of(name) in EMAILS]
    return columns | ({EMAIL: beside[0]} if beside and EMAIL not in columns else {})


def _refuse_incomplete(mapping: EventMapping, names: Sequence[str]) -> None:
    columns = mapping.columns
    missing = [what for what in NEEDED if what not in columns and not (what == "event" and mapping.event_name)]
    if any(what in columns for what in WHO):
        missing = [what for what in missing if what != "person"]
    if missing:
        flag = "--event COLUMN or --event-name NAME" if missing[0] == "event" else f"--{missing[0]} COLUMN"
        raise MappingError(f"no column says the {missing[0]}: name it with {flag}; the file has: {', '.join(names)}")


def reader(mapping: EventMapping) -> Callable[[Mapping[str, Any]], Arrival | str]:
    """Return a function from a row to its arrival (id "" without one), or to a reason."""
    columns = mapping.columns
    read_time = time_reader(mapping.time_format)
    used = set(columns.values())

    def cell(row: Mapping[str, Any], what: str) -> str:
        return text_of(row.get(columns[what])).strip() if what in columns else ""

    def read(row: Mapping[str, Any]) -> Arrival | str:
        name = mapping.event_name or cell(row, "event")
        if not name:
            return f"there is no event in {columns['event']!r}"
        try:
            at = read_time(row.get(columns["time"]))
        except TimeError as error:
            return f"{columns['time']!r}: {error}"
        who = _who({what: cell(row, what) for what in columns if what in WHO}, mapping)
        if isinstance(who, str):
            return who
        actor = cell(row, "actor") or PERSON
        if actor not in ACTORS:
            return f"{columns['actor']!r} is {actor!r}; right would be {', '.join(ACTORS)}"
        further = {mapping.rename.get(k, k): v for k, v in row.items() if k not in used}
        arrival = Arrival(
            name=canonical(name), at=at, id=cell(row, "id"), actor=actor, properties=_properties(further),
            company=cell(row, "company") or None, deal=cell(row, "deal") or None,
            session=cell(row, "session") or None, **who,
        )  # fmt: skip
        return _reason_not_to_take(arrival) or arrival

    return read


def _who(cells: Mapping[str, str], mapping: EventMapping) -> dict[str, Any] | str:
    """Return the identifiers of a row, or why it has none. `identity` is kind:value, as our export writes it."""
    kind, colon, value = cells.get("identity", "").partition(":")
    if colon and value:
        fields = {USER: "user", ANONYMOUS: "anonymous", EMAIL: "email"}
        return {fields[kind]: value} if kind in fields else {"identifiers": [(kind, value)]}
    who: dict[str, Any] = {}
    for what, field_name in ((USER, "user"), (ANONYMOUS, "anonymous"), ("person", "user"), (RECORD, "")):
        text = cells.get(what, "")
        address = certain_address_of(text) if what in ("person", RECORD) else None
        if address:
            who.setdefault("email", address)
        elif text and field_name:
            who.setdefault(field_name, text)
        elif text:
            who["identifiers"] = [(record_kind(mapping.columns[RECORD], mapping.system), text)]
    if address := address_of(cells.get(EMAIL, "")):
        who["email"] = address
    if who:
        return who
    named = " or ".join(repr(mapping.columns[what]) for what in cells)
    return f"{named} holds no e-mail address" if cells.get(EMAIL) else f"there is no person in {named}"


def _properties(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the other columns as flat texts; `properties` may hold an object."""
    inner = row.get("properties")
    if isinstance(inner, Mapping):
        row = {key: value for key, value in row.items() if key != "properties"} | dict(inner)
    return {key.removeprefix("property:"): value for key, value in flatten(row).items()}


def _reason_not_to_take(arrival: Arrival) -> str | None:
    if len(arrival.name) > MAX_NAME_LENGTH:
        return f"the event's name has {len(arrival.name)} characters; {MAX_NAME_LENGTH} are the most"
    for text in (arrival.user, arrival.anonymous, arrival.email, arrival.id, arrival.company, arrival.session):
        if text and len(text) > MAX_ID_LENGTH:
            return f"an identifier has {len(text)} characters; {MAX_ID_LENGTH} are the most"
    if len(arrival.properties) > MAX_PROPERTIES:
        return f"the row has {len(arrival.properties)} properties; {MAX_PROPERTIES} are the most"
    for name, text in arrival.properties.items():
        if len(text) > MAX_TEXT_LENGTH:
            return f"{name!r} has {len(text)} characters; {MAX_TEXT_LENGTH} are the most"
    return None


def row_hash(arrival: Arrival) -> bytes:
    """Return 16 bytes, the same for the same row, so that a second import is seen."""
    return hashlib.blake2b(_encode(arrival), digest_size=16).digest()
