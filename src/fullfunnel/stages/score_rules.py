"""Who is handed over by score: what the rules of a workspace say of it."""

from dataclasses import dataclass
from datetime import datetime

from fullfunnel.journeys.stages.weights import Weights, with_addresses
from fullfunnel.stages.page_kinds import pages_of
from fullfunnel.stages.rules.kept import kept_rules
from fullfunnel.workspaces.models import Workspace


@dataclass(frozen=True)
class Rule:
    """fit, engagement: at least so much, 0 to 100. since: only what happened later hands somebody over. half_life: µs."""

    is_on: bool
    fit: int
    engagement: int
    since: datetime
    weights: Weights
    half_life: int
    number: int


def score_rule_of(workspace: Workspace) -> Rule | None:
    """Return the rule of a workspace; None where nobody is handed over by score."""
    kept = kept_rules(workspace)
    rules, limits = kept.rules, kept.rules.by_score
    if limits is None:
        return None
    weights = Weights(rules.weights.fit, with_addresses(rules.weights.engagement, pages_of(workspace)))
    return Rule(limits.is_on, limits.fit, limits.engagement, kept.since, weights, rules.half_life, rules.number)
