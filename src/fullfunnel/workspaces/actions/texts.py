"""What may be done with a workspace's own texts."""

from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import OwnText, Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act, user_of
from fullfunnel.workspaces.scope import ADMINS
from fullfunnel.workspaces.wording.own import wrong_text


@transaction.atomic
def set_text(workspace: Workspace, *, key: str, language: str, text: str, by: By) -> OwnText | Refused:
    """Say this from now on instead of the catalogue's text; its variables must be the same."""
    text = text.strip()
    refused = reason_not_to_act(by, workspace.pk, ADMINS) or wrong_text(key, language, text)
    if refused:
        return refused
    new = {"text": text, "changed_by": user_of(by), "changed_at": clock.now()}
    row, _ = OwnText.objects.update_or_create(workspace=workspace, key=key, language=language, defaults=new)
    record_audit(workspace, "set_text", by=by, key=key, language=language, text=text)
    return row


@transaction.atomic
def reset_text(own: OwnText, *, by: By) -> OwnText | Refused:
    """Say the catalogue's text again."""
    if refused := reason_not_to_act(by, own.workspace_id, ADMINS):
        return refused
    record_audit(own.workspace, "reset_text", by=by, key=own.key, language=own.language, text=own.text)
    OwnText.objects.filter(workspace_id=own.workspace_id, pk=own.pk).delete()
    return own
