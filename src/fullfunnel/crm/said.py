"""What a seller says with a move into Lost, and of what they did."""

from dataclasses import dataclass

from fullfunnel.crm.models import Direction, LostReason


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
