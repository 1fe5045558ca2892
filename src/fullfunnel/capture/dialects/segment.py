"""Segment's HTTP API: an item of `/v1/{identify,track,page,screen,group,alias,batch,import}` becomes an Arrival.

Beyond Segment's spec: `context.sessionId` is the session; and from a *server* key only, `context.actor` (person, us,
system) says who acted and `properties.deal_id` or `context.dealId` which deal it was about.
A key may only append: nothing an item holds can choose the workspace, the source or the identity.
"""

import hashlib
import uuid
from typing import Any

from fullfunnel.capture.dialects.fields import (
    LONGEST_ID,
    NOTHING,
    BadItem,
    Refused,
    Request,
    flatten_into,
    id_in,
    long_name,
    moment,
    object_in,
    plain,
)
from fullfunnel.capture.limits import clean, has_long_key, reason_to_refuse
from fullfunnel.events import names
from fullfunnel.events.event import ACTORS, PERSON, Arrival

LONGEST_COMPANY, LONGEST_MESSAGE_ID, LONGEST_TEXT = 200, 100, 2_000
MOST_IDENTIFIERS = 20
TYPES = ("identify", "track", "page", "screen", "group", "alias")
KINDS = {"identify": "identify", "group": "group", "alias": "alias"}
NAMES = {
    "page": names.PAGE_VIEWED,
    "screen": names.SCREEN_VIEWED,
    "identify": names.PERSON_IDENTIFIED,
    "group": names.COMPANY_IDENTIFIED,
    "alias": names.IDENTITIES_ALIASED,
}
# Columns and properties that only fullfunnel fills: one of that name is kept as `sent.…`, so that it can never be taken for ours.
OURS = frozenset(
    "workspace_id identity_id source_id seq event_id schema_version actor received_at occurred_at sent_by trust"
    " is_history hands_over channel_group".split()
)
_OWN_IDENTIFIERS = frozenset({"user_id", "email", "anonymous_id"})


def arrival_of(item: Any, request: Request, kind: str | None = None) -> Arrival | Refused:
    """An item as an Arrival, or why not. `kind` is the type that the path names; None: the item's own `type`."""
    if type(item) is not dict:
        return Refused("an item must be a JSON object")
    if not request.shallow and (reason := reason_to_refuse(item, short=request.short)):
        return Refused(reason)
    kind = kind or item.get("type")
    if kind not in TYPES:
        return Refused(f"type must be one of {', '.join(TYPES)}", "type")
    try:
        return _read(item, kind, request)
    except BadItem as bad:
        return Refused(bad.reason, bad.field)


def clean_item(item: Any) -> Any:
    """An item without NUL. What breaks a limit comes back as it was: it will be refused."""
    if type(item) is dict and reason_to_refuse(item, short=True) is None:
        return clean(item)
    return item


def _read(item: dict[str, Any], kind: str, request: Request) -> Arrival:
    context = object_in(item, "context")
    traits = traits_in(item) if kind in ("identify", "group") else NOTHING
    sent = NOTHING if kind in KINDS else object_in(item, "properties")
    at, raw = moment(item, request)
    user = id_in(item, "userId") if "userId" in item else None
    anonymous = id_in(item, "anonymousId") if "anonymousId" in item else None
    email = _email(kind, traits, sent, context)
    named = "device" in context or "externalIds" in context or "integrations" in item
    identifiers = _identifiers(item, context) if named else []
    # Careful: never beside another name, or whoever shares the address would become that person.
    if not (user or anonymous or email or identifiers):
        anonymous = request.visitor
    if not (user or anonymous or email or identifiers):
        raise BadItem("userId", "who did it is missing: give userId or anonymousId")
    arrival = Arrival(
        kind=KINDS.get(kind, "event"),
        name=NAMES.get(kind) or _event_name(item, request),
        at=at,
        id=_message_id(item),
        raw_timestamp=raw,
        user=user,
        anonymous=anonymous,
        email=email,
        identifiers=identifiers,
        company=_company(item, context) if "groupId" in item or "groupId" in context else None,
        session=id_in(context, "sessionId", LONGEST_MESSAGE_ID) if "sessionId" in context else None,
        traits=clean(traits) if traits else {},
        properties=_properties(item, kind, sent),
        context=_context(context, sent if kind in ("page", "screen") else NOTHING),
    )
    if kind in KINDS:
        _check_kind(arrival, item)
    if request.source_kind != "web":
        _trust(arrival, context)
    return arrival


def traits_in(item: dict[str, Any]) -> dict[str, Any]:
    traits = object_in(item, "traits")
    if has_long_key(traits):
        raise BadItem("traits", long_name(""))
    return traits


def _company(item: dict[str, Any], context: dict[str, Any]) -> str | None:
    return id_in(item, "groupId", LONGEST_COMPANY) or id_in(context, "groupId", LONGEST_COMPANY)


def _check_kind(arrival: Arrival, item: dict[str, Any]) -> None:
    if arrival.kind == "group" and not arrival.company:
        raise BadItem("groupId", "a group call needs groupId, the company's id")
    if arrival.kind == "alias":
        arrival.previous = id_in(item, "previousId")
        if not arrival.previous:
            raise BadItem("previousId", "an alias call needs previousId, the id known so far")


def _trust(arrival: Arrival, context: dict[str, Any]) -> None:
    """What only a secret key may say."""
    arrival.deal = id_in(context, "dealId") or arrival.properties.get("deal_id", "")[:LONGEST_ID] or None
    actor = context.get("actor", PERSON)
    if actor not in ACTORS:
        raise BadItem("context.actor", f"actor must be one of {', '.join(ACTORS)}")
    arrival.actor = actor


