"""fullfunnel import: events or people of a file (CSV, JSON lines, Parquet, gzip) into a workspace."""

import argparse
import csv
import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from fullfunnel.cli import mappings
from fullfunnel.cli.progress import Progress
from fullfunnel.cli.words import fail
from fullfunnel.core.durable import open_private

SHOWN = 5
EXAMPLES = """
examples:
  fullfunnel import events orders.csv --workspace halden --person CustomerID --time InvoiceDate --event-name order_completed --save-mapping orders
  fullfunnel import events export.jsonl.gz --workspace halden --dry-run
  fullfunnel import people contacts.csv --workspace halden --person Email
  fullfunnel import events april.csv --workspace halden --mapping orders
  fullfunnel import mappings --workspace halden

Columns that no flag names are guessed from their names; --dry-run shows what they were taken for and writes nothing.
Every other column becomes a property. It is safe to run an import twice, or to kill it and run it again.
Events are known by person, event, time, and optionally id, session, company, deal; people by user id, e-mail or person.

Who it was: a column that holds e-mail addresses, or a value that is one, names by address, in any spelling. Numbers of another
system's records (Record ID, Lead ID, Contact ID) are no user ids; --system NAME keeps two systems' numbers apart. What names
two people who are known apart is told, and merges nobody.

Exit status: 0 read, also when rows were refused (they are in the file of --refused); 1 failed; 2 the file cannot be read."""

COLUMNS = [
    ("person", "who it was: a user id or an e-mail address"),
    ("event", "what happened (events)"),
    ("time", "when: ISO 8601, epoch seconds or milliseconds, or see --time-format"),
    ("id", "an id that makes the row unique (events; default: the row's own content)"),
    ("session", "the visit it belongs to (events)"),
    ("company", "the company it concerns, or a person belongs to"),
    ("deal", "the deal it concerns (events)"),
    ("user_id", "who it was: ids of your own users"),
    ("email", "who it was: e-mail addresses"),
    ("anonymous_id", "who it was: ids of browsers"),
    ("record_id", "who it was: numbers of another system's records, which are nobody's user id"),
    *((what, "of people") for what in ("name", "first_name", "last_name", "phone")),
]
# What an export of people says beside their identifiers and traits, and an import leaves alone.
NOT_TRAITS = ("first_seen_at", "last_seen_at", "consents")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXAMPLES
    parser.add_argument("what", choices=["events", "people", mappings.LIST])
    parser.add_argument("file", metavar="FILE", nargs="?", help="CSV, JSON lines or Parquet, each also as .gz")
    parser.add_argument(
        "--workspace", required=True, metavar="SLUG", help="its short name, as in the address of its pages"
    )
    for what, about in COLUMNS:
        parser.add_argument(f"--{what.replace('_', '-')}", metavar="COLUMN", help=about)
    parser.add_argument("--event-name", metavar="NAME", help="every row is this event (events)")
    parser.add_argument(
        "--time-format", metavar="FORM", help="day-first, month-first, or e.g. '%%d %%b, %%Y %%H:%%M:%%S'"
    )
    parser.add_argument(
        "--rename", action="append", default=[], metavar="COLUMN=PROPERTY", help="give a property another name"
    )
    parser.add_argument("--system", metavar="NAME", help="whose record ids these are, such as hubspot")
    parser.add_argument(
        "--no-id", action="append", default=[], metavar="COLUMN", help="this column names nobody: it is a property"
    )
    mappings.add_arguments(parser)
    parser.add_argument("--refused", metavar="PATH", help="where refused rows go (default: FILE.refused.csv)")
    parser.add_argument("--dry-run", action="store_true", help="show what would happen; write nothing")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")


def run(args: argparse.Namespace) -> int:
    from fullfunnel.events.mapping import MappingError
    from fullfunnel.events.rows import FileError
    from fullfunnel.events.times import TimeError
    from fullfunnel.workspaces.models import Workspace

    workspace = Workspace.objects.filter(slug=args.workspace).first()
    if workspace is None:
        slugs = ", ".join(Workspace.objects.order_by("slug").values_list("slug", flat=True)[:20])
        return fail(
            f"there is no workspace '{args.workspace}'; there is: {slugs or 'none (fullfunnel create-workspace)'}"
        )
    if args.what == mappings.LIST:
        return mappings.list_or_forget(args, workspace)
    if args.file is None or args.forget:
        return fail("name the FILE to read" if args.file is None else "--forget goes with 'import mappings'")
    if args.refused and not Path(args.refused).parent.is_dir():
        return fail(f"--refused: {Path(args.refused).parent} is not a directory")
    try:
        with Refused(Path(args.refused or f"{args.file}.refused.csv"), dry=args.dry_run) as refused:
            return (import_events if args.what == "events" else import_people)(args, workspace, refused)
    except (FileError, MappingError, TimeError) as error:
        return fail(str(error))


