"""POST /api/v1/ask: the question is the body, the answer is the response; both as in spec/questions.md."""

import time
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError

from fullfunnel.analytics.kinds.wired import question_kinds
from fullfunnel.analytics.seats import RETRY_AFTER, TooMany, seats
from fullfunnel.journeys import deadline
from fullfunnel.journeys.ask import QuestionError, QuestionTimeout, answer, error_json
from fullfunnel.journeys.questions.json_text import JsonError, read_json
from fullfunnel.segments.dataset import dataset_of
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import KeyRequest, api

MOST_BYTES = 1_048_576


@api("ask")
def ask(request: KeyRequest) -> HttpResponse:
    """200 with the answer; {"error": {"field", "message"}} with 400, 405, 413, 429, or 504 after deadline.PATIENCE seconds."""
    if request.method != "POST":
        refused = respond(error_json(QuestionError("method", "send the question with POST")), 405)
        refused.headers["Allow"] = "POST"
        return refused
    question = read_question(request)
    if isinstance(question, HttpResponse):
        return question
    return _answered(request.workspace, question)


def _answered(workspace: Workspace, question: Any) -> HttpResponse:
    try:
        with seats.taken(workspace.pk):
            until = time.monotonic() + deadline.PATIENCE
            return respond(answer(question, dataset_of(workspace), deadline=until, kinds=question_kinds()), 200)
    except TooMany as error:
        refused = respond({"error": {"field": "", "message": str(error)}}, 429)
        refused.headers["Retry-After"] = str(RETRY_AFTER)
        return refused
    except QuestionError as error:
        return respond(error_json(error), 400)
    except QuestionTimeout as error:
        return respond(error_json(error), 504)


def read_question(request: HttpRequest) -> Any:
    """The body as Python, or the response that refuses it."""
    try:
        body = request.read(MOST_BYTES + 1)
    except UnreadablePostError:
        return respond(error_json(QuestionError("question", "the body broke off; send it again")), 400)
    if len(body) > MOST_BYTES:
        return respond(
            error_json(QuestionError("question", f"may have {MOST_BYTES:,} bytes; this body is longer")), 413
        )
    if not body.strip():
        return respond(
            error_json(QuestionError("question", "the body is empty; send the question in it, as JSON")), 400
        )
    try:
        return read_json(body)
    except JsonError as error:
        return respond(error_json(QuestionError("question", f"the body {error}")), 400)


def respond(answer: dict[str, Any], status: int) -> HttpResponse:
    """An answer as JSON."""
    body = orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY)
    return HttpResponse(body, status=status, content_type="application/json")
