"""What the doctor looks at in the tables: migrations, the manifest against the files, what waits and what is stuck."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings

from fullfunnel.cli.doctor.examinations import Look
from fullfunnel.cli.doctor.findings import Finding
from fullfunnel.core import clock

STUCK_AFTER = timedelta(minutes=5)
WAITING_TOO_LONG = timedelta(minutes=2)
ASK_FOR_HELP = "see the log of the worker; the batch is tried again at every tick, and nothing of it is lost"


def tables(data: Path) -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return Finding(
            "tables",
            False,
            f"{len(waiting)} migrations are not applied",
            "run any command, such as `fullfunnel serve`: it applies them",
        )
    return Finding("tables", True, "up to date")


def manifest(data: Path) -> Finding:
    """Each file that counts is there in its full size."""
    from fullfunnel.events.models import LakeFile

    count = events = 0
    for path, size, rows in LakeFile.objects.filter(superseded_at=None).values_list("path", "bytes", "events"):
        file = data / path
        if not file.exists() or file.stat().st_size != size:
            state = "is missing" if not file.exists() else f"has {file.stat().st_size:,} bytes, not {size:,}"
            return Finding("lake", False, f"{path} {state}", "stop the server and restore the latest backup")
        count, events = count + 1, events + rows
    return Finding("lake", True, f"{events:,} events in {count:,} files, as the manifest says")


def contents(data: Path) -> Finding:
    """Each file can be read and holds as many events as the manifest says."""
    from fullfunnel.events.models import LakeFile
    from fullfunnel.events.store import open_store

    expected = sum(LakeFile.objects.filter(superseded_at=None).values_list("events", flat=True))
    try:
        found = open_store().ask(lambda d: "SELECT count(*) AS n FROM events")[0]["n"]
    except Exception as error:
        return Finding(
            "lake's contents", False, f"cannot be read ({type(error).__name__})", "restore the latest backup"
        )
    said = f"{found:,} events can be read; the manifest says {expected:,}"
    return Finding("lake's contents", found == expected, said, "restore the latest backup")


def journal(data: Path) -> Finding:
    """How much was acknowledged and is not in the lake yet, and since when."""
    from fullfunnel.events.imports import drained_to
    from fullfunnel.events.journal import Journal

    if not (data / "journal.db").exists():
        return Finding("journal", True, "nothing has arrived yet")
    found = Journal(data / "journal.db")
    waiting = found.read(drained_to() + 1, drained_to() + 1)
    behind = found.last_id() - drained_to()
    found.close()
    if not waiting:
        return Finding("journal", True, "everything that arrived is in the lake")
    since = clock.from_us(waiting[0][1].received_at)
    said = f"{behind:,} requests wait, the oldest since {since:%Y-%m-%d %H:%M:%S}Z"
    return Finding(
        "journal",
        clock.now() - since < WAITING_TOO_LONG,
        said,
        "start `fullfunnel serve`; if it runs, its log says why the drain fails",
    )


def batches(data: Path) -> Finding:
    from fullfunnel.events.models import Batch

    stuck = (
        Batch.objects.filter(state=Batch.State.FROZEN, frozen_at__lt=clock.now() - STUCK_AFTER).order_by("pk").first()
    )
    if stuck is None:
        return Finding("batches", True, "none is stuck")
    return Finding(
        "batches", False, f"batch {stuck.pk} is on its way since {stuck.frozen_at:%Y-%m-%d %H:%M}Z", ASK_FOR_HELP
    )


def reactions(data: Path) -> Finding:
    """Each reaction to events has seen the batches that are older than a few minutes, or reads the past and gets on."""
    from fullfunnel.events.models import Batch, Cursor
    from fullfunnel.events.store.schema import SEQ_SPAN

    long_ago = clock.now() - STUCK_AFTER
    old = Batch.objects.filter(state=Batch.State.STORED, stored_at__lt=long_ago).order_by("-pk").first()
    names = [name for name, _, _ in settings.ON_EVENT]
    cursors = Cursor.objects.filter(reaction__in=names).order_by("reaction")
    filling = [cursor for cursor in cursors if cursor.fills_to is not None]
    told = "; ".join(
        f"{cursor.reaction} reads the past: batch {cursor.seq // SEQ_SPAN:,} of {cursor.batch:,}" for cursor in filling
    )
    if stuck := next((cursor for cursor in filling if cursor.moved_at < long_ago), None):
        said = f"{told}; {stuck.reaction} has not got on since {stuck.moved_at:%Y-%m-%d %H:%M}Z"
        return Finding("reactions", False, said, "start `fullfunnel serve`; if it runs, its log says what fails")
    # One that is new has no cursor until the server starts.
    behind = [cursor for cursor in cursors if cursor.fills_to is None and old is not None and cursor.batch < old.pk]
    if behind:
        listed = ", ".join(cursor.reaction for cursor in behind)
        return Finding("reactions", False, f"{listed} did not handle batch {behind[0].batch + 1}", ASK_FOR_HELP)
    return Finding("reactions", True, told or "all have seen what is stored")


def refusals(data: Path) -> Finding:
    """Refused items are the senders' to mend: said here, but no fault of this installation."""
    from django.db.models import Count

    from fullfunnel.events.models import Refusal

    recent = Refusal.objects.filter(received_at__gte=clock.now() - timedelta(days=1))
    reasons = recent.values_list("reason").annotate(n=Count("pk")).order_by("-n")[:3]
    said = "; ".join(f"{n:,} x {reason}" for reason, n in reasons)
    return Finding("refused items", True, said or "none in the last 24 hours")


def unmatched(data: Path) -> Finding:
    """Events that fit no lead are their senders' to mend: said here, but no fault of this installation."""
    from django.db.models import Count

    from fullfunnel.crm.models import UnmatchedEvent

    counted = UnmatchedEvent.objects.values_list("source__name", "name").annotate(n=Count("pk")).order_by("-n", "name")
    said = "; ".join(f"{n:,} x {name} from {source}" for source, name, n in counted[:3])
    why = "changed nothing: without a lead_id, and the source had handed over nobody whom they can be about"
    return Finding("leads kept elsewhere", True, f"{said} {why}" if said else "each event fits a lead")


def uploads(data: Path) -> Finding:
    """Each file that a member gave is there, and is what its digest says."""
    from fullfunnel.core.files import is_whole
    from fullfunnel.workspaces.models import StoredFile

    digests = set(StoredFile.objects.values_list("digest", flat=True))
    broken = sorted(digest for digest in digests if not is_whole(data, digest))
    if broken:
        mend = "take files/ from a backup, or upload them again"
        return Finding("uploads", False, f"{len(broken)} of {len(digests)} are missing or changed: {broken[0]}", mend)
    return Finding("uploads", True, f"{len(digests)} files, each whole")


def backups(data: Path) -> Finding:
    """There was a backup in the last days, or none is wanted."""
    from fullfunnel.events.backups.standing import standing

    found = standing(data)
    mend = "mend that and let `fullfunnel serve` run, or make one: fullfunnel backup FILE"
    return Finding("backups", not found.warning, found.warning.removesuffix(".") or found.found, mend)


NEEDED: list[Look] = [tables]
FURTHER: list[Look] = [manifest, contents, journal, batches, reactions, refusals, unmatched, uploads, backups]
