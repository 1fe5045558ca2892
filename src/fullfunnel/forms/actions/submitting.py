"""What strangers do with a form. Row and event in one transaction; what is refused leaves a count and nothing else."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from fullfunnel.capture.agents import agent_of
from fullfunnel.capture.visitors import day_id
from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.events.names import FORM_STARTED, FORM_SUBMITTED, FORM_VIEWED
from fullfunnel.forms import fields as kinds
from fullfunnel.forms.fields import Content, read
from fullfunnel.forms.models import Form, FormVersion, RefusedSubmissions, Submission
from fullfunnel.forms.telling import SOURCE, Told, described, event_id
from fullfunnel.forms.translations import said_in
from fullfunnel.messaging.actions import Asking, ask_opt_in
from fullfunnel.messaging.models import Topic
from fullfunnel.messaging.standing import topics_called
from fullfunnel.people.meeting import Stranger, meet
from fullfunnel.people.models import Person
from fullfunnel.people.record import record, record_visit
from fullfunnel.workspaces.actions import provide_source
from fullfunnel.workspaces.models import Source
from fullfunnel.workspaces.roles import By

# (of whom, how many, within how many minutes): beyond them a submission waits.
LIMITS = (("email", 5, 60), ("network", 30, 10), ("form", 600, 10))
REASONS = ("trap", "bot", "fast", "expired", "rate", "wrong")


@transaction.atomic
def submit_form(
    form: Form, *, version: FormVersion, answers: Mapping[str, Any], told: Told, by: By
) -> Submission | Refused:
    """Keep what was sent and tell the stream; the same page sent again is the same submission. Refused.field: minutes to wait.

    What is told of the past (told.past) meets no limit and hands nobody over.
    """
    workspace = form.workspace
    # One after the other: of the same page sent twice at once, the second finds the first.
    Form.objects.select_for_update().get(workspace=workspace, pk=form.pk)
    if (same := Submission.objects.filter(workspace=workspace, nonce=told.nonce.id).first()) is not None:
        return same
    content, source = read(version.content), provide_source(workspace, name=SOURCE, by=None)
    submission = Submission(workspace=workspace, form=form, version=version, nonce=told.nonce.id, answers=dict(answers))
    submission.sent_at, submission.email = told.at, _first(content, answers, kinds.EMAIL)
    if told.past is None:
        submission.network = day_id(settings.DATA_DIR, source.pk, told.ip, "")
        if minutes := _minutes_to_wait(submission):
            return Refused("Too many submissions came from there just now.", str(minutes))
    submission.device, submission.came = agent_of(told.user_agent[:500]).device, told.came.kept()
    submission.consents = _consents(said_in(content, told.language), answers)
    topics = topics_called(workspace, [each["purpose"] for each in submission.consents])
    stranger = _stranger(submission, content, told, topics)
    # A browser's id that names nobody, or somebody erased, is replaced by the page's.
    person = meet(workspace, stranger) or meet(
        workspace, replace(stranger, identifiers=[("anonymous_id", told.nonce.id)])
    )
    if person is None:
        return Refused("The submission names nobody.")
    submission.person, submission.event_id = person, told.past.event if told.past else ""
    if not told.is_counted:
        _tell_visit(submission, source, told)
    if not submission.event_id:
        said = described(form, version.number) | _said(submission, content) | told.marked
        at = clock.to_us(told.at)
        submission.event_id = record(person, FORM_SUBMITTED, by=by, properties=said, said_by=told.sender(source), at=at)
    submission.save()
    if told.past is None:
        _ask_for_topics(submission, person, topics, told)
    return submission


def _ask_for_topics(submission: Submission, person: Person, topics: Mapping[str, Topic], told: Told) -> None:
    """Send the links that confirm what was ticked; without an address nothing can be confirmed."""
    for each in submission.consents:
        if each["given"] and each["purpose"] in topics and submission.email:
            text, version = str(each["text"]), str(each["version"])
            source = f"form: {submission.form.name}"[:100]
            asking = Asking(submission.email, source, text, version, told.language or "en")
            ask_opt_in(person, topic=topics[each["purpose"]], asking=asking, by=None)


@transaction.atomic
def count_refused(form: Form, *, reason: str, by: By) -> RefusedSubmissions:
    """Count a submission that was refused, today and for this reason. `by`: nobody."""
    row, _ = RefusedSubmissions.objects.get_or_create(
        workspace_id=form.workspace_id, form=form, day=clock.now().date(), reason=reason
    )
    RefusedSubmissions.objects.filter(workspace_id=form.workspace_id, pk=row.pk).update(count=F("count") + 1)
    return row


def _first(content: Content, answers: Mapping[str, Any], kind: str) -> str:
    return next((str(answers[f.key]) for f in content.fields if f.kind == kind and answers.get(f.key)), "")


def _minutes_to_wait(submission: Submission) -> int:
    """0: go on. Counted by form, by network (an IPv6 /64 is one) and by e-mail address."""
    for of, most, minutes in LIMITS:
        if not (value := getattr(submission, of)):
            continue
        rows = Submission.objects.filter(workspace_id=submission.workspace_id, **{of: value})
        if rows.filter(sent_at__gt=clock.now() - timedelta(minutes=minutes)).count() >= most:
            return minutes
    return 0


def _consents(content: Content, answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"purpose": f.purpose, "given": answers[f.key], "text": f.label, "version": f.text_version}
        for f in content.fields
        if f.kind == kinds.CONSENT and f.key in answers
    ]


def _stranger(submission: Submission, content: Content, told: Told, topics: Collection[str]) -> Stranger:
    """What the answers say of the person. A box that is not ticked takes no earlier yes back; a topic is confirmed by mail."""
    traits = {f.trait: submission.answers.get(f.key) for f in content.fields if f.trait}
    given = {
        each["purpose"]: (True, str(each["version"]))
        for each in submission.consents
        if each["given"] and (told.past or each["purpose"] not in topics)
    }
    # Of the past no browser is known but the one whose id was told.
    browser = [("anonymous_id", told.anonymous)] if told.past is None or told.came.anonymous else []
    keys = browser + ([("email", submission.email)] if submission.email else [])
    source = f"form: {submission.form.name}"[:100]
    return Stranger(keys, clock.to_us(told.at), source, {t: v for t, v in traits.items() if v}, given)


def _said(submission: Submission, content: Content) -> dict[str, Any]:
    """What the event says: what was chosen of our own words, never what was typed."""
    chosen = {
        of.key: submission.answers[of.key]
        for of in content.fields
        if of.kind in (kinds.HEARD, kinds.PAINS) and submission.answers.get(of.key)
    }
    hands_over = {"hands_over": "1"} if submission.form.hands_over else {}
    return {"submission": submission.public_id} | hands_over | chosen


def _tell_visit(submission: Submission, source: Source, told: Told) -> None:
    """A page without script tells only when it is sent that it was viewed and begun."""
    said, sender = described(submission.form, submission.version.number), told.sender(source)
    nonce, who = told.nonce, told.anonymous
    viewed, started = event_id(nonce, FORM_VIEWED), event_id(nonce, FORM_STARTED)
    record_visit(who, FORM_VIEWED, said_by=sender, at=nonce.at, id=viewed, properties=said)
    record_visit(who, FORM_STARTED, said_by=sender, at=nonce.at, id=started, properties=said)
