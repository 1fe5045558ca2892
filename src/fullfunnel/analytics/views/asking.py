"""Asks a workspace a question for a page: an answer, or what is wrong and which control it is about."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from fullfunnel.analytics import answering, askings
from fullfunnel.analytics.forms.form import Form
from fullfunnel.analytics.forms.link import read_breakdown, read_period
from fullfunnel.analytics.forms.state import BreakdownFields, FunnelFields, StepFields
from fullfunnel.analytics.kinds.funnel import FUNNEL
from fullfunnel.analytics.kinds.page import QuestionPage, Suggest
from fullfunnel.analytics.models import Asking, SavedQuestion
from fullfunnel.analytics.seats import TooMany, seats
from fullfunnel.analytics.small_groups import without_small_groups
from fullfunnel.analytics.suggestions import suggested_steps
from fullfunnel.analytics.views.waiting import Waiting, waiting_of
from fullfunnel.core import clock
from fullfunnel.core.pages import row_id
from fullfunnel.events.models import EventName
from fullfunnel.journeys.deadline import QuestionTimeout
from fullfunnel.journeys.questions.reading import QuestionError
from fullfunnel.journeys.watch import Cancelled
from fullfunnel.segments.dataset import WorkspaceDataset, dataset_of
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import MemberRequest
from fullfunnel.workspaces.sight import hides

Json = dict[str, Any]
DEVICE = BreakdownFields("device")
SUBJECTS = {"window": "The window", "period": "The period", "breakdown": "The breakdown"}
# Of the list itself; what is wrong inside it is said beside its own control.
FUNNELS = ("steps", "question.steps")


@dataclass(frozen=True)
class Asked:
    """A question put to a workspace. Without an `answer` it is either `waiting` (show _waiting.html), or there is a `message`,
    and the `control` it speaks of ("": none)."""

    question: Json
    answer: Json | None
    control: str = ""
    message: str = ""
    waiting: Waiting | None = None
    is_busy: bool = False

    @property
    def notes(self) -> list[str]:
        """What the answer notes of names that never came, as sentences."""
        # Of money the page of attribution speaks itself.
        notes = [note for note in (self.answer or {}).get("notes", []) if note["field"] != "conversion.value"]
        said = dict.fromkeys(note["message"] for note in notes)
        return [message if message.endswith("?") else f"{message}." for message in said]


@dataclass(frozen=True)
class Opened:
    """What a question's page opens: what stands in its controls, and the saved question they came from."""

    fields: Any
    saved: SavedQuestion | None


def ask(request: MemberRequest, question: Json, fields: Any = None, form: Form = FUNNEL) -> Asked:
    """The answer within deadline.MAX_SECONDS seconds, or the refusal in words: for files, which cannot wait."""

    def put() -> Json:
        with seats.taken(request.workspace.pk):
            return answering.ask_now(answering.Question(question, dataset_of(request.workspace), 0))

    return _asked(question, fields, form, put)


def ask_long(request: MemberRequest, question: Json, fields: Any = None, form: Form = FUNNEL) -> Asked:
    """The answer, if it is there within about a second (all questions of one request together); else it is `waiting`."""
    put = answering.Question(question, _dataset(request), request.user.pk)
    _give_up(request, put)
    until = request.META.setdefault("asking until", time.monotonic() + answering.WAIT_SECONDS)
    return _asked(question, fields, form, lambda: answering.ask_soon(put, max(until - time.monotonic(), 0.05)))


def _dataset(request: MemberRequest) -> WorkspaceDataset:
    """One for all questions of a request, so that its numbers are of one moment."""
    dataset: WorkspaceDataset = request.META.setdefault("asking dataset", dataset_of(request.workspace))
    return dataset


def _give_up(request: MemberRequest, put: answering.Question) -> None:
    """Who asks something else instead of what still runs (_waiting.html says so) does not leave it running."""
    key = row_id(request.GET.get("instead"))
    row = Asking.objects.filter(workspace=request.workspace, pk=key).first() if key else None
    if row is not None and row.key != put.key:
        askings.give_up(row, put.user_id)


