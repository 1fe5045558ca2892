"""Panels of the pages of a person, a company and a deal: the stage now, since when, and why."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from fullfunnel.crm.models import Deal, DealPerson
from fullfunnel.people.models import LISTED, Company, Person
from fullfunnel.people.views.record import find_person
from fullfunnel.stages.rules.where import Where, where_are
from fullfunnel.workspaces.scope import EVERYONE, MemberRequest, allow
from fullfunnel.workspaces.sight import visible

MOST_PEOPLE = 200
SHOWN = 8


@allow(EVERYONE)
@require_safe
def person_stage(request: MemberRequest, public_id: str) -> HttpResponse:
    """Show where a person stands; nothing of who is in no stage."""
    person = find_person(request.workspace, public_id).living()
    where = where_are(request.workspace, [person]).get(person.pk)
    return render(request, "stages/rules/_where.html", {"where": where, "title": "Stage"})


@allow(EVERYONE)
@require_safe
def company_stage(request: MemberRequest, company_id: int) -> HttpResponse:
    """Show how far a company has come: where whoever of it came furthest stands, and the others."""
    company = get_object_or_404(visible(Company.objects.filter(workspace=request.workspace)), pk=company_id)
    people = visible(Person.objects.filter(LISTED, workspace=request.workspace, company=company))
    people = people.order_by("-last_seen_at", "pk")
    return _of_several(request, list(people[:MOST_PEOPLE]), {"title": "How far they have come"})


@allow(EVERYONE)
@require_safe
def deal_stage(request: MemberRequest, public_id: str) -> HttpResponse:
    """Show since when a deal is where it is, and where the people on it stand."""
    deals = visible(Deal.objects.filter(workspace=request.workspace))
    deals = deals.select_related("stage", "hand_over__person", "lost_reason")
    deal = get_object_or_404(deals, public_id=public_id)
    roles = DealPerson.objects.filter(workspace=request.workspace, deal=deal).values("person")
    ids = {*roles.values_list("person", flat=True), *([deal.hand_over.person_id] if deal.hand_over else [])}
    people = visible(Person.objects.filter(LISTED, workspace=request.workspace, pk__in=ids)).order_by("pk")
    return _of_several(request, list(people[:MOST_PEOPLE]), {"title": "Stage", "deal": deal})


def _of_several(request: MemberRequest, people: list[Person], context: dict[str, Any]) -> HttpResponse:
    found = where_are(request.workspace, people) if people else {}
    standing: list[tuple[Person, Where]] = [(person, found[person.pk]) for person in people if person.pk in found]
    # Who stands furthest now, and of these who came there last.
    standing.sort(key=lambda one: (-one[1].place, one[0].pk))
    context |= {"standing": standing[:SHOWN], "others": max(len(standing) - SHOWN, 0)}
    context |= {"where": standing[0][1] if standing else None, "who": standing[0][0] if standing else None}
    return render(request, "stages/rules/_where.html", context)
