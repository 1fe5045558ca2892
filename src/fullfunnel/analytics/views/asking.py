"""Asks a workspace a question for a page: an answer, or what is wrong and which control it is about."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from fullfunnel.analytics import answering, askings
from fullfunnel.analytics.deadline import QuestionTimeout
from fullfunnel.analytics.forms.link import read_fields, write_fields
from fullfunnel.analytics.forms.question import control_of, from_question, to_question
from fullfunnel.analytics.forms.state import FunnelFields, StepFields
from fullfunnel.analytics.models import Asking, SavedQuestion
from fullfunnel.analytics.questions import QuestionError, parse
from fullfunnel.analytics.suggestions import suggested_steps
from fullfunnel.analytics.views.waiting import Waiting, waiting_of
from fullfunnel.analytics.watch import Cancelled
from fullfunnel.analytics.workspace_world import WorkspaceWorld, world_of
from fullfunnel.core import clock
from fullfunnel.events.models import EventName
from fullfunnel.events.names import canonical
from fullfunnel.workspaces.models import Workspace

Json = dict[str, Any]
SUBJECTS = {"window": "The window", "period": "The period", "breakdown": "The breakdown"}


@dataclass(frozen=True)
class Asked:
    """A question put to a workspace. Without an `answer` it is either `waiting` (show _waiting.html), or there is a `message`,
    and the `control` it speaks of ("": none)."""

    question: Json
    answer: Json | None
    control: str = ""
    message: str = ""
    waiting: Waiting | None = None


@dataclass(frozen=True)
class Opened:
    """What the builder opens: its controls, and the saved question they came from."""

    fields: FunnelFields
    saved: SavedQuestion | None


def ask(workspace: Workspace, question: Json, fields: FunnelFields | None = None) -> Asked:
    """The answer within deadline.PATIENCE seconds, or the refusal in words: for files and fragments that cannot wait."""
    return _asked(question, fields, lambda: answering.ask_now(answering.Question(question, world_of(workspace), 0)))


def ask_long(request: HttpRequest, workspace: Workspace, question: Json, fields: FunnelFields | None = None) -> Asked:
    """The answer, if it is there within about a second (all questions of one request together); else it is `waiting`."""
    user_id = request.user.pk or 0
    put = answering.Question(question, _world(request, workspace), user_id)
    _give_up(request, put)
    until = request.META.setdefault("asking until", time.monotonic() + answering.SOON)
    return _asked(question, fields, lambda: answering.ask_soon(put, max(until - time.monotonic(), 0.05)))


def _world(request: HttpRequest, workspace: Workspace) -> WorkspaceWorld:
    """One for all questions of a request, so that its numbers are of one moment."""
    world: WorkspaceWorld = request.META.setdefault("asking world", world_of(workspace))
    return world


def _give_up(request: HttpRequest, put: answering.Question) -> None:
    """Who asks something else instead of what still runs (_waiting.html says so) does not leave it running."""
    number = request.GET.get("instead", "")
    if number.isdecimal() and len(number) < 19:
        row = Asking.objects.filter(workspace_id=put.world.workspace_id, pk=int(number)).first()
        if row is not None and row.key != put.key:
            askings.give_up(row, put.user_id)


def _asked(question: Json, fields: FunnelFields | None, put: Callable[[], Json | Asking]) -> Asked:
    try:
        found = put()
    except QuestionError as error:
        control = control_of(error.field, fields) if fields else ""
        return Asked(question, None, control, spoken(error))
    except QuestionTimeout as error:
        return Asked(question, None, "", f"{str(error)[:1].upper()}{str(error)[1:]}.")
    except Cancelled:
        return Asked(question, None, "", "This question was cancelled. Ask it again.")
    except answering.TooMany:
        return Asked(question, None, "", "Too many questions are being counted; ask again in a minute.")
    if isinstance(found, Asking):
        return Asked(question, None, waiting=waiting_of(found))
    return Asked(question, found)


def spoken(error: QuestionError) -> str:
    """A refusal as a sentence: the API puts the field's path before it, a page says what it speaks of."""
    if not error.message.startswith("must "):
        return error.message
    subject = SUBJECTS.get(re.split(r"[.\[]", error.field)[0], "This")
    return f"{subject} {error.message}"


def reason_against(workspace: Workspace, question: Json) -> str:
    """Why a question cannot be read; "" when it can."""
    try:
        parse(question, canonical=canonical, timezone=workspace.timezone)
    except QuestionError as error:
        return f"{error.field}: {error.message}"
    return ""


def kept_question(workspace: Workspace, key: str) -> SavedQuestion | None:
    """The saved question whose number an address or a form says; None for what is no number of one."""
    is_number = key.isdecimal() and len(key) < 19
    return SavedQuestion.kept.filter(workspace=workspace, pk=int(key)).first() if is_number else None


def opened(request: HttpRequest, workspace: Workspace) -> Opened:
    """The builder that the address asks for: its own words, else the saved question it names, else a suggestion."""
    found = kept_question(workspace, request.GET.get("saved", ""))
    fields = read_fields(request.GET)
    if fields is None:
        fields = from_question(found.question, found.preset, workspace.timezone) if found else suggestion(workspace)
    return Opened(fields, found)


def suggestion(workspace: Workspace) -> FunnelFields:
    """A funnel of what this workspace has seen; two empty steps when it has seen too little."""
    seen = EventName.objects.filter(workspace=workspace).values_list("name", flat=True)
    steps = suggested_steps(set(seen))
    return FunnelFields(steps=tuple(StepFields((name,)) for name in steps)) if steps else FunnelFields()


def asked_fields(workspace: Workspace, fields: FunnelFields, request: HttpRequest | None = None) -> Asked | None:
    """The answer to what stands in the builder (with a `request` it may be waiting); None while no step names an event."""
    if not fields.is_complete():
        return None
    question = to_question(fields, clock.now(), workspace.timezone)
    return ask_long(request, workspace, question, fields) if request else ask(workspace, question, fields)


def link_of(found: Opened) -> str:
    """The query string of this view."""
    link = write_fields(found.fields)
    return f"saved={found.saved.pk}&{link}" if found.saved else link
