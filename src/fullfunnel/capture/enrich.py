"""Enrichment: what can be known of an arrival before anybody knows who it was. A list of small steps, run by the drain.

A step fills in columns or names a reason to drop the draft. What the client itself put into a property of a column's
name goes before what we derive. No step looks anything up outside this process (`intake` does, once a batch).
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from fullfunnel.capture.agents import LONGEST, agent_of
from fullfunnel.capture.channels import ga4_channel
from fullfunnel.capture.countries import country_of
from fullfunnel.capture.touches import PERSONAL, touch_of, without_personal_ids
from fullfunnel.events.event import PROMOTED, Draft
from fullfunnel.events.values import currency_code

MOST_MONEY, LONGEST_SUM = Decimal(10) ** 14, 60
_PROMOTED = frozenset(PROMOTED)
NO_HOSTS: Mapping[int, tuple[str, ...]] = {}
_LOCAL = ("http://localhost", "http://127.0.0.1", "http://[::1]")
_MOBILE = {"ios": "iOS", "android": "Android"}


def bot_of(user_agent: str, url: str) -> str:
    """The crawler's name, or "". On a page of this machine a headless browser is a developer's own test."""
    return "" if url.startswith(_LOCAL) else agent_of(user_agent[:LONGEST]).bot


def know_agent(draft: Draft) -> None:
    """device, os and browser; drops bots. A server's own user agent is not the person's."""
    context, columns = draft.arrival.context, draft.columns
    text = context.get("user_agent") or (draft.user_agent if draft.source_kind == "web" else "")
    if text:
        agent = agent_of(text[:LONGEST])
        if bot := bot_of(text, context.get("url", "")):
            draft.dropped = f"bot: {bot}"
            return
        columns.update(device=agent.device, os=agent.os, browser=agent.browser)
    if kind := context.get("device"):
        columns["device"] = kind
    if name := context.get("os"):
        columns["os"] = name


def know_touch(draft: Draft, uncredited: tuple[str, ...] = ()) -> None:
    """path, referrer and where the visit came from, with its channel (GA4's default group)."""
    context, columns = draft.arrival.context, draft.columns
    url, campaign = context.get("url", ""), context.get("campaign")
    if not url and not campaign and "referrer" not in context:
        return
    touch = touch_of(url, context.get("referrer"), tuple(campaign.items()) if campaign else (), uncredited)
    columns.update(
        path=touch.path,
        referrer_host=touch.referrer_host,
        source=touch.source,
        medium=touch.medium,
        campaign=touch.campaign,
        term=touch.term,
        content=touch.content,
    )
    if touch.source:
        columns["channel"] = ga4_channel(touch.source, touch.medium, touch.campaign)
    for name, value in touch.kept:
        draft.arrival.properties.setdefault(name, value)


def know_country(draft: Draft) -> None:
    """The country of the browser's time zone."""
    if zone := draft.arrival.context.get("timezone"):
        draft.columns["country"] = country_of(zone)


def forget_personal_ids(draft: Draft) -> None:
    """Click ids that name a person are not stored: neither as properties nor inside addresses."""
    properties = draft.arrival.properties
    for name in PERSONAL:
        properties.pop(name, None)
    for name, value in properties.items():
        if "=" in value:
            properties[name] = without_personal_ids(value)


def promote(draft: Draft) -> None:
    """Properties that have a column of their own move there; money that is none stays behind as raw_…"""
    properties, columns = draft.arrival.properties, draft.columns
    for name in _PROMOTED & properties.keys():
        value = properties.pop(name)
        if name in ("revenue", "currency"):
            read = money_text(value) if name == "revenue" else currency_code(value)
            if not read:
                properties[f"raw_{name}"] = value
                continue
            value = read
        columns[name] = value
    if not columns.get("channel") and (columns.get("source") or columns.get("medium")):
        columns["channel"] = ga4_channel(
            columns.get("source", ""), columns.get("medium", ""), columns.get("campaign", "")
        )
    draft.columns = {name: value for name, value in columns.items() if value}


def enrich(drafts: list[Draft], uncredited: Mapping[int, tuple[str, ...]] = NO_HOSTS) -> list[Draft]:
    """Fills in the columns of each draft; bots come back with `dropped` set. Drafts of our own actions are only promoted.

    uncredited: workspace id -> hosts that its visits never come from.
    """
    for draft in drafts:
        if draft.dropped is None and draft.source_kind:
            know_agent(draft)
        if draft.dropped is None and draft.source_kind:
            know_touch(draft, uncredited.get(draft.workspace_id, ()))
            know_country(draft)
            forget_personal_ids(draft)
        if draft.dropped is None:
            promote(draft)
    return drafts


def money_text(value: str) -> str:
    """A sum as plain decimal text with at most four places; "" for what is no number or does not fit DECIMAL(18, 4)."""
    if len(value) > LONGEST_SUM:
        return ""
    try:
        amount = Decimal(value.strip())
        # Careful: 0e999999 written plainly would be a megabyte.
        if not amount.is_finite() or abs(amount) >= MOST_MONEY or not amount:
            return "0" if amount == 0 else ""
        if amount.as_tuple().exponent < -4:  # type: ignore[operator]  # finite: an int
            amount = amount.quantize(Decimal("0.0001"))
    except InvalidOperation:
        return ""
    if not amount:
        return "0"
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
