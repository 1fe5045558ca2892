"""Rows of files as the columns of a dataset: who, what, when, and each property dictionary-coded as it comes."""

import re
from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from fullfunnel.events.event import ACTORS, PERSON
from fullfunnel.events.strict_json import without_nul
from fullfunnel.events.times import TimeError, time_reader
from fullfunnel.events.values import currency_code, flatten, number_text, text_of
from fullfunnel.events.who import certain_address_of

Rows = Iterable[tuple[int, dict[str, Any] | str]]
Refuse = Callable[[int, str], None]
_DECIMAL = re.compile(r"[+-]?[0-9]+[.][0-9]+")
_decode = msgspec.json.Decoder(float_hook=Decimal).decode


@dataclass(frozen=True)
class Reading:
    """Which columns of a file say who, what and when; every other column is a property. `name`: the event of every row."""

    person: str = "person"
    event: str = "event"
    time: str = "timestamp"
    name: str | None = None
    company: str = "company"
    deal: str = "deal"
    session: str = "session"
    actor: str = "actor"
    time_format: str | None = None


class Coded:
    """A growing column of texts, kept as numbers: row numbers, and for each the number of its text."""

    def __init__(self) -> None:
        self.rows = array("q")
        self.codes = array("i")
        self.index: dict[str, int] = {}

    def put(self, row: int, text: str) -> None:
        code = self.index.get(text)
        if code is None:
            code = self.index[text] = len(self.index)
        self.rows.append(row)
        self.codes.append(code)


class Loaded:
    """What was read of files so far. Row numbers count over all files, in the order in which they were read."""

    def __init__(self) -> None:
        self.people, self.names = Coded(), Coded()
        self.time, self.actor = array("q"), array("B")
        self.properties: dict[str, Coded] = {}
        self.session, self.company, self.deal = Coded(), Coded(), Coded()
        self.traits: dict[str, dict[str, str]] = {}

    def add_events(self, rows: Rows, reading: Reading, refuse: Refuse) -> None:
        """Adds the rows; `refuse(line, reason)` is called for each that is no event. TimeError for an impossible format."""
        read_time = time_reader(reading.time_format)
        for line, row in rows:
            if isinstance(row, str):
                refuse(line, row)
                continue
            number = len(self.time)
            try:
                event = reading.name or _needed(row, reading.event, "event")
                person = _person(row, reading.person)
                actor = _actor(row.pop(reading.actor)) if reading.actor in row else 0
                inner = row.pop("properties", None)
                if type(inner) is not dict:
                    inner = _inner(inner)
                at = read_time(row.get(reading.time))
            except TimeError as error:
                refuse(line, f"{reading.time!r}: {error}")
                continue
            except ValueError as error:
                refuse(line, str(error))
                continue
            self.people.put(number, person)
            self.names.put(number, event)
            self.time.append(at)
            self.actor.append(actor)
            self._add_belongings(number, row, reading)
            # A property named by the row and by its `properties`: the latter, which come later, win.
            self._add_properties(number, row)
            self._add_properties(number, inner)
            # As an event that is sent: the deal may stand among the properties.
            deal = row.get(reading.deal) or inner.get("deal_id") or row.get("deal_id")
            if deal and (text := text_of(deal)):
                self.deal.put(number, text)

    def _add_belongings(self, number: int, row: dict[str, Any], reading: Reading) -> None:
        for column, key in ((self.session, reading.session), (self.company, reading.company)):
            if key in row and (text := text_of(row.pop(key))):
                column.put(number, text)
        for key in (reading.person, reading.time):
            row.pop(key, None)
        if reading.name is None:
            row.pop(reading.event, None)

    def _add_properties(self, number: int, values: Mapping[str, Any]) -> None:
        columns = self.properties
        for key, value in values.items():
            if type(value) is str:
                text = value
            elif type(value) is dict:
                self._add_properties(number, flatten({key: value}))
                continue
            else:
                text = text_of(value)
            if text:
                column = columns.get(key)
                if column is None:
                    column = columns[key] = Coded()
                column.put(number, text if key not in _AS_KEPT else _AS_KEPT[key](text))

    def add_people(self, rows: Rows, person: str, refuse: Refuse) -> None:
        """Adds traits of people; what a later row says of the same person holds."""
        for line, row in rows:
            if isinstance(row, str):
                refuse(line, row)
                continue
            try:
                traits = self.traits.setdefault(_person(row, person), {})
                inner = _inner(row.get("properties"))
            except ValueError as error:
                refuse(line, str(error))
                continue
            traits |= flatten({key: value for key, value in row.items() if key not in (person, "properties")})
            traits |= flatten(inner)


def _needed(row: Mapping[str, Any], column: str, what: str) -> str:
    value = row.get(column)
    if text := (value if type(value) is str else text_of(value)).strip():
        if type(value) is not list and type(value) is not dict:
            return text
        raise ValueError(f"has no {what}: {column!r} is neither a text nor a number")
    raise ValueError(f"has no {what}: {column!r} is {'empty' if column in row else 'missing'}")


def _person(row: Mapping[str, Any], column: str) -> str:
    """Who it was; an address is the same in any spelling."""
    name = _needed(row, column, "person")
    return certain_address_of(name) or name


def _actor(value: Any) -> int:
    if value is None or value == "":
        return ACTORS.index(PERSON)
    if value not in ACTORS:
        raise ValueError(f"'actor' is {text_of(value)[:60]!r}; right would be {', '.join(ACTORS)}")
    return ACTORS.index(value)


def _inner(value: Any) -> dict[str, Any]:
    if value is None or value == "":
        return {}
    if isinstance(value, str):
        # A table has no objects; an export writes them as JSON.
        try:
            value = without_nul(_decode(value))
        except (ValueError, RecursionError, ArithmeticError):
            value = None
    if not isinstance(value, dict):
        raise ValueError('\'properties\' is not an object such as {"plan": "pro"}')
    return value


def _plain_number(text: str) -> str:
    """Money without idle zeros; what is no plain number stays as it is."""
    return number_text(Decimal(text)) if _DECIMAL.fullmatch(text) else text


# Written as a workspace keeps it, so that "EUR" and "eur" are one currency; what is no such code stays as it is.
_AS_KEPT: dict[str, Callable[[str], str]] = {
    "revenue": _plain_number,
    "currency": lambda text: currency_code(text) or text,
}
