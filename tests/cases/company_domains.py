"""Addresses and websites -> the domain of a firm, or why there is none."""

from collections.abc import Iterable, Iterator

from fullfunnel.people.domains import domain_of_address, domains_of_websites, shown_domain
from fullfunnel.people.identifiers import key_of
from tests.cases import Outcome, Row, each, only

ROW = ("id", "name", "source", "licence", "note")


def run(rows: Iterable[Row]) -> Iterator[Outcome]:
    return each(rows, check)


def check(row: Row) -> tuple[str, str]:
    if "website" in row:
        only(row, (*ROW, "website", "expected_domain"), "the row")
        found = domains_of_websites(row["website"])
        expected = row["expected_domain"]
        wanted = expected if isinstance(expected, list) else [expected] if expected else []
        return ("" if found == wanted else f"{found}, expected {wanted}"), ""
    only(row, (*ROW, "email", "own_domains", "expected"), "the row")
    expected = row["expected"]
    only(expected, ("domain", "kind", "note", "shown", "address_as_key"), "expected")
    found_domain = domain_of_address(row["email"], row["own_domains"])
    told = {"domain": found_domain.domain, "kind": found_domain.kind}
    if "shown" in expected:
        told["shown"] = shown_domain(found_domain.domain or "")
    if "address_as_key" in expected:
        key = key_of("email", row["email"])
        told["address_as_key"] = key[1] if key else None
    wanted_told = {name: expected[name] for name in told}
    return ("" if told == wanted_told else f"{told}, expected {wanted_told}"), ""