def import_events(args: argparse.Namespace, workspace: Any, refused: "Refused") -> int:
    from fullfunnel.events import imports, mapping
    from fullfunnel.events.files import RowFile
    from fullfunnel.events.on_tick import drain
    from fullfunnel.people.identifiers import keys_of
    from fullfunnel.people.models import MergeProposal

    file = RowFile(args.file)
    rows, columns, sample = peek(file)
    given = mappings.take_saved(args, workspace, columns) | given_columns(args, mapping.KNOWN)
    how = further(args) | {"event_name": args.event_name, "time_format": args.time_format}
    chosen = mapping.guess(columns, given, rows=sample, **how)
    as_arrival = mapping.reader(chosen)

    def read(row: Mapping[str, Any]) -> Any:
        found = as_arrival(row)
        return (
            "the person's identifier is a placeholder that names nobody"
            if not isinstance(found, str) and not keys_of(found)
            else found
        )

    print(shown_mapping(chosen, columns), file=sys.stderr)
    mappings.save(args, workspace, columns, asdict(chosen))
    if args.dry_run:
        return dry_run(args, rows, read, refused)
    source = source_for_files(workspace)
    progress = Progress("rows", file.size)
    proposals = MergeProposal.objects.filter(workspace=workspace)
    before = proposals.count()
    report = imports.Import(workspace.pk, source.pk, drain).take(
        rows, read, refused.add, lambda report: progress.update(report.rows, file.done)
    )
    progress.update(report.rows, file.size, last=True)
    return conclude(args, report, refused, apart=proposals.count() - before)


def source_for_files(workspace: Any) -> Any:
    """The workspace's source that stands for imported files; made at the first import."""
    from fullfunnel.workspaces.actions import create_source
    from fullfunnel.workspaces.models import Source

    found = Source.objects.filter(workspace=workspace, kind=Source.Kind.FILE).order_by("pk").first()
    if found is not None:
        return found
    made = create_source(workspace, name="Imported files", kind=Source.Kind.FILE, by=None)
    assert isinstance(made, tuple)  # noqa: S101 (the name is not empty and the kind exists)
    return made[0]


def import_people(args: argparse.Namespace, workspace: Any, refused: "Refused") -> int:
    from fullfunnel.events.files import RowFile
    from fullfunnel.people import import_people as people

    file = RowFile(args.file)
    rows, columns, sample = peek(file)
    if "identities" in columns:
        columns = [name for name in columns if name not in NOT_TRAITS]
        rows = ((line, row if isinstance(row, str) else without(row, NOT_TRAITS)) for line, row in rows)
    given = mappings.take_saved(args, workspace, columns) | given_columns(args, people.KNOWN)
    reading = people.guess(columns, given, rows=sample, **further(args))
    print(shown_mapping(reading, columns, "traits"), file=sys.stderr)
    mappings.save(args, workspace, columns, asdict(reading))
    progress = Progress("rows", file.size)
    report = people.import_rows(
        workspace,
        rows,
        reading,
        dry_run=args.dry_run,
        on_refused=refused.add,
        on_progress=lambda report: progress.update(report.rows, file.done),
    )
    progress.update(report.rows, file.size, last=True)
    outcome = asdict(report)
    if args.json:
        print(json.dumps(outcome | refused.as_outcome()))
        return 0
    would = " (nothing was written)" if args.dry_run else ""
    parts = [f"{report.created:,} new", f"{report.changed:,} changed", f"{report.unchanged:,} unchanged"]
    print(f"{report.rows:,} rows read: {', '.join(parts)}, {report.refused:,} refused{would}")
    refused.tell()
    return 0


def given_columns(args: argparse.Namespace, known: Mapping[str, Any]) -> dict[str, str]:
    """what -> column, as the flags say; MappingError for a flag that means nothing here."""
    from fullfunnel.events.mapping import MappingError

    given = {what: name for what, _ in COLUMNS if (name := getattr(args, what))}
    if foreign := [what for what in given if what not in known]:
        raise MappingError(f"--{foreign[0].replace('_', '-')} means nothing for {args.what}")
    return given


def further(args: argparse.Namespace) -> dict[str, Any]:
    """What flags say of columns beside what they are: new names, the system of record ids, columns that name nobody."""
    rename = dict(pair.partition("=")[::2] for pair in args.rename)
    return {"rename": rename, "system": args.system, "plain": args.no_id}


