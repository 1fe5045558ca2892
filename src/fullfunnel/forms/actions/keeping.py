"""What editors do with a form as a whole, and with the workspace's pain points. Each is in the audit trail."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.core.texts import LANGUAGES
from fullfunnel.forms import fields as kinds
from fullfunnel.forms.models import DraftStep, Form, FormVersion, PainPoint
from fullfunnel.forms.origins import origin_of
from fullfunnel.forms.starters import STARTERS, started
from fullfunnel.forms.telling import SOURCE
from fullfunnel.workspaces.actions import provide_source
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Brand, Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act, user_of
from fullfunnel.workspaces.scope import EDITORS

NO_OTHERS: Mapping[str, Sequence[str]] = {}
MOST_NAME, MOST_ORIGINS, MOST_PAINS = 120, 50, 30


@transaction.atomic
def create_form(workspace: Workspace, *, name: str, starter: str, by: By) -> Form | Refused:
    """Make a form whose draft is a starter, in the workspace's language."""
    if refused := reason_not_to_act(by, workspace.pk, EDITORS) or _wrong_name(workspace.pk, name, None):
        return refused
    if starter not in STARTERS:
        return Refused(f"'{starter[:20]}' is not one of {', '.join(STARTERS)}.", "starter")
    brand = Brand.objects.filter(workspace=workspace).first()
    language = brand.language if brand and brand.language in LANGUAGES else "en"
    hands_over = STARTERS[starter][2]
    form = Form.objects.create(workspace=workspace, name=name.strip(), hands_over=hands_over, created_by=user_of(by))
    content = kinds.written(started(starter, language))
    FormVersion.objects.create(workspace=workspace, form=form, number=1, content=content)
    provide_source(workspace, name=SOURCE, by=by)
    record_audit(workspace, "create_form", by=by, form=form.public_id, name=form.name, starter=starter)
    return form


@transaction.atomic
def change_form(form: Form, *, name: str, hands_over: bool, origins: Sequence[str], by: By) -> Form | Refused:
    """Change name, whether a submission is a lead, and which sites may frame it. Holds at once, for all versions."""
    if refused := reason_not_to_act(by, form.workspace_id, EDITORS) or _wrong_name(form.workspace_id, name, form):
        return refused
    found = [origin_of(text) for text in origins if text.strip()]
    if wrong := next(
        (text for text, origin in zip(filter(str.strip, origins), found, strict=True) if not origin), None
    ):
        return Refused(
            f"'{wrong.strip()[:100]}' is no site; write one a line, like https://www.example.com.", "origins"
        )
    if len(found) > MOST_ORIGINS:
        return Refused(f"At most {MOST_ORIGINS} sites.", "origins")
    new = {"name": name.strip(), "hands_over": hands_over, "origins": sorted(set(found))}
    changed = {field: [getattr(form, field), value] for field, value in new.items() if getattr(form, field) != value}
    if changed:
        Form.objects.filter(workspace_id=form.workspace_id, pk=form.pk).update(**new)
        record_audit(form.workspace, "change_form", by=by, form=form.public_id, **changed)
        form.refresh_from_db()
    return form


@transaction.atomic
def publish_form(form: Form, *, by: By, at: datetime | None = None) -> FormVersion | Refused:
    """Publish the draft: strangers see it from now on, and it never changes again. at: when that was, of what is told."""
    if refused := reason_not_to_act(by, form.workspace_id, EDITORS):
        return refused
    Form.objects.select_for_update().get(workspace_id=form.workspace_id, pk=form.pk)
    versions = FormVersion.objects.filter(workspace_id=form.workspace_id, form=form).order_by("-number")
    draft, before = versions.filter(published_at=None).first(), versions.exclude(published_at=None).first()
    if draft is None:
        return Refused("Nothing was changed since the last version was published.")
    content = kinds.with_text_versions(kinds.read(draft.content), kinds.read(before.content) if before else None)
    if not any(field.is_shown for field in content.fields):
        return Refused("The form asks nothing; add a field first.")
    draft.content, draft.published_at, draft.published_by = kinds.written(content), at or clock.now(), user_of(by)
    draft.step = 0
    draft.save(update_fields=["content", "published_at", "published_by", "step"])
    DraftStep.objects.filter(workspace_id=form.workspace_id, draft=draft).delete()
    record_audit(form.workspace, "publish_form", by=by, form=form.public_id, version=draft.number)
    return draft


