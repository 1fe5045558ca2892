"""Questions while events arrive: how much slower they are, how fresh, and whether memory grows.

A workspace with --events in its journeys index; --rate events a second go through the journal and the worker's real drain while
another process asks funnels in a loop. Prints one JSON line. Bars: p95 at most twice the idle one, freshness at most 5 s, memory
flat. Usage: python benchmarks/arriving.py [--events 20000000] [--people 1500000] [--rate 2000] [--seconds 60] [--data DIR, kept]
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

FILES = 20
QUESTIONS: list[dict[str, Any]] = [
    {"kind": "funnel", "steps": [{"event": "page_viewed"}, {"event": "form_submitted"}, {"event": "deal_won"}]},
    {"kind": "funnel", "steps": [{"event": "probe"}, {"event": "form_submitted"}]},
    {
        "kind": "funnel",
        "steps": [{"event": "form_submitted"}, {"event": "deal_won"}],
        "window": {"value": 30, "unit": "day"},
    },
]


def fill(data: Path, events: int, people: int) -> Any:
    """A workspace with `people` visitors and `events` events of the last 90 days, in the lake as the drain would leave them."""
    from django.conf import settings
    from django.db import connection

    from fullfunnel.core import clock
    from fullfunnel.events.models import Batch, Cursor, Extent, LakeFile
    from fullfunnel.events.store import open_store
    from fullfunnel.events.store.schema import COLUMNS, SEQ_SPAN
    from fullfunnel.people.models import PeopleVersion
    from fullfunnel.workspaces.models import Workspace

    workspace = Workspace.objects.create(name="Bench", slug="bench")
    with connection.cursor() as cursor:
        numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {people})"
        cursor.execute(
            "INSERT INTO people_person (id, workspace_id, public_id, traits, traits_at, name, email, search_text, "
            f"is_identified, created_at) {numbers} SELECT i, {workspace.pk}, printf('p%d', i), '{{}}', '{{}}', '', '', '', 0, "
            "'2026-01-01' FROM n"
        )
        cursor.execute(
            "INSERT INTO people_identity (id, workspace_id, kind, value, person_id, is_verified, created_at) "
            f"{numbers} SELECT i, {workspace.pk}, 'anonymous_id', printf('visitor-%d', i), i, 0, '2026-01-01' FROM n"
        )
    PeopleVersion.objects.create(workspace=workspace)
    store, now, each = open_store(), clock.now_us(), events // FILES
    store.prepare()
    said = {
        "workspace_id": f"{workspace.pk}", "event_id": "'b' || n", "seq": "seq", "actor": "'person'", "source_id": "1",
        "identity_id": f"1 + floor({people} * pow(random(), 1.5))::BIGINT", "schema_version": "1",
        "name": "CASE WHEN r < 0.8 THEN 'page_viewed' WHEN r < 0.97 THEN 'form_submitted' ELSE 'deal_won' END",
        "occurred_at": "moment", "received_at": "moment", "path": "'/page/' || (n % 500)", "properties": "MAP {}",
    }  # fmt: skip
    columns = ", ".join(f"({said.get(name, 'NULL')})::{kind} AS {name}" for name, kind in COLUMNS.items())
    for batch in range(1, FILES + 1):
        path = data / "events" / "2026-01" / f"{batch}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        begin = now - (FILES + 1 - batch) * 86_400_000_000 * 90 // FILES
        rows = (
            f"SELECT range AS n, {batch * SEQ_SPAN} + range AS seq, random() AS r, "
            f"make_timestamp({begin} + (random() * {86_400_000_000 * 90 // FILES})::BIGINT) AS moment FROM range({each})"
        )
        store.engine.cursor().execute(f"COPY (SELECT {columns} FROM ({rows})) TO '{path}' (FORMAT parquet)")
        LakeFile.objects.create(
            path=str(path.relative_to(data)), first_batch=batch, last_batch=batch, events=each,
            bytes=path.stat().st_size, from_at=begin, to_at=now, workspaces=[workspace.pk],
        )  # fmt: skip
    Batch.objects.create(pk=FILES, journal_from=1, journal_to=0, state=Batch.State.STORED, stored_at=clock.now())
    for reaction, _, _ in settings.ON_EVENT:
        Cursor.objects.create(reaction=reaction, batch=FILES, seq=(FILES + 1) * SEQ_SPAN - 1)
    Extent.objects.create(workspace=workspace, last_batch=FILES, events=each * FILES, latest_at=now)
    return workspace


def ask_in_a_loop() -> None:
    """A process like one of the web's: prints (when, seconds, probes seen or null, processor seconds) for each question until it is ended."""
    from fullfunnel.journeys.ask import answer
    from fullfunnel.segments.dataset import dataset_of
    from fullfunnel.workspaces.models import Workspace

    workspace, number = Workspace.objects.get(), 0
    while True:
        question = QUESTIONS[number % len(QUESTIONS)]
        began, used = time.monotonic(), time.process_time()
        found = answer(question, dataset_of(workspace))
        probes = found["steps"][0]["count"] if question["steps"][0]["event"] == "probe" else None
        print(json.dumps([began, time.monotonic() - began, probes, time.process_time() - used]), flush=True)
        number += 1


