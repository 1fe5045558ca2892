"""The types of the grammar."""

from dataclasses import dataclass

from fullfunnel.core.suggest import shortened

Operand = str | float
EQUAL, LISTED, TEXTUAL, COMPARED, BARE = (
    ("=", "!="),
    ("in", "not_in"),
    ("contains", "not_contains", "starts_with", "ends_with", "matches"),
    (">", ">=", "<", "<=", "between"),
    ("is_set", "is_not_set"),
)
OPS = (*EQUAL, *LISTED, *TEXTUAL, *COMPARED, *BARE)
# Each negative operator, and the one that it is the opposite of.
OPPOSITE = {"!=": "=", "not_in": "in", "not_contains": "contains", "is_not_set": "is_set"}
# Properties that stand for columns of the event: the company and the deal that the event itself names.
COMPANY, DEAL = "@company", "@deal"
# Who said the event: the name of its source, and how far that kind of source is trusted (web, server, file, own).
SENT_BY, TRUST = "sent_by", "trust"
SENDER = (SENT_BY, TRUST)
# The channel of a touch as the workspace's own rules have it.
CHANNEL_GROUP = "channel_group"


class QuestionError(ValueError):
    """A question that cannot be read."""

    # Where: "steps[2].where[0].op".
    field: str
    # What is wrong, and what would be right.
    message: str

    def __init__(self, field: str, message: str) -> None:
        # The sender may have made up the field's name, however long.
        self.field = shortened(field)
        super().__init__(f"{self.field}: {message}")
        self.message = message


@dataclass(frozen=True)
class Condition:
    """A test of one property. Without a value only `is_not_set` and the negative operators hold."""

    property: str
    op: str
    # One; none for is_set; two for between; any number for in. A float compares as a number, a str as a text.
    operands: tuple[Operand, ...] = ()
    # event, person (the value today) or person_then (the value at the time of the event).
    of: str = "event"
