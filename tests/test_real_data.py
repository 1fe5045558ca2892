"""docs/real-data.md holds: every command is run, and every number is counted again without any of our code."""

import csv
import json
import re
import shlex
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.kit.shared import FOLDER, ROOT, shared

DOCUMENT = (ROOT / "docs" / "real-data.md").read_text(encoding="utf-8")
RETAIL, SHOP = "data/ltv/online_retail.csv", "data/clickstream/rete_ecom.csv"
LEADS, POTENTIALS = "data/crm/zoho/Leads.csv", "data/crm/zoho/Potentials.csv"
Table = list[list[str]]
Rows = list[dict[str, str]]


def commands() -> list[tuple[str, str, Table]]:
    """(question, command, table) of each command in the document, in order: they stand one after the other."""
    pattern = r"```json\n(.*?)```\n\n```sh\n(.*?)```\n\n(\|.*?\n)(?:\n|\Z)"
    found = []
    for question, command, table in re.findall(pattern, DOCUMENT, re.DOTALL):
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()]
        found.append((question, command, [rows[0], *rows[2:]]))
    return found


ASKED = {
    shlex.split(command.replace("\\\n", " "))[2]: (question, command, table) for question, command, table in commands()
}


def test_every_command_of_the_document_is_tested():
    assert list(ASKED) == ["retail.json", "zoho.json", "zoho-ordered.json", "shop.json", "months.json"]
    assert DOCUMENT.count("fullfunnel ask ") == len(ASKED)


@pytest.fixture
def run(tmp_path: Path) -> Callable[[str], tuple[Any, Table]]:
    """Runs a command of the document as it stands there; its answer and its table."""

    def told(name: str) -> tuple[Any, Table]:
        question, command, table = ASKED[name]
        (tmp_path / name).write_text(question, encoding="utf-8")
        words = shlex.split(command.replace("\\\n", " ").replace("../shared", str(FOLDER)))
        assert words[:2] == ["fullfunnel", "ask"]
        done = subprocess.run(
            [sys.executable, "-m", "fullfunnel", *words[1:]], cwd=tmp_path, capture_output=True, check=True
        )
        assert done.stderr == b""
        assert [path.name for path in tmp_path.iterdir()] == [name]
        return json.loads(done.stdout), table

    return told


def read(name: str) -> Rows:
    with shared(name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def counts(steps: list[dict[str, Any]], *fields: str) -> Table:
    return [[step["label"], *(str(step[field]) for field in fields)] for step in steps]


def by_group(answer: Any) -> Table:
    groups = [{"value": "all", "steps": answer["steps"]}, *answer["groups"]]
    return [[group["value"], *(str(step["count"]) for step in group["steps"])] for group in groups]


def test_invoices_within_90_days(run):
    rows = read(RETAIL)
    answer, table = run("retail.json")
    assert counts(answer["steps"], "count", "dropped", "pending") == table[1:]

    days: dict[str, list[datetime]] = defaultdict(list)
    for row in rows:
        days[row["CustomerID"]].append(datetime.fromisoformat(row["InvoiceDate"]))
    last = max(max(each) for each in days.values())
    reached, pending = Counter(), Counter()
    for each in days.values():
        each.sort()
        end = each[0] + timedelta(days=90)
        got = min(sum(day <= end for day in each), 3)
        reached.update(range(1, got + 1))
        if got < 3 and end > last:
            pending[got + 1] += 1
    assert [[str(reached[k]), str(pending[k])] for k in (1, 2, 3)] == [[row[1], row[3]] for row in table[1:]]
    assert [reached[k] - reached[k + 1] - pending[k + 1] for k in (1, 2)] == [int(row[2]) for row in table[2:]]
    assert (len(rows), len(days)) == (18_532, 4_338)


def test_leads_and_potentials(run):
    leads, potentials = read(LEADS), read(POTENTIALS)
    answer, table = run("zoho.json")
    assert by_group(answer) == table[1:]

    source = {row["LEADID"]: row["Lead Source"] for row in leads}
    having = {row["LEADID"] for row in potentials}
    won = {row["LEADID"] for row in potentials if row["Stage"] == "Closed Won"}
    expected = [["all", str(len(source)), str(len(having)), str(len(won))]]
    for name, size in Counter(source.values()).items():
        of = {lead for lead, its in source.items() if its == name}
        expected.append([name, str(size), str(len(of & having)), str(len(of & won))])
    assert sorted(expected) == sorted(table[1:])
    assert having | won <= set(source)


def test_half_of_the_potentials_come_before_their_lead(run):
    leads, potentials = read(LEADS), read(POTENTIALS)
    answer, table = run("zoho-ordered.json")
    assert counts(answer["steps"], "count") == table[1:]

    def moment(row: dict[str, str]) -> datetime:
        return datetime.strptime(row["Created Time"], "%d %b, %Y %H:%M:%S").replace(tzinfo=UTC)

    created = {row["LEADID"]: moment(row) for row in leads}
    early = sum(moment(row) < created[row["LEADID"]] for row in potentials)
    assert len(potentials) - early == int(table[2][1])
    assert f"**{early:,} of the {len(potentials):,} potentials were created before their own lead.**" in DOCUMENT


def test_from_a_product_to_a_purchase(run):
    rows = read(SHOP)
    answer, table = run("shop.json")
    assert by_group(answer) == table[1:]

    steps, week = table[0][1:], timedelta(days=7)
    people: dict[str, list[tuple[datetime, int, str]]] = defaultdict(list)
    for row in rows:
        if row["event"] in steps:
            people[row["user_id"]].append(
                (datetime.fromisoformat(row["timestamp"]), steps.index(row["event"]), row["platform"])
            )
    reached: dict[str, Counter[int]] = defaultdict(Counter)
    for events in people.values():
        events.sort(key=lambda one: one[:2])
        best = max((furthest(events[at:], week) for at, one in enumerate(events) if one[1] == 0), default=0)
        for group in ("all", events[0][2]):
            reached[group].update(range(best))
    assert {group: [str(each[k]) for k in range(4)] for group, each in reached.items()} == {
        row[0]: row[1:] for row in table[1:]
    }


def furthest(events: list[tuple[datetime, int, str]], window: timedelta) -> int:
    """How many steps an entry that begins with the first of these events reaches."""
    got = 1
    for at, step, _ in events[1:]:
        if step == got and at <= events[0][0] + window:
            got += 1
    return got


def test_customers_and_turnover_by_month(run):
    rows = read(RETAIL)
    answer, table = run("months.json")
    told: dict[str, list[str]] = defaultdict(list)
    for row in answer["rows"]:
        told[row["at"]].append(str(row["value"]))
    assert [[month, *values] for month, values in told.items()] == table[1:]

    for month, customers, turnover in table[1:]:
        of = [row for row in rows if row["InvoiceDate"][:7] == month[:7]]
        assert len({row["CustomerID"] for row in of}) == int(customers)
        # The file's longest amounts have 16 places; a sum takes 15 of each.
        amounts = [Decimal(row["TotalPrice"]).quantize(Decimal("1e-15"), ROUND_HALF_UP) for row in of]
        assert sum(amounts) == Decimal(turnover)
