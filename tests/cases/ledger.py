"""Histories of hand-overs -> the five outcomes after each move; they add up after every one."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from fullfunnel.crm.ledger import counts_of
from tests.cases import Outcome, Row, each, only

ROW = ("id", "name", "source", "licence", "note", "law", "history", "expected")


def run(rows: Iterable[Row]) -> Iterator[Outcome]:
    return each(rows, check)


def check(row: Row) -> tuple[str, str]:
    only(row, ROW, "the row")
    for move in row["history"]:
        only(move, ("n", "hand_over", "what", "reason"), "a move")
    moves = [(move["n"], (move["hand_over"], move["what"])) for move in row["history"]]
    for expected in row["expected"]:
        counts = counts_of(told for n, told in moves if n <= expected["after"])
        found = {"after": expected["after"], **asdict(counts), "handed_over": counts.handed_over}
        if found != expected:
            return f"{found}, expected {expected}", ""
    return "", ""
