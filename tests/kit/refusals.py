"""Refusals of actions: a sentence, and nothing changed."""

from collections.abc import Callable, Sequence
from typing import Any

from fullfunnel.core.refused import Refused


def rows_of(models: Sequence[Any]) -> list[Any]:
    """Return every row of these models."""
    return [list(model.objects.order_by("pk").values()) for model in models]


def refusal_of(action: Callable[[], Any], models: Sequence[Any]) -> str:
    """Return the sentence with which an action is refused, having asserted that the rows of these models stay as they are."""
    before, result = rows_of(models), action()
    assert isinstance(result, Refused)
    assert rows_of(models) == before
    return result.sentence
