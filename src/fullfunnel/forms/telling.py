"""What the stream is told of a form, and in whose name."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.events.names import FORM_FIELD_ABANDONED, FORM_STARTED, FORM_VIEWED
from fullfunnel.events.reactions.liveness import HISTORY
from fullfunnel.events.record import Sender
from fullfunnel.forms.came import Came
from fullfunnel.forms.models import Form
from fullfunnel.forms.nonces import Nonce
from fullfunnel.people.record import record_visit
from fullfunnel.workspaces.actions import provide_source
from fullfunnel.workspaces.models import Source

# The source of kind web of every workspace with forms.
SOURCE = "Forms"


@dataclass(frozen=True)
class Past:
    """When something told of the past was sent; event: the id of its form_submitted, where the stream has one already."""

    at: datetime
    event: str = ""


@dataclass(frozen=True)
class Told:
    """What came with the answers. is_counted: the page's script has told already that it was viewed and begun.

    language: of the page; past: None, it was sent just now.
    """

    nonce: Nonce
    came: Came
    ip: str
    user_agent: str
    is_counted: bool = False
    language: str = ""
    past: Past | None = None

    @property
    def at(self) -> datetime:
        return self.past.at if self.past else clock.now()

    @property
    def marked(self) -> dict[str, str]:
        return {HISTORY: "true"} if self.past else {}

    @property
    def anonymous(self) -> str:
        """The browser's own id where ff.js gave one, else the page's, which joins what happened in it to who sent it."""
        return self.came.anonymous or self.nonce.id

    def sender(self, source: Source) -> Sender:
        session = self.came.session or self.nonce.id
        return Sender(source, self.ip, self.user_agent, session, self.came.context())


def described(form: Form, version: int) -> dict[str, Any]:
    """Return how every event of a form names it."""
    return {"form": form.name, "form_id": form.public_id, "form_version": version}


def event_id(nonce: Nonce, what: str) -> str:
    """Return the id of what happened once in a page: told twice it is a repeat."""
    return hashlib.sha256(f"{nonce.id} {what}".encode()).hexdigest()[:32]


def tell_step(form: Form, told: Told, *, step: str, field: str) -> None:
    """Tell the stream what the page's script says: it was viewed, begun, or left at a field. Told twice it is a repeat."""
    said, nonce, who = described(form, told.nonce.version), told.nonce, told.anonymous
    with transaction.atomic():
        sender = told.sender(provide_source(form.workspace, name=SOURCE, by=None))
        if step == "viewed":
            record_visit(
                who, FORM_VIEWED, said_by=sender, at=nonce.at, id=event_id(nonce, FORM_VIEWED), properties=said
            )
        elif step == "started":
            name, at = FORM_STARTED, clock.now_us()
            record_visit(who, FORM_STARTED, said_by=sender, at=at, id=event_id(nonce, name), properties=said)
        elif step == "abandoned":
            name, at = FORM_FIELD_ABANDONED, clock.now_us()
            left = said | {"field": field}
            record_visit(who, FORM_FIELD_ABANDONED, said_by=sender, at=at, id=event_id(nonce, name), properties=left)
