"""The people behind a number of a trend, of retention or of paths."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from fullfunnel.analytics.shown.who import read_who
from fullfunnel.analytics.views.asking import Json, link_of, opened
from fullfunnel.analytics.views.behind import ask_people, people_page
from fullfunnel.analytics.views.frame import page_url
from fullfunnel.analytics.views.question import QuestionPage
from fullfunnel.core import clock
from fullfunnel.core.pages import asked_page
from fullfunnel.workspaces.scope import EVERYONE, MemberRequest, View, allow


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

    @allow(EVERYONE)
    def view(request: MemberRequest) -> HttpResponse:
        found = opened(request, page.kind, page.suggest)
        if not page.kind.is_complete(found.fields):
            # Nothing was asked: the address was shortened by hand.
            return redirect(page_url(request, page.kind.name))
        asked_for = asked_page(request)
        question: Json = page.kind.to_question(found.fields, clock.now(), request.workspace.timezone)
        question |= read_who(request.GET)
        asked = ask_people(request, question, asked_for, found.fields, page.kind)
        context: dict[str, Any] = {"title": listing.title(question), "entered": listing.entered}
        context["outcomes"] = outcomes(request, listing, question)
        context["back"] = f"{page_url(request, page.kind.name)}?{link_of(found, page.kind)}"
        return people_page(request, asked, asked_for, context | {"back_words": listing.back})

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
