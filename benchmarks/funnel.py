"""Funnels beside ClickHouse: the counts alone (`windowFunnel`), and the whole answer (pending, medians, 90th percentiles).

Makes a stream from a seed, asks both another question each run, one after the other, two threads each, asserts that both say the
same, and prints one JSON line: warm medians in milliseconds and ClickHouse's by ours. Just before, unmeasured, each is asked the
question of the run before: what lies idle, the kernel may take from memory. ClickHouse is given its best: one part ordered by
(person, time), Enum names, identities already put together, the fastest of several formulations (funnels/questions.py).
rss_mb is the most memory that we held up to the end of "counts" and "answer", rss_all_mb that of all contests.
Usage: python benchmarks/funnel.py [--events 5000000] [--seed 1] [--runs 7] [--folder /tmp/…] [--only NAME …]
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from funnels import attribution, questions
from funnels import retention_and_paths as others
from funnels.clickhouse import ClickHouse, resident
from funnels.made import NAMES, VALUES, Writer, lengths_of, portions_of, rows_of

# Seconds between an answer and the other's question.
REST = 0.5
Question = dict[str, Any]
Asked = Callable[[Question], Any]


def prepare(folder: Path, events: int, seed: int) -> None:
    """Arrays for us, a table for ClickHouse; in bounded memory."""
    lengths, writer = lengths_of(events, np.random.default_rng(seed)), Writer(folder, events)
    rival, rows = ClickHouse(folder / "clickhouse"), folder / "rows.bin"
    rival.make_table(NAMES)
    for portion in portions_of(lengths, seed):
        writer.add(portion)
        rows_of(portion).tofile(rows)
        rival.load(rows)
    writer.close()
    rows.unlink()
    rival.ask("OPTIMIZE TABLE events FINAL")
    rival.close()


MAKERS: dict[str, Callable[[random.Random], Question]] = {
    "filters": lambda chance: questions.with_filters(questions.random_funnel(chance), chance),
    "retention": others.random_retention,
    "paths": others.random_paths,
    "attribution": attribution.random_attribution,
}


class Ours:
    """fullfunnel: JSON of the question in, JSON of the answer out."""

    def __init__(self, folder: Path) -> None:
        from funnels.ours import MadeDataset

        self.dataset = MadeDataset(folder).dataset

    def ask(self, question: Question) -> tuple[Any, float]:
        import orjson

        from fullfunnel.journeys.ask import answer

        given, began = orjson.dumps(question), time.perf_counter()
        told = orjson.dumps(answer(orjson.loads(given), self.dataset))
        return orjson.loads(told), (time.perf_counter() - began) * 1000


def counts_of(rows: list[Any], steps: int) -> list[int]:
    """[level, people] as how many reached each step."""
    at = {level: int(count) for level, count in rows}
    return [sum(at.get(level, 0) for level in range(k, steps + 1)) for k in range(1, steps + 1)]


def same_counts(told: Any, rows: list[Any]) -> bool:
    return [step["count"] for step in told["steps"]] == counts_of(rows, len(told["steps"]))


def same_groups(told: Any, rows: list[Any]) -> bool:
    steps = len(told["steps"])
    theirs = {
        VALUES["device"][value]: counts_of([row[1:] for row in rows if row[0] == value], steps)
        for value in {row[0] for row in rows}
    }
    return {group["value"]: [step["count"] for step in group["steps"]] for group in told["groups"]} == theirs


def same_answer(told: Any, rows: list[Any]) -> bool:
    """Counts and pending to the one, times to the microsecond (the mean: to a millionth of itself)."""
    row, steps = rows[0], told["steps"]
    n = len(steps)
    at = [[int(row[2 * k]), int(row[2 * k + 1])] for k in range(n)]
    reached = [sum(one for one, _ in at[k:]) for k in range(n)]
    lost = [[0, 0]] + [[one - still, still] for one, still in at[:-1]]
    if [step["count"] for step in steps] != reached:
        return False
    if [[step["dropped"], step["pending"]] for step in steps] != lost:
        return False
    for k in range(1, n):
        (middle, p90), mean = row[2 * n + 2 * (k - 1) : 2 * n + 2 * k]
        said = steps[k]["seconds_from_previous"]
        if reached[k] and not (
            abs(said["median"] * 1e6 - middle) < 1
            and abs(said["p90"] * 1e6 - p90) < 1
            and abs(said["mean"] * 1e6 - mean) <= max(abs(mean) * 1e-6, 1)
        ):
            return False
    return True


class Differ(Exception):
    """The two do not say the same."""


class Contest:
    """One kind of question, asked of both."""

    def __init__(self, ours: Asked, theirs: list[Callable[[Question], str]], same: Callable[[Any, Any], bool]) -> None:
        self.ours, self.theirs, self.same = ours, theirs, same

    def run(self, us: Ours, rival: ClickHouse, made: list[Question]) -> tuple[float, float]:
        """Medians of ours and theirs. The first two questions warm up, and choose ClickHouse's fastest formulation."""
        took: dict[int, list[float]] = {at: [] for at in range(len(self.theirs))}
        for question in made[:2]:
            told, _ = us.ask(self.ours(question))
            for at, write in enumerate(self.theirs):
                rows, ms = rival.ask(write(question))
                took[at].append(ms)
                self._agree(question, told, rows)
        best = self.theirs[min(took, key=lambda at: min(took[at]))]
        mine, its = [], []
        for before, question in pairwise(made[1:]):
            # Neither shall pay for what the other's threads still clear away, or for what the kernel took from memory meanwhile.
            time.sleep(REST)
            us.ask(self.ours(before))
            told, ms = us.ask(self.ours(question))
            mine.append(ms)
            time.sleep(REST)
            rival.ask(best(before))
            rows, ms = rival.ask(best(question))
            its.append(ms)
            self._agree(question, told, rows)
        return median(mine), median(its)

    def _agree(self, question: Question, told: Any, rows: Any) -> None:
        if not self.same(told, rows):
            raise Differ(f"{json.dumps(question)}\nours {json.dumps(told)[:4000]}\ntheirs {str(rows)[:4000]}")


