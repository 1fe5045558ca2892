"""The panel of a person's page that says how well they suit, how much they do, and why."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fullfunnel.people.views.record import find_person
from fullfunnel.stages.scores import scores_of
from fullfunnel.workspaces.scope import EVERYONE, MemberRequest, allow


@allow(EVERYONE)
@require_safe
def score_panel(request: MemberRequest, public_id: str) -> HttpResponse:
    """Show fit and engagement; nothing where nobody is scored."""
    person = find_person(request.workspace, public_id).living()
    scores = scores_of(person, request.workspace)
    shown = [("Fit", scores.fit), ("Engagement", scores.engagement)] if scores else []
    return render(
        request, "stages/_scores.html", {"scores": shown, "half_life": scores.half_life_days if scores else 0}
    )
