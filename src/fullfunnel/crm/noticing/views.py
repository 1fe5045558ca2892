"""The page behind a link in a mail. Opened, it changes nothing: mail programs open links before people do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fullfunnel.core.refused import Refused
from fullfunnel.core.texts import locales
from fullfunnel.crm import actions
from fullfunnel.crm.actions.assigning import reason_not_to_answer
from fullfunnel.crm.inbox.sheet import inbox_url
from fullfunnel.crm.models import Outcome
from fullfunnel.crm.noticing.links import ACCEPT, Asked, asked_by
from fullfunnel.crm.noticing.telling import named
from fullfunnel.workspaces.scope import public

NO_MORE = "This link no longer works: its time is over, or it was not copied whole. Nothing was changed."


@public
@require_http_methods(["GET", "HEAD", "POST"])
def answer_lead(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether a member accepts a lead, or gives it back; posted, do it as that member."""
    asked = asked_by(token)
    if asked is None:
        return render(request, "crm/noticing/answer.html", {"refused": Refused(NO_MORE)}, status=404)
    user = asked.member.user
    with timezone.override(asked.hand_over.workspace.timezone), locales.using(user.locale, user.timezone):
        return _answer(request, asked)


def _answer(request: HttpRequest, asked: Asked) -> HttpResponse:
    row, is_accept = asked.hand_over, asked.act == ACCEPT
    refused = reason_not_to_answer(row, by=asked.member)
    context = {"row": row, "who": named(row), "is_accept": is_accept, "user": asked.member.user}
    is_mine = row.outcome == Outcome.ACCEPTED and row.owner_id == asked.member.user_id
    if request.method == "POST" and refused is None:
        act = actions.accept_hand_over if is_accept else actions.give_back_hand_over
        done = act(row, by=asked.member)
        refused = done if isinstance(done, Refused) else None
        context |= {"done": refused is None, "row": row if refused else done}
    elif is_accept and is_mine:
        refused, context["done"] = None, True
    context |= {"refused": refused, "inbox": inbox_url(row)}
    return render(request, "crm/noticing/answer.html", context, status=409 if refused else 200)
