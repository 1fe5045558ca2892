"""What a seller says with a move into Lost, and of what they did."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fullfunnel.crm.models import Direction, LostReason
from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import User

# Why sales turns a lead away: lists, so that events may say them.
NOT_FOR_US = (
    "Does not fit",
    "Too small",
    "Looks for work or a thesis",
    "Competitor",
    "Customer already",
    "Wrong contact details",
    "Spam or a test",
)
NOT_YET = ("Too early", "No budget now", "Cannot be reached", "Only wanted to read", "Somebody else decides")


@dataclass(frozen=True)
class Lost:
    """Why a deal was lost: an entry of the workspace's list, a text beside it, to whom, and who said so."""

    reason: LostReason
    text: str = ""
    competitor: str = ""
    said_by: str = ""


@dataclass(frozen=True)
class Done:
    """What a seller did. kind: of ActivityKind; direction: out or in; outcome: "reached", "no answer", …"""

    kind: str
    direction: str = Direction.OUT
    outcome: str = ""
    text: str = ""


@dataclass(frozen=True)
class Call:
    """How a call of ours was, and what is to be done next; an empty next_step: nothing."""

    outcome: str
    text: str = ""
    next_step: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True)
class Supplied:
    """What a deal gets so that it can go on. changes: of change_deal; owner: None leaves it as it is; people: with their roles."""

    changes: Mapping[str, Any] = field(default_factory=dict)
    owner: User | None = None
    people: tuple[tuple[Person, str], ...] = ()
