"""Who a stranger says they are, in a form or a booking: a claim. It links and fills gaps, and overwrites nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fullfunnel.people import ledger
from fullfunnel.people.book import Who
from fullfunnel.people.erased import erased_among
from fullfunnel.people.identifiers import ANONYMOUS, EMAIL, Key, digest, key_of, rank
from fullfunnel.people.models import Person, Tombstone
from fullfunnel.people.resolve import Claim, Resolver
from fullfunnel.people.traits import texts_of
from fullfunnel.workspaces.models import Workspace


@dataclass(frozen=True)
class Stranger:
    """What somebody said of themselves. consents: purpose -> (given, version of the text); source: where they said it; at: µs."""

    identifiers: Sequence[Key]
    at: int
    source: str
    traits: Mapping[str, str] = field(default_factory=dict)
    consents: Mapping[str, tuple[bool, str]] = field(default_factory=dict)


def meet(workspace: Workspace, said: Stranger) -> Person | None:
    """Find or make whoever `said` names, inside the caller's transaction; None when it names nobody.

    A browser of somebody with another e-mail address is left out: a tablet at a fair belongs to each who types into it.
    Somebody erased who writes again of their own accord is a new person.
    """
    ledger.lock(workspace.pk)
    keys = sorted({key for kind, value in said.identifiers if (key := key_of(kind, value))}, key=rank)
    found = ledger.find(workspace.pk, keys)
    keys = _without_erased(workspace.pk, keys, found)
    people = ledger.load(workspace.pk, {person for _, person in found.values()})
    known = {identity.key: identity for who in people.values() for identity in who.identities}
    email = next((key for key in keys if key[0] == EMAIL), None)
    if email is not None:
        keys = [key for key in keys if key not in known or not _is_of_another(known[key].person, key, email)]
    if not keys:
        return None
    resolver = Resolver(known)
    claim = Claim(keys=keys, at=said.at, trusted=False, cause="form", source=said.source, fills_only=True)
    claim.traits = texts_of({name: value for name, value in said.traits.items() if value})
    claim.consents = {purpose: given for purpose, (given, _) in said.consents.items()}
    claim.text_versions = {purpose: version for purpose, (_, version) in said.consents.items()}
    identity = resolver.take(claim)
    ledger.write(workspace.pk, resolver)
    return Person.objects.get(workspace=workspace, pk=identity.person.now().id)


def _is_of_another(who: Who, key: Key, email: Key) -> bool:
    """Whether `key` is a browser of somebody whom other addresses name, and this one does not."""
    addresses = {identity.key for identity in who.identities if identity.key[0] == EMAIL}
    return key[0] == ANONYMOUS and bool(addresses) and email not in addresses


def _without_erased(workspace_id: int, keys: list[Key], found: Mapping[Key, object]) -> list[Key]:
    """The keys but for erased browsers; an erased address is free again."""
    erased = erased_among(workspace_id, [key for key in keys if key not in found])
    back = [digest(workspace_id, key) for key in erased if key[0] == EMAIL]
    Tombstone.objects.filter(workspace_id=workspace_id, digest__in=back).delete()
    return [key for key in keys if key not in erased or key[0] == EMAIL]