def send(data: Path, workspace_id: int, given: argparse.Namespace, look: Callable[[], Any]) -> tuple[list[float], Any]:
    """Puts traffic into the journal as capture does: (when each probe, one a second, was acknowledged; a look at half-time)."""
    from benchmarks.drain import PER_ENTRY, Traffic
    from fullfunnel.events.journal import Journal

    traffic, journal = Traffic(workspace_id, 1), Journal(data / "journal.db")
    traffic.visitors = given.people
    traffic.chance.seed(time.time_ns())
    began, sent, probes, seen = time.monotonic(), 0, list[float](), None
    while (passed := time.monotonic() - began) < given.seconds:
        due = int(passed * given.rate / PER_ENTRY) - sent
        seen = look() if seen is None and passed > given.seconds / 2 else seen
        entries = [traffic.entry() for _ in range(due)]
        if passed >= len(probes):
            entries.append(_probe(traffic, len(probes)))
        if entries:
            journal.append(entries)
        if len(entries) > due:
            probes.append(time.monotonic())
        sent += due
        time.sleep(0.02)
    journal.close()
    return probes, seen


def _probe(traffic: Any, number: int) -> Any:
    import msgspec

    from fullfunnel.core import clock
    from fullfunnel.events.event import Arrival

    one = Arrival(
        name="probe",
        at=clock.now_us(),
        id=f"{traffic.chance.getrandbits(96):x}",
        anonymous=f"p{traffic.chance.getrandbits(96):x}",
    )
    return msgspec.structs.replace(traffic.entry(), items=msgspec.json.encode([one]), count=1)


def memory(pid: int) -> dict[str, int]:
    """MB of a process: its own, and the files it maps."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    found = {
        line.split(":")[0]: int(line.split()[1]) // 1024 for line in lines if line.startswith(("RssAnon", "RssFile"))
    }
    return {"own": found["RssAnon"], "mapped": found["RssFile"]}


def processor(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


def stored() -> int:
    """Events that the lake holds."""
    from fullfunnel.events.models import Extent

    return Extent.objects.get().events


def told(path: Path, since: float, until: float) -> list[list[Any]]:
    rows = [json.loads(line) for line in path.read_text().splitlines() if line.endswith("]")]
    return [row for row in rows if since <= row[0] < until]


def p(share: float, values: list[float]) -> float | None:
    return round(sorted(values)[int((len(values) - 1) * share)], 3) if values else None


def measure(data: Path, workspace_id: int, given: argparse.Namespace) -> dict[str, Any]:
    log, before_events = data / "answers.log", stored()
    with log.open("w") as output:
        asker = subprocess.Popen([sys.executable, __file__, "--asker", "--data", str(data)], stdout=output)
        worker = subprocess.Popen([sys.executable, "-m", "fullfunnel.config.worker"])
        try:
            while len(told(log, 0, float("inf"))) < 10:
                time.sleep(0.5)
                if asker.poll() is not None:
                    raise SystemExit("the asking process ended")
            idle = time.monotonic()
            time.sleep(min(30.0, given.seconds / 2))
            busy, before = time.monotonic(), (memory(asker.pid), memory(worker.pid))
            worked = -processor(worker.pid)
            probes, middle = send(data, workspace_id, given, lambda: (memory(asker.pid), memory(worker.pid)))
            worked += processor(worker.pid)
            end, after = time.monotonic(), (memory(asker.pid), memory(worker.pid))
            time.sleep(8)
        finally:
            for process in (asker, worker):
                process.terminate()
                process.wait()
    quiet = [row[1] for row in told(log, idle, busy)]
    loud = [row[1] for row in told(log, busy, end)]
    seen = [(row[0] + row[1], row[2]) for row in told(log, busy, float("inf")) if row[2] is not None]
    already = max((row[2] for row in told(log, 0, busy) if row[2] is not None), default=0)
    waits = [next((at - sent for at, count in seen if count > already + n), None) for n, sent in enumerate(probes)]
    cpu = [[row[3] for row in told(log, *span)] for span in ((idle, busy), (busy, end))]
    there = [wait for wait in waits if wait is not None]
    return {
        "asked_idle": len(quiet), "p50_idle_s": p(0.5, quiet), "p95_idle_s": p(0.95, quiet),
        "asked_arriving": len(loud), "p50_arriving_s": p(0.5, loud), "p95_arriving_s": p(0.95, loud),
        "max_arriving_s": p(1.0, loud), "ratio_p95": round((p(0.95, loud) or 0) / (p(0.95, quiet) or 1), 2),
        "cpu_p50_idle_s": p(0.5, cpu[0]), "cpu_p50_arriving_s": p(0.5, cpu[1]), "worker_cpu": round(worked / (end - busy), 2),
        "fresh_p50_s": p(0.5, there), "fresh_max_s": p(1.0, there), "probes": len(probes),
        "missing": len(waits) - len(there), "stored": stored() - before_events,
        "asker_mb": {"start": before[0], "middle": middle[0], "end": after[0]},
        "worker_mb": {"start": before[1], "middle": middle[1], "end": after[1]},
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--people", type=int, default=1_500_000)
    parser.add_argument("--rate", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--asker", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    data = given.data or Path(tempfile.mkdtemp(prefix="fullfunnel-bench-"))
    os.environ |= {"FULLFUNNEL_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "fullfunnel.config.settings"}
    os.environ["FULLFUNNEL_WARM"] = "0"
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from fullfunnel.cli.preparing import prepare

    prepare()
    if given.asker:
        ask_in_a_loop()
    from fullfunnel.events.store import open_store
    from fullfunnel.people.units import units_of
    from fullfunnel.workspaces.models import Workspace

    try:
        workspace = Workspace.objects.first() or fill(data, given.events, given.people)
        began = time.monotonic()
        open_store().index(workspace.pk, units=units_of(workspace.pk))
        built = {"events": given.events, "people": given.people, "index_s": round(time.monotonic() - began, 1)}
        about = {"benchmark": "arriving", "rate": given.rate, "seconds": given.seconds}
        print(json.dumps(about | built | measure(data, workspace.pk, given)))
    finally:
        if given.data is None:
            shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    main()
