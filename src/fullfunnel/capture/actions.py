"""What may be done with the workspace's own channels."""

from typing import Any

from django.db import transaction

from fullfunnel.capture.models import ChannelGroup
from fullfunnel.capture.own_channels.rules import names_of, read_rules
from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.events.conditions import QuestionError
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act, user_of
from fullfunnel.workspaces.scope import ADMINS


@transaction.atomic
def apply_channel_rules(workspace: Workspace, *, rules: Any, by: By) -> ChannelGroup | Refused:
    """Make these the workspace's channels, for all of the past as well: nothing stored changes, questions group anew."""
    if refused := reason_not_to_act(by, workspace.pk, ADMINS):
        return refused
    try:
        read = read_rules(rules)
    except QuestionError as error:
        return Refused(f"{error.field}: {error.message}", error.field)
    group = ChannelGroup.objects.filter(workspace=workspace).first() or ChannelGroup(workspace=workspace, version=0)
    if group.version and group.rules == rules:
        return group
    group.rules, group.version = rules, group.version + 1
    group.applied_at, group.applied_by = clock.now(), user_of(by)
    group.save()
    record_audit(workspace, "apply_channel_rules", by=by, channels=names_of(read), rules=len(read))
    return group
