"""The drain at work: events a second on one core, and how long after its acknowledgement an event is in an answer.

20 % of the deliveries are duplicates, a fifth of the events are of new visitors, 10 million keys are remembered already, and the
intake is the real one. Prints one JSON line. Usage: python benchmarks/drain.py [--events 100000] [--rate 8000] [--seconds 20]
"""

import argparse
import json
import os
import random
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

AGENTS = [
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{n}.0.0.0 Safari/537.36"
    for n in range(100, 150)
]
PATHS = [f"/page/{n}" for n in range(500)]
PER_ENTRY = 20
KEYS = 10_000_000


class Traffic:
    """Requests of a website, as capture leaves them in the journal."""

    def __init__(self, workspace_id: int, source_id: int, *, identifying: float = 0.03) -> None:
        self.workspace_id, self.source_id = workspace_id, source_id
        # The share of events that say who somebody is.
        self.identifying = identifying
        self.chance = random.Random(1)
        self.made: list[Any] = []
        self.visitors = 0

    def entry(self) -> Any:
        """One request; a fifth of its items were delivered before."""
        import msgspec

        from fullfunnel.core import clock
        from fullfunnel.events.journal import Entry

        items = [self._again() if self.made and self.chance.random() < 0.2 else self._new() for _ in range(PER_ENTRY)]
        return Entry(
            received_at=clock.now_us(),
            workspace_id=self.workspace_id,
            source_id=self.source_id,
            source_kind="web",
            ip="203.0.113.7",
            user_agent=self.chance.choice(AGENTS),
            items=msgspec.json.encode(items),
            count=len(items),
        )

    def _again(self) -> Any:
        return self.made[self.chance.randrange(len(self.made))]

    def _new(self) -> Any:
        from fullfunnel.core import clock
        from fullfunnel.events.event import Arrival

        chance = self.chance
        is_new = chance.random() < 0.2 or not self.visitors
        self.visitors += is_new
        visitor = self.visitors - 1 if is_new else chance.randrange(max(0, self.visitors - 20_000), self.visitors)
        kind = chance.random()
        common = {"id": f"{chance.getrandbits(96):024x}", "at": clock.now_us(), "anonymous": f"visitor-{visitor}"}
        if kind < self.identifying:
            traits = {"email": f"person{visitor}@example.com", "plan": chance.choice(["free", "pro"])}
            arrival = Arrival(kind="identify", name="person_identified", user=f"u{visitor}", traits=traits, **common)
        elif kind < 0.2:
            properties = {"form": "quote", "n": str(chance.randrange(100)), "revenue": "12.5", "currency": "EUR"}
            arrival = Arrival(name="form_submitted", properties=properties, **common)
        else:
            context = {
                "url": f"https://halden.example{chance.choice(PATHS)}?utm_source=google&utm_medium=cpc&utm_campaign=c{visitor % 20}",
                "referrer": "https://www.google.com/",
                "timezone": "Europe/Berlin",
            }
            arrival = Arrival(name="page_viewed", properties={"title": "A page"}, context=context, **common)
        self.made.append(arrival)
        if len(self.made) > 50_000:
            del self.made[:25_000]
        return arrival