def without(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def peek(file: Any) -> tuple[Iterator[tuple[int, Any]], list[str], list[Any]]:
    """The rows of a file; its columns, those of the header or of the first hundred rows; and these rows."""
    import itertools

    from fullfunnel.core import csv_cells

    rows = iter(file)
    first = list(itertools.islice(rows, 100))
    columns = list(dict.fromkeys(name for _, row in first if isinstance(row, dict) for name in row))
    columns = list(file.columns or columns)
    found: Iterator[tuple[int, Any]] = itertools.chain(first, rows)
    if csv_cells.MARKER in columns:
        columns = [csv_cells.unescaped(name) for name in columns if name != csv_cells.MARKER]
        found = ((line, row if isinstance(row, str) else csv_cells.unescaped_row(row)) for line, row in found)
        first = [(line, row if isinstance(row, str) else csv_cells.unescaped_row(row)) for line, row in first]
    return found, columns, [row for _, row in first]


def shown_mapping(mapping: Any, columns: list[str], others: str = "properties") -> str:
    """What each column was taken for, as a sentence."""
    system = f" of {mapping.system}" if mapping.system else ""
    parts = [f"{what}{system if what == 'record_id' else ''} = {name}" for what, name in mapping.columns.items()]
    if getattr(mapping, "event_name", None):
        parts.append(f"event = always {mapping.event_name}")
    rest = [mapping.rename.get(name, name) for name in columns if name not in mapping.columns.values()]
    return "  " + ", ".join(parts) + (f"; {others}: {', '.join(rest)}" if rest else "")


def dry_run(args: argparse.Namespace, rows: Any, read: Any, refused: "Refused") -> int:
    """Reads the whole file, shows the first rows as they would be, counts the refused, writes nothing."""
    shown: list[Any] = []
    count = 0
    for line, row in rows:
        count += 1
        found = row if isinstance(row, str) else read(row)
        if isinstance(found, str):
            refused.add(line, found, row)
        elif len(shown) < SHOWN:
            shown.append(as_read(found))
    outcome = {"rows": count, "refused": refused.count, "first": shown, "reasons": refused.first}
    if args.json:
        print(json.dumps(outcome, ensure_ascii=False))
        return 0
    for number, row in enumerate(shown, 1):
        print(f"{number}. {json.dumps(row, ensure_ascii=False)}")
    print(f"{count:,} rows would be read, {refused.count:,} of them refused; nothing was written")
    refused.tell()
    return 0


def as_read(arrival: Any) -> dict[str, Any]:
    """An arrival as `ask` and `import` would read it again."""
    from fullfunnel.core import clock

    at = clock.from_us(arrival.at).replace(tzinfo=None).isoformat() + "Z"
    other = arrival.anonymous or arrival.email or (arrival.identifiers[0][1] if arrival.identifiers else None)
    row = {"event": arrival.name, "timestamp": at, "person": arrival.user or other, "company": arrival.company}
    row |= {"deal": arrival.deal, "session": arrival.session, "properties": arrival.properties}
    return {name: value for name, value in row.items() if value}


def conclude(args: argparse.Namespace, report: Any, refused: "Refused", *, apart: int) -> int:
    """apart: how often a row named two people who are known apart."""
    if args.json:
        print(json.dumps(asdict(report) | refused.as_outcome() | ({"apart": apart} if apart else {})))
    else:
        parts = f"{report.new:,} new, {report.known:,} known already, {report.refused:,} refused"
        print(f"{report.rows:,} rows read: {parts}")
        if apart:
            pairs = "pair of people is" if apart == 1 else "pairs of people are"
            print(f"{apart:,} {pairs} named by one row and known apart; nobody was merged: People, proposals")
        refused.tell()
    if not report.is_drained:
        return fail("the rows are safe in the journal, but the worker does not move: see `fullfunnel doctor`", 1)
    return 0


class Refused:
    """The file of refused rows: line, reason, row (as JSON). Made at the first one; a dry run makes none."""

    def __init__(self, path: Path, *, dry: bool) -> None:
        self.path = path
        self.dry = dry
        self.count = 0
        self.first: list[str] = []
        self._file: Any = None

    def __enter__(self) -> "Refused":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, line: int, reason: str, row: Any) -> None:
        self.count += 1
        if len(self.first) < SHOWN:
            self.first.append(f"line {line}: {reason}")
        if self.dry:
            return
        if self._file is None:
            self._file = io.TextIOWrapper(open_private(self.path), newline="", encoding="utf-8")
            self._writer = csv.writer(self._file)
            self._writer.writerow(["line", "reason", "row"])
        text = "" if isinstance(row, str) else json.dumps(row, ensure_ascii=False, default=str)
        self._writer.writerow([line, reason, text])

    def as_outcome(self) -> dict[str, str]:
        return {"refused_file": str(self.path)} if self.count and not self.dry else {}

    def tell(self) -> None:
        if self.dry:
            for reason in self.first:
                print(f"  {reason}")
        elif self.count:
            print(f"refused rows, each with its line and the reason: {self.path}")
