from django.db import models

from fullfunnel.capture.own_channels.rules import Rule, read_rules
from fullfunnel.core import clock
from fullfunnel.workspaces.models import User, Workspace, WorkspaceRow


class ChannelGroup(WorkspaceRow):
    """The workspace's own channels: the rules that were applied last. Without a row our own group holds alone."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="+")
    rules = models.JSONField(default=list, help_text="own_channels.rules")
    version = models.PositiveIntegerField(default=1, help_text="how often rules were applied; answers depend on it")
    applied_at = models.DateTimeField(default=clock.now)
    applied_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")


def load_rules(workspace_id: int) -> tuple[int, tuple[Rule, ...]]:
    """Return the version and the rules of a workspace; (0, ()) where none were applied."""
    found = ChannelGroup.objects.filter(workspace_id=workspace_id).values_list("version", "rules").first()
    return (found[0], read_rules(found[1])) if found else (0, ())
