"""The people behind a number of a trend, of retention or of paths."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from fullfunnel.analytics.shown.who import read_who
from fullfunnel.analytics.views.asking import Json, ask_long, link_of, opened
from fullfunnel.analytics.views.behind import PAGE, page_of, whole
from fullfunnel.analytics.views.question import QuestionPage
from fullfunnel.core import clock
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import EVERYONE, View, allow


@dataclass(frozen=True)
class Listing:
    """A list of the people behind a number. title(question): who they are. `entered`: what the moment beside each is; `back`: where one came from.

    `outcomes`: what else may be listed of the same number: the contract's `outcome` -> words.
    """

    title: Callable[[Json], str]
    entered: str
    back: str
    outcomes: tuple[tuple[str, str], ...] = ()


def listed_of(page: QuestionPage, listing: Listing) -> View:
    """The view of who is behind a number of this page: `who.…` as shown/who.py writes it, `page` (from 1)."""

    @allow(*EVERYONE)
    def view(request: HttpRequest, workspace: Workspace) -> HttpResponse:
        found = opened(request, workspace, page.kind, page.suggest)
        if not page.kind.is_complete(found.fields):
            # Nothing was asked: the address was shortened by hand.
            return redirect(f"analytics:{page.kind.name}", workspace.slug)
        number = whole(request.GET.get("page"), 1)
        question: Json = page.kind.to_question(found.fields, clock.now(), workspace.timezone) | read_who(request.GET)
        question |= {"show": "people", "limit": PAGE, "offset": (number - 1) * PAGE}
        asked = ask_long(request, workspace, question, found.fields, page.kind)
        link = link_of(found, page.kind)
        context: dict[str, Any] = {
            "workspace": workspace,
            "asked": asked,
            "title": listing.title(question),
            "entered": listing.entered,
            "outcomes": outcomes(request, listing, question),
            "back": f"{reverse(f'analytics:{page.kind.name}', args=[workspace.slug])}?{link}",
            "back_words": listing.back,
        }
        if asked.answer:
            context |= page_of(request, workspace, asked.answer, number)
        return render(request, "analytics/people.html", context)

    return view


def outcomes(request: HttpRequest, listing: Listing, question: Json) -> list[tuple[str, str, bool]]:
    """Words, link, and whether it is what is shown."""
    shown = question.get("outcome", listing.outcomes[0][0] if listing.outcomes else "")
    found = []
    for outcome, words in listing.outcomes:
        query = request.GET.copy()
        query.pop("page", None)
        query["who.outcome"] = outcome
        found.append((words, f"{request.path}?{query.urlencode()}", outcome == shown))
    return found
