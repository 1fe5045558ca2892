"""backup.json, the first file of a backup: what it is. Pure, and free of Django."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

ABOUT = "backup.json"
MAIN, JOURNAL = "main.db", "journal.db"
LONGEST_TEXT = 100


@dataclass(frozen=True)
class About:
    """made_at: ISO 8601, UTC; files, events: of the lake; members: all files, this one too (0: an older program did not count)."""

    made_at: str
    version: str
    format: int
    events: int
    files: int
    members: int = 0

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    def as_json(self) -> bytes:
        return json.dumps(asdict(self)).encode()


def read_about(content: bytes) -> About:
    """Return what it says. ValueError where it is not as we write it."""
    try:
        said = json.loads(content)
        numbers = {name: said[name] for name in ("format", "events", "files")} | {"members": said.get("members", 0)}
        texts = {name: said[name] for name in ("made_at", "version")}
        is_ours = all(type(number) is int and 0 <= number < 2**63 for number in numbers.values())
        is_ours &= all(isinstance(text, str) and len(text) <= LONGEST_TEXT for text in texts.values())
        is_ours = (
            is_ours and texts["version"].isprintable() and datetime.fromisoformat(texts["made_at"]).tzinfo is not None
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        is_ours = False
    if not is_ours:
        raise ValueError(
            f"{ABOUT} in it is not what fullfunnel writes there: it was changed, or is no backup of fullfunnel"
        )
    return About(**texts, **numbers)
