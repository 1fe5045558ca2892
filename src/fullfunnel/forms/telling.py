"""What the stream is told of a form, and in whose name."""

import hashlib
from dataclasses import dataclass
from typing import Any

from fullfunnel.events.record import Sender
from fullfunnel.forms.came import Came
from fullfunnel.forms.models import Form
from fullfunnel.forms.nonces import Nonce
from fullfunnel.workspaces.models import Source

# The source of kind web of every workspace with forms.
SOURCE = "Forms"


@dataclass(frozen=True)
class Told:
    """What came with the answers. is_counted: the page's script has told already that it was viewed and begun."""

    nonce: Nonce
    came: Came
    ip: str
    user_agent: str
    is_counted: bool = False

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
