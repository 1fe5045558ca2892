"""Forms and what was sent to them, for programs: docs/api.md."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from django.db.models import Max, Q, QuerySet
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from fullfunnel.capture.countries import country_of
from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.core.rest import MOST_ITEMS, PAGE, Body, Problem, Results, do_many, done, found, page_of
from fullfunnel.core.texts import say
from fullfunnel.forms import actions
from fullfunnel.forms import fields as kinds
from fullfunnel.forms.came import Came
from fullfunnel.forms.fields import Content, read
from fullfunnel.forms.models import Form, FormVersion, PainPoint, Submission
from fullfunnel.forms.nonces import Nonce
from fullfunnel.forms.reading import name_of, read_answers
from fullfunnel.forms.telling import Past, Told
from fullfunnel.people.api import READ, WRITE
from fullfunnel.workspaces.rest import operation, told_of
from fullfunnel.workspaces.scope import KeyRequest
from fullfunnel.workspaces.wording.own import own_texts

router = Router(tags=["Forms"])
Answer = str | bool | list[str] | dict[str, str] | None


class FormOut(Schema):
    id: str
    name: str
    hands_over: bool
    version: int | None
    is_closed: bool


class FormsPage(Schema):
    items: list[FormOut]
    next: str


class SubmissionOut(Schema):
    id: str
    person: str
    version: int
    answers: dict[str, Any]
    consents: list[dict[str, Any]]
    came: dict[str, Any]
    event: str
    sent_at: datetime


class SubmissionsPage(Schema):
    items: list[SubmissionOut]
    next: str


class ListOf(Body):
    cursor: str = ""
    limit: int = PAGE


class NewSubmission(Body):
    """What was sent to the form before: answers by the keys of its fields, with an e-mail address or `anonymous_id`.

    `event`: the id of the form_submitted that the stream has of it already; without one it is recorded.
    """

    answers: Annotated[dict[str, Answer], Field(max_length=kinds.MOST_FIELDS)]
    at: AwareDatetime
    version: Annotated[int | None, Field(description="Of the form; none: the one that is live.", ge=1, le=2**31)] = None
    event: Annotated[str, Field(max_length=200)] = ""
    anonymous_id: Annotated[str, Field(max_length=100)] = ""
    language: Annotated[str, Field(max_length=10)] = ""
    user_agent: Annotated[str, Field(max_length=500)] = ""
    url: Annotated[str, Field(max_length=1_500)] = ""
    referrer: Annotated[str, Field(max_length=1_500)] = ""
    first_url: Annotated[str, Field(max_length=1_500, description="The first page of the visit.")] = ""
    first_referrer: Annotated[str, Field(max_length=1_500)] = ""


class NewSubmissions(Body):
    items: Annotated[list[NewSubmission], Field(min_length=1, max_length=MOST_ITEMS)]


@operation(router, "GET", "/forms", scope=READ, name="forms")
def forms(request: KeyRequest, asked: Query[ListOf]) -> FormsPage:
    """List forms, oldest first."""
    live = Max("versions__number", filter=~Q(versions__published_at=None))
    rows = Form.objects.filter(workspace=request.workspace).annotate(live=live)
    page, following = page_of(rows, cursor=asked.cursor, limit=asked.limit)
    return FormsPage(items=[form_out(row) for row in page], next=following)


@operation(router, "GET", "/forms/{form_id}/submissions", scope=READ, name="submissions")
def submissions(request: KeyRequest, form_id: str, asked: Query[ListOf]) -> SubmissionsPage:
    """List what was sent to a form, in the order it arrived here."""
    rows = Submission.objects.filter(workspace=request.workspace, form=form_of(request, form_id))
    page, following = page_of(rows.select_related("person", "version"), cursor=asked.cursor, limit=asked.limit)
    return SubmissionsPage(items=[submission_out(row) for row in page], next=following)


@operation(router, "POST", "/forms/{form_id}/submissions/bulk", scope=WRITE, name="tell-submissions")
def tell_submissions(request: KeyRequest, form_id: str, body: NewSubmissions) -> Results:
    """Tell up to 100 submissions of the past: they are kept and counted, and hand nobody over."""
    form = form_of(request, form_id)
    versions = {row.number: row for row in published_of(form)}
    known = _Form(form, versions, _pains_of(form))
    return do_many(body.items, lambda item: tell(request, known, item).public_id)


class _Form:
    """A form with what each of its submissions is read by."""

    def __init__(self, form: Form, versions: Mapping[int, FormVersion], pains: list[str]) -> None:
        self.form, self.versions, self.pains = form, versions, pains
        self.region = country_of(form.workspace.timezone)

    def version(self, number: int | None) -> FormVersion:
        version = self.versions.get(number or max(self.versions, default=0))
        if version is None:
            published = ", ".join(map(str, sorted(self.versions))) or "none"
            raise Problem(Refused(f"No such version was published; there is {published}.", "version"))
        return version


def tell(request: KeyRequest, known: _Form, body: NewSubmission) -> Submission:
    at = told_of(request, body.at)
    if at is None:
        raise Problem(Refused("Say when it was.", "at"))
    version = known.version(body.version)
    content = read(version.content)
    answers = read_answers(content, sent_of(content, body.answers), region=known.region, pains=known.pains)
    for key, wrong in answers.wrong.items():
        with own_texts(known.form.workspace):
            raise Problem(Refused(say(wrong.key, "en", **wrong.values), f"answers.{key}"))
    said = f"{known.form.public_id} {body.event}".encode()
    page = hashlib.sha256(said).hexdigest()[:32] if body.event else secrets.token_hex(16)
    nonce = Nonce(page, known.form.public_id, version.number, clock.to_us(at))
    came = Came(body.url, body.referrer, body.first_url, body.first_referrer, body.anonymous_id)
    told = Told(nonce, came, "", body.user_agent, bool(body.event), body.language, Past(at, body.event))
    return done(actions.submit_form(known.form, version=version, answers=answers.values, told=told, by=None))


def sent_of(content: Content, answers: Mapping[str, Answer]) -> dict[str, list[str]]:
    """Return answers as a browser would have sent them; Problem: one to no field, or of another shape."""
    sent: dict[str, list[str]] = {}
    for key, value in answers.items():
        field = content.field(key)
        if field is None:
            keys = ", ".join(each.key for each in content.fields)
            raise Problem(Refused(f"The form has no such field; it has {keys}.", f"answers.{key[:100]}"))
        if isinstance(value, dict):
            sent |= {name_of(field, part): [value[part]] for part in kinds.ADDRESS_PARTS if part in value}
        elif isinstance(value, bool) or not value:
            # Asked and left empty: a box by its mark, a text as "".
            is_box = field.kind in (kinds.CONSENT, *kinds.OF_SEVERAL)
            empty = {name_of(field, "asked"): ["1"]} if is_box else {name_of(field): [""]}
            sent |= {name_of(field): ["1"]} if value else empty
        else:
            sent[name_of(field)] = value if isinstance(value, list) else [value]
    return sent


def form_of(request: KeyRequest, public_id: str) -> Form:
    rows = Form.objects.select_related("workspace").filter(workspace=request.workspace, public_id=public_id)
    return found(rows.first(), "form")


def published_of(form: Form) -> QuerySet[FormVersion]:
    versions = FormVersion.objects.filter(workspace_id=form.workspace_id, form=form)
    return versions.exclude(published_at=None)


def _pains_of(form: Form) -> list[str]:
    rows = PainPoint.objects.filter(workspace_id=form.workspace_id).order_by("position", "pk")
    return list(rows.values_list("key", flat=True))


def form_out(row: Any) -> FormOut:
    return FormOut(
        id=row.public_id, name=row.name, hands_over=row.hands_over, version=row.live, is_closed=row.closed_at is not None
    )  # fmt: skip


def submission_out(row: Submission) -> SubmissionOut:
    return SubmissionOut(
        id=row.public_id, person=row.person.public_id, version=row.version.number, answers=row.answers,
        consents=row.consents, came=row.came, event=row.event_id, sent_at=row.sent_at,
    )  # fmt: skip