@transaction.atomic
def discard_draft(form: Form, *, by: By) -> FormVersion | Refused:
    """Go back to the version that is published."""
    if refused := reason_not_to_act(by, form.workspace_id, EDITORS):
        return refused
    versions = FormVersion.objects.filter(workspace_id=form.workspace_id, form=form)
    live = versions.exclude(published_at=None).order_by("-number").first()
    if live is None:
        return Refused("No version was published yet, so there is nothing to go back to.")
    gone, _ = versions.filter(published_at=None).delete()
    if not gone:
        return Refused("There is no draft.")
    record_audit(form.workspace, "discard_draft", by=by, form=form.public_id)
    return live


@transaction.atomic
def close_form(form: Form, *, by: By) -> Form | Refused:
    """Take its page down. What was sent stays, and reopen_form brings it back."""
    if refused := reason_not_to_act(by, form.workspace_id, EDITORS):
        return refused
    if Form.objects.filter(workspace_id=form.workspace_id, pk=form.pk, closed_at=None).update(closed_at=clock.now()):
        record_audit(form.workspace, "close_form", by=by, form=form.public_id)
    form.refresh_from_db()
    return form


@transaction.atomic
def reopen_form(form: Form, *, by: By) -> Form | Refused:
    """Show its page again."""
    if refused := reason_not_to_act(by, form.workspace_id, EDITORS):
        return refused
    rows = Form.objects.filter(workspace_id=form.workspace_id, pk=form.pk).exclude(closed_at=None)
    if rows.update(closed_at=None):
        record_audit(form.workspace, "reopen_form", by=by, form=form.public_id)
    form.refresh_from_db()
    return form


@transaction.atomic
def set_pain_points(
    workspace: Workspace, *, labels: Sequence[str], by: By, translations: Mapping[str, Sequence[str]] = NO_OTHERS
) -> Workspace | Refused:
    """Keep this list, in this order. One that was there by the same words keeps its key, so that answers go on counting.

    translations: language -> the same list there; one that is left out stays as it was.
    """
    if refused := reason_not_to_act(by, workspace.pk, EDITORS):
        return refused
    wanted = list(dict.fromkeys(label.strip() for label in labels if label.strip()))
    if len(wanted) > MOST_PAINS or any(len(label) > MOST_NAME for label in wanted):
        return Refused(f"At most {MOST_PAINS} pain points, each of at most {MOST_NAME} characters.", "labels")
    others = {language: [text.strip() for text in said if text.strip()] for language, said in translations.items()}
    for language, said in others.items():
        if said and len(said) != len(wanted):
            return Refused(f"Write {len(wanted)} lines, in the order of the list.", f"labels_{language}")
    rows = PainPoint.objects.filter(workspace=workspace)
    rows.exclude(label__in=wanted).delete()
    for position, label in enumerate(wanted):
        if not rows.filter(label=label).update(position=position):
            PainPoint.objects.create(workspace=workspace, label=label, position=position)
    for position, row in enumerate(rows.order_by("position", "pk")):
        said_there = {language: said[position] if said else "" for language, said in others.items()}
        there = {name: text for name, text in {**row.translations, **said_there}.items() if text}
        rows.filter(pk=row.pk).update(translations=there)
    record_audit(workspace, "set_pain_points", by=by, labels=wanted)
    return workspace


def _wrong_name(workspace_id: int, name: str, form: Form | None) -> Refused | None:
    if not name.strip():
        return Refused("A form needs a name, like Demo request.", "name")
    if len(name.strip()) > MOST_NAME:
        return Refused(f"A name has at most {MOST_NAME} characters.", "name")
    same = Form.objects.filter(workspace_id=workspace_id, name=name.strip())
    if same.exclude(pk=form.pk if form else 0).exists():
        return Refused("There is a form of this name already; events are told apart by it.", "name")
    return None
