"""Halden's last quarter as rows of a file: what the demo tells a server, without one."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from fullfunnel.demo.plan import Life, lives
from fullfunnel.demo.story import tell
from fullfunnel.demo.teller import FORMS
from fullfunnel.demo.truth import HALDEN
from fullfunnel.journeys.datasets.dataset import Dataset
from fullfunnel.journeys.datasets.file import dataset_of_rows

Row = dict[str, Any]
# Midnight in Berlin.
END = datetime(2026, 8, 30, 22, tzinfo=UTC)
PERIOD = {"from": "2026-06-02", "to": "2026-08-31", "timezone": "Europe/Berlin"}
DEVICES = {"phone": "mobile", "desktop": "desktop"}


@cache
def halden() -> Dataset:
    """Return the dataset of everybody who came in the last 90 days."""
    rows = [row for life in lives(END, truth=HALDEN, quarters=((90, HALDEN.people),)) for row in rows_of(life)]
    return dataset_of_rows(rows)


def rows_of(life: Life) -> Iterator[Row]:
    """Yield what one life tells, as the program keeps it once it is enriched."""
    country = "ES" if life.zone == "Europe/Madrid" else "DE"
    for door, call in tell(life, 1):
        if door == FORMS:
            continue
        who = str(call.get("anonymousId") or call["userId"])
        person = f"{life.number}-2" if who.endswith("-2") else str(life.number)
        row = {"person": person, "timestamp": call["timestamp"], "device": DEVICES[life.device], "country": country}
        actor = call.get("context", {}).get("actor", "person")
        if call["type"] == "page":
            yield row | {"event": "page_viewed", "path": call["context"]["page"]["path"], "channel": life.channel}
        elif call["type"] == "identify":
            trait = {"trait": "email", "new": call["traits"]["email"]}
            yield {
                "person": person,
                "timestamp": call["timestamp"],
                "event": "trait_changed",
                "actor": "system",
            } | trait
        elif call["type"] == "track":
            person = f"{life.number}-2" if call["event"] == "deal_contact_added" else person
            yield row | call["properties"] | {"event": call["event"], "actor": actor, "person": person}
