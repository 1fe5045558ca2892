"""The lists of the people behind a number of a question's page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from fullfunnel.analytics.kinds.page import PeopleList, QuestionPage
from fullfunnel.analytics.kinds.wired import WiredPage
from fullfunnel.analytics.presenters.people_links import read_people_link
from fullfunnel.analytics.views.asking import Json, link_of, opened_page
from fullfunnel.analytics.views.behind import ask_people, people_page
from fullfunnel.analytics.views.frame import page_url
from fullfunnel.core import clock
from fullfunnel.core.pages import asked_page
from fullfunnel.workspaces.scope import MemberRequest, View, allow


def people_view(wired: WiredPage, page: QuestionPage, people_list: PeopleList) -> View:
    """Return the view of the people behind a number: `who.…` as presenters/people_links.py writes it, `page` (from 1)."""

    @allow(wired.roles)
    def view(request: MemberRequest) -> HttpResponse:
        found = opened_page(request, page)
        if not page.form.is_complete(found.fields):
            # Nothing was asked: the address was shortened by hand.
            return redirect(page_url(request, wired.name))
        asked_for = asked_page(request)
        question: Json = page.form.to_question(found.fields, clock.now(), request.workspace.timezone)
        question |= read_people_link(request.GET)
        asked = ask_people(request, question, asked_for, found.fields, page.form)
        context: dict[str, Any] = {"title": people_list.title(question), "entered": people_list.entered}
        context["outcomes"] = outcomes(request, people_list, question)
        context["back"] = f"{page_url(request, wired.name)}?{link_of(found, page.form)}"
        return people_page(request, asked, asked_for, context | {"back_words": people_list.back})

    return view


def outcomes(request: HttpRequest, people_list: PeopleList, question: Json) -> list[tuple[str, str, bool]]:
    """Words, link, and whether it is what is shown."""
    shown = question.get("outcome", people_list.outcomes[0][0] if people_list.outcomes else "")
    found = []
    for outcome, words in people_list.outcomes:
        query = request.GET.copy()
        query.pop("page", None)
        query["who.outcome"] = outcome
        found.append((words, f"{request.path}?{query.urlencode()}", outcome == shown))
    return found