def _event_name(item: dict[str, Any], request: Request) -> str:
    name = item.get("event")
    if type(name) is not str or not (name := name.strip()):
        raise BadItem("event", "event, the name of what happened, is missing or is no text")
    if len(name) > names.MAX_NAME_LENGTH:
        raise BadItem("event", f"the event's name is longer than {names.MAX_NAME_LENGTH} characters")
    if name in names.RESERVED:
        raise BadItem("event", f"only fullfunnel itself records {name}: choose another name")
    name = names.canonical(name)
    if request.source_kind == "web" and names.is_about_sales(name):
        raise BadItem(
            "event",
            f"a website's key is public and may not say {name}: names that begin with "
            f"{', '.join(names.OF_SALES)} need the write key of a server",
        )
    return name


def _message_id(item: dict[str, Any]) -> str:
    given = item.get("messageId")
    if type(given) is str and given:
        # A longer one still has to tell a repeat: its digest does.
        return given if len(given) <= LONGEST_MESSAGE_ID else hashlib.sha256(given.encode()).hexdigest()
    return str(given) if type(given) is int else uuid.uuid4().hex


def _email(kind: str, traits: dict[str, Any], sent: dict[str, Any], context: dict[str, Any]) -> str | None:
    """The person's address. A group's traits are the company's: its address is nobody's."""
    about = context.get("traits")
    for holder in (traits if kind == "identify" else NOTHING, about if type(about) is dict else NOTHING, sent):
        value = holder.get("email")
        if type(value) is str and "@" in value and len(value) <= 254:
            return value.strip().lower()
    return None


def _identifiers(item: dict[str, Any], context: dict[str, Any]) -> list[tuple[str, str]]:
    """Devices, Google's client id and context.externalIds, as (kind, value)."""
    found: list[tuple[str, str]] = []
    device = context.get("device")
    if type(device) is dict:
        system = str(device.get("type") or "").lower()
        prefix = system if system in ("ios", "android") else "device"
        for name, kind in (("id", "id"), ("advertisingId", "idfa"), ("token", "push_token")):
            found.append((f"{prefix}.{kind}", plain(device.get(name))))
    analytics = item.get("integrations")
    google = analytics.get("Google Analytics") if type(analytics) is dict else None
    if type(google) is dict:
        found.append(("ga_client_id", plain(google.get("clientId"))))
    further = context.get("externalIds")
    for one in further if type(further) is list else ():
        if type(one) is dict and one.get("collection", "users") == "users":
            kind = plain(one.get("type"))
            if kind not in _OWN_IDENTIFIERS and 0 < len(kind) <= 40:
                found.append((kind, plain(one.get("id"))))
    return [(kind, value) for kind, value in found if 0 < len(value) <= LONGEST_ID][:MOST_IDENTIFIERS]


def _properties(item: dict[str, Any], kind: str, sent: dict[str, Any]) -> dict[str, str]:
    flat: dict[str, str] = {}
    flatten_into(flat, "", sent, 1)
    if kind in ("page", "screen"):
        for name in ("name", "category"):
            if type(item.get(name)) is str and item[name]:
                flat.setdefault(name, item[name])
    if not OURS.isdisjoint(flat):
        for name in OURS & flat.keys():
            flat[f"sent.{name}"] = flat.pop(name)
    return flat


_TEXTS = (("userAgent", "user_agent"), ("ip", "ip"), ("timezone", "timezone"))
_CAMPAIGN = (("source", "source"), ("medium", "medium"), ("name", "campaign"), ("term", "term"), ("content", "content"))


def _context(context: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
    """What enrichment and people read: ip, user_agent, url, referrer, timezone, campaign, os, device, consent; no more."""
    kept: dict[str, Any] = {}
    for name, ours in _TEXTS:
        if name in context and type(context[name]) is str and context[name]:
            kept[ours] = context[name][:LONGEST_TEXT]
    page = context.get("page")
    if type(page) is dict:
        _page(kept, page)
    if sent:
        _page(kept, sent)
    campaign = context.get("campaign")
    if type(campaign) is dict:
        values = {ours: plain(campaign.get(name))[:500] for name, ours in _CAMPAIGN}
        if values := {name: value for name, value in values.items() if value}:
            kept["campaign"] = values
    if "os" in context or "device" in context:
        _system(kept, context)
    if type(context.get("consent")) is dict:
        _consent(kept, context["consent"])
    return kept


def _consent(kept: dict[str, Any], consent: dict[str, Any]) -> None:
    """Segment's categoryPreferences: purpose -> given. What is no yes or no is left out; people decides whom to believe."""
    said = consent.get("categoryPreferences")
    said = said if type(said) is dict else {}
    if given := {str(purpose)[:40]: yes for purpose, yes in said.items() if type(yes) is bool}:
        kept["consent"] = {"categoryPreferences": given}


def _page(kept: dict[str, Any], page: dict[str, Any]) -> None:
    """Address and referrer, where they are not known yet; an empty referrer says that there was none."""
    for name in ("url", "referrer"):
        if name not in kept and type(value := page.get(name)) is str:
            kept[name] = value[:LONGEST_TEXT]
    if not kept.get("url") and type(value := page.get("path")) is str:
        kept["url"] = value[:LONGEST_TEXT]


def _system(kept: dict[str, Any], context: dict[str, Any]) -> None:
    """os and device as a mobile client names them."""
    system, device = context.get("os"), context.get("device")
    if type(system) is dict and (name := plain(system.get("name"))):
        kept["os"] = name[:100]
    if type(device) is dict and str(device.get("type")).lower() in ("ios", "android"):
        kept["device"] = "tablet" if "ipad" in plain(device.get("model")).lower() else "mobile"
