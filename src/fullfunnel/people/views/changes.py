"""What owners and admins may do with people: merge, take a merge back, decide a proposal, forget."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from fullfunnel.core.refused import Refused
from fullfunnel.people import actions
from fullfunnel.people.models import Erasure, Identity, Merge, MergeProposal
from fullfunnel.people.search import search_people
from fullfunnel.people.timeline import timeline_of
from fullfunnel.people.views.record import find_person
from fullfunnel.workspaces.models import User, Workspace
from fullfunnel.workspaces.scope import ADMINS, EVERYONE, allow

FOUND = 10
FORGOTTEN = "The person was forgotten. Late events do not bring them back."
READ = " Some files are being read just now; what they hold of the person is removed when that ends."


def user_of(request: HttpRequest) -> User:
    """Whoever is signed in: the decorator has seen to that."""
    return cast(User, request.user)


def say(request: HttpRequest, result: Any, done: str) -> bool:
    """Tells how an action went; True when it was done."""
    if isinstance(result, Refused):
        messages.error(request, result.sentence)
        return False
    messages.success(request, done)
    return True


@allow(*ADMINS)
def merge(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """Chooses whom this person is the same as (`q` searches) and, by POST of `other`, merges the two."""
    person = find_person(workspace, public_id).living()
    if request.method == "POST":
        other = find_person(workspace, request.POST.get("other", "")).living()
        result = actions.merge_people(person, loser=other, by=user_of(request))
        say(request, result, f"{other} is part of {person} now; the merge can be taken back below.")
        return redirect("people:person", workspace.slug, person.public_id)
    words = request.GET.get("q", "").strip()[:200]
    found = search_people(workspace, words).exclude(pk=person.pk)[:FOUND] if words else []
    return render(
        request, "people/merge.html", {"workspace": workspace, "person": person, "words": words, "found": found}
    )


@allow(*ADMINS)
@require_POST
def undo_merge(request: HttpRequest, workspace: Workspace, pk: int) -> HttpResponse:
    """Takes a merge back: the two are what they were, but for what was said since."""
    merge = get_object_or_404(Merge.objects.select_related("winner"), workspace=workspace, pk=pk)
    say(request, actions.unmerge_people(merge, by=user_of(request)), "The two are apart again.")
    return redirect("people:person", workspace.slug, merge.winner.living().public_id)


@allow(*EVERYONE)
def proposals(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Pairs that something says are one person and nobody has decided yet."""
    rows = MergeProposal.objects.filter(workspace=workspace, decision="").select_related("first", "second")
    context = {
        "workspace": workspace,
        "proposals": rows.order_by("-at")[:100],
        "total": rows.count(),
        "may_merge": request.membership.role in ADMINS,  # type: ignore[attr-defined]
    }
    return render(request, "people/proposals.html", context)


@allow(*ADMINS)
@require_POST
def decide(request: HttpRequest, workspace: Workspace, pk: int) -> HttpResponse:
    """`decision`: merged or kept."""
    proposal = get_object_or_404(MergeProposal.objects.select_related("first"), workspace=workspace, pk=pk)
    decision = request.POST.get("decision", "")
    done = "They are one person now." if decision == "merged" else "They stay two people, and it is not proposed again."
    say(request, actions.decide_proposal(proposal, decision=decision, by=user_of(request)), done)
    back = request.POST.get("back", "")
    if back == "person":
        return redirect("people:person", workspace.slug, proposal.first.living().public_id)
    return redirect("people:proposals", workspace.slug)


@allow(*ADMINS)
def forget(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """Names what forgetting destroys and, by POST with the person's name typed, does it."""
    person = find_person(workspace, public_id).living()
    wrong = ""
    if request.method == "POST":
        if request.POST.get("name", "").strip() == str(person):
            result = actions.forget_person(person, by=user_of(request))
            is_read = isinstance(result, Erasure) and result.done_at is None
            if say(request, result, FORGOTTEN + (READ if is_read else "")):
                return redirect("people:list", workspace.slug)
            return redirect("people:person", workspace.slug, person.public_id)
        wrong = f"Type {person} exactly, so that nobody is forgotten by a slip."
    identities = Identity.objects.filter(workspace=workspace, person=person)
    context = {
        "workspace": workspace,
        "person": person,
        "identities": identities,
        "wrong": wrong,
        "events": timeline_of(person, size=1).total,
    }
    return render(request, "people/forget.html", context)