def either(*writers: Callable[..., str]) -> list[Callable[[Question], str]]:
    """Each formulation with aggregation in order of the table, and hashed."""
    return [partial(write, in_order=in_order) for write in writers for in_order in (True, False)]


def contests() -> dict[str, Contest]:
    """What is compared, by the beginning of its figures' names."""

    def counts(question: Question) -> Question:
        return question | {"show": "counts"}

    def by_device(question: Question) -> Question:
        return question | {"show": "counts", "breakdown": {"property": "device", "attribution": "first"}}

    windowed, grouped = either(questions.counts_sql), either(questions.groups_sql)
    whole = [*either(questions.by_arrays), questions.by_windows]
    return {
        "counts": Contest(counts, windowed, same_counts),
        "answer": Contest(dict, whole, same_answer),
        "breakdown": Contest(by_device, grouped, same_groups),
        "filters": Contest(counts, windowed, same_counts),
        "retention": Contest(dict, either(others.retention_by_arrays, others.retention_by_join), others.same_retention),
        "paths": Contest(dict, [others.paths_by_arrays], others.same_paths),
        "attribution": Contest(dict, [attribution.linear_by_sums], attribution.same_linear),
    }


def compare(folder: Path, seed: int, runs: int, only: list[str]) -> dict[str, Any]:
    us, rival, chance = Ours(folder), ClickHouse(folder / "clickhouse"), random.Random(seed)
    figures: dict[str, Any] = {"people": len(us.dataset.index().units)}
    ratios, memory, failed = dict[str, float](), dict[str, int](), list[str]()
    for name, contest in contests().items():
        make = MAKERS.get(name, questions.random_funnel)
        # Drawn in any case, so that a contest alone asks what it asks among all.
        made = [make(chance) for _ in range(runs + 2)]
        if only and name not in only:
            continue
        try:
            mine, its = contest.run(us, rival, made)
        except (Differ, RuntimeError, KeyError) as error:
            # The other figures are not lost for it; the exit status says so.
            print(name, error, file=sys.stderr)
            failed.append(name)
            continue
        figures |= {f"{name}_ms": round(mine, 1), f"clickhouse_{name}_ms": round(its, 1)}
        ratios[f"ratio_{name}"] = round(its / mine, 1)
        if name in ("counts", "answer"):
            memory["rss_mb"] = resident("self")
    memory |= {"rss_all_mb": resident("self"), "clickhouse_rss_mb": rival.megabytes()}
    rival.close()
    return figures | ratios | memory | ({"failed": failed} if failed else {})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument(
        "--folder", type=Path, help="where to keep the stream; made if it is not there, and then left there"
    )
    parser.add_argument("--only", nargs="+", default=[], choices=[*contests()], help="these contests and no others")
    parser.add_argument("--prepare", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.prepare:
        prepare(given.prepare, given.events, given.seed)
        return
    folder = given.folder or Path(tempfile.mkdtemp(prefix="fullfunnel-funnel-"))
    try:
        began = time.monotonic()
        if not (folder / "unit.npy").exists():
            folder.mkdir(parents=True, exist_ok=True)
            # In a process of its own, so that its memory is not counted as the question's.
            command = [sys.executable, __file__, "--prepare", str(folder)]
            subprocess.run([*command, "--events", str(given.events), "--seed", str(given.seed)], check=True)
        made = round(time.monotonic() - began, 1)
        figures = {"events": given.events, **compare(folder, given.seed, given.runs, given.only), "made_s": made}
        print(json.dumps(figures))
        sys.exit(1 if "failed" in figures else 0)
    finally:
        if given.folder is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
