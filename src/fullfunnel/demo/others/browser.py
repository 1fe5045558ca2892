"""One visitor's browser: the calls that it sends, in their order."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from fullfunnel.demo import places
from fullfunnel.demo.others.truth import Channel
from fullfunnel.demo.teller import Call, moment


class Browser:
    """name: unique in the firm; nothing is told at `end` or later."""

    def __init__(self, site: str, name: str, device: str, end: datetime, rng: Random) -> None:
        self.site, self.name, self.end, self.rng = site, name, end, rng
        self.agent = rng.choice(places.PHONES if device == "phone" else places.DESKTOPS)
        self.first, self.last = rng.choice(places.FIRST), rng.choice(places.LAST)
        self.email = f"{self.first}.{self.last}.{name}@mail.example".lower()
        self.user = ""
        self.session = 0
        self.calls: list[Call] = []

    def come(self) -> None:
        """Begin a session."""
        self.session += 1

    def page(self, path: str, at: datetime, *, channel: Channel | None = None) -> None:
        url = f"{self.site}{path}" + (f"?{channel.query}" if channel and channel.query else "")
        page = {"path": path, "url": url, "referrer": channel.referrer if channel else self.site, "title": path}
        self._call("page", at, properties={}, page=page)

    def track(self, event: str, at: datetime, **properties: Any) -> None:
        self._call("track", at, event=event, properties=properties)

    def identify(self, at: datetime, **traits: Any) -> None:
        """From here on the browser knows who it is."""
        self.user = self.name
        named = {"email": self.email, "name": f"{self.first} {self.last}"}
        self._call("identify", at, traits=named | traits)

    def _call(self, kind: str, at: datetime, *, page: dict[str, str] | None = None, **fields: Any) -> None:
        if at >= self.end:
            return
        context: dict[str, Any] = {"userAgent": self.agent, "timezone": "Europe/Berlin", "locale": "de-DE"}
        context |= {"sessionId": f"{self.name}-s{self.session}"} | ({"page": page} if page else {})
        call: Call = {"type": kind, "messageId": f"{self.name}-{len(self.calls)}", "timestamp": moment(at), **fields}
        call |= {"anonymousId": f"{self.name}-a", "context": context}
        self.calls.append(call | ({"userId": self.user} if self.user else {}))


def some_day(start: datetime, days: float, rng: Random) -> datetime:
    """Return a moment between 7 and 22 o'clock of a day, so many days at most after `start`, a midnight."""
    return start + timedelta(days=int(rng.uniform(0, max(days, 1))), hours=rng.uniform(7, 21.5))
