"""What an action returns when it may not be done: a value with a sentence, never an exception."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Refused:
    """`sentence` says what is wrong and what would be right; `field` names the form field it belongs to, if one does."""

    sentence: str
    field: str = ""

    def __str__(self) -> str:
        return self.sentence
