"""Identifiers: which words of an arrival say who it was, in order of priority. Pure."""

import hashlib
import re
from collections.abc import Iterable

from fullfunnel.events import who
from fullfunnel.events.event import Arrival
from fullfunnel.events.who import OF_RECORDS, address_of, certain_address_of

Key = tuple[str, str]
# A kind, and when it was first seen with the person, µs.
Seen = tuple[str, int]
USER, EMAIL, ANONYMOUS = who.USER, who.EMAIL, who.ANONYMOUS
# The value is a company's key: its contact unknown. No client can claim it.
CONTACT_OF = "contact_of"
WORDS = {
    USER: "user id",
    EMAIL: "e-mail address",
    ANONYMOUS: "browser",
    "ga_client_id": "Google Analytics id",
    CONTACT_OF: "contact unknown of",
}
LONGEST_KIND, LONGEST_VALUE = 40, 400

# What programs send when they do not know who it is. One person of this "name" would swallow all others.
BLOCKED = frozenset(
    "-1,null,nil,none,undefined,nan,anonymous,guest,unknown,void,test,true,false,n/a,"
    "not_authenticated,[object object],"
    # The names of fields, copied out of an example or never filled in. (Not anonymous_id: other tools' own examples use it as one.)
    "distinctid,distinct_id,distinct id,userid,user_id,user id,anonymousid,email,e-mail,id,"
    "customerid,customer_id,uuid,guid".split(",")
)
_LONGEST_BLOCKED = max(map(len, BLOCKED))
_ZEROS = re.compile(r"[0-]*")
# A template that nobody filled in: {{ user.id }}, ${userId}, %user_id%, <user id>.
_UNFILLED = re.compile(r"\{\{.*\}\}|\$\{.*\}|%[A-Za-z_.]+%|<[A-Za-z_. ]+>")

DAY = 86_400_000_000
# How many identifiers of a kind a person may have within so many µs of each other (None: ever).
LIMITS: dict[str, tuple[int, int | None]] = {
    USER: (1, None),
    ANONYMOUS: (5, 30 * DAY),
    "ga_client_id": (5, 30 * DAY),
}
OTHERS: tuple[int, int | None] = (5, 365 * DAY)


def is_blocked(value: str) -> bool:
    """Whether `value` is a placeholder (zeros, dashes, null, anonymous, …) and names nobody."""
    if not value or (value[0] in "0-" and _ZEROS.fullmatch(value)):
        return True
    if value[0] in "{$%<" and _UNFILLED.fullmatch(value):
        return True
    return len(value) <= _LONGEST_BLOCKED and value.lower() in BLOCKED


def key_of(kind: str, value: str | None) -> Key | None:
    """The identifier as it is kept, or None for what can name nobody: blocked, too long, no e-mail address, a kind of ours."""
    value = (value or "").strip()
    if kind == CONTACT_OF or is_blocked(value) or len(value) > LONGEST_VALUE or not 0 < len(kind) <= LONGEST_KIND:
        return None
    if kind == EMAIL:
        address = address_of(value)
        return (kind, address) if address else None
    # Somebody's address is the same in any spelling, also where it serves as user id.
    return kind, (certain_address_of(value) or value) if kind == USER else value


def kind_words(kind: str) -> str:
    """What a marketer calls a kind of identifier: "browser" for an anonymous_id."""
    if kind.startswith(OF_RECORDS):
        return kind.removeprefix(OF_RECORDS).replace("_", " ").replace(".", " ")
    return WORDS.get(kind) or kind.replace("_", " ")


def says_who(key: Key, *, verified: bool) -> bool:
    """Whether somebody is identified by this."""
    kind = key[0]
    return kind == USER or (verified and (kind == EMAIL or kind.startswith(OF_RECORDS)))


def rank(key: Key) -> tuple[int, str, str]:
    """Sorts identifiers by priority: user_id, then email, then the others by their kind."""
    kind, value = key
    return (0 if kind == USER else 1 if kind == EMAIL else 2), kind, value


def keys_of(arrival: Arrival) -> list[Key]:
    """The identifiers that an arrival names and that can name somebody, highest priority first, each once."""
    found = []
    if arrival.user is not None and (key := key_of(USER, arrival.user)):
        found.append(key)
    email = arrival.email
    if email is None and arrival.traits and arrival.kind != "group":
        email = arrival.traits.get("email")
    if not isinstance(email, str) and found:
        # A user id that is an address is that address as well.
        email = certain_address_of(found[0][1])
    if isinstance(email, str) and (key := key_of(EMAIL, email)):
        found.append(key)
    if arrival.anonymous is not None and (key := key_of(ANONYMOUS, arrival.anonymous)):
        found.append(key)
    if arrival.identifiers:
        found += [key for kind, value in arrival.identifiers if (key := key_of(kind, value))]
        found = sorted(set(found), key=rank)
    if arrival.contact_of:
        found.append((CONTACT_OF, arrival.contact_of))
    return found


def previous_of(arrival: Arrival) -> list[Key]:
    """What an alias says its person was called before."""
    if arrival.kind != "alias" or arrival.previous is None:
        return []
    return [key for kind in (USER, ANONYMOUS) if (key := key_of(kind, arrival.previous))]


def fits(seen: list[Seen], growing: Iterable[str], at: int) -> bool:
    """Whether a person with the identifiers `seen` keeps the limits around the time `at`, for the kinds that are `growing`.

    Only these are looked at: a user may have merged two people, who then have two user ids for ever.
    """
    for kind in set(growing):
        limit, within = LIMITS.get(kind, OTHERS)
        near = [1 for k, first in seen if k == kind and (within is None or abs(first - at) < within)]
        if len(near) > limit:
            return False
    return True


def digest(workspace_id: int, key: Key) -> str:
    """What is kept of an erased identifier."""
    return hashlib.sha256(f"{workspace_id}\0{key[0]}\0{key[1]}".encode()).hexdigest()
