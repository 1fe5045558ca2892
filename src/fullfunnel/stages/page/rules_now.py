"""The rules of stages by which a workspace counts now."""

from fullfunnel.journeys.stages.rule import Rules
from fullfunnel.stages.rules.kept import kept_rules
from fullfunnel.workspaces.models import Workspace


def rules_now(workspace: Workspace) -> Rules:
    return kept_rules(workspace).rules.rules
