"""The touches of a few people: how each of their visits came, named by the workspace's channels."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from fullfunnel.capture.models import load_rules
from fullfunnel.capture.own_channels.naming import groups_of, touches_sql
from fullfunnel.core import clock
from fullfunnel.events.event import PERSON
from fullfunnel.events.names import PAGE_VIEWED, SCREEN_VIEWED
from fullfunnel.events.sessions import MAX_PAUSE_US
from fullfunnel.events.store import open_store
from fullfunnel.people.models import Identity

DIRECT = "Direct"
MOST_EVENTS = 20_000


@dataclass(frozen=True)
class Touch:
    """A visit: who (a person's key), when, by which channel, from which source, where it began, and how many views it had."""

    person_id: int
    at: datetime
    channel: str
    source: str
    path: str
    views: int = 1


def touches_of(workspace_id: int, people: Iterable[int]) -> list[Touch]:
    """Return the touches of these people (primary keys of living ones), the oldest first."""
    rows = Identity.objects.filter(workspace_id=workspace_id, person_id__in=list(people))
    owners = dict(rows.values_list("id", "person_id"))
    if not owners:
        return []
    mine = f"identity_id IN ({', '.join(str(int(each)) for each in owners)})"
    store, (_, rules) = open_store(), load_rules(workspace_id)
    told = store.ask(lambda d: touches_sql(rules, d, f" AND {mine}"), [workspace_id])
    events = store.ask(
        lambda d: (
            f"SELECT identity_id, epoch_us(occurred_at) AS at, coalesce({d.channel_group()}, '') AS channel, "
            "coalesce(source, '') AS source, coalesce(path, '') AS path FROM events "
            f"WHERE workspace_id = ? AND {mine} AND actor = ? AND (coalesce(channel, '') <> '' OR name IN (?, ?)) "
            f"ORDER BY occurred_at, seq LIMIT {MOST_EVENTS:d}"
        ),
        [workspace_id, PERSON, PAGE_VIEWED, SCREEN_VIEWED],
        groups=groups_of(rules, told),
    )
    return visits_of(events, owners)


def visits_of(events: Iterable[Mapping[str, Any]], owners: Mapping[int, int]) -> list[Touch]:
    """Return visits out of views in time order: a pause of half an hour, or another channel, begins the next. Pure."""
    found: list[Touch] = []
    last: dict[int, tuple[int, int]] = {}
    for event in events:
        person, at, channel = owners[event["identity_id"]], int(event["at"]), str(event["channel"])
        before_us, place = last.get(person, (0, -1))
        goes_on = place >= 0 and at - before_us <= MAX_PAUSE_US and channel in ("", found[place].channel)
        if goes_on:
            found[place] = replace(found[place], views=found[place].views + 1)
        else:
            place = len(found)
            moment = clock.shown(clock.from_us(at))
            found.append(Touch(person, moment, channel or DIRECT, str(event["source"]), str(event["path"])))
        last[person] = (at, place)
    return found
