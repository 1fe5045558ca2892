"""Rows of a file whose identifiers belong to different people: told and proposed, never merged. Pure."""

from collections.abc import Sequence

from fullfunnel.people.identifiers import USER, Key, kind_words
from fullfunnel.people.resolve import Resolver


def contradiction(resolver: Resolver, keys: Sequence[Key]) -> str:
    """Return why these identifiers cannot be one person's, or ""; two identified people are noted as a proposal."""
    known = [(key, found.person) for key in keys if (found := resolver.known.get(key)) and found.person.identified]
    if not known:
        return ""
    first, who = known[0]
    for key, other in known[1:]:
        if other is not who:
            one, two = kind_words(first[0]), kind_words(key[0])
            resolver.proposals.append(
                (who, other, f"a row of a file named the {one} of one and the {two} of the other")
            )
            return f"names two people: its {one} is one's and its {two} another's; neither was changed (see the proposals in People)"
    is_new_user = keys[0][0] == USER and keys[0] not in resolver.known
    if is_new_user and any(one.key[0] == USER for one in who.identities):
        return f"names two people: its {kind_words(first[0])} belongs to somebody with another user id; nothing was changed"
    return ""
