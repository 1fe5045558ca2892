"""The catalogue: which event names a workspace has seen, with which properties, and what values these take."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count

from fullfunnel.core import clock
from fullfunnel.core.cancellation import after_seconds
from fullfunnel.events.conditions import property_text
from fullfunnel.events.event import PROMOTED, Event
from fullfunnel.events.models import Cursor, EventName, EventProperty, Extent
from fullfunnel.events.store import open_store

# Our name in wiring.ON_EVENT.
REACTION = "catalogue"
MOST_NAMES = 10_000
MOST_PROPERTIES = 500
LONGEST = 200
# Promoted columns hardly change between events of one name: so many of a batch are looked at.
LOOKED_AT = 200
TEXT, NUMBER, BOOLEAN = "text", "number", "boolean"
_number = re.compile(r"-?\d{1,15}(\.\d{1,15})?")


@dataclass
class Seen:
    """An event name in one batch: its first and last time (µs) and a value of each of its properties."""

    first: int
    last: int
    looked_at: int = 0
    properties: dict[str, str] = field(default_factory=dict)


def on_events(events: Sequence[Event], *, live: bool) -> None:
    """Adds the names and properties that are new, and widens the times of the others. Repeated, it changes nothing."""
    by_workspace: dict[int, dict[str, Seen]] = defaultdict(dict)
    for event in events:
        _note(by_workspace[event.workspace_id], event)
    for workspace_id, seen in by_workspace.items():
        _add_properties(workspace_id, seen, _add_names(workspace_id, seen))


def names_seen(workspace_id: int, *, containing: str = "", most: int = MOST_NAMES) -> list[str]:
    """Event names by recency, the latest first."""
    names = EventName.objects.filter(workspace_id=workspace_id, name__icontains=containing)
    return list(names.order_by("-last_seen_at", "name").values_list("name", flat=True)[:most])


def properties_of(workspace_id: int, names: Iterable[str] = ()) -> list[tuple[str, str]]:
    """(property, kind: text, number or boolean) of these names' events, or of all; by name."""
    rows = EventProperty.objects.filter(workspace_id=workspace_id)
    if wanted := list(names):
        rows = rows.filter(event__name__in=wanted)
    kinds: dict[str, str] = {}
    for name, kind in rows.values_list("name", "kind"):
        kinds[name] = _wider(kinds.get(name), kind)
    return sorted(kinds.items())


def names_that_never_came(workspace_id: int, names: Sequence[str]) -> list[str]:
    """Those of `names` that no event of the workspace ever bore; none where the catalogue does not know all that came."""
    known = EventName.objects.filter(workspace_id=workspace_id, name__in=names).values_list("name", flat=True)
    missing = sorted({name for name in names if len(name) <= LONGEST} - {*known})
    return missing if missing and _knows_all(workspace_id) else []


def properties_that_never_came(workspace_id: int, names: Sequence[str]) -> list[str]:
    """The same for properties of events. Of promoted ones not every event is looked at: ask about others."""
    rows = EventProperty.objects.filter(workspace_id=workspace_id)
    known = rows.filter(name__in=names).values_list("name", flat=True).distinct()
    missing = sorted({name for name in names if len(name) <= LONGEST} - {*known})
    if not missing or not _knows_all(workspace_id):
        return []
    is_full = rows.values("event").annotate(held=Count("pk")).filter(held__gte=MOST_PROPERTIES).exists()
    return [] if is_full else missing


def _knows_all(workspace_id: int) -> bool:
    """Whether events came, each was looked at, and there was room for every name."""
    last = Extent.objects.filter(pk=workspace_id).values_list("last_batch", flat=True).first()
    told = Cursor.objects.filter(reaction=REACTION, batch__gte=last or 0).exists()
    return told and 0 < EventName.objects.filter(workspace_id=workspace_id).count() < MOST_NAMES


def values_of(
    workspace_id: int, name: str, *, events: Sequence[str] = (), containing: str = "", most: int = 50
) -> list[tuple[str, int]]:
    """The most frequent values of a property with how many events carry them, from the lake."""
    among = f"AND name IN ({', '.join('?' for _ in events)})" if events else ""
    like = "AND contains(lower(v), lower(?))" if containing else ""
    rows = open_store().ask(
        lambda d: (
            f"SELECT v, count(*) AS n FROM (SELECT {property_text(name, d)} AS v FROM events WHERE workspace_id = ? {among}) AS found "
            f"WHERE v IS NOT NULL {like} GROUP BY v ORDER BY n DESC, v LIMIT {most:d}"
        ),
        [workspace_id, *events, *([containing] if containing else [])],
        is_over=after_seconds(5),
    )
    return [(row["v"], row["n"]) for row in rows]


