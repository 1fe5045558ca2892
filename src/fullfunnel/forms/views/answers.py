"""What was sent to a form, the latest first, by pages that go on from a row; and as CSV."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from fullfunnel.core.csv_cells import MARKER, MARKER_VALUE, escaped
from fullfunnel.core.numbers import number
from fullfunnel.core.pages import Heading, Listing, asked_list, asked_words
from fullfunnel.forms import fields as kinds
from fullfunnel.forms.fields import CONSENT, Field, read
from fullfunnel.forms.models import Form, FormVersion, PainPoint, RefusedSubmissions, Submission
from fullfunnel.forms.views.shared import form_of, head_of
from fullfunnel.people.models import Person
from fullfunnel.workspaces.scope import EDITORS, MemberRequest, allow
from fullfunnel.workspaces.sight import about_visible

MOST_IN_FILE = 50_000
CAME = ("source", "medium", "campaign", "term", "content", "gclid", "url", "referrer", "first_url")
REASONS = {
    "trap": "filled in the hidden field",
    "bot": "programs",
    "fast": "sent within two seconds",
    "expired": "after two hours",
    "rate": "too many at once",
    "wrong": "with something missing",
}


@dataclass(frozen=True)
class Sent:
    """A row of the list: a submission and what its first columns say."""

    row: Submission
    cells: Sequence[str]


@allow(EDITORS)
@require_safe
def answers(request: MemberRequest, public_id: str) -> HttpResponse:
    """The list, the latest first; `?q=` is a part of a person's name or address."""
    form = form_of(request, public_id)
    context = head_of(request, form, "answers") | {
        "listing": _listing(request, form),
        "is_empty": not submissions_of(form).exists(),
        "refused": refused_words(form),
    }
    return render(request, "forms/answers.html", context)


def _listing(request: MemberRequest, form: Form) -> Listing:
    columns, labels, words = columns_of(form)[:4], pain_labels(form), asked_words(request)
    rows = submissions_of(form)
    heads = [Heading(field.label[:40]) for field in columns]
    listing = asked_list(
        request,
        rows.filter(person__search_text__contains=words.casefold()) if words else rows,
        (Heading("Person"), *heads, Heading("From"), Heading("Version"), Heading("Sent", "-sent_at", is_number=True)),
        sort="-sent_at",
        id="answers",
        label="What was sent",
        row_template="forms/_answer_row.html",
        searches="Search by person",
        csv=reverse("forms:answers-csv", args=[request.workspace.slug, form.public_id]),
    )
    told = [Sent(row, [cell(row.answers.get(f.key), f, labels) for f in columns]) for row in listing.page.rows]
    return replace(listing, page=replace(listing.page, rows=told))


@allow(EDITORS)
@require_safe
def submission(request: MemberRequest, public_id: str, submission_id: str) -> HttpResponse:
    """One submission: what was answered to the version that was shown, what was agreed to, where it came from."""
    form = form_of(request, public_id)
    rows = submissions_of(form)
    row = get_object_or_404(rows, public_id=submission_id)
    labels, fields = pain_labels(form), read(row.version.content).fields
    told = [
        (f.label, cell(row.answers[f.key], f, labels)) for f in fields if f.key in row.answers and f.kind != CONSENT
    ]
    context = {"form_row": form, "row": row, "told": told, "came": came_words(row)}
    return render(request, "forms/submission.html", context)


@allow(EDITORS)
@require_safe
def answers_file(request: MemberRequest, public_id: str) -> HttpResponse:
    """All answers as CSV, the latest first; cells that a spreadsheet would run are escaped."""
    form = form_of(request, public_id)
    columns, labels, text = columns_of(form), pain_labels(form), io.StringIO()
    writer = csv.writer(text)
    head = ["sent_at", "person", "version", *(f.label for f in columns), *CAME, MARKER]
    writer.writerow([escaped(name) for name in head])
    for row in submissions_of(form).order_by("-sent_at", "-pk")[:MOST_IN_FILE].iterator(500):
        given = [cell(row.answers.get(f.key), f, labels) for f in columns]
        said = [localtime(row.sent_at).isoformat(), row.person.public_id, str(row.version.number), *given]
        writer.writerow([escaped(each) for each in said + [str(row.came.get(n, "")) for n in CAME]] + [MARKER_VALUE])
    headers = {"Content-Disposition": f'attachment; filename="form-{form.public_id}.csv"'}
    return HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def submissions_of(form: Form) -> QuerySet[Submission]:
    """Return what people sent whom the member sees."""
    rows = Submission.objects.filter(workspace_id=form.workspace_id, form=form).select_related("person", "version")
    return about_visible(rows, person=Person)


def columns_of(form: Form) -> list[Field]:
    """Return every field that a published version had, as the latest of them called it."""
    versions = FormVersion.objects.filter(workspace_id=form.workspace_id, form=form).exclude(published_at=None)
    found: dict[str, Field] = {}
    for version in versions.order_by("-number"):
        for field in read(version.content).fields:
            found.setdefault(field.key, field)
    return list(found.values())


def pain_labels(form: Form) -> dict[str, str]:
    return dict(PainPoint.objects.filter(workspace_id=form.workspace_id).values_list("key", "label"))


def cell(value: Any, field: Field, labels: dict[str, str]) -> str:
    """Return an answer as a text; "" for one that is empty or was not asked."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(str(value[part]) for part in kinds.ADDRESS_PARTS if value.get(part))
    if isinstance(value, list):
        return ", ".join(labels.get(each, str(each)) for each in value)
    return "" if value is None else str(value)


def came_words(row: Submission) -> list[tuple[str, str]]:
    """Return what is known of the way to the form, as (name, value)."""
    names = (*CAME, "first_referrer")
    return [(name, str(row.came[name])) for name in names if row.came.get(name)]


def refused_words(form: Form) -> str:
    """Return what was not taken, in words; "" for nothing."""
    rows = RefusedSubmissions.objects.filter(workspace_id=form.workspace_id, form=form)
    counts: dict[str, int] = {}
    for reason, count in rows.values_list("reason", "count"):
        counts[reason] = counts.get(reason, 0) + count
    return ", ".join(f"{number(counts[reason])} {words}" for reason, words in REASONS.items() if reason in counts)
