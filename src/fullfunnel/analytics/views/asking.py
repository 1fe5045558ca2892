"""Asks a workspace a question for a page: an answer, or what is wrong and which control it is about."""

import re
import time
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from fullfunnel.analytics.ask import answer
from fullfunnel.analytics.deadline import PATIENCE, QuestionTimeout
from fullfunnel.analytics.forms.link import read_fields, write_fields
from fullfunnel.analytics.forms.question import control_of, from_question, to_question
from fullfunnel.analytics.forms.state import FunnelFields, StepFields
from fullfunnel.analytics.models import SavedQuestion
from fullfunnel.analytics.questions import QuestionError, parse
from fullfunnel.analytics.suggestions import suggested_steps
from fullfunnel.analytics.workspace_world import world_of
from fullfunnel.core import clock
from fullfunnel.events.models import EventName
from fullfunnel.events.names import canonical
from fullfunnel.workspaces.models import Workspace

Json = dict[str, Any]
SUBJECTS = {"window": "The window", "period": "The period", "breakdown": "The breakdown"}


@dataclass(frozen=True)
class Asked:
    """A question put to a workspace. Without an `answer` there is a `message`, and the `control` it speaks of ("": none)."""

    question: Json
    answer: Json | None
    control: str = ""
    message: str = ""


@dataclass(frozen=True)
class Opened:
    """What the builder opens: its controls, and the saved question they came from."""

    fields: FunnelFields
    saved: SavedQuestion | None


def ask(workspace: Workspace, question: Json, fields: FunnelFields | None = None) -> Asked:
    """The answer within PATIENCE seconds, or the refusal in words."""
    try:
        return Asked(question, answer(question, world_of(workspace), time.monotonic() + PATIENCE))
    except QuestionError as error:
        control = control_of(error.field, fields) if fields else ""
        return Asked(question, None, control, spoken(error))
    except QuestionTimeout as error:
        return Asked(question, None, "", f"{str(error)[:1].upper()}{str(error)[1:]}.")


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


def asked_fields(workspace: Workspace, fields: FunnelFields) -> Asked | None:
    """The answer to what stands in the builder; None while no step names an event."""
    if not fields.is_complete():
        return None
    return ask(workspace, to_question(fields, clock.now(), workspace.timezone), fields)


def link_of(found: Opened) -> str:
    """The query string of this view."""
    link = write_fields(found.fields)
    return f"saved={found.saved.pk}&{link}" if found.saved else link
