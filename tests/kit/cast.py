"""The cast: who uses fullfunnel (Alice, Bob, Carol, Charlie) and who is seen by it (Ada, Ben, Cleo)."""

import uuid
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36"
)
PASSWORD = "correct horse battery"
SITE = "https://halden.example"


def hashed(password: str) -> str:
    """Hash as a user's is; once a process and hasher, for it is made to take long, and most tests do not look at it."""
    from django.conf import settings

    return _hashed(password, settings.PASSWORD_HASHERS[0])


@cache
def _hashed(password: str, hasher: str) -> str:
    from django.contrib.auth.hashers import make_password
    from django.utils.module_loading import import_string

    return make_password(password, hasher=import_string(hasher)())


class Member:
    """A user with a browser that is signed in: alice.client.get("/w/halden/")."""

    def __init__(self, email: str, name: str) -> None:
        from django.test import Client

        from fullfunnel.workspaces.models import User

        self.user = User.objects.create(email=email, name=name, password=hashed(PASSWORD))
        self.client = Client()
        self.client.force_login(self.user, backend="django.contrib.auth.backends.ModelBackend")

    def joins(self, workspace: Any, role: str) -> "Member":
        workspace.memberships.create(user=self.user, role=role)
        return self


class Visitor:
    """A person of the stream. Each verb puts an arrival into the journal and drains it, as capture and the worker would.

    `at` is when it happened (aware; default: now); `further` are properties. A visitor is anonymous until `identifies`.
    """

    def __init__(self, name: str, source: Any) -> None:
        self.name = name
        self.source = source
        self.anonymous = f"{name}-browser"
        self.user: str | None = None

    def visits(self, path: str, at: datetime | None = None, **context: Any) -> None:
        self._sends("event", "page_viewed", at, {}, {"url": SITE + path} | context)

    def submits(self, form: str, at: datetime | None = None, **further: str) -> None:
        self._sends("event", "form_submitted", at, {"form": form} | further)

    def does(self, event: str, at: datetime | None = None, **further: str) -> None:
        self._sends("event", event, at, further)

    def identifies(self, user: str | None = None, at: datetime | None = None, **traits: Any) -> None:
        self.user = user or f"{self.name}@halden.example"
        self._sends("identify", "person_identified", at, {}, traits=traits)

    def _sends(
        self,
        kind: str,
        event: str,
        at: datetime | None,
        properties: dict[str, str],
        context: dict[str, Any] | None = None,
        traits: dict[str, Any] | None = None,
    ) -> None:
        from fullfunnel.core import clock
        from fullfunnel.events.event import Arrival

        moment = clock.to_us(at) if at else clock.now_us()
        arrival = Arrival(
            kind=kind,
            name=event,
            at=moment,
            id=str(uuid.uuid4()),
            user=self.user,
            anonymous=self.anonymous,
            email=(traits or {}).get("email"),
            properties=properties,
            traits=traits or {},
            context={"user_agent": CHROME} | (context or {}),
        )
        send(self.source, [arrival])
        drain()

    @property
    def person(self) -> Any:
        """The row of `people` that this visitor is now."""
        from fullfunnel.people.models import Identity

        kind, value = ("user_id", self.user) if self.user else ("anonymous_id", self.anonymous)
        return Identity.objects.get(workspace_id=self.source.workspace_id, kind=kind, value=value).person


def send(source: Any, arrivals: list[Any]) -> None:
    """Puts arrivals into the journal as one request of `source`."""
    from django.conf import settings

    from fullfunnel.core import clock
    from fullfunnel.events.journal import Entry, Journal

    journal = Journal(settings.DATA_DIR / "journal.db")
    entry = Entry(
        received_at=clock.now_us(),
        workspace_id=source.workspace_id,
        source_id=source.pk,
        source_kind=source.kind,
        ip="203.0.113.7",
        user_agent=CHROME,
        items=msgspec.json.encode(arrivals),
        count=len(arrivals),
    )
    journal.append([entry])
    journal.close()


def drain() -> None:
    """Turns everything that waits in the journal and the outbox into events, and lets the reactions see them."""
    from fullfunnel.events import on_tick

    while on_tick.drain():
        pass


@pytest.fixture
def workspace(db: None, data_dir: Path) -> Any:
    """Halden: it sells to companies, in euros, on Berlin's clock; no members yet."""
    from fullfunnel.workspaces.beginning import begin
    from fullfunnel.workspaces.models import Workspace

    made = Workspace.objects.create(
        name="Halden", slug="halden", sells="companies", timezone="Europe/Berlin", currency="EUR"
    )
    begin(made)
    return made


@pytest.fixture
def website(workspace: Any) -> Any:
    from fullfunnel.workspaces.models import Source

    return Source.objects.create(workspace=workspace, name="Website", kind="web")


@pytest.fixture
def server(workspace: Any) -> Any:
    from fullfunnel.workspaces.models import Source

    return Source.objects.create(workspace=workspace, name="Server", kind="server")


@pytest.fixture
def alice(workspace: Any) -> Member:
    return Member("alice@halden.example", "Alice").joins(workspace, "owner")


@pytest.fixture
def bob(workspace: Any) -> Member:
    return Member("bob@halden.example", "Bob").joins(workspace, "seller")


@pytest.fixture
def carol(workspace: Any) -> Member:
    return Member("carol@halden.example", "Carol").joins(workspace, "marketer")


@pytest.fixture
def charlie(db: None, data_dir: Path) -> Member:
    """The stranger: signed in, and a member of another firm only."""
    from fullfunnel.workspaces.beginning import begin
    from fullfunnel.workspaces.models import Workspace

    elsewhere = Workspace.objects.create(name="Elsewhere", slug="elsewhere")
    begin(elsewhere)
    return Member("charlie@elsewhere.example", "Charlie").joins(elsewhere, "owner")


@pytest.fixture
def ada(website: Any) -> Visitor:
    return Visitor("ada", website)


@pytest.fixture
def ben(website: Any) -> Visitor:
    return Visitor("ben", website)


@pytest.fixture
def cleo(website: Any) -> Visitor:
    return Visitor("cleo", website)


def days_ago(days: float) -> datetime:
    from fullfunnel.core import clock

    return clock.now() - timedelta(days=days)
