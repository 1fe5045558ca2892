"""The one who writes a life down as client calls."""

from datetime import datetime, timedelta
from typing import Any

from fullfunnel.demo import places
from fullfunnel.demo.halden_forms import CONTACT, DEMO, NO_FORMS, Forms
from fullfunnel.demo.plan import Life

Call = dict[str, Any]
WEB, CRM, SALES, FORMS = "web", "crm", "sales", "forms"
FORM_PAGES = {"/demo": DEMO, "/contact": CONTACT}
BY_THE_PERSON = frozenset(
    "email_opened webinar_attended product_used nps_submitted review_submitted referral_converted subscription_renewed".split()
)

BY_SELLERS = ("lead_", "deal_", "activity_")


def moment(at: datetime) -> str:
    """Return a moment as clients write it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Teller:
    """Writes one life down: calls in the order they happen, each with an id that a repetition gives again."""

    def __init__(self, life: Life, seed: int, forms: Forms = NO_FORMS) -> None:
        self.life, self.forms = life, forms
        # Since the last quarter's release.
        self.form_version = 2 if life.until == life.end else 1
        self.sent_event = ""
        # Address and referrer of the first page.
        self.landed = ("", "")
        self.rng = life.rng
        self.calls: list[tuple[str, Call]] = []
        self.prefix = f"halden-{seed}-{life.number}"
        self.anonymous = f"{self.prefix}-a"
        self.user = f"halden-{life.number}"
        self.known = False
        agents = places.PHONES if life.device == "phone" else places.DESKTOPS
        self.agent = self.rng.choice(agents)
        first, last = self.rng.choice(places.FIRST), self.rng.choice(places.LAST)
        self.first, self.last = ("Ada", "Brandt") if life.is_ada else (first, last)
        kind, town = self.rng.choice(places.KINDS), self.rng.choice(places.TOWNS)
        self.company = f"{kind} {town}"
        # A firm has several people in the stream; the number keeps two firms of one name apart.
        number = life.number % 7
        if life.hand_over:
            # Two that are handed over at once would be one hand-over, were they of one firm.
            number = life.number
            self.company = f"{kind} {places.NAMES[number % len(places.NAMES)]} {town}"
        self.domain = f"{kind}-{town}-{number}.example".lower().replace(" ", "-").replace("ü", "ue")
        self.email = f"{self.first}.{self.last}.{life.number}@{self.domain}".lower()

    def call(self, door: str, kind: str, at: datetime, **fields: Any) -> None:
        """Adds one call at `at` (never after the demo's last moment)."""
        if at >= (self.life.end or self.life.until):
            return
        item: Call = {
            "type": kind,
            "messageId": f"{self.prefix}-{len(self.calls)}",
            "timestamp": moment(at),
            **fields,
        }
        if door == WEB:
            item["anonymousId"] = self.anonymous
            if self.known:
                item["userId"] = self.user
        else:
            item["userId"] = self.user
        self.calls.append((door, item))

    def page(self, path: str, at: datetime, *, query: str = "", referrer: str = "") -> None:
        """One page view."""
        url = f"{places.SITE}{path}{'?' + query if query else ''}"
        self.landed = self.landed if self.landed[0] else (url, referrer)
        page = {"path": path, "url": url, "referrer": referrer, "title": path.strip("/").replace("-", " ") or "Halden"}
        self.call(WEB, "page", at, context={**self.context(), "page": page}, properties={})
        if path in FORM_PAGES:
            self.form(FORM_PAGES[path], "form_viewed", at + timedelta(seconds=1))

    def form(self, name: str, event: str, at: datetime, **more: Any) -> None:
        """Tell what the page of a form tells of itself."""
        version = self.form_version if name == DEMO else 1
        self.track(event, at, **self.forms.said(name, version), **more)

    def track(self, name: str, at: datetime, **properties: Any) -> None:
        """One thing the person did on the site."""
        self.call(WEB, "track", at, event=name, properties=properties, context=self.context())

    def note(self, name: str, at: datetime, **properties: Any) -> None:
        """Tell what our own systems know of the person, done by them or by us; what sellers do goes to the sales door."""
        context: dict[str, Any] = {"actor": "person" if name in BY_THE_PERSON else "us"}
        if self.life.hand_over:
            context["groupId"] = self.domain
        door = SALES if name.startswith(BY_SELLERS) else CRM
        self.call(door, "track", at, event=name, properties=properties, context=context)

    def submit(self, name: str, at: datetime, answers: dict[str, Any]) -> None:
        """Send a form: the event, and for the form's own door what was answered."""
        self.form(name, "form_submitted", at)
        if self.calls[-1][1]["timestamp"] != moment(at):
            return
        self.sent_event = self.calls[-1][1]["messageId"]
        body = {"version": self.form_version if name == DEMO else 1, "answers": answers, "at": moment(at)}
        body |= {"event": self.sent_event, "anonymous_id": self.anonymous, "user_agent": self.agent, "language": "de"}
        page = next(path for path, form in FORM_PAGES.items() if form == name)
        body |= {"url": f"{places.SITE}{page}", "first_url": self.landed[0], "first_referrer": self.landed[1]}
        told = {"type": "submission", "messageId": f"{self.sent_event}-sent", "timestamp": moment(at)}
        self.calls.append((FORMS, told | {"form": name, "body": body}))

    def context(self) -> dict[str, Any]:
        return {"userAgent": self.agent, "timezone": self.life.zone, "locale": "de-DE"}

    def identify(self, at: datetime, **traits: Any) -> None:
        """From here on the browser knows who it is."""
        self.known = True
        named = {
            "email": self.email,
            "firstName": self.first,
            "lastName": self.last,
            "name": f"{self.first} {self.last}",
        }
        self.call(WEB, "identify", at, traits={**named, **traits}, context=self.context())
