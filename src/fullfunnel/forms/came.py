"""How somebody came to a form: its page, where that was reached from, the first page, the campaign. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fullfunnel.capture.touches import touch_of, without_personal_ids

LONGEST = 1_500
LONGEST_ID = 100


@dataclass(frozen=True)
class Came:
    """As the page of the form carries it, from our own address or from the script of the embed. "": unknown.

    anonymous, session: of ff.js on the firm's site.
    """

    url: str = ""
    referrer: str = ""
    first_url: str = ""
    first_referrer: str = ""
    anonymous: str = ""
    session: str = ""
    timezone: str = ""

    def context(self) -> dict[str, Any]:
        """Return what enrichment reads: of a visit that ff.js knows this page, else the first page that the script saw."""
        is_first = bool(self.first_url) and not self.session
        url, referrer = (self.first_url, self.first_referrer) if is_first else (self.url, self.referrer)
        said = {"url": url, "referrer": referrer} if url else {}
        return said | ({"timezone": self.timezone} if self.timezone else {})

    def kept(self) -> dict[str, Any]:
        """Return what a submission keeps: addresses without ids that name a person, campaign, click ids; only what is known."""
        touch = touch_of(self.first_url or self.url, self.first_referrer if self.first_url else self.referrer)
        campaign = {name: getattr(touch, name) for name in ("source", "medium", "campaign", "term", "content")}
        pages = {name: getattr(self, name) for name in ("url", "referrer", "first_url", "first_referrer")}
        found: dict[str, Any] = {name: without_personal_ids(url) for name, url in pages.items() if url}
        return found | {name: value for name, value in campaign.items() if value} | dict(touch.kept)


NAMES = {
    "url": "ff.url",
    "referrer": "ff.ref",
    "first_url": "ff.first",
    "first_referrer": "ff.firstref",
    "anonymous": "ff.anon",
    "session": "ff.session",
    "timezone": "ff.zone",
}


def came_of(sent: Mapping[str, Sequence[str]], **known: str) -> Came:
    """Read it out of a query or a form; `known` stands in where that says nothing."""
    said = {name: (sent.get(key) or [""])[-1].strip() for name, key in NAMES.items()}
    found = {name: value or known.get(name, "") for name, value in said.items()}
    for name in ("url", "referrer", "first_url", "first_referrer"):
        found[name] = found[name][:LONGEST] if found[name].startswith(("http://", "https://", "android-app://")) else ""
    for name in ("anonymous", "session", "timezone"):
        found[name] = found[name][:LONGEST_ID]
    return Came(**found)
