"""What the pages of one form share: finding it, its head, its tabs."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from fullfunnel.forms.fields import Content, read
from fullfunnel.forms.models import Form, FormVersion
from fullfunnel.workspaces.scope import EDITORS, MemberRequest

TABS = (
    ("build", "Build", "forms:build"),
    ("after", "After sending", "forms:after"),
    ("stands", "Where it stands", "forms:stands"),
    ("answers", "Answers", "forms:answers"),
    ("funnel", "Its funnel", "forms:funnel"),
)
OF_EDITORS = ("after", "stands", "answers")


def form_of(request: MemberRequest, public_id: str) -> Form:
    """Return the form of the workspace; Http404 for none."""
    return get_object_or_404(Form.objects.select_related("workspace"), workspace=request.workspace, public_id=public_id)


def versions_of(form: Form) -> tuple[FormVersion | None, FormVersion | None]:
    """Return (the draft, the live version)."""
    versions = FormVersion.objects.filter(workspace_id=form.workspace_id, form=form).order_by("-number")
    return versions.filter(published_at=None).first(), versions.exclude(published_at=None).first()


def content_of(form: Form) -> Content:
    """Return what editors work on: the draft, else the live version."""
    draft, live = versions_of(form)
    version = draft or live
    return read(version.content) if version else Content("")


def steps_of(draft: FormVersion | None) -> tuple[bool, bool]:
    """Return whether an edit of the draft can be (undone, done again)."""
    positions = set(draft.steps.values_list("position", flat=True)) if draft else set()
    return (draft.step - 1 in positions, draft.step + 1 in positions) if draft else (False, False)


def head_of(request: MemberRequest, form: Form, section: str) -> dict[str, Any]:
    """Return what the head of every page of a form shows."""
    draft, live = versions_of(form)
    may_edit = request.may(EDITORS)
    tabs = [
        (label, reverse(name, args=[request.workspace.slug, form.public_id]), key == section)
        for key, label, name in TABS
        if may_edit or key not in OF_EDITORS
    ]
    public = request.build_absolute_uri(reverse("forms:hosted", args=[form.public_id]))
    versions = FormVersion.objects.filter(workspace=request.workspace, form=form).select_related("published_by")
    return {
        "form_row": form,
        "draft": draft,
        "live": live,
        "tabs": tabs,
        "may_edit": may_edit,
        "public_url": public,
        "steps": steps_of(draft),
        "versions": list(versions.exclude(published_at=None).order_by("-number")[:50]),
    }
