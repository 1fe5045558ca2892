"""SQL that engines write differently. Braces of a question hold only these and our own texts."""


class Dialect:
    """DuckDB. A subclass serves another engine."""

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
