"""SQL that engines write differently. Braces of a question hold only these and our own texts."""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Self

from fullfunnel.events.conditions.condition import CHANNEL_GROUP


class Dialect:
    """DuckDB. A subclass serves another engine."""

    has_groups = False

    def with_groups(self) -> Self:
        """Return the dialect over events that have their channel group beside them."""
        found = copy(self)
        found.has_groups = True
        return found

    def channel_group(self) -> str:  # in a file a property like any other
        return CHANNEL_GROUP if self.has_groups else self.property(CHANNEL_GROUP)

    def text(self, value: str) -> str:
        return "'" + value.replace("'", "''") + "'"

    def property(self, name: str) -> str:  # of the map; NULL when missing or empty
        return f"nullif(properties[{self.text(name)}], '')"

    def sender(self, name: str) -> str:  # sent_by or trust; where nobody sent it, in a file, a property like any other
        return self.property(name)

    def number(self, expression: str) -> str:  # NULL for a text that is no finite number
        return f"CASE WHEN isfinite(try_cast({expression} AS DOUBLE)) THEN try_cast({expression} AS DOUBLE) END"

    def matches(self, expression: str, pattern: str) -> str:  # RE2, found anywhere in the text
        return f"regexp_matches({expression}, {pattern})"

    def local(self, moment: str, zone: str) -> str:  # a UTC column as wall-clock time in a zone
        return f"timezone({self.text(zone)}, timezone('UTC', {moment}))"

    def truncated(self, unit: str, moment: str) -> str:  # hour, day, week (from Monday) or month
        return f"date_trunc({self.text(unit)}, {moment})"

    def quantile(self, share: float, expression: str) -> str:  # interpolated
        return f"quantile_cont({expression}, {float(share)})"


class Probe(Dialect):
    """Notes whether SQL asks for the channel group."""

    is_asked = False

    def channel_group(self) -> str:
        self.is_asked = True
        return CHANNEL_GROUP


@dataclass(frozen=True)
class Groups:
    """The channel group of events by a key: `key` writes its SQL, `keys` and `names` are as long as each other."""

    key: Callable[[Dialect], str]
    keys: Sequence[str]
    names: Sequence[str]
