"""Members and leads, one after the other -> who gets each."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from fullfunnel.crm.assigning.turn import Candidate, choose, lifted
from tests.cases import Outcome, Row, each, only

ROW = ("id", "name", "members", "leads", "expected", "rule", "note", "source", "licence")


def run(rows: Iterable[Row]) -> Iterator[Outcome]:
    return each(rows, check)


def check(row: Row) -> tuple[str, str]:
    only(row, ROW, "the row")
    for member in row["members"]:
        only(member, ("id", "weight", "capacity", "open", "away", "only"), "a member")
    given: dict[str, Candidate] = {
        one["id"]: Candidate(
            one["id"], one["id"], weight=one.get("weight", 1), capacity=one.get("capacity"), open=one.get("open", 0)
        )
        for one in row["members"]
    }
    found = []
    for lead in row["leads"]:
        only(lead, ("at", "region", "company_owner"), "a lead")
        now = lifted([_today(given[one["id"]], one, lead) for one in row["members"]])
        chosen = choose(now, lead.get("company_owner")).candidate
        given = {str(one.id): one for one in now}
        if chosen is not None:
            given[str(chosen.id)] = replace(chosen, given=chosen.given + 1, open=chosen.open + 1, last=lead["at"])
        found.append(None if chosen is None else chosen.id)
    return ("" if found == row["expected"] else f"{found}, expected {row['expected']}"), ""


def _today(candidate: Candidate, member: dict[str, Any], lead: dict[str, Any]) -> Candidate:
    is_away = any(first <= lead["at"] < last for first, last in member.get("away", ()))
    places = member.get("only")
    return replace(candidate, is_here=not is_away, fits=places is None or lead.get("region") in places)
