"""Finding people by what somebody types: names, e-mail addresses, identifiers, and filter words; quick at a million people."""

import re
from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from fullfunnel.core.sql import FEW, checked, keys_holding, these
from fullfunnel.people.models import LISTED, Company, Identity, Person
from fullfunnel.people.units import trait_of
from fullfunnel.workspaces.models import Workspace

HELP = "is:known, is:visitor, company:acme, email:ada@example.com and plan=pro (any trait) narrow the list."
# By an identifier or a company, a word finds at most so many.
MOST = 1_000
MOST_KINDS = 50
# So many of those that hold a word are asked whether the list has more than it counts.
SOME = 5_000
TRAIT_IS = (
    "SELECT p.id FROM people_person AS p "
    "WHERE p.workspace_id = %s AND CAST(p.traits AS text) <> '{{}}' AND {trait} = %s"
)
_WORD = re.compile(r'([^\W\d][\w.-]*)([:=])("[^"]*"|\S+)|"([^"]*)"|(\S+)')


def search_people(
    workspace: Workspace,
    words: str,
    *,
    company: Company | None = None,
    is_any: bool = False,
    of: Sequence[int] | None = None,
) -> QuerySet[Person]:
    """Living people that match every word: in the name or address (part of it, whatever the case) or an identifier (whole).

    Words such as is:known or plan=pro are filters (see HELP); what is no filter is looked for as it stands. Not ordered.
    company: only its people. of: only of these keys, which are looked up. is_any: of a word that many have, some of them will do.
    """
    rows, few = Person.objects.filter(LISTED, checked("workspace", workspace.pk)), None
    for key, sign, value, quoted, word in _WORD.findall(words[:500]):
        narrowed = _filtered(rows, workspace, key, sign, value.strip('"')) if key else None
        text = f"{key}{sign}{value}" if key else quoted or word
        if narrowed is not None:
            rows = narrowed
        elif text:
            condition, ids = _about(workspace, text.casefold(), text, is_any)
            rows = rows.filter(condition)
            few = ids if few is None else few if ids is None else few & ids
    rows = rows.filter(company=company) if company else rows
    if of is not None:
        return rows.filter(pk__in=these(of))
    if few is None and company is None:
        return rows.filter(workspace=workspace)
    # Few rows are looked up, whatever the order: no index of the workspace's people is to be walked for them.
    return rows if few is None else rows.filter(pk__in=these(sorted(few)))


def some_holding(words: str) -> list[int]:
    """Return the keys of SOME rows that may hold the longest word of a search; none, where fewer do or no index tells.

    A count that reaches its limit among them is over: in the order of a list they may all lie at its end.
    """
    plain = [text for key, _, _, quoted, word in _WORD.findall(words[:500]) if not key and (text := quoted or word)]
    found = keys_holding(Person, "search_text", max(plain, key=len, default="").casefold(), SOME)
    return found if found is not None and len(found) == SOME else []


def _filtered(rows: QuerySet[Person], workspace: Workspace, key: str, sign: str, value: str) -> QuerySet[Person] | None:
    if sign == "=":
        # What is bound is the user's; what is formatted in is ours.
        text, name = trait_of("p", key)
        return rows.filter(id__in=RawSQL(TRAIT_IS.format(trait=text), [workspace.pk, name, value]))  # noqa: S611
    if (key, value) in (("is", "known"), ("is", "identified")):
        return rows.filter(is_identified=True)
    if (key, value) in (("is", "visitor"), ("is", "anonymous")):
        return rows.filter(is_identified=False)
    if key == "email":
        return rows.filter(email=value.lower(), email__gt="")
    if key == "company":
        named = Q(key=value) | Q(name__iexact=value) | Q(domain=value.lower())
        companies = Company.objects.filter(named, workspace=workspace).values_list("id", flat=True)
        return rows.filter(company__in=list(companies[:MOST]))
    return None


def _about(workspace: Workspace, folded: str, text: str, is_any: bool) -> tuple[Q, set[int] | None]:
    """Return the condition that somebody is found by a word, and the ids among which they are; None: of too many to tell."""
    held = Identity.objects.filter(workspace=workspace, kind__in=_kinds(workspace), value__in={text, folded})
    people = list(held.values_list("person", flat=True)[:MOST])
    holds = Q(search_text__contains=folded)
    condition = holds | Q(id__in=people) if people else holds
    most = MOST if is_any else FEW
    found = keys_holding(Person, "search_text", folded, most + 1)
    if found is None:
        # Only who has a name or an address is read: that part of the index is small beside all visitors.
        named = Person.objects.filter(holds, workspace=workspace, search_text__gt="")
        found = list(named.values_list("pk", flat=True)[: most + 1])
    # Of many, the first page of any order soon finds some.
    return condition, {*found, *people} if len(found) <= most or is_any else None


def _kinds(workspace: Workspace) -> list[str]:
    """The kinds of identifiers there are, a step in the index each: with them the index finds a value at once."""
    kinds: list[str] = []
    rows = Identity.objects.filter(workspace=workspace).order_by("kind").values_list("kind", flat=True)
    while len(kinds) < MOST_KINDS and (found := rows.filter(kind__gt=kinds[-1] if kinds else "").first()):
        kinds.append(found)
    return kinds
