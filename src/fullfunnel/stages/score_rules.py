"""Who is handed over by score: the default of each kind of workspace, and what one decided itself."""

from dataclasses import dataclass
from datetime import datetime

from fullfunnel.stages.models import ScoreRule
from fullfunnel.workspaces.models import Sells, Workspace

# Households ask for a quote or a visit; shops hand nobody over.
SCORED = (Sells.COMPANIES, Sells.BOTH)
LEAST = 50


@dataclass(frozen=True)
class Rule:
    """fit, engagement: at least so much, 0 to 100. since: only what happened later hands somebody over."""

    is_on: bool
    fit: int
    engagement: int
    since: datetime


def score_rule_of(workspace: Workspace) -> Rule | None:
    """Return the rule of a workspace; None where nobody is handed over by score."""
    if workspace.sells not in SCORED:
        return None
    kept = ScoreRule.objects.filter(workspace=workspace).first()
    if kept is None:
        return Rule(True, LEAST, LEAST, workspace.created_at)
    return Rule(kept.is_on, kept.fit, kept.engagement, kept.since)
