"""The rules as docs/spec/stages.md lists them: rule -> events and their properties, in words."""

from collections.abc import Iterator

from fullfunnel.events.conditions import Clause, Group, clause_words
from fullfunnel.journeys.stages.rule import DAY, Stage
from fullfunnel.journeys.stages.rules import FREE_MAIL, RULES

# Said once, and not each time.
WORK = " and ".join(f"new does not contain {one}" for one in FREE_MAIL)


def table_lines() -> Iterator[str]:
    """Yield the lines of the table, header first. What sells to both has the rules of companies and of shops."""
    yield "| | stage | reached when a journey has one of |"
    yield "|---|---|---|"
    for sells in ("companies", "households", "online"):
        rules = RULES[sells]
        for stage in (*rules.stages, *([rules.prospect] if rules.prospect else [])):
            yield f"| {sells} | {stage.name} | {' · '.join(rule_words(stage))} |"


def rule_words(stage: Stage) -> list[str]:
    """Return the alternatives of a stage's rule in English."""
    words = [_words(one) for one in _alternatives(stage.rule)]
    if stage.late:
        days = stage.late_by // DAY
        words.append(f"{_words(stage.late)}, {days} days or more after {stage.late_after}")
    return list(dict.fromkeys(words))


def _alternatives(clause: Clause) -> list[Clause]:
    if isinstance(clause, Group) and clause.op == "any":
        return [inner for one in clause.of for inner in _alternatives(one)]
    return [clause]


def _words(clause: Clause) -> str:
    said = clause_words(clause).replace(WORK, "new is no free mail").replace("page_viewed or screen_viewed", "a page")
    return said.replace("served is true", "new is served")
