"""On a person's page: what they may be written about, since when, and by what proof."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from fullfunnel.core.pages import tell
from fullfunnel.messaging import actions
from fullfunnel.messaging.models import Topic
from fullfunnel.messaging.standing import paused_until, standings_of, topics_of
from fullfunnel.people.views.record import find_person
from fullfunnel.workspaces.scope import EDITORS, EVERYONE, MemberRequest, allow


@allow(EVERYONE)
@require_safe
def topics_panel(request: MemberRequest, public_id: str) -> HttpResponse:
    """Show how the person stands with each topic; nothing where the workspace has none."""
    person = find_person(request.workspace, public_id).living()
    standings = standings_of(person, topics_of(request.workspace))
    context = {"workspace": request.workspace, "person": person, "standings": standings}
    context |= {"paused_until": paused_until(person), "may_act": request.may(EDITORS)}
    return render(request, "messaging/_panel.html", context)


@allow(EDITORS)
@require_POST
def leave(request: MemberRequest, public_id: str) -> HttpResponse:
    """Note that the person told us to stop: a topic, or all of them."""
    person = find_person(request.workspace, public_id).living()
    topic = Topic.objects.filter(workspace=request.workspace, key=request.POST.get("topic", "")).first()
    done = actions.unsubscribe_person(person, topic=topic, source=f"told {request.user.name}", by=request.member)
    tell(request, done, f"{person} gets no more of {topic or 'any topic'}.")
    return redirect("people:person", request.workspace.slug, person.public_id)
