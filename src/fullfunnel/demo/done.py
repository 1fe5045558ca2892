"""What an action made, or the end of the demo."""

from typing import TypeVar

from fullfunnel.core.refused import Refused

T = TypeVar("T")


def done(made: T | Refused) -> T:
    """What an action made. RuntimeError with its sentence when it refused."""
    if isinstance(made, Refused):
        raise RuntimeError(made.sentence)
    return made