def rebuild(workspace_id: int) -> None:
    """Makes the catalogue of a workspace again from the lake, where its tables were lost."""
    rows = open_store().ask(
        lambda d: (
            "SELECT name, min(epoch_us(occurred_at)) AS first, max(epoch_us(occurred_at)) AS last "
            "FROM events WHERE workspace_id = ? GROUP BY name"
        ),
        [workspace_id],
    )
    seen = {row["name"]: Seen(row["first"], row["last"]) for row in rows if len(row["name"]) <= LONGEST}
    keys = open_store().ask(
        lambda d: (
            "SELECT name, e.key AS key, min(e.value) AS value FROM (SELECT name, unnest(map_entries(properties)) AS e "
            "FROM events WHERE workspace_id = ?) AS pairs GROUP BY ALL"
        ),
        [workspace_id],
    )
    for row in keys:
        if row["name"] in seen:
            seen[row["name"]].properties[row["key"]] = row["value"]
    for name in PROMOTED:
        rows = open_store().ask(
            lambda d, name=name: (  # type: ignore[misc]
                f"SELECT name, min({property_text(name, d)}) AS value FROM events WHERE workspace_id = ? GROUP BY name"
            ),
            [workspace_id],
        )
        for row in rows:
            if row["value"] and row["name"] in seen:
                seen[row["name"]].properties[name] = row["value"]
    _add_properties(workspace_id, seen, _add_names(workspace_id, seen))


def kind_of(value: str) -> str:
    """What a value looks like: number, boolean or text."""
    if value in ("true", "false"):
        return BOOLEAN
    return NUMBER if _number.fullmatch(value) else TEXT


def _note(seen: dict[str, Seen], event: Event) -> None:
    one = seen.get(event.name)
    if one is None:
        if len(event.name) > LONGEST:
            return
        one = seen[event.name] = Seen(event.occurred_at, event.occurred_at)
    elif event.occurred_at > one.last:
        one.last = event.occurred_at
    elif event.occurred_at < one.first:
        one.first = event.occurred_at
    if not event.properties.keys() <= one.properties.keys():
        one.properties = {**event.properties, **one.properties}
    if one.looked_at < LOOKED_AT:
        one.looked_at += 1
        for name in PROMOTED:
            if value := getattr(event, name):
                one.properties.setdefault(name, value)


def _add_names(workspace_id: int, seen: dict[str, Seen]) -> dict[str, EventName]:
    """The rows of these names; beyond MOST_NAMES a workspace gets no new ones."""
    known = _rows_of(workspace_id, seen)
    room = MOST_NAMES - EventName.objects.filter(workspace_id=workspace_id).count() if len(known) < len(seen) else 0
    fresh = [
        EventName(
            workspace_id=workspace_id,
            name=name,
            first_seen_at=clock.from_us(one.first),
            last_seen_at=clock.from_us(one.last),
        )
        for name, one in seen.items()
        if name not in known
    ][: max(room, 0)]
    EventName.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=200)
    changed = []
    for name, row in known.items():
        first, last = clock.from_us(seen[name].first), clock.from_us(seen[name].last)
        if first < row.first_seen_at or last > row.last_seen_at:
            row.first_seen_at, row.last_seen_at = min(first, row.first_seen_at), max(last, row.last_seen_at)
            changed.append(row)
    EventName.objects.bulk_update(changed, ["first_seen_at", "last_seen_at"], batch_size=100)
    return _rows_of(workspace_id, seen) if fresh else known


def _rows_of(workspace_id: int, names: Iterable[str]) -> dict[str, EventName]:
    rows = EventName.objects.filter(workspace_id=workspace_id, name__in=list(names))
    return {row.name: row for row in rows}


def _add_properties(workspace_id: int, seen: dict[str, Seen], rows: dict[str, EventName]) -> None:
    known: dict[int, dict[str, EventProperty]] = defaultdict(dict)
    for held in EventProperty.objects.filter(workspace_id=workspace_id, event__in=rows.values()):
        known[held.event_id][held.name] = held
    fresh, changed = [], []
    for name, row in rows.items():
        held_here, room = known[row.pk], MOST_PROPERTIES - len(known[row.pk])
        for key, value in seen[name].properties.items():
            kind = kind_of(value)
            if key not in held_here:
                if room > 0 and key and len(key) <= LONGEST:
                    room -= 1
                    fresh.append(EventProperty(workspace_id=workspace_id, event=row, name=key, kind=kind))
            elif held_here[key].kind != _wider(held_here[key].kind, kind):
                held_here[key].kind = _wider(held_here[key].kind, kind)
                changed.append(held_here[key])
    EventProperty.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=200)
    EventProperty.objects.bulk_update(changed, ["kind"], batch_size=100)


def _wider(one: str | None, other: str) -> str:
    return other if one in (None, other) else TEXT
