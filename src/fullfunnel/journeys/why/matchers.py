"""The steps and exclusions of a funnel with their bits, and whether a condition holds of one value."""

from fullfunnel.events.conditions import Condition, truths
from fullfunnel.journeys.folds.plan import FIRST_EXCLUSION
from fullfunnel.journeys.questions.shapes import Funnel, Matcher


def matchers(question: Funnel) -> list[tuple[int, Matcher]]:
    """Every step and exclusion with its bit."""
    steps: list[tuple[int, Matcher]] = [(1 << at, step) for at, step in enumerate(question.steps)]
    return steps + [(1 << (FIRST_EXCLUSION + at), one) for at, one in enumerate(question.exclude)]


def holds(condition: Condition, value: str | None) -> bool:
    return bool(truths(condition, [] if value is None else [value])[0])
