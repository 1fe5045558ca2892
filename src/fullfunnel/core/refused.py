"""What an action returns when it may not be done."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Refused:
    """sentence: what is wrong and what would be right; field: of the form, if any.

    choices: (value, label) of what one may choose from, where the action asks which was meant.
    """

    sentence: str
    field: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.sentence
