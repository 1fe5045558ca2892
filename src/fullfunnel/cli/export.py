"""fullfunnel export: a workspace's events or people to a file that `import`, `ask` and a spreadsheet can read; or one person."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fullfunnel.cli.progress import Progress
from fullfunnel.cli.words import fail
from fullfunnel.cli.writers import FORMATS, RowWriter, format_of
from fullfunnel.core.durable import open_private

if TYPE_CHECKING:
    from fullfunnel.workspaces.models import Workspace

PAGE = 20_000
EVENT_COLUMNS = {
    "id": "VARCHAR",
    "identity": "VARCHAR",
    "person": "VARCHAR",
    "event": "VARCHAR",
    "timestamp": "TIMESTAMP",
    "actor": "VARCHAR",
    "session": "VARCHAR",
    "company": "VARCHAR",
    "deal": "VARCHAR",
    "properties": "MAP(VARCHAR, VARCHAR)",
}
PEOPLE_COLUMNS = {
    "person": "VARCHAR",
    "identities": "VARCHAR[]",
    "company": "VARCHAR",
    "first_seen_at": "TIMESTAMP",
    "last_seen_at": "TIMESTAMP",
    "consents": "MAP(VARCHAR, VARCHAR)",
    "properties": "MAP(VARCHAR, VARCHAR)",
}
EPILOG = """
examples:
  fullfunnel export events everything.parquet --workspace example-ltd
  fullfunnel export people people.csv --workspace example-ltd
  fullfunnel export events - --workspace example-ltd | head
  fullfunnel export person ada@example.com ada.json --workspace example-ltd

The format is that of the name: .jsonl, .csv (both also .gz) or .parquet; - is JSON lines to the terminal.
A person is named by an e-mail address, another identifier or the public id in the address of their page; everything known
of them is one JSON document, to the terminal where no file is named.
Only its owner can read the file. In a CSV, texts that a spreadsheet would run as formulas have an apostrophe in front; `fullfunnel import` takes it off again.
Exit status: 0 written; 1 failed; 2 the workspace or the name will not do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("what", choices=["events", "people", "person"])
    parser.add_argument(
        "file", metavar="FILE", help="where to, or - for the terminal; before it, of a person, who", nargs="+"
    )
    parser.add_argument(
        "--workspace", required=True, metavar="SLUG", help="its short name, as in the address of its pages"
    )


def run(args: argparse.Namespace) -> int:
    from fullfunnel.workspaces.models import Workspace

    who, name = names_of(args.what, args.file)
    if not name:
        return fail("name one file, and before it, of a person, who: fullfunnel export --help has examples")
    if who is None and format_of(name) is None:
        return fail(f"{name}: the name must end in {', '.join(FORMATS)} (or .gz after the first three)")
    if not Path(name).resolve().parent.is_dir():
        return fail(f"{Path(name).resolve().parent} is not a directory")
    workspace = Workspace.objects.filter(slug=args.workspace).first()
    if workspace is None:
        return fail(f"there is no workspace '{args.workspace}'")
    if who is not None:
        return export_person(workspace, who, name)
    count = (export_events if args.what == "events" else export_people)(name, workspace.pk)
    print(f"{count:,} {args.what} written to {name}", file=sys.stderr)
    return 0


def names_of(what: str, given: list[str]) -> tuple[str | None, str]:
    """Return who, of a person, and the name of the file; "" where the number of words does not fit."""
    if what == "person":
        return given[0], (["-", *given[1:]][-1] if len(given) < 3 else "")
    return None, given[0] if len(given) == 1 else ""


def export_person(workspace: "Workspace", who: str, name: str) -> int:
    """Write all that is known of one person as JSON; the exit status."""
    from fullfunnel.people.about import everything_about, person_called

    person = person_called(workspace, who)
    if person is None:
        return fail(f"nobody in '{workspace.slug}' has the identifier or public id {who!r}")
    document = json.dumps(everything_about(person), ensure_ascii=False, indent=2) + "\n"
    if name == "-":
        sys.stdout.write(document)
    else:
        with open_private(Path(name)) as file:
            file.write(document.encode())
        print(f"what is known of {person.public_id} written to {name}", file=sys.stderr)
    return 0


