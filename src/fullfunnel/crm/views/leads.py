"""New lead: a form in the drawer or on a page of its own, and who it may be while one types."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from fullfunnel.core.pages import Option, Toast, answer_action, answer_options, render_form
from fullfunnel.core.pages.picking import MAX_OPTIONS
from fullfunnel.crm import actions
from fullfunnel.crm.inbox.sheet import inbox_url
from fullfunnel.crm.leads.forms import NEW, NewLead, asks_again
from fullfunnel.crm.leads.matching import matches_of, told_of
from fullfunnel.crm.models import HandOver
from fullfunnel.crm.pipelines import must_sell
from fullfunnel.people.models import Company
from fullfunnel.workspaces.scope import EDITORS, MemberRequest, allow
from fullfunnel.workspaces.sight import hides, visible
from fullfunnel.workspaces.sight.reach import Of

# What "Save, add another" leaves as it was.
KEPT = ("via", "goes_to")


@allow(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    """Type in a lead. Whoever has no JavaScript is asked once who it may be."""
    must_sell(request.workspace)
    form = fresh(request, kept_of(request.GET)) if request.method != "POST" else asked(request)
    fits = matches(request, request.POST)
    if form.is_valid() and not (fits["is_unsaid"] and fits["found"].perhaps):
        made = form.accept(actions.add_lead(request.workspace, lead=form.lead(fits["person"]), by=request.member))
        if made:
            return told(request, made, form)
    return render_form(request, "crm/leads/new.html", form, fits)


def asked(request: MemberRequest) -> NewLead:
    return NewLead(request.POST, workspace=request.workspace, user=request.user)


def fresh(request: MemberRequest, kept: dict[str, str]) -> NewLead:
    return NewLead(workspace=request.workspace, user=request.user, kept=kept)


def kept_of(said: Any) -> dict[str, str]:
    """Return what the next lead has of this one."""
    return {name: said[name] for name in KEPT if name in said}


def told(request: MemberRequest, made: HandOver, form: NewLead) -> HttpResponse:
    """Answer a lead that was saved; with `again` by an empty form that keeps where from and to whom."""
    is_open = asks_again(made, form.cleaned_data["cause"])
    where = "is noted as asking again" if is_open else f"waits with {made.owner}" if made.owner else "is in the pool"
    toast = Toast(where, lead=str(made.person))
    if "again" in request.POST:
        return one_more(request, toast, kept_of(request.POST))
    is_seen = visible(HandOver.objects.filter(workspace=request.workspace, pk=made.pk)).exists()
    back = inbox_url(made) if is_seen else reverse("crm:inbox", args=[request.workspace.slug])
    answer = answer_action(request, toast, back=back, closes_drawer=True)
    answer["HX-Reswap"] = "none"
    return answer


def one_more(request: MemberRequest, toast: Toast, kept: dict[str, str]) -> HttpResponse:
    here = reverse("crm:new-lead", args=[request.workspace.slug])
    form = render_to_string("crm/leads/new.html", {"form": fresh(request, kept)} | matches(request, {}), request)
    return answer_action(request, toast, [form], back=f"{here}?{urlencode(kept)}")


@allow(EDITORS)
@require_safe
def who(request: MemberRequest) -> HttpResponse:
    """Say who fits what was typed so far."""
    return render(request, "crm/leads/_matches.html", matches(request, request.GET) | {"is_swapped": True})


def matches(request: MemberRequest, given: Any) -> dict[str, Any]:
    """Return who fits, and who of them is chosen: whose phone or mail it is, else who was pressed, else somebody new."""
    name, contact = given.get("name", "").replace("\0", "")[:200], given.get("contact", "").replace("\0", "")[:320]
    found = told_of(matches_of(request.workspace, name=name, contact=contact), name)
    pressed = given.get("person", "")
    person = found.same or next((each for each in found.perhaps if each.public_id == pressed), None)
    return {
        "found": found,
        "person": person,
        "typed": name,
        "is_unsaid": not pressed and found.same is None,
        "new": NEW,
    }


@allow(EDITORS)
@require_safe
def company_options(request: MemberRequest) -> HttpResponse:
    """The companies whom `?q=` fits, for a picker."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    named = Company.objects.filter(workspace=request.workspace, name__icontains=words)
    # Of a company that is hidden one learns that it is there, and whose: by its whole name, so that it is not made twice.
    rows = visible(named) | named.filter(name__iexact=words) if hides(Of.COMPANIES) else named
    rows = rows.order_by("name", "pk")
    shown = rows.select_related("owner")[:MAX_OPTIONS] if len(words) > 1 else rows.none()
    return answer_options(request, [Option(str(each.pk), str(each), str(each.owner or each.domain)) for each in shown])
