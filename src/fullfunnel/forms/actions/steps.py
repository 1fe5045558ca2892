"""Back and forth in the edits of a draft. The steps are the form's, whoever made them."""

from django.db import transaction

from fullfunnel.core.refused import Refused
from fullfunnel.forms.drafts import say_content
from fullfunnel.forms.models import DraftStep, Form, FormVersion
from fullfunnel.workspaces.roles import By, reason_not_to_act
from fullfunnel.workspaces.scope import EDITORS


@transaction.atomic
def undo_edit(form: Form, *, by: By) -> FormVersion | Refused:
    """Bring the draft back to what it said before the last edit."""
    return _step(form, -1, "There is nothing to undo.", by)


@transaction.atomic
def redo_edit(form: Form, *, by: By) -> FormVersion | Refused:
    """Do again what was undone last."""
    return _step(form, 1, "There is nothing to do again.", by)


def _step(form: Form, by_steps: int, nothing: str, by: By) -> FormVersion | Refused:
    if refused := reason_not_to_act(by, form.workspace_id, EDITORS):
        return refused
    Form.objects.select_for_update().get(workspace_id=form.workspace_id, pk=form.pk)
    drafts = FormVersion.objects.filter(workspace_id=form.workspace_id, form=form, published_at=None)
    draft = drafts.first()
    steps = DraftStep.objects.filter(workspace_id=form.workspace_id, draft=draft)
    wanted = steps.filter(position=draft.step + by_steps).first() if draft else None
    if draft is None or wanted is None:
        return Refused(nothing)
    draft.step = wanted.position
    return say_content(draft, wanted.content)