def remember(data: Path) -> None:
    """Ten million keys, a third of them imports, the others over 29 days."""
    import numpy as np

    from fullfunnel.events import duplicates

    (data / "keys").mkdir(exist_ok=True)
    chance = np.random.default_rng(1)
    for name, count in [("forever", KEYS // 3)] + [
        (f"live-{duplicates.today() - day:08d}", KEYS * 2 // 3 // 29) for day in range(1, 30)
    ]:
        keys = np.sort(chance.integers(-(2**63), 2**63 - 1, count))
        keys.tofile(data / "keys" / f"{name}.000000000001.keys")


def throughput(data: Path, traffic: Traffic, events: int) -> dict[str, float]:
    """Deliveries drained a second of processor time and of wall-clock time."""
    from fullfunnel.events import on_tick
    from fullfunnel.events.journal import Journal

    journal = Journal(data / "journal.db")
    # The first batches load what is loaded once.
    journal.append([traffic.entry() for _ in range(500)])
    while on_tick.drain():
        pass
    journal.append([traffic.entry() for _ in range(events // PER_ENTRY)])
    wall, cpu = time.perf_counter(), time.process_time()
    while on_tick.drain():
        pass
    return {
        "events_per_core_second": round(events / (time.process_time() - cpu)),
        "events_per_second": round(events / (time.perf_counter() - wall)),
    }


def freshness(data: Path, traffic: Traffic, rate: int, seconds: float) -> dict[str, float]:
    """Seconds from the acknowledgement of an event to its first being in an answer, while `rate` events a second arrive."""
    from fullfunnel.events.store import open_store

    acknowledged: dict[str, float] = {}
    seen: dict[str, float] = {}
    stop = threading.Event()
    prepared = [traffic.entry() for _ in range(int(rate * seconds / PER_ENTRY))]
    sender = threading.Thread(target=_send, args=(data, traffic, prepared, rate, acknowledged))
    ticker = threading.Thread(target=_tick, args=(stop,))
    sender.start()
    ticker.start()
    store, last = open_store(), time.perf_counter() + seconds + 60
    sql = "SELECT event_id FROM events WHERE workspace_id = ? AND name = 'probe'"
    while (sender.is_alive() or len(seen) < len(acknowledged)) and time.perf_counter() < last:
        rows = store.ask(lambda d: sql, [traffic.workspace_id])
        now = time.perf_counter()
        for row in rows:
            seen.setdefault(row["event_id"], now)
        time.sleep(0.2)
    stop.set()
    sender.join()
    ticker.join()
    waits = sorted(seen[key] - at for key, at in acknowledged.items() if key in seen)
    return {
        "rate": rate,
        "probes": len(acknowledged),
        "missing": len(acknowledged) - len(waits),
        "answer_median_s": round(waits[len(waits) // 2], 2),
        "answer_p99_s": round(waits[int(len(waits) * 0.99)], 2),
        "answer_max_s": round(waits[-1], 2),
    }


def _send(data: Path, traffic: Traffic, prepared: list[Any], rate: int, acknowledged: dict[str, float]) -> None:
    from fullfunnel.events.journal import Journal

    journal, began, number = Journal(data / "journal.db"), time.perf_counter(), 0
    while number < len(prepared):
        due = int((time.perf_counter() - began) * rate / PER_ENTRY) - number
        if due <= 0:
            time.sleep(0.005)
            continue
        group = prepared[number : number + due]
        journal.append([*group, _probe(traffic, number)])
        acknowledged[f"probe-{number}"] = time.perf_counter()
        number += len(group)
    journal.close()


def _tick(stop: threading.Event) -> None:
    """What the worker does."""
    from fullfunnel.events import on_tick

    compacted_at = 0.0
    while not stop.is_set():
        more = on_tick.drain()
        if time.perf_counter() - compacted_at > 5:
            on_tick.compact()
            compacted_at = time.perf_counter()
        if not more:
            time.sleep(0.2)


def _probe(traffic: Traffic, number: int) -> Any:
    import msgspec

    from fullfunnel.core import clock
    from fullfunnel.events.event import Arrival

    probe = Arrival(name="probe", at=clock.now_us(), id=f"probe-{number}", anonymous="prober")
    return msgspec.structs.replace(traffic.entry(), items=msgspec.json.encode([probe]), count=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--rate", type=int, default=8_000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    data = Path(tempfile.mkdtemp(prefix="fullfunnel-bench-"))
    os.environ |= {"FULLFUNNEL_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "fullfunnel.config.settings"}
    from fullfunnel.cli.preparing import prepare

    prepare()
    from fullfunnel.workspaces.models import Source, Workspace

    workspace = Workspace.objects.create(name="Bench", slug="bench")
    source = Source.objects.create(workspace=workspace, name="site", kind="web")
    try:
        remember(data)
        traffic = Traffic(workspace.pk, source.pk)
        if given.profile:
            import cProfile
            import pstats

            profile = cProfile.Profile()
            profile.enable()
            throughput(data, traffic, given.events)
            profile.disable()
            pstats.Stats(profile).sort_stats("tottime").print_stats(45)
            return
        result = throughput(data, traffic, given.events)
        if given.seconds:
            result |= freshness(data, traffic, given.rate, given.seconds)
        print(json.dumps({"benchmark": "drain", "keys": KEYS, "duplicates": 0.2} | result))
    finally:
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    main()
