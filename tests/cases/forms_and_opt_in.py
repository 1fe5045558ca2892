"""What is sent to a form -> how many submissions and people it leaves. Mails and opt-in come with the room that sends them."""

import html
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

from tests.cases import Outcome, Row, Unknown, each, only
from tests.kit.cast import CHROME

NEEDS_DATABASE = True
ROW = ("id", "name", "steps", "expected", "source", "source_issue", "licence", "note")
EXPECTED = ("submissions", "people", "company", "refused", "consent_text", "mails")
NO_MAILS = "no mail is sent yet, so mails are not counted"
POW = "fullfunnel asks no proof of work: the page that a program sends at once stands for it (docs/adr/0114)"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"\s+value="([^"]*)"')


def run(rows: Iterable[Row]) -> Iterator[Outcome]:
    return each(rows, check)


def check(row: Row) -> tuple[str, str]:
    """Do the steps in an empty workspace, compare, and take all of it back."""
    from django.db import transaction

    only(row, ROW, "the row")
    only(row["expected"], EXPECTED, "expected")
    with transaction.atomic():
        stranger = Stranger()
        for step in row["steps"]:
            stranger.do(step)
        found = stranger.found()
        transaction.set_rollback(True)
    wrong = [
        f"{name} is {found[name]!r}, expected {value!r}"
        for name, value in row["expected"].items()
        if name != "mails" and found[name] != value
    ]
    notes = [NO_MAILS] if "mails" in row["expected"] else []
    return "; ".join(wrong), "; ".join(notes + stranger.notes)


class Stranger:
    """Fills in one form of a workspace of its own, as the steps say."""

    def __init__(self) -> None:
        from fullfunnel.core import clock
        from fullfunnel.forms.actions import create_form, publish_form
        from fullfunnel.forms.models import Form
        from fullfunnel.workspaces.models import Workspace

        self.workspace = Workspace.objects.create(name="Cases", slug="cases-of-forms")
        form = create_form(self.workspace, name="Contact", starter="contact", by=None)
        assert isinstance(form, Form)
        publish_form(form, by=None)
        self.form, self.now = form, clock.now()
        # Nonce of the case -> what its page carried.
        self.pages: dict[str, dict[str, str]] = {}
        self.notes: list[str] = []

    def do(self, step: str) -> None:
        """Do a step. Unknown: it has words that this runner does not know."""
        for pattern, act in self._acts():
            if found := re.fullmatch(pattern, step):
                act(*found.groups())
                return
        raise Unknown(f"the step {step!r} is not known to this runner")

    def _acts(self) -> list[tuple[str, Callable[..., None]]]:
        return [
            (r"POST(?: form \w+)? nonce (\w+)", lambda nonce: self.post(page=nonce)),
            (r"POST ([\w.]+)@\S+(?: from same IP)?", lambda who: self.post(page=who, email=f"{who}@clinic.example")),
            (r"POST ([\w.]+)@\S+ same browser", lambda who: self.post(page=who, email=f"{who}@clinic.example")),
            (r"POST with hp", lambda: self.post(website="https://spam.example")),
            (r"POST bad pow", self.post_at_once),
            (r"POST form without company", lambda: self.post(email="ada@clinic.example")),
            (r"POST of v\d+", lambda: self.post(page="shown")),
            (r"\+(\d+) days?", self.wait),
            (r"known Ada has company (\w+)", self.know_ada),
            (r"show v(\d+)", self.show_version),
            (r"owner edits to v(\d+)", self.publish_version),
        ]

    def client(self) -> Any:
        from django.test import Client

        return Client(SERVER_NAME="localhost", REMOTE_ADDR="203.0.113.9", headers={"User-Agent": CHROME})

    def open_page(self, name: str) -> dict[str, str]:
        """What a page carries; the same page for the same name. One browser opens them all."""
        from fullfunnel.core import clock

        if name not in self.pages:
            with clock.frozen(self.now):
                page = self.client().get(f"/f/{self.form.public_id}/?ff.anon=one-browser").content.decode()
            self.pages[name] = {key: html.unescape(value) for key, value in HIDDEN.findall(page)}
        return self.pages[name]

    def post(
        self, *, page: str = "only", email: str = "ada@clinic.example", website: str = "", after: int = 60
    ) -> None:
        from fullfunnel.core import clock

        carried = self.open_page(page)
        typed = {"f.name": "Ada", "f.email": email, "f.message": "Hello", "f.consent": "1", "website": website}
        self.now += timedelta(seconds=after)
        with clock.frozen(self.now):
            self.client().post(f"/f/{self.form.public_id}/", carried | typed)

    def post_at_once(self) -> None:
        self.notes.append(POW)
        self.post(after=0)

    def wait(self, days: str) -> None:
        self.now += timedelta(days=int(days))

    def know_ada(self, company: str) -> None:
        from fullfunnel.people.actions import identify_person

        names = [("email", "ada@clinic.example")]
        identify_person(self.workspace, identifiers=names, traits={"company": company}, by=None)

    def publish_version(self, number: str) -> None:
        """Publish versions, each with a consent text of its own, until this is the latest."""
        from fullfunnel.forms.actions import change_field, publish_form
        from fullfunnel.forms.fields import Field

        while self.form.versions.count() < int(number):
            text = f"v{self.form.versions.count() + 1}"
            change_field(self.form, field=Field("consent", "consent", text, purpose="request", required=True), by=None)
            publish_form(self.form, by=None)

    def show_version(self, number: str) -> None:
        self.publish_version(number)
        self.open_page("shown")

    def found(self) -> dict[str, Any]:
        from django.db.models import Sum

        from fullfunnel.forms.models import RefusedSubmissions, Submission
        from fullfunnel.people.models import LISTED, Person

        people = Person.objects.filter(LISTED, workspace=self.workspace)
        sent = Submission.objects.filter(workspace=self.workspace).order_by("pk")
        refused = RefusedSubmissions.objects.filter(workspace=self.workspace).aggregate(all=Sum("count"))["all"]
        last, ada = sent.last(), people.first()
        return {
            "submissions": sent.count(),
            "people": people.count(),
            "refused": refused or 0,
            "company": ada.traits.get("company") if ada else None,
            "consent_text": last.consents[0]["text"] if last and last.consents else None,
        }
