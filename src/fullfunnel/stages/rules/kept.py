"""Which rules a workspace has: the version adopted last, a version by its number, else the default of how it sells."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from fullfunnel.events.conditions import QuestionError
from fullfunnel.journeys.stages.rule_set import SCORED, ByScore, RuleSet, default_set, read_set
from fullfunnel.journeys.stages.rules import DEFAULT
from fullfunnel.stages.models import ScoreRule
from fullfunnel.stages.rules.models import RuleVersion
from fullfunnel.workspaces.models import Workspace


@dataclass(frozen=True)
class Kept:
    """The rules of a workspace, and since when (aware): a move before sets nothing off. row: None: the default."""

    rules: RuleSet
    since: datetime
    row: RuleVersion | None = None


def kept_rules(workspace: Workspace) -> Kept:
    """Return the rules that hold: what was adopted for how the workspace sells now, else the default."""
    row = adopted_row(workspace)
    if row is not None and row.adopted_at is not None and (read := read_version(row)) is not None:
        return Kept(read, max(row.adopted_at, workspace.created_at), row)
    number = next_number(workspace)
    return Kept(*_default(workspace, number))


def adopted_row(workspace: Workspace) -> RuleVersion | None:
    """Return the version adopted last for how the workspace sells; None: none, the default holds."""
    rows = RuleVersion.objects.filter(workspace=workspace, sells=kind_of(workspace), adopted_at__isnull=False)
    return rows.select_related("adopted_by", "made_by").order_by("-adopted_at", "-number").first()


def kind_of(workspace: Workspace) -> str:
    return workspace.sells or DEFAULT


def next_number(workspace: Workspace) -> int:
    last = RuleVersion.objects.filter(workspace=workspace).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _default(workspace: Workspace, number: int) -> tuple[RuleSet, datetime]:
    """Return the default, with the limits of the score that the workspace decided before rules had versions."""
    rules, own = default_set(workspace.sells, number), None
    if workspace.sells in SCORED:
        own = ScoreRule.objects.filter(workspace=workspace).first()
    if own is None:
        return rules, workspace.created_at
    return replace(rules, by_score=ByScore(own.is_on, own.fit, own.engagement)), own.since


def read_version(row: RuleVersion) -> RuleSet | None:
    """Return the rules of a row; None where this program cannot read them any more."""
    return _read(json.dumps(row.rules), row.number)


@lru_cache(maxsize=256)
def _read(text: str, number: int) -> RuleSet | None:
    try:
        return read_set(json.loads(text), number)
    except QuestionError:
        return None


def rules_called(workspace: Workspace, number: int) -> RuleSet | None:
    """Return the rules of a version or a draft; the default has the number that it would get as a version."""
    row = RuleVersion.objects.filter(workspace=workspace, number=number).first()
    if row is not None:
        return read_version(row)
    kept = kept_rules(workspace)
    return kept.rules if kept.rules.number == number else None


def adopted_rules(workspace: Workspace) -> tuple[RuleSet, str]:
    """Return the rules that hold, and a stamp that changes when a version or a draft of the workspace does."""
    changed = (
        RuleVersion.objects.filter(workspace=workspace).order_by("-changed_at").values_list("changed_at", flat=True)
    )
    return kept_rules(workspace).rules, str(changed.first() or "")
