"""What the page of the rules shows: the version asked for, its stages in words, one of them opened, versions, what differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fullfunnel.events.conditions import Group, Has
from fullfunnel.events.models import EventName
from fullfunnel.journeys.stages.page_kinds import PAGE_KIND, SERVED
from fullfunnel.journeys.stages.rule import DAY
from fullfunnel.journeys.stages.rule_set import RuleSet
from fullfunnel.people.views.filters import COUNTS, OF_EVENTS, SPANS, EventShown, names_offered, shown_of
from fullfunnel.stages.rules import words
from fullfunnel.stages.rules.checks import impossible, remarks_of
from fullfunnel.stages.rules.kept import adopted_row, kept_rules, kind_of, read_version
from fullfunnel.stages.rules.models import RuleVersion
from fullfunnel.stages.rules.tree import Row, rows_of
from fullfunnel.stages.words import MEANINGS
from fullfunnel.workspaces.models import Workspace

Json = dict[str, Any]
MOST_VERSIONS = 50
# What others call a stage.
ALSO = {
    "interest": "Engagement",
    "consideration": "Desire, Evaluation",
    "conversion": "Action, Purchase",
    "prospect": "Contact, Lead",
    "handed_over": "MQL, SAL",
}
OF_SALES = ("prospect", "handed_over")


@dataclass(frozen=True)
class Line:
    """A condition or a group in the editor. shown: what its form shows, None where the form cannot say it; remark: "" or what is wrong."""

    row: Row
    words: str
    shown: EventShown | None
    remark: str


@dataclass(frozen=True)
class Listed:
    """A stage in the list on the left."""

    name: str
    title: str
    said: str
    conditions: int
    is_edited: bool
    is_wrong: bool
    is_sales: bool


@dataclass(frozen=True)
class Shown:
    """The version that the page shows. base: the rules that hold. row: None: the default, of which no version was kept yet."""

    rules: RuleSet
    row: RuleVersion | None
    base: RuleSet

    @property
    def is_draft(self) -> bool:
        return self.row is not None and self.row.is_draft

    @property
    def holds(self) -> bool:
        return self.rules.number == self.base.number


def shown_version(workspace: Workspace, number: int | None) -> Shown | None:
    """Return the version of this number, None: what holds; None where there is no such version, or it cannot be read."""
    kept = kept_rules(workspace)
    if number is None or number == kept.rules.number:
        return Shown(kept.rules, kept.row, kept.rules)
    rows = RuleVersion.objects.filter(workspace=workspace, sells=kind_of(workspace), number=number)
    row = rows.select_related("made_by", "adopted_by").first()
    rules = read_version(row) if row else None
    return Shown(rules, row, kept.rules) if rules else None


def context_of(workspace: Workspace, shown: Shown, stage: str) -> Json:
    """Return what the template shows."""
    differ = words.differences(_compared(workspace, shown), shown.rules)
    seen = set(EventName.objects.filter(workspace=workspace).values_list("name", flat=True))
    remarks = impossible(shown.rules, seen)
    edited = {one.where for one in differ}
    listed = [
        _listed(shown.rules, one, edited, {remark.stage for remark in remarks}) for one in stages_shown(shown.rules)
    ]
    stage = stage if stage in {one.name for one in listed} else "interest"
    events, properties = names_offered(workspace)
    return {
        "shown": shown, "stages": listed, "opened": next(one for one in listed if one.name == stage),
        "meaning": MEANINGS.get(stage, ""), "also": ALSO.get(stage, ""), "lines": _lines(shown.rules, stage, remarks),
        "remark": remarks_of(remarks, stage).get(-1, ""), "late": _late(shown.rules, stage), "differ": differ,
        "versions": versions_of(workspace), "choices": {"of_events": OF_EVENTS, "counts": COUNTS, "spans": SPANS},
        "empty": EventShown(), "events": events, "properties": [PAGE_KIND, SERVED, *properties],
        "score": _score(shown.rules), "silence_days": shown.rules.rules.silence // DAY,
    }  # fmt: skip


def _compared(workspace: Workspace, shown: Shown) -> RuleSet:
    """Return what a version is compared with: a draft with what holds, another with the one before it."""
    if shown.row is None or shown.is_draft:
        return shown.base
    rows = RuleVersion.objects.filter(workspace=workspace, sells=shown.row.sells, adopted_at__lt=shown.row.adopted_at)
    before = rows.order_by("-adopted_at", "-number").first()
    return (read_version(before) if before else None) or shown.rules


def stages_shown(rules: RuleSet) -> Sequence[str]:
    names = [stage.name for stage in rules.stages]
    return [*names, "handed_over"] if rules.rules.has_sales else names


def _listed(rules: RuleSet, name: str, edited: set[str], wrong: set[str]) -> Listed:
    title, stage = words.TITLES[name], rules.stage(name)
    said = words.handed_over_words(rules) if stage is None else words.stage_words(stage)
    count = 1 + bool(rules.by_score and rules.by_score.is_on) if stage is None else len(words.parts_words(stage))
    is_edited = title in edited or (stage is None and bool(edited & {"Fit", "Engagement"}))
    return Listed(name, title, said, count, is_edited, name in wrong, name in OF_SALES)


def _lines(rules: RuleSet, name: str, remarks: Any) -> list[Line]:
    stage = rules.stage(name)
    if stage is None:
        return []
    said = remarks_of(remarks, name)
    return [_line(row, said) for row in rows_of(stage.rule)]


def _line(row: Row, said: dict[int, str]) -> Line:
    remark = said.get(int(row.place), "") if row.place.isdecimal() else ""
    shown = shown_of(row.clause) if isinstance(row.clause, Has) else None
    return Line(row, "" if isinstance(row.clause, Group) else words.rule_words(row.clause), shown, remark)


def _late(rules: RuleSet, name: str) -> Json | None:
    stage = rules.stage(name)
    if stage is None or stage.late is None:
        return None
    after = words.TITLES.get(stage.late_after, stage.late_after)
    return {"words": words.rule_words(stage.late), "days": stage.late_by // DAY, "after": after}


def _score(rules: RuleSet) -> Json | None:
    if not rules.weights.fit:
        return None
    groups = [("fit", "Fit", rules.weights.fit), ("engagement", "Engagement", rules.weights.engagement)]
    return {
        "limits": rules.by_score,
        "half_life_days": rules.half_life // DAY,
        "groups": [
            (of, title, [(f"{of}.{at}", one.reason, one.points, words.rule_words(one.rule)) for at, one in enumerate(weights)])
            for of, title, weights in groups
        ],
    }  # fmt: skip


def versions_of(workspace: Workspace) -> list[RuleVersion]:
    """Return drafts and versions, the newest first."""
    rows = RuleVersion.objects.filter(workspace=workspace, sells=kind_of(workspace))
    return list(rows.select_related("made_by", "adopted_by").order_by("-number")[:MOST_VERSIONS])


def version_in_force(workspace: Workspace) -> int:
    row = adopted_row(workspace)
    return row.number if row else kept_rules(workspace).rules.number
