"""How long a page takes beside 200 clients that send slowly, with the csrf cookie: p99 at most twice that of an idle server.

    .venv/bin/python benchmarks/slow_senders.py [--senders 200] [--pages 500] [--rounds 3]

The senders are of five kinds (tests/kit/slow_senders.py), seem to come from as many addresses, and are new in each round. Rounds of both
follow each other, so that what else the machine does falls on both. Prints one line of JSON, times in ms. Exit status 1: over the bar.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.kit.server import Server, running
from tests.kit.slow_senders import SlowSenders

BAR = 2.0
PAGE = "/sign-in/"


def milliseconds(server: Server, pages: int, path: str = PAGE) -> list[float]:
    taken = []
    for _ in range(pages):
        began = time.perf_counter()
        status, _ = server.request("GET", path)
        taken.append(1000 * (time.perf_counter() - began))
        if status != 200:
            raise SystemExit(f"{path} answered {status}")
    return taken


def summary(taken: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(taken, n=100)
    return {"p50": round(cuts[49], 2), "p99": round(cuts[98], 2), "most": round(max(taken), 2)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--senders", type=int, default=200)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    taken: dict[str, list[float]] = {"idle": [], "beside": [], "health_beside": []}
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "data", FULLFUNNEL_WARM="0") as server:
        milliseconds(server, 100)
        for _ in range(args.rounds):
            for name in ("idle", "beside"):
                slow = SlowSenders(server.port, args.senders, addresses=args.senders)
                with slow if name == "beside" else nullcontext():
                    taken[name] += milliseconds(server, args.pages)
                    if name == "beside":
                        taken["health_beside"] += milliseconds(server, args.pages // 5, "/health")
    found = {name: summary(times) for name, times in taken.items()}
    ratio = found["beside"]["p99"] / found["idle"]["p99"]
    print(json.dumps({"senders": args.senders, **found, "p99_ratio": round(ratio, 2), "bar": BAR}))
    return int(ratio > BAR)


if __name__ == "__main__":
    sys.exit(main())