def export_events(name: str, workspace_id: int) -> int:
    """Writes all events in their order of arrival; how many."""
    from fullfunnel.events.event import PROMOTED
    from fullfunnel.events.store import open_store

    store = open_store()
    asked = "SELECT DISTINCT unnest(map_keys(properties)) AS name FROM events WHERE workspace_id = ? ORDER BY name"
    found = [str(row["name"]) for row in store.ask(lambda d: asked, [workspace_id])] if format_of(name) == "csv" else []
    count = 0
    with RowWriter(name, EVENT_COLUMNS, list(dict.fromkeys([*PROMOTED, *found]))) as writer:
        bounds = page_bounds(store, workspace_id)
        progress = Progress("events", len(bounds))
        for page, (after, until) in enumerate(bounds, 1):
            for row in event_rows(store, workspace_id, after, until):
                writer.write(row)
                count += 1
            progress.update(count, page)
    return count


def page_bounds(store: Any, workspace_id: int) -> list[tuple[int, int]]:
    """Ranges of seq (after, until] that hold PAGE events each: a page is a range, so that a page reads no more than itself."""
    numbered = "SELECT seq, row_number() OVER (ORDER BY seq) AS n FROM events WHERE workspace_id = ?"
    asked = f"SELECT seq FROM ({numbered}) WHERE n % {PAGE} = 0 ORDER BY seq"
    ends = [int(row["seq"]) for row in store.ask(lambda d: asked, [workspace_id])]
    return list(zip([-1, *ends], [*ends, 2**63 - 1], strict=True))


def event_rows(store: Any, workspace_id: int, after: int, until: int) -> Iterator[dict[str, Any]]:
    from fullfunnel.people.about import what_happened
    from fullfunnel.people.models import Company

    asked = "SELECT * FROM events WHERE workspace_id = ? AND seq > ? AND seq <= ? ORDER BY seq"
    page = store.ask(lambda d: asked, [workspace_id, after, until])
    identities = named_identities(workspace_id, {row["identity_id"] for row in page})
    wanted = {row["company_id"] for row in page if row["company_id"]}
    companies = dict(Company.objects.filter(workspace_id=workspace_id, pk__in=wanted).values_list("pk", "key"))
    for row in page:
        identity, person = identities.get(row["identity_id"], (None, None))
        who = {"id": row["event_id"], "identity": identity, "person": person}
        yield who | what_happened(row, company=companies.get(row["company_id"]))


def named_identities(workspace_id: int, ids: set[int]) -> dict[int, tuple[str, str]]:
    """identity id -> (kind:value, public id of the person it belongs to today)."""
    from fullfunnel.people.models import Identity

    rows = Identity.objects.filter(workspace_id=workspace_id, pk__in=ids).values_list(
        "pk", "kind", "value", "person__public_id"
    )
    return {pk: (f"{kind}:{value}", public_id) for pk, kind, value, public_id in rows}


def export_people(name: str, workspace_id: int) -> int:
    """Writes all people with their identities, traits and consents; how many."""
    from fullfunnel.events.values import flatten
    from fullfunnel.people.models import LISTED, Person
    from fullfunnel.people.rows import written

    people = Person.objects.filter(LISTED, workspace_id=workspace_id).order_by("pk")
    names: dict[str, None] = {}
    if format_of(name) == "csv":
        for traits in people.values_list("traits", flat=True).iterator(chunk_size=PAGE):
            names |= dict.fromkeys(flatten(traits))
    count, progress = 0, Progress("people", people.count())
    related = people.select_related("company").prefetch_related("identities", "consents")
    with RowWriter(name, PEOPLE_COLUMNS, sorted(names)) as writer:
        for person in related.iterator(chunk_size=2_000):
            writer.write(
                {
                    "person": person.public_id,
                    "identities": [f"{i.kind}:{i.value}" for i in sorted(person.identities.all(), key=lambda i: i.pk)],
                    "company": person.company.key if person.company else None,
                    "first_seen_at": written(person.first_seen_at),
                    "last_seen_at": written(person.last_seen_at),
                    "consents": {c.purpose: str(c.given).lower() for c in person.consents.all()} or None,
                    "properties": flatten(person.traits),
                }
            )
            count += 1
            progress.update(count, count)
    return count
