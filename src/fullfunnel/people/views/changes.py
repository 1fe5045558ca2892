"""What owners and admins may do with people: merge, take a merge back, decide a proposal, forget."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from fullfunnel.core.pages import tell
from fullfunnel.people import actions
from fullfunnel.people.models import Erasure, Identity, Merge, MergeProposal
from fullfunnel.people.proposals import open_proposals
from fullfunnel.people.search import search_people
from fullfunnel.people.timeline import timeline_of
from fullfunnel.people.views.record import find_person
from fullfunnel.workspaces.scope import ADMINS, EVERYONE, MemberRequest, allow

FOUND = 10
FORGOTTEN = "The person was forgotten. Late events do not bring them back."
READ = " Some files are being read just now; what they hold of the person is removed when that ends."


@allow(ADMINS)
def merge(request: MemberRequest, public_id: str) -> HttpResponse:
    """Chooses whom this person is the same as (`q` searches) and, by POST of `other`, merges the two."""
    person = find_person(request.workspace, public_id).living()
    if request.method == "POST":
        other = find_person(request.workspace, request.POST.get("other", "")).living()
        result = actions.merge_people(person, loser=other, by=request.user)
        tell(request, result, f"{other} is part of {person} now; the merge can be taken back below.")
        return redirect("people:person", request.workspace.slug, person.public_id)
    words = request.GET.get("q", "").strip()[:200]
    found = search_people(request.workspace, words).exclude(pk=person.pk)[:FOUND] if words else []
    return render(
        request, "people/merge.html", {"workspace": request.workspace, "person": person, "words": words, "found": found}
    )


@allow(ADMINS)
@require_POST
def undo_merge(request: MemberRequest, pk: int) -> HttpResponse:
    """Takes a merge back: the two are what they were, but for what was said since."""
    merge = get_object_or_404(Merge.objects.select_related("winner"), workspace=request.workspace, pk=pk)
    tell(request, actions.unmerge_people(merge, by=request.user), "The two are apart again.")
    return redirect("people:person", request.workspace.slug, merge.winner.living().public_id)


@allow(EVERYONE)
def proposals(request: MemberRequest) -> HttpResponse:
    """Pairs that something says are one person and nobody has decided yet."""
    rows = open_proposals(request.workspace)
    context = {
        "workspace": request.workspace,
        "proposals": rows.order_by("-at")[:100],
        "total": rows.count(),
        "may_merge": request.may(ADMINS),
    }
    return render(request, "people/proposals.html", context)


@allow(ADMINS)
@require_POST
def decide(request: MemberRequest, pk: int) -> HttpResponse:
    """`decision`: merged or kept."""
    proposal = get_object_or_404(MergeProposal.objects.select_related("first"), workspace=request.workspace, pk=pk)
    decision = request.POST.get("decision", "")
    done = "They are one person now." if decision == "merged" else "They stay two people, and it is not proposed again."
    tell(request, actions.decide_proposal(proposal, decision=decision, by=request.user), done)
    back = request.POST.get("back", "")
    if back == "person":
        return redirect("people:person", request.workspace.slug, proposal.first.living().public_id)
    return redirect("people:proposals", request.workspace.slug)


@allow(ADMINS)
def forget(request: MemberRequest, public_id: str) -> HttpResponse:
    """Names what forgetting destroys and, by POST with the person's name typed, does it."""
    person = find_person(request.workspace, public_id).living()
    wrong = ""
    if request.method == "POST":
        if request.POST.get("name", "").strip() == str(person):
            result = actions.forget_person(person, by=request.user)
            is_read = isinstance(result, Erasure) and result.done_at is None
            if tell(request, result, FORGOTTEN + (READ if is_read else "")):
                return redirect("people:list", request.workspace.slug)
            return redirect("people:person", request.workspace.slug, person.public_id)
        wrong = f"Type {person} exactly, so that nobody is forgotten by a slip."
    identities = Identity.objects.filter(workspace=request.workspace, person=person)
    context = {
        "workspace": request.workspace,
        "person": person,
        "identities": identities,
        "wrong": wrong,
        "events": timeline_of(person, size=1).total,
    }
    return render(request, "people/forget.html", context)
