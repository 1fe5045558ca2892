"""A person's record: who it is, how we know, and everything that happened."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from fullfunnel.core.pages import whole_number
from fullfunnel.people.models import Merge, Person
from fullfunnel.people.proposals import open_proposals
from fullfunnel.people.sentences import name_words
from fullfunnel.people.timeline import timeline_of
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import ADMINS, EVERYONE, MemberRequest, allow
from fullfunnel.workspaces.sight import visible

SHOWN_TRAITS = 12
NAMES = ("name", "firstName", "lastName", "first_name", "last_name")
ICONS = {
    "page_viewed": "eye",
    "screen_viewed": "eye",
    "identified": "user",
    "aliased": "user",
    "trait_changed": "edit",
    "consent": "shield",
    "email": "mail",
    "form": "list",
    "order": "shopping-cart",
    "product": "shopping-cart",
    "checkout": "shopping-cart",
    "company": "building",
    "note": "edit",
    "deal": "star",
    "lead": "inbox",
}


def find_person(workspace: Workspace, public_id: str) -> Person:
    """The person of that address; 404 when this workspace has none, or whoever asks does not see them."""
    people = Person.objects.select_related("company", "merged_into").filter(workspace=workspace, public_id=public_id)
    found = people.first()
    if found is None or not visible(Person.objects.filter(workspace=workspace, pk=found.living().pk)).exists():
        raise Http404("no such person in this workspace; it may have been erased")
    return found


@allow(EVERYONE)
def person(request: MemberRequest, public_id: str) -> HttpResponse:
    """The record, as a page or in the drawer. Somebody who was merged is shown as the person they are now."""
    found = find_person(request.workspace, public_id)
    now = found.living()
    if now.pk != found.pk:
        return redirect("people:person", request.workspace.slug, now.public_id)
    context = {
        "workspace": request.workspace,
        "person": found,
        "panels": [reverse(name, args=[request.workspace.slug, public_id]) for name in settings.PERSON_PANELS],
        "may_merge": request.may(ADMINS),
        **facts(found),
        **moments(request, found),
    }
    return render(request, "people/person.html", context)


@allow(EVERYONE)
def timeline(request: MemberRequest, public_id: str) -> HttpResponse:
    """The timeline alone: its first page, or the events of one `name`."""
    found = find_person(request.workspace, public_id).living()
    context = {"workspace": request.workspace, "person": found, **moments(request, found)}
    return render(request, "people/_timeline.html", context)


@allow(EVERYONE)
def earlier(request: MemberRequest, public_id: str) -> HttpResponse:
    """The next `page` of the timeline, to stand below the pages before."""
    found = find_person(request.workspace, public_id).living()
    context = {"workspace": request.workspace, "person": found, **moments(request, found)}
    return render(request, "people/_moments.html", context)


def moments(request: HttpRequest, person: Person) -> dict[str, Any]:
    """A page of the timeline with its days, icons and the names to filter by."""
    name = request.GET.get("name", "")[:200]
    page = whole_number(request.GET.get("page"), most=1_000_000)
    found = timeline_of(person, page=page, name=name)
    lines = [{"line": line, "icon": icon_of(line.name)} for line in found.lines]
    following = found.page + 1 if found.page < found.pages else 0
    everything = sum(found.names.values())
    choices = [(each, name_words(each), count) for each, count in found.names.items()]
    return {
        "timeline": found,
        "choices": choices,
        "name": name,
        "lines": lines,
        "next": following,
        "total_events": everything,
    }


def icon_of(name: str) -> str:
    """The icon of the first part of ICONS that the event's name holds."""
    return next((icon for part, icon in ICONS.items() if part in name), "bolt")


def traits_of(person: Person) -> tuple[list[tuple[str, Any]], list[tuple[str, Any]]]:
    """The traits to show at once, and the rest: among it what the page says elsewhere (the name, the address, the company)."""
    said = {*(NAMES if person.name else ()), *(("email",) if person.email else ())}
    said |= {"company"} if person.company else set()
    traits = sorted(person.traits.items())
    new = [trait for trait in traits if trait[0] not in said][:SHOWN_TRAITS] or traits[:SHOWN_TRAITS]
    return new, [trait for trait in traits if trait not in new]


def facts(person: Person) -> dict[str, Any]:
    """What stands beside the timeline: identities, traits, consents, merges, and open proposals."""
    first, more = traits_of(person)
    scope = {"workspace_id": person.workspace_id}
    merges = Merge.objects.filter(**scope, winner=person).select_related("loser", "by").order_by("-at")
    proposals = open_proposals(person.workspace)
    mine = [*proposals.filter(first=person), *proposals.filter(second=person)]
    return {
        "identities": sorted(person.identities.filter(**scope), key=lambda one: (one.kind, one.created_at)),
        "traits": first,
        "more_traits": more,
        "consents": person.consents.filter(**scope).order_by("purpose"),
        "merges": merges,
        "proposals": [{"row": row, "other": row.second if row.first_id == person.pk else row.first} for row in mine],
    }
