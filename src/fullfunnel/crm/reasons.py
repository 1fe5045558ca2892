"""Why somebody is handed over: sentences, each with the points that it gave. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

FIT, ENGAGEMENT = "fit", "engagement"
HIGHEST, LONGEST, MOST = 100, 300, 40


@dataclass(frozen=True)
class Reason:
    """text: "Asked for a demo"; points: what it adds to `of`, which is fit, engagement, or empty without a score."""

    text: str
    points: int = 0
    of: str = ""


def written_reasons(why: Iterable[str | Reason]) -> list[dict[str, Any]]:
    """Return reasons as a row holds them; a plain text is a reason without points."""
    reasons = [Reason(each) if isinstance(each, str) else each for each in why]
    return [asdict(each) | {"text": each.text.strip()[:LONGEST]} for each in reasons if each.text.strip()][:MOST]


def read_reasons(written: Iterable[dict[str, Any]]) -> list[Reason]:
    """Return the reasons that a row holds."""
    return [Reason(each.get("text", ""), each.get("points", 0), each.get("of", "")) for each in written]


def sum_of(written: Iterable[dict[str, Any]], of: str) -> int:
    """Return the sum of the points of fit or engagement, between 0 and 100."""
    return max(0, min(HIGHEST, sum(each.points for each in read_reasons(written) if each.of == of)))
