"""Who loaded the picture of a mail, and when -> an open, or a machine."""

from collections.abc import Iterable, Iterator

from fullfunnel.messaging.hits import judge_open
from tests.cases import Outcome, Row, each


def run(rows: Iterable[Row]) -> Iterator[Outcome]:
    return each(rows, check)


def check(row: Row) -> tuple[str, str]:
    found = judge_open(row["ua"], row["after_s"])
    return ("" if found == row["expect"] else f"{found}, expected {row['expect']}"), ""
