"""Finding people by what somebody types: names, e-mail addresses, identifiers, and filter words; quick at a million people."""

import json
import re
from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from fullfunnel.people.models import LISTED, Company, Identity, Person
from fullfunnel.people.units import trait_of
from fullfunnel.workspaces.models import Workspace

HELP = "is:known, is:visitor, company:acme, email:ada@example.com and plan=pro (any trait) narrow the list."
# By an identifier or a company, a word finds at most so many.
MOST = 1_000
MOST_KINDS = 50
TRAIT_IS = (
    "SELECT p.id FROM people_person AS p "
    "WHERE p.workspace_id = %s AND CAST(p.traits AS text) <> '{{}}' AND {trait} = %s"
)
_WORD = re.compile(r'([^\W\d][\w.-]*)([:=])("[^"]*"|\S+)|"([^"]*)"|(\S+)')


def search_people(workspace: Workspace, words: str) -> QuerySet[Person]:
    """Living people that match every word: in the name or address (part of it, whatever the case) or an identifier (whole).

    Words such as is:known or plan=pro are filters (see HELP); what is no filter is looked for as it stands. Not ordered.
    """
    rows = Person.objects.filter(LISTED, workspace=workspace)
    for key, sign, value, quoted, word in _WORD.findall(words[:500]):
        narrowed = _filtered(rows, workspace, key, sign, value.strip('"')) if key else None
        text = f"{key}{sign}{value}" if key else quoted or word
        if narrowed is not None:
            rows = narrowed
        elif text:
            rows = _about(rows, workspace, text)
    return rows


def among(rows: QuerySet[Person], people: list[int]) -> QuerySet[Person]:
    """Return those of `rows` who are among these ids, however many they are."""
    return rows.filter(id__in=these(people))


def these(ids: Sequence[int]) -> RawSQL:
    """Return what stands behind `id__in=` for ids, however many they are."""
    # One value bound: a statement has not room for a hundred thousand.
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(ids))])


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


def _about(rows: QuerySet[Person], workspace: Workspace, text: str) -> QuerySet[Person]:
    folded = text.casefold()
    held = Identity.objects.filter(workspace=workspace, kind__in=_kinds(workspace), value__in={text, folded})
    people = list(held.values_list("person", flat=True)[:MOST])
    # Only who has a name or an address is read: that part of the index is small beside all visitors.
    named = {"search_text__gt": "", "search_text__contains": folded}
    if not people:
        return rows.filter(**named)
    everyone = Person.objects.filter(workspace=workspace)
    # Careful: an OR of the two would read every row.
    either = everyone.filter(**named).values("id").union(everyone.filter(id__in=people).values("id"))
    return rows.filter(id__in=either)


def _kinds(workspace: Workspace) -> list[str]:
    """The kinds of identifiers there are, a step in the index each: with them the index finds a value at once."""
    kinds: list[str] = []
    rows = Identity.objects.filter(workspace=workspace).order_by("kind").values_list("kind", flat=True)
    while len(kinds) < MOST_KINDS and (found := rows.filter(kind__gt=kinds[-1] if kinds else "").first()):
        kinds.append(found)
    return kinds
