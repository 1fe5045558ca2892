"""Map the rows of a file to events: columns to fields, and rows to arrivals. Pure."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from fullfunnel.events.event import ACTORS, PERSON, Arrival
from fullfunnel.events.names import canonical
from fullfunnel.events.times import TimeError, time_reader
from fullfunnel.events.values import flatten, text_of

# What a column is for -> the names it is recognised by (lower case, letters and digits only), the likeliest first.
KNOWN = {
    "identity": ["identity"],
    "person": [
        "person", "personid", "userid", "user", "customerid", "customer", "distinctid", "contactid", "leadid",
        "visitorid", "anonymousid", "clientid", "email", "emailaddress",
    ],
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
MAX_NAME_LENGTH, MAX_ID_LENGTH, MAX_TEXT_LENGTH, MAX_PROPERTIES = 200, 400, 65_536, 1_000
_encode = msgspec.json.Encoder(order="deterministic").encode


class MappingError(ValueError):
    """Columns that cannot be events: what is missing, and which flag gives it."""


@dataclass(frozen=True)
class EventMapping:
    """columns: key of KNOWN -> column; event_name: of every row, without a column for it."""

    columns: Mapping[str, str]
    event_name: str | None = None
    time_format: str | None = None
    rename: Mapping[str, str] = field(default_factory=dict)


def guess(found: Iterable[str], given: Mapping[str, str], **further: Any) -> EventMapping:
    """Return the given mapping, completed by columns with telling names."""
    names = list(found)
    if unknown := [name for name in [*given.values(), *further.get("rename", {})] if name not in names]:
        raise MappingError(f"there is no column {unknown[0]!r}; the file has: {', '.join(names)}")
    columns = dict(given)
    by_letters = {"".join(filter(str.isalnum, name.lower())): name for name in reversed(names)}
    for what, known in KNOWN.items():
        if what in columns or (what == "event" and further.get("event_name")):
            continue
        # A file of our own says exactly who it was; `person` in it is a label.
        if what == "identity" and "person" in columns:
            continue
        free = [by_letters[k] for k in known if k in by_letters and by_letters[k] not in columns.values()]
        if free:
            columns[what] = free[0]
    mapping = EventMapping(columns, **further)
    missing = [what for what in NEEDED if what not in columns and not (what == "event" and mapping.event_name)]
    if "identity" in columns:
        missing = [what for what in missing if what != "person"]
    if missing:
        flag = "--event COLUMN or --event-name NAME" if missing[0] == "event" else f"--{missing[0]} COLUMN"
        raise MappingError(f"no column says the {missing[0]}: name it with {flag}; the file has: {', '.join(names)}")
    return mapping


def reader(mapping: EventMapping) -> Callable[[Mapping[str, Any]], Arrival | str]:
    """Return a function from a row to its arrival (id "" without one), or to a reason."""
    columns = mapping.columns
    read_time = time_reader(mapping.time_format)
    used = {name for what, name in columns.items() if what != "person" or "identity" not in columns}
    ignored = used | {columns.get("person", "")}

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
        who = _who(cell(row, "identity") if "identity" in columns else "", cell(row, "person"))
        if not who:
            return f"there is no person in {columns.get('identity') or columns.get('person')!r}"
        actor = cell(row, "actor") or PERSON
        if actor not in ACTORS:
            return f"{columns['actor']!r} is {actor!r}; right would be {', '.join(ACTORS)}"
        further = {mapping.rename.get(k, k): v for k, v in row.items() if k not in ignored}
        arrival = Arrival(
            name=canonical(name), at=at, id=cell(row, "id"), actor=actor, properties=_properties(further),
            company=cell(row, "company") or None, deal=cell(row, "deal") or None,
            session=cell(row, "session") or None, **who,
        )  # fmt: skip
        return _reason_not_to_take(arrival) or arrival

    return read


def _who(identity: str, person: str) -> dict[str, Any]:
    """Return the identifiers of a row. `identity` is kind:value, as our export writes it."""
    kind, colon, value = identity.partition(":")
    if not colon or not value:
        return {"user": person} if person else {}
    if kind == "user_id":
        return {"user": value}
    if kind == "anonymous_id":
        return {"anonymous": value}
    return {"email": value} if kind == "email" else {"identifiers": [(kind, value)]}


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
