"""The documented rules of stages are those that are counted."""

from pathlib import Path

from fullfunnel.events.conditions import Group, Has
from fullfunnel.journeys.stages.rule import Stage
from fullfunnel.journeys.stages.rules import RULES
from fullfunnel.journeys.stages.table import rule_words, table_lines

DOCUMENT = Path(__file__).parents[4] / "docs" / "spec" / "stages.md"


def test_the_table_of_the_documentation_is_made_of_the_rules():
    lines = DOCUMENT.read_text().splitlines()
    begin = lines.index("| | stage | reached when a journey has one of |")
    end = begin + lines[begin:].index("")
    assert lines[begin:end] == list(table_lines())


def test_a_rule_in_words():
    companies = {stage.name: stage for stage in RULES["companies"].stages}
    assert rule_words(companies["interest"]) == [
        "a page, in 2 sessions within 30 days",
        "a page where page_kind is content, with 2 values of path",
        "newsletter_confirmed",
    ]


def leaves(clause):
    return [clause] if isinstance(clause, Has) else [leaf for one in clause.of for leaf in leaves(one)]


def test_rules_join_what_journeys_have_and_negate_nothing():
    for rules in RULES.values():
        stages = [*rules.stages, *([rules.prospect] if rules.prospect else [])]
        clauses = [clause for stage in stages for clause in (stage.rule, stage.late) if clause]
        assert all(isinstance(leaf, Has) for clause in clauses for leaf in leaves(clause))
        assert all(isinstance(stage, Stage) for stage in stages)
        groups = [clause for clause in clauses if isinstance(clause, Group)]
        assert {group.op for group in groups} <= {"any", "all"}
