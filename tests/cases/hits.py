"""The hits on the links of one mail -> what each was: a machine, a person, probably one, or a repeat."""

from collections.abc import Iterable, Iterator

from fullfunnel.messaging.hits import Hit, judge
from tests.cases import Outcome, Row, each, only

HIT = ("after_s", "link", "ip", "method", "ua", "beacon")


def run(rows: Iterable[Row]) -> Iterator[Outcome]:
    return each(rows, check)


def check(row: Row) -> tuple[str, str]:
    for one in row["hits"]:
        only(one, HIT, "a hit")
    hits = [Hit(*(one[name] for name in HIT)) for one in row["hits"]]
    found = judge(hits)
    return ("" if found == row["expect"] else f"{found}, expected {row['expect']}"), ""
