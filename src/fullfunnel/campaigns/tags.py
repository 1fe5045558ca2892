"""Tagged links: utm parameters in one spelling, and what is odd about them. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from fullfunnel.capture.channels import CATEGORIES, ga4_channel
from fullfunnel.core.refused import Refused

UNKNOWN = "Unassigned"
PARTS = ("source", "medium", "campaign", "content", "term")
MOST = 200


@dataclass(frozen=True)
class TaggedLink:
    """url: the address with its tags; channel: what a visit by it will count as; warnings: sentences."""

    url: str
    channel: str
    warnings: tuple[str, ...] = ()


def plain_tag(text: str) -> str:
    """Return a tag in lower case, words joined by a hyphen: "Spring Sale" -> "spring-sale"."""
    return re.sub(r"\s+", "-", text.strip().lower())


def tagged_link(address: str, tags: dict[str, str]) -> TaggedLink | Refused:
    """Return the address with utm parameters, which replace those that it has. tags: source, medium, campaign, content, term."""
    parts = urlsplit(address.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc or len(address) > 2_000:
        return Refused("Write the whole address of the page, such as https://example.com/pricing.", "address")
    said = {name: plain_tag(tags.get(name, "")) for name in PARTS}
    if missing := next((name for name in ("source", "medium", "campaign") if not said[name]), None):
        return Refused(f"A tagged link needs a {missing}.", missing)
    if wrong := next((name for name in PARTS if len(said[name]) > MOST or not said[name].isprintable()), None):
        return Refused(f"A {wrong} has at most {MOST} characters, on one line.", wrong)
    kept = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not name.startswith("utm_")
    ]
    query = urlencode([*kept, *((f"utm_{name}", value) for name, value in said.items() if value)])
    channel = ga4_channel(said["source"], said["medium"], said["campaign"])
    return TaggedLink(urlunsplit(parts._replace(query=query)), channel, tuple(_warnings(tags, said, channel)))


def _warnings(given: dict[str, str], said: dict[str, str], channel: str) -> list[str]:
    found = [
        f"{name.capitalize()} is written “{said[name]}”: tags that differ in case or blanks count apart."
        for name in PARTS if given.get(name, "").strip() != said[name]
    ]  # fmt: skip
    if channel == UNKNOWN:
        found.append(
            f"No channel has the source “{said['source']}” with the medium “{said['medium']}”: visits count as Unassigned. Usual media: cpc, paid-social, email, social, referral, display."
        )
    elif said["source"] not in CATEGORIES and channel in ("Paid Other", "Display"):
        found.append(f"“{said['source']}” is no source that is known, so visits count as {channel}.")
    return found
