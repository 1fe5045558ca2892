"""Acknowledged requests and events a second, as a ratio to a bare ASGI server that does the same durable write in the same run.

    .venv/bin/python benchmarks/capture.py [--seconds 5] [--rounds 3]

Both servers: granian, two workers, JSON read by orjson, the journal's group commit (an fsync before each answer). The bare
one keeps the body as it came: no key, no limits, no dialect. Loads, by wrk: single events and batches of 100, 64 connections each; alone, and while two readers
load pages of the same server one after the other (the bare server has the same pages behind it). Prints one line of JSON.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

CONNECTIONS, READERS, BATCH = 64, 2, 100
PORTS = {"bare": 8141, "ours": 8142}
PAGE = "/sign-in/"
LUA = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Basic %s"
wrk.body = [[%s]]
done = function(summary, latency)
  io.write(string.format("p99us=%%d bad=%%d\\n", latency:percentile(99), summary.errors.status))
end
"""


def bare():
    """The bare server's application, in front of the same pages."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "fullfunnel.config.settings"
    import orjson
    from django.core.wsgi import get_wsgi_application

    pages_wsgi = get_wsgi_application()
    from django.conf import settings

    from fullfunnel.config.threads import behind
    from fullfunnel.core import clock
    from fullfunnel.events.journal import Entry, GroupCommit, Journal

    pages, commits = behind(pages_wsgi), []
    headers = [(b"content-type", b"application/json"), (b"content-length", b"16")]

    async def application(scope, receive, send):
        if not scope["path"].startswith("/v1/"):
            await pages(scope, receive, send)
            return
        if not commits:
            commits.append(GroupCommit(Journal(settings.DATA_DIR / "journal.db")))
        chunks, more = [], True
        while more:
            message = await receive()
            chunks.append(message["body"])
            more = message["more_body"]
        body = b"".join(chunks)
        value = orjson.loads(body)
        count = len(value.get("batch", [value]))
        entry = Entry(
            received_at=clock.now_us(), workspace_id=1, source_id=1, source_kind="web", items=body, count=count
        )
        await commits[0].put(entry)
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"success":true}'})

    return application


def serve_bare(port):
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    Granian(
        "benchmarks.capture:bare", address="127.0.0.1", port=port, interface=Interfaces.ASGINL, factory=True, workers=2,
        websockets=False, http=HTTPModes.http1, workers_kill_timeout=3, log_level=LogLevels.error,
    ).serve()  # fmt: skip


@contextmanager
def started(command, directory, port):
    environment = os.environ | {"FULLFUNNEL_DATA_DIR": str(directory), "PYTHONPATH": str(Path(__file__).parents[1])}
    process = subprocess.Popen([sys.executable, *command], env=environment)
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{PAGE}", timeout=2).read()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(20)


def item(number):
    """A page view as a browser's client sends it."""
    return {
        "type": "track", "event": "Product Viewed", "messageId": f"bench-{number:07}", "anonymousId": f"anon-{number % 50}",
        "timestamp": "2026-11-01T12:00:00.000Z",
        "properties": {"product_id": f"p{number % 20}", "price": 19.9, "currency": "EUR", "category": "shifts"},
        "context": {
            "page": {"url": "https://shop.example/p?utm_source=news&utm_medium=email", "referrer": "https://www.google.com/"},
            "userAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/149.0.0.0 Safari/537.36",
            "timezone": "Europe/Berlin", "library": {"name": "analytics.js", "version": "2"},
        },
    }  # fmt: skip


def wrk(port, path, script, seconds, connections):
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    if script:
        command += ["-s", str(script)]
    return subprocess.Popen([*command, f"http://127.0.0.1:{port}{path}"], stdout=subprocess.PIPE, text=True)


def rate(process):
    """(requests a second, 99th percentile in ms) of a finished wrk; AssertionError where answers were not 2xx."""
    told = process.communicate()[0]
    found = re.search(r"p99us=(\d+) bad=(\d+)", told)
    assert found is None or found[2] == "0", told
    per_second = float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])
    return per_second, int(found[1]) / 1000 if found else 0.0


def measure(server, load, scripts, seconds, readers):
    """(requests/s, p99 ms) of one server under one load, with or without readers of pages."""
    reader = wrk(PORTS[server], PAGE, None, seconds + 1, READERS) if readers else None
    found = rate(
        wrk(PORTS[server], "/v1/batch" if load == "batch" else "/v1/track", scripts[load], seconds, CONNECTIONS)
    )
    if reader:
        reader.communicate()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("this benchmark needs the program wrk, which is not installed: apt install wrk (Debian, Ubuntu)")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        key = None
        for name in PORTS:
            told = subprocess.run(
                [sys.executable, "-m", "fullfunnel", "create-workspace", "Bench", "--owner", "a@bench.example",
                 "--password-stdin", "--json", "--data-dir", str(root / name)],
                input="correct horse battery\n", capture_output=True, text=True, check=True,
            )  # fmt: skip
            key = json.loads(told.stdout)["write_key"]
        import base64

        secret = base64.b64encode(f"{key}:".encode()).decode()
        bodies = {"single": item(1), "batch": {"batch": [item(number) for number in range(BATCH)]}}
        scripts = {}
        for name, body in bodies.items():
            scripts[name] = root / f"{name}.lua"
            scripts[name].write_text(LUA % (secret, json.dumps(body)))
        ours = ["-m", "fullfunnel.config.web", "127.0.0.1", str(PORTS["ours"]), "2"]
        bare_command = ["-c", f"import benchmarks.capture as c; c.serve_bare({PORTS['bare']})"]
        with started(bare_command, root / "bare", PORTS["bare"]), started(ours, root / "ours", PORTS["ours"]):
            print(json.dumps(run(args, scripts)))


def run(args, scripts):
    result = {"benchmark": "capture", "cpus": os.cpu_count(), "connections": CONNECTIONS, "threshold": 0.4}
    for server in PORTS:
        for load in scripts:
            measure(server, load, scripts, 1, readers=False)
    alone = {}
    for readers in (False, True):
        for load in ("single", "batch"):
            rounds = [
                {server: measure(server, load, scripts, args.seconds, readers) for server in PORTS}
                for _ in range(args.rounds)
            ]
            times = BATCH if load == "batch" else 1
            found = {server: statistics.median(one[server][0] for one in rounds) for server in PORTS}
            if not readers:
                alone[load] = found["bare"]
            result[f"{load}, {'with page readers' if readers else 'alone'}"] = {
                "bare_per_s": round(found["bare"] * times),
                "ours_per_s": round(found["ours"] * times),
                "ratio": round(statistics.median(one["ours"][0] / one["bare"][0] for one in rounds), 3),
                "ratio_to_bare_alone": round(found["ours"] / alone[load], 3),
                "bare_p99_ms": round(statistics.median(one["bare"][1] for one in rounds), 1),
                "ours_p99_ms": round(statistics.median(one["ours"][1] for one in rounds), 1),
            }
    ratios = [value["ratio"] for value in result.values() if isinstance(value, dict)]
    result["pass"] = min(ratios) >= result["threshold"]
    return result


if __name__ == "__main__":
    main()