def _asked(question: Json, fields: Any, form: Form, put: Callable[[], Json | Asking]) -> Asked:
    try:
        found = put()
    except QuestionError as error:
        control = form.control_of(error.field, fields) if fields else ""
        return Asked(question, None, control, error_sentence(error))
    except QuestionTimeout as error:
        return Asked(question, None, "", f"{str(error)[:1].upper()}{str(error)[1:]}.")
    except Cancelled:
        return Asked(question, None, "", "This question was cancelled. Ask it again.")
    except TooMany:
        return Asked(question, None, "", "Too many questions are being counted; ask again in a minute.", is_busy=True)
    if isinstance(found, Asking):
        return Asked(question, None, waiting=waiting_of(found))
    return Asked(question, without_small_groups(found) if hides() else found)


def error_sentence(error: QuestionError) -> str:
    """A refusal as a sentence: the API puts the field's path before it, a page says what it speaks of."""
    if not error.message.startswith(("must ", "is no ")):
        return error.message
    subject = "The funnel" if error.field in FUNNELS else SUBJECTS.get(re.split(r"[.\[]", error.field)[0], "This")
    return f"{subject} {error.message}"


def kept_question(request: MemberRequest, key: str, kind: str) -> SavedQuestion | None:
    """The saved question of this kind whose number an address or a form says; None for what is no number of one to be seen."""
    mine = SavedQuestion.kept.seen_by(request.user).filter(workspace=request.workspace)
    found: SavedQuestion | None = mine.filter(pk=row_id(key)).first()
    return found if found and found.question.get("kind") == kind else None


def opened(request: MemberRequest, form: Form = FUNNEL, suggest: Suggest | None = None) -> Opened:
    """What the address asks for: its own words, else the saved question it names, else a suggestion.

    A period and a breakdown that the address says hold for a saved or suggested question too.
    """
    found = kept_question(request, request.GET.get("saved", ""), form.name)
    fields = form.read(request.GET)
    if fields is None and found:
        fields = form.from_question(found.question, found.preset, request.workspace.timezone, found.view)
    elif fields is None:
        fields = suggest(seen_names(request.workspace)) if suggest else suggestion(request.workspace)
    else:
        return Opened(fields, found)
    if request.GET.keys() & {"period", "from", "to"}:
        fields = replace(fields, period=read_period(request.GET))
    if request.GET.get("by"):
        fields = replace(fields, breakdown=read_breakdown(request.GET))
    return Opened(fields, found)


def opened_page(request: MemberRequest, page: QuestionPage) -> Opened:
    """What the address of a declared page asks for; a suggestion begins as the workspace wants it."""
    return opened(request, page.form, lambda seen: page.begin(page.suggest(seen), request.workspace))


def seen_names(workspace: Workspace) -> set[str]:
    """The names of the events that this workspace has seen."""
    return set(EventName.objects.filter(workspace=workspace).values_list("name", flat=True))


def suggestion(workspace: Workspace) -> FunnelFields:
    """A funnel of what this workspace has seen; two empty steps when it has seen too little."""
    steps = suggested_steps(seen_names(workspace))
    return FunnelFields(steps=tuple(StepFields((name,)) for name in steps)) if steps else FunnelFields()


def asked_fields(request: MemberRequest, fields: Any, form: Form = FUNNEL, *, may_wait: bool = True) -> Asked | None:
    """The answer to what stands in the controls; None while there is nothing to ask. Where it `may_wait`, it may be `waiting`."""
    if not form.is_complete(fields):
        return None
    question = form.to_question(fields, clock.now(), request.workspace.timezone)
    return (ask_long if may_wait else ask)(request, question, fields, form)


def link_of(found: Opened, form: Form = FUNNEL) -> str:
    """The query string of this view."""
    link = form.write(found.fields)
    return f"saved={found.saved.pk}&{link}" if found.saved else link


def split_link(found: Opened, form: Form = FUNNEL) -> tuple[str, bool]:
    """The query string of this view split by device, or of the unsplit one where it is split; and whether it is."""
    is_split = found.fields.breakdown == DEVICE
    by = BreakdownFields() if is_split else DEVICE
    return link_of(Opened(replace(found.fields, breakdown=by), found.saved), form), is_split
