"""POST /api/v1/ask: the question is the body, the answer is the response; both as in docs/spec/questions.md."""

import time
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError

from fullfunnel.analytics.kinds.wired import question_kinds
from fullfunnel.analytics.seats import RETRY_AFTER, TooMany, seats
from fullfunnel.core.pages import json_refusal
from fullfunnel.core.refused import Refused
from fullfunnel.journeys import deadline
from fullfunnel.journeys.ask import QuestionError, QuestionTimeout, answer
from fullfunnel.journeys.questions.json_text import JsonError, read_json
from fullfunnel.segments.dataset import dataset_of
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import KeyRequest, api

MAX_BYTES = 1_048_576


@api("ask")
def ask(request: KeyRequest) -> HttpResponse:
    """200 with the answer; {"error": {"field", "message"}} with 400, 405, 413, 429, or 504 after deadline.MAX_SECONDS seconds."""
    if request.method != "POST":
        refused = Refused("send the question with POST", "method")
        return json_refusal(refused, status=405, headers={"Allow": "POST"})
    question = read_question(request)
    if isinstance(question, HttpResponse):
        return question
    return _answered(request.workspace, question)


def _answered(workspace: Workspace, question: Any) -> HttpResponse:
    try:
        with seats.taken(workspace.pk):
            until = time.monotonic() + deadline.MAX_SECONDS
            return respond(answer(question, dataset_of(workspace), deadline=until, kinds=question_kinds()))
    except TooMany as error:
        return json_refusal(Refused(str(error)), status=429, headers={"Retry-After": str(RETRY_AFTER)})
    except QuestionError as error:
        return json_refusal(Refused(error.message, error.field), status=400)
    except QuestionTimeout as error:
        return json_refusal(Refused(str(error)), status=504)


def read_question(request: HttpRequest) -> Any:
    """The body as Python, or the response that refuses it."""
    try:
        body = request.read(MAX_BYTES + 1)
    except UnreadablePostError:
        return _refused_body("the body broke off; send it again")
    if len(body) > MAX_BYTES:
        return _refused_body(f"may have {MAX_BYTES:,} bytes; this body is longer", status=413)
    if not body.strip():
        return _refused_body("the body is empty; send the question in it, as JSON")
    try:
        return read_json(body)
    except JsonError as error:
        return _refused_body(f"the body {error}")


def _refused_body(message: str, status: int = 400) -> HttpResponse:
    return json_refusal(Refused(message, "question"), status=status)


def respond(answer: dict[str, Any]) -> HttpResponse:
    """An answer as JSON."""
    body = orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY)
    return HttpResponse(body, content_type="application/json")
