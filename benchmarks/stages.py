"""How fast stages are counted again under a changed rule, and how fast the page of both funnels is.

    .venv/bin/python benchmarks/stages.py [--events 10000000] [--folder /tmp/…] [--demo DATA_DIR]

Makes a stream of so many events from a seed (arrays of an index on disk), counts both funnels under the default rules, then under
others, and under others beside the default (the preview). Then a process of its own opens the data directory of a demo (made if
none is named), and asks for the page of both funnels as a signed-in member: `cold` is the first request of the process, folds
compiled before as a server does when it starts; `warm` the median of nine more. Prints one line of JSON: {"events", "people",
"first_s", "changed_s", "preview_s", "told", "page_cold_ms", "page_warm_ms", "load"}, and as `…_cpu_…` the time of the processor,
which tells what a machine busy with other things would hide. told: how often the fold said how far it is.
Bars: changed_s 30, page_cold_ms 1500, page_warm_ms 300.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from funnels.made import NAMES, Writer, lengths_of, portions_of
from funnels.ours import MadeDataset

from fullfunnel.events.store.journeys import Column
from fullfunnel.journeys import ask
from fullfunnel.journeys.datasets.dataset import Selling
from fullfunnel.journeys.stages.answer import warm
from fullfunnel.journeys.stages.rule_set import default_set, set_json
from fullfunnel.journeys.watch import Watch

ROOT = Path(__file__).resolve().parents[1]
# The most frequent first; the others are names that no rule looks at.
EVENTS = (
    "page_viewed", "product_used", "form_started", "form_submitted", "guide_downloaded", "newsletter_confirmed",
    "webinar_attended", "trait_changed", "lead_captured", "trial_started", "order_completed", "subscription_started",
    "lead_handed_over", "lead_accepted", "lead_rejected", "deal_created", "deal_won", "review_submitted",
)  # fmt: skip
PATHS = [
    "/",
    "/pricing",
    "/blog/a",
    "/blog/b",
    "/vs/others",
    "/customers/x",
    "/docs/a",
    *(f"/page/{n}" for n in range(33)),
]
PAGE = "/w/halden/"


class StagesDataset(MadeDataset):
    """The made-up arrays with names and paths that the rules look at."""

    selling = Selling("companies")

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        object.__setattr__(self._index, "names", [*EVENTS, *NAMES[len(EVENTS) :]])

    def rules_called(self, number: int) -> None:
        """The made-up workspace has no versions."""

    def _column(self, name: str) -> tuple[Column, Column]:
        if name != "path":
            return super()._column(name)
        return Column(self._file("country"), PATHS), Column(np.empty(0, np.int32), PATHS)


def fold(folder: Path) -> dict[str, Any]:
    """Return how long the engine takes, in seconds, over the arrays of a folder."""
    made = StagesDataset(folder)
    warm()
    told, used = [0], [0.0]

    def answered(**asked: Any) -> float:
        told[0], began, used[0] = 0, time.monotonic(), time.process_time()

        def hear(done: int, total: int) -> None:
            told[0] += 1

        ask.answer({"kind": "stages"} | asked, made.dataset, deadline=Watch(told=hear))
        used[0] = time.process_time() - used[0]
        return round(time.monotonic() - began, 2)

    others = set_json(default_set("companies"))
    others["stages"]["interest"]["rule"] = {"has": {"event": "page_viewed", "at_least": 3, "count": "days"}}
    first, changed = answered(), answered(rules=others)
    heard, cpu = told[0], round(used[0], 2)
    others["silence_days"] = 30
    preview = answered(rules=others, against=set_json(default_set("companies")))
    people = len(made.index().units)
    return {
        "people": people,
        "first_s": first,
        "changed_s": changed,
        "changed_cpu_s": cpu,
        "preview_s": preview,
        "told": heard,
    }


def page() -> dict[str, Any]:
    """Return how long the page takes, in milliseconds, in the directory of FULLFUNNEL_DATA_DIR."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullfunnel.config.settings")
    django.setup()
    from django.conf import settings
    from django.test import Client

    from fullfunnel.analytics.models import Asking
    from fullfunnel.workspaces.models import User

    settings.ALLOWED_HOSTS = ["*"]
    # What another process answered a moment ago would be collected.
    Asking.objects.all().delete()
    warm()
    client = Client()
    client.force_login(User.objects.get(email="alice@halden.example"))
    client.get("/w/halden/settings/")
    times, used = [], list[float]()
    for _ in range(10):
        began, spent = time.monotonic(), time.process_time()
        shown = client.get(PAGE).content.decode()
        while 'hx-trigger="answered' in shown:
            time.sleep(0.02)
            shown = client.get(PAGE).content.decode()
        times.append((time.monotonic() - began) * 1000)
        used.append((time.process_time() - spent) * 1000)
    found = {"page_cold_ms": round(times[0]), "page_cold_cpu_ms": round(used[0])}
    return found | {"page_warm_ms": round(median(times[1:]))}


def in_own_process(part: str, **environment: str) -> dict[str, Any]:
    """Return what `page` measures in a fresh process."""
    command = [sys.executable, str(Path(__file__).resolve()), "--part", part]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--demo", type=Path)
    parser.add_argument("--part")
    given = parser.parse_args()
    if given.part:
        print(json.dumps(page()))
        return
    with tempfile.TemporaryDirectory(prefix="fullfunnel-stages-") as made:
        folder = given.folder or Path(made) / "events"
        if not folder.exists():
            folder.mkdir(parents=True)
            writer = Writer(folder, given.events)
            for portion in portions_of(lengths_of(given.events, np.random.default_rng(given.seed)), given.seed):
                writer.add(portion)
            writer.close()
        demo = given.demo or Path(made) / "demo"
        if not demo.exists():
            command = [sys.executable, "-m", "fullfunnel", "demo", "--no-serve", "--data-dir", str(demo)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        # The first makes the index, as the worker of a server has long done.
        in_own_process("page", FULLFUNNEL_DATA_DIR=str(demo))
        found = {"events": given.events} | fold(folder) | in_own_process("page", FULLFUNNEL_DATA_DIR=str(demo))
    print(json.dumps(found | {"load": round(os.getloadavg()[0], 1)}))


if __name__ == "__main__":
    main()
