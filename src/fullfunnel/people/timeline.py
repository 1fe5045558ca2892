"""What happened to a person, newest first, in a sentence each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from fullfunnel.core import clock
from fullfunnel.events.conditions import Happening
from fullfunnel.events.event import PERSON, PROMOTED
from fullfunnel.events.names import TRAIT_CHANGED
from fullfunnel.events.store import open_store
from fullfunnel.people.models import Identity, Person
from fullfunnel.people.sentences import sentence_of

PAGE, MOST_EVENTS = 50, 200_000


@dataclass(frozen=True)
class Line:
    """An event: `at` aware in UTC, `details` its columns and properties as texts."""

    at: datetime
    name: str
    sentence: str
    actor: str
    event_id: str
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Timeline:
    """`total` events on `pages` pages (a line may stand for several); `page` counts from 1. `names`: how many of each name there are, unfiltered."""

    lines: list[Line]
    total: int
    page: int
    pages: int
    names: dict[str, int] = field(default_factory=dict)


class Done(NamedTuple):
    """What somebody did, with the id of its event."""

    event_id: str
    done: Happening


def timeline_of(person: Person, *, page: int = 1, size: int = PAGE, name: str = "") -> Timeline:
    """A page of the events of all identities of `person`, or of those with one `name`. A page beyond the last is the last."""
    ids = list(Identity.objects.filter(workspace_id=person.workspace_id, person=person).values_list("id", flat=True))
    if not ids:
        return Timeline([], 0, 1, 1)
    mine = f"workspace_id = ? AND identity_id IN ({', '.join(str(int(i)) for i in ids)})"
    store = open_store()
    counted = store.ask(
        lambda d: f"SELECT name, count(*) AS n FROM events WHERE {mine} GROUP BY name ORDER BY n DESC, name",
        [person.workspace_id],
    )
    names = {row["name"]: int(row["n"]) for row in counted}
    total = names.get(name, 0) if name else sum(names.values())
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    columns = f"event_id, seq, name, actor, epoch_us(occurred_at) AS at, {', '.join(PROMOTED)}, deal_id, properties"
    rows = store.ask(
        lambda d: (
            f"SELECT {columns} FROM events WHERE {mine} {'AND name = ? ' if name else ''}"
            f"ORDER BY occurred_at DESC, seq DESC LIMIT {int(size)} OFFSET {(page - 1) * int(size)}"
        ),
        [person.workspace_id, *([name] if name else [])],
    )
    return Timeline(folded([_line(row) for row in rows]), total, page, pages, names)


def first_channels(workspace_id: int, people: Sequence[Person]) -> dict[int, str]:
    """Return by which channel each of these first came, by the person's key; who came by none is not in it."""
    mine = Identity.objects.filter(workspace_id=workspace_id, person__in=[person.pk for person in people])
    owners = dict(mine.values_list("id", "person_id"))
    if not owners:
        return {}
    listed = ", ".join(str(int(each)) for each in owners)
    rows = open_store().ask(
        lambda d: (
            f"SELECT identity_id, channel, epoch_us(occurred_at) AS at FROM events WHERE workspace_id = ? "
            f"AND identity_id IN ({listed}) AND channel <> '' "
            "QUALIFY row_number() OVER (PARTITION BY identity_id ORDER BY occurred_at, seq) = 1"
        ),
        [workspace_id],
    )
    found: dict[int, str] = {}
    for row in sorted(rows, key=lambda row: row["at"]):
        found.setdefault(owners[row["identity_id"]], row["channel"])
    return found


def journeys_of(workspace_id: int, people: Collection[int], *, since: int) -> dict[int, list[Done]]:
    """Return what these people (ids) did from a moment (µs) on, in order of time."""
    rows = Identity.objects.filter(workspace_id=workspace_id, person_id__in=people)
    owners = dict(rows.values_list("id", "person_id"))
    found: dict[int, list[Done]] = {person: [] for person in people}
    if not owners:
        return found
    mine = f"identity_id IN ({', '.join(str(int(each)) for each in owners)})"
    columns = f"event_id, identity_id, name, epoch_us(occurred_at) AS at, {', '.join(PROMOTED)}, properties"
    events = open_store().ask(
        lambda d: (
            f"SELECT {columns} FROM events WHERE workspace_id = ? AND {mine} AND actor = ? "
            f"AND epoch_us(occurred_at) >= ? ORDER BY occurred_at, seq LIMIT {MOST_EVENTS:d}"
        ),
        [workspace_id, PERSON, since],
    )
    for event in events:
        said = {name: str(event[name]) for name in PROMOTED if event[name] is not None}
        done = Happening(event["name"], int(event["at"]), -1, said | dict(event["properties"] or {}))
        found[owners[event["identity_id"]]].append(Done(event["event_id"], done))
    return found


def latest_rows(workspace_id: int, person: int, *, most: int, without: str) -> list[Mapping[str, Any]]:
    """Return the latest events of a person (id), whoever did them, but those of one name: columns and properties, in order of time."""
    ids = Identity.objects.filter(workspace_id=workspace_id, person_id=person).values_list("id", flat=True)
    if not (mine := ", ".join(str(int(each)) for each in ids)):
        return []
    columns = f"name, epoch_us(occurred_at) AS at, {', '.join(PROMOTED)}, deal_id, properties"
    rows = open_store().ask(
        lambda d: (
            f"SELECT {columns} FROM events WHERE workspace_id = ? AND identity_id IN ({mine}) AND name <> ? "
            f"ORDER BY occurred_at DESC, seq DESC LIMIT {most:d}"
        ),
        [workspace_id, without],
    )
    return list(reversed(rows))


def folded(lines: Sequence[Line]) -> list[Line]:
    """The lines, but several traits that became known at the same moment are one: a form tells many things at once."""
    found: list[Line] = []
    for (_, known), each in groupby(lines, key=lambda line: (line.at, _became_known(line))):
        same = list(each)
        found += [_as_one(same)] if known and len(same) > 1 else same
    return found


def _became_known(line: Line) -> bool:
    return line.name == TRAIT_CHANGED and "new" in line.details and "old" not in line.details


def _as_one(lines: Sequence[Line]) -> Line:
    """What several traits say, in the order in which they were told."""
    told = {line.details["trait"]: line.details["new"] for line in reversed(lines)}
    *first, last = told
    sentence = f"{len(told)} traits became known: {', '.join(first)} and {last}" if first else lines[0].sentence
    return replace(lines[-1], sentence=sentence, details=told)


def _line(row: Mapping[str, Any]) -> Line:
    properties = dict(row["properties"] or {})
    columns = {name: str(row[name]) for name in (*PROMOTED, "deal_id") if row[name] is not None}
    if "revenue" in columns:
        columns["revenue"] = f"{row['revenue']:f}".rstrip("0").rstrip(".")
    said = sentence_of(row["name"], columns, properties)
    return Line(
        clock.shown(clock.from_us(row["at"])), row["name"], said, row["actor"], row["event_id"], columns | properties
    )
