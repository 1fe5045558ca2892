"""The only shape an event has, and the shape of what arrives before it is one."""

from typing import Any

import msgspec

SCHEMA_VERSION = 1
PERSON, US, SYSTEM = "person", "us", "system"
ACTORS = (PERSON, US, SYSTEM)


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened. Times are microseconds since 1970 UTC. Columns in the lake have these names and this order."""

    workspace_id: int
    event_id: str
    seq: int
    identity_id: int
    session_id: str | None = None
    company_id: int | None = None
    deal_id: str | None = None
    actor: str = PERSON
    source_id: int
    name: str
    occurred_at: int
    received_at: int
    schema_version: int = SCHEMA_VERSION
    channel: str | None = None
    source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    content: str | None = None
    term: str | None = None
    referrer_host: str | None = None
    path: str | None = None
    device: str | None = None
    os: str | None = None
    browser: str | None = None
    country: str | None = None
    # Money is never a float: a decimal in text here, DECIMAL(18, 4) in the lake.
    revenue: str | None = None
    currency: str | None = None
    properties: dict[str, str] = {}


# Properties that questions live on have a column of their own; all others stand in `properties`.
PROMOTED = [
    "channel",
    "source",
    "medium",
    "campaign",
    "content",
    "term",
    "referrer_host",
    "path",
    "device",
    "os",
    "browser",
    "country",
    "revenue",
    "currency",
]


class Arrival(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One accepted item as the journal keeps it: what a client said, normalised, before anybody knows who it was.

    `kind` is event, identify, group or alias. `properties` are flattened texts (`a.b`; arrays as JSON text).
    """

    kind: str = "event"
    name: str
    at: int
    id: str
    raw_timestamp: str | None = None
    actor: str = PERSON
    user: str | None = None
    anonymous: str | None = None
    previous: str | None = None
    email: str | None = None
    # Further identifiers: [["ga_client_id", "…"], …]
    identifiers: list[tuple[str, str]] = []
    # The key of a company of which nobody is known: the event is about its contact unknown. Only our own actions set it.
    contact_of: str | None = None
    company: str | None = None
    deal: str | None = None
    session: str | None = None
    traits: dict[str, Any] = {}
    properties: dict[str, str] = {}
    # What enrichment reads and the store does not keep: ip, user_agent, url, referrer, timezone, campaign.
    context: dict[str, Any] = {}


class Draft(msgspec.Struct, kw_only=True):
    """An arrival on its way through wiring.INTAKE: each step fills in what it knows. `dropped` is the reason it goes no further."""

    arrival: Arrival
    workspace_id: int
    source_id: int
    # web, server, file; "" for what our own actions say. A web source is a stranger: it is not believed.
    source_kind: str
    received_at: int
    seq: int
    # Of the request, when the arrival's own context names none (a browser's own request).
    ip: str = ""
    user_agent: str = ""
    identity_id: int = 0
    company_id: int | None = None
    # The promoted columns (event.PROMOTED) as texts.
    columns: dict[str, str] = {}
    dropped: str | None = None
    # `arrival` says less than what came, for somebody was erased; what waits on disk is to say no more either.
    is_emptied: bool = False
