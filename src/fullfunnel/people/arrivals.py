"""What an event of our own says: whom it is about, and who did it. Pure."""

from fullfunnel.events.event import Arrival
from fullfunnel.people.identifiers import ANONYMOUS, CONTACT_OF, EMAIL, USER, Key
from fullfunnel.workspaces.roles import By, user_of


def about(key: Key, name: str, *, at: int, id: str, actor: str, properties: dict[str, str]) -> Arrival:
    """Return an event of our own about whom `key` identifies."""
    kind, value = key
    fields = {USER: "user", EMAIL: "email", ANONYMOUS: "anonymous", CONTACT_OF: "contact_of"}
    arrival = Arrival(name=name, at=at, id=id, actor=actor, properties=properties)
    if kind in fields:
        setattr(arrival, fields[kind], value)
    else:
        arrival.identifiers = [(kind, value)]
    return arrival


def named(by: By) -> dict[str, str]:
    """Return how an event names who acted: by a random id, never by name or address."""
    user = user_of(by)
    return {"by": user.public_id} if user else {}
