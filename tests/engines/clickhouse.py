"""ClickHouse in this process (chDB), as a second opinion: the same events in a table, its own functions in SQL written by hand."""

import json

from tests.engines.oracle_matching import span
from tests.engines.oracle_steps import period_of

# With these ClickHouse answers about nothing as the standard says.
SETTINGS = ("join_use_nulls=1", "aggregate_functions_null_for_empty=1", "cast_keep_nullable=1")
TABLE = (
    "CREATE TABLE events (person String, name String, us UInt64, at DateTime64(6, 'UTC'), p Nullable(String), amount Nullable(String)) "
    "ENGINE = MergeTree ORDER BY (person, us)"
)
# The bucket of a moment: a date, or for hours the seconds since 1970 of its beginning.
BUCKET = {
    "hour": "toUnixTimestamp(toStartOfHour(toDateTime(at, '{zone}')))",
    "day": "toDate(at, '{zone}')",
    "week": "toMonday(at, '{zone}')",
    "month": "toStartOfMonth(at, '{zone}')",
}
BETWEEN = {
    "hour": "intDiv({later} - {earlier}, 3600)",
    "day": "dateDiff('day', {earlier}, {later})",
    "week": "intDiv(dateDiff('day', {earlier}, {later}), 7)",
    "month": "dateDiff('month', {earlier}, {later})",
}


class ClickHouse:
    """One process can have one. `path`: a directory of its own."""

    def __init__(self, path):
        from chdb import session

        self._session = session.Session(str(path))
        for one in SETTINGS:
            self._session.query(f"SET {one}")

    def close(self):
        self._session.close()

    def hold(self, rows):
        """These events and no others: rows as in stream.Row, with the properties `p` and `amount`."""
        self._session.query("DROP TABLE IF EXISTS events")
        self._session.query(TABLE)
        values = ", ".join(
            f"('{row.person}', '{row.event}', {row.at}, fromUnixTimestamp64Micro({row.at}), {text(row, 'p')}, {text(row, 'amount')})"
            for row in rows
        )
        self._session.query(f"INSERT INTO events VALUES {values}")

    def ask(self, sql):
        found = str(
            self._session.query(f"{sql} SETTINGS output_format_json_quote_64bit_integers=0", "JSONCompactEachRow")
        )
        return [json.loads(line) for line in found.splitlines()]

    def funnel(self, question):
        """How many reached each step, by `windowFunnel`: it takes whole numbers as times, here microseconds."""
        _, low, high = period_of(question)
        steps = [condition(step) for step in question["steps"]]
        # Only the entry must lie in the period.
        steps[0] += "".join(f" AND us {op} {at}" for op, at in ((">=", low), ("<", high)) if at is not None)
        window = span(question["window"]) if question["window"] else 2**62
        reached = ", ".join(f"countIf(level >= {k})" for k in range(1, len(steps) + 1))
        levels = f"SELECT windowFunnel({window})(us, {', '.join(steps)}) AS level FROM events GROUP BY person"
        return self.ask(f"SELECT {reached} FROM ({levels})")[0]

    def retention(self, question):
        """{(bucket, period): (size, count)} by `retention`."""
        zone, low, high = period_of(question)
        by, periods = question["by"], question["periods"]
        begins = condition(question["start"])
        begins += "".join(f" AND us {op} {at}" for op, at in ((">=", low), ("<", high)) if at is not None)
        bucket = BUCKET[by].format(zone=zone.key)
        first = f"SELECT person, min(us) AS began, argMin({bucket}, us) AS cohort FROM events WHERE {begins} GROUP BY person"
        back = f"{condition(question['return'])} AND us > began"
        k, op = BETWEEN[by].format(earlier="cohort", later=bucket), "=" if question["mode"] == "on" else ">="
        cells = ", ".join(f"ifNull({back} AND {k} {op} {at}, 0)" for at in range(periods + 1))
        flags = (
            f"SELECT cohort, retention(ifNull(us = began, 0), {cells}) AS r FROM events INNER JOIN ({first}) AS firsts USING (person) "
            "GROUP BY person, cohort"
        )
        sums = ", ".join(f"sum(r[{at}])" for at in range(1, periods + 3))
        rows = self.ask(f"SELECT toString(cohort), {sums} FROM ({flags}) GROUP BY cohort")
        return {(cohort, at): (size, count) for cohort, size, *counts in rows for at, count in enumerate(counts)}

    def trend(self, question):
        """{(bucket, group): {measure: value}} of the events of the first series."""
        zone, low, high = period_of(question)
        where = condition(question["series"][0])
        where += "".join(f" AND us {op} {at}" for op, at in ((">=", low), ("<", high)) if at is not None)
        amount = "toDecimal128OrNull(amount, 4)"
        rows = self.ask(
            f"SELECT toString({BUCKET[question['by']].format(zone=zone.key)}) AS bucket, p, count(), uniqExact(person), toString(sum({amount})), "
            f"avg(toFloat64({amount})), quantileExactInclusive(0.5)(toFloat64({amount})), quantileExactInclusive(0.9)(toFloat64({amount})) "
            f"FROM events WHERE {where} GROUP BY bucket, p"
        )
        measures = ("events", "people", "sum", "mean", "median", "p90")
        return {(bucket, p): dict(zip(measures, values, strict=True)) for bucket, p, *values in rows}


def text(row, name):
    value = row.properties.get(name)
    return f"'{value}'" if value else "NULL"


def condition(step):
    """Which events a step of the generator matches: one name, and at most `p = …`."""
    found = f"name = '{step['event']}'"
    return found + "".join(f" AND p = '{one['value']}'" for one in step.get("where", []))
