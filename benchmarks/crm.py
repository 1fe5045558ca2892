"""How fast the sellers' pages and writes are in a large workspace.

    .venv/bin/python benchmarks/crm.py [--people 1000000] [--visits 60] [--keep FOLDER] [--only list,search]

Makes people, companies (a tenth), deals (a tenth), hand-overs (three tenths) and activities (twice as many as people), as rows put
into the tables at once: told one by one through the bulk doors they would take hours. Then a server is started and each page is
asked for by a signed-in seller, one after the other, once without and `--visits` times with its time taken; writes go through the
REST API while the drain takes about 2,000 events a second. Prints one line of JSON:
{"p95_ms": {page: ms}, "writes_p95_ms": {write: ms}, "database": MB, "rows": …, "load": …}. Bars: pages 150 ms, writes 300 ms.
--keep: the folder that the rows are made in, once; the next run takes what is there. load: how many processes wanted a processor
in the last minute. People have three kinds of orders and three conditions, as their list offers.
"""

import argparse
import base64
import http.client
import http.cookiejar
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.kit.server import Server

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "correct horse battery"
CHUNK = 20_000
EVENTS_A_SECOND = 2_000


def fill(people: int) -> None:
    """Put the rows into the workspace of the directory in FULLFUNNEL_DATA_DIR."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullfunnel.config.settings")
    django.setup()
    from datetime import timedelta

    from django.db import connection, transaction

    from fullfunnel.core import clock
    from fullfunnel.crm.models import Activity, Deal, HandOver
    from fullfunnel.crm.pipelines import pipelines_of
    from fullfunnel.people.models import Company, Identity, Person
    from fullfunnel.workspaces.models import User, Workspace

    workspace, owner, now = Workspace.objects.get(), User.objects.get(), clock.now()
    mine = {"workspace": workspace}
    [pipeline, *_] = pipelines_of(workspace)
    stages = sorted(pipeline.stages.all(), key=lambda stage: stage.place)

    def put(model: Any, count: int, row: Any) -> None:
        for first in range(0, count, CHUNK):
            with transaction.atomic():
                model.objects.bulk_create([row(n) for n in range(first, min(count, first + CHUNK))])

    companies, deals, handed = people // 10, people // 10, people * 3 // 10

    def person(n: int) -> Any:
        email = f"person.{n}@firm-{n % companies}.example"
        name, seen = f"Ada Person{n}", now - timedelta(seconds=n)
        return Person(
            **mine, pk=n + 1, public_id=f"p{n:019d}", name=name, email=email, search_text=f"{name} {email}".lower(),
            traits={"name": name, "email": email}, is_identified=True, company_id=n % companies + 1, first_seen_at=seen,
            last_seen_at=seen, created_at=seen,
        )  # fmt: skip

    def hand_over(n: int) -> Any:
        outcome = ("waiting", "accepted", "accepted", "rejected", "recycled")[n % 5] if n % 50 else "waiting"
        at = now - timedelta(minutes=n)
        decided = None if outcome == "waiting" else at + timedelta(hours=2)
        return HandOver(
            **mine, person_id=n + 1, company_id=n % companies + 1, cause_event=f"bench-{n}", outcome=outcome,
            why=[{"text": "Asked for a demo", "points": 40, "of": "engagement"}], engagement=40, handed_over_at=at,
            decided_at=decided, owner=owner if n % 3 else None,
        )  # fmt: skip

    def deal(n: int) -> Any:
        stage = stages[n % len(stages)]
        at = now - timedelta(minutes=3 * n)
        return Deal(
            **mine, name=f"Firm {n}", company_id=n % companies + 1, pipeline=pipeline, stage=stage, state=stage.kind,
            amount=9600, currency="EUR", owner=owner if n % 3 else None, opened_at=at, stage_since=at,
            decided_at=None if stage.kind == "open" else at,
        )  # fmt: skip

    def activity(n: int) -> Any:
        at = now - timedelta(minutes=n)
        return Activity(**mine, person_id=n % people + 1, company_id=n % companies + 1, kind="call", at=at, by=owner)

    put(Company, companies, lambda n: Company(**mine, pk=n + 1, key=f"firm-{n}", name=f"Firm {n}", owner=owner))
    put(Person, people, person)
    put(Identity, people, lambda n: Identity(
        **mine, kind="email", value=f"person.{n}@firm-{n % companies}.example", person_id=n + 1, is_verified=True
    ))  # fmt: skip
    put(HandOver, handed, hand_over)
    put(Deal, deals, deal)
    put(Activity, 2 * people, activity)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def signed_in(base: str) -> urllib.request.OpenerDirector:
    """Return a browser without JavaScript, signed in."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    address = f"{base}/sign-in/"
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.open(address).read().decode())
    assert token
    sent = {"csrfmiddlewaretoken": token[1], "email": "alice@halden.example", "password": PASSWORD}
    browser.addheaders = [("Referer", address)]
    browser.open(address, urllib.parse.urlencode(sent).encode())
    return browser


def timed(ask: Any, times: int) -> float:
    """Return the 95th percentile of so many calls, ms, after one that does not count."""
    ask(0)
    taken = []
    for number in range(1, times + 1):
        began = time.perf_counter()
        ask(number)
        taken.append(1000 * (time.perf_counter() - began))
    return round(statistics.quantiles(taken, n=20)[-1], 1)


def pages(base: str, api: "Program", people: int) -> dict[str, str]:
    """Return name -> address of the pages, and of lists and records of the API that pages read alike."""
    deal = api.get("deals?limit=1")["items"][0]["id"]
    lately = urllib.parse.quote('[{"property":"last_seen","op":"since","value":{"days_ago":30}}]')
    three = f"/w/halden/people/?known=identified&q=person7&where={lately}&sort="
    return {
        "inbox": "/w/halden/inbox/",
        "board": "/w/halden/deals/",
        "list with filter": "/w/halden/deals/list/?state=open&owner=mine&close=past",
        "list by amount": "/w/halden/deals/list/?state=any&sort=-amount",
        "list search": f"/w/halden/deals/list/?q=Firm+{people // 20}",
        "deal": f"/w/halden/deals/{deal}/",
        "search": f"/w/halden/people/?q=person.{people // 2}",
        "person": f"/w/halden/people/p{people // 2:019d}/",
        "people": "/w/halden/people/",
        "people by name": "/w/halden/people/?sort=name",
        "people, three conditions": f"{three}-since",
        "people, three conditions, by name": f"{three}name",
        "people, three conditions, who came last": f"{three}-seen",
        "companies": "/w/halden/companies/",
        "company": f"/w/halden/companies/{people // 20}/",
    }


class Program:
    """The REST API with a key."""

    def __init__(self, port: int, key: str) -> None:
        self.port = port
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, f"/api/v1/{path}", json.dumps(body) if body else None, self.headers)
        response = connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise SystemExit(f"{method} {path}: {response.status} {answer[:300]!r}")
        return dict(json.loads(answer))

    def get(self, path: str) -> dict[str, Any]:
        return self.ask("GET", path)


def visit_without_end(port: int, key: str, stop: threading.Event) -> None:
    """Send EVENTS_A_SECOND page views a second until `stop`."""
    basic = {"Authorization": f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}"}
    connection, number = http.client.HTTPConnection("127.0.0.1", port, timeout=60), 0
    while not stop.is_set():
        began = time.monotonic()
        calls = [
            {"type": "page", "anonymousId": f"a{(number + n) % 5000}", "messageId": f"b-{number + n}"}
            for n in range(500)
        ]
        connection.request("POST", "/v1/batch", json.dumps({"batch": calls}), basic)
        connection.getresponse().read()
        number += len(calls)
        stop.wait(max(0, len(calls) / EVENTS_A_SECOND - (time.monotonic() - began)))


def writes(api: Program, times: int) -> dict[str, float]:
    waiting = [each["id"] for each in api.get("hand-overs?outcome=waiting&limit=200")["items"]]
    deals = [each["id"] for each in api.get("deals?state=open&limit=200")["items"]]

    def accept(n: int) -> None:
        api.ask("POST", f"hand-overs/{waiting[n]}/decisions", {"what": "accept", "by": "alice@halden.example"})

    def move(n: int) -> None:
        api.ask("POST", f"deals/{deals[n]}/moves", {"to": ("Demo", "Proposal")[n % 2]})

    def log(n: int) -> None:
        api.ask("POST", "activities", {"kind": "call", "deal": deals[n]})

    return {name: timed(do, times) for name, do in (("accept", accept), ("move", move), ("log", log))}


def made_directory(server: Server, people: int) -> dict[str, Any]:
    """Make the server's directory with all rows, unless it is there; return the keys of its workspace."""
    keys = server.directory.with_suffix(".keys")
    if keys.exists():
        return dict(json.loads(keys.read_text()))
    server.directory.parent.mkdir(parents=True, exist_ok=True)
    server.start()
    made = server.create_workspace()
    server.stop()
    code = "import sys; from benchmarks.crm import fill; fill(int(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(people)], cwd=ROOT, env=server.environment, check=True)
    keys.write_text(json.dumps(made))
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--visits", type=int, default=60)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", default="", help="parts of pages' names")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Server((args.keep or Path(folder)).resolve() / "data", FULLFUNNEL_BACKUPS="off")
        made = made_directory(server, args.people)
        server.start()
        try:
            api = Program(server.port, made["api_key"])
            browser, base = signed_in(f"http://127.0.0.1:{server.port}"), f"http://127.0.0.1:{server.port}"
            found = {
                name: timed(lambda n, path=path: browser.open(base + path).read(), args.visits)
                for name, path in pages(base, api, args.people).items()
                if any(part in name for part in args.only.split(","))
            }
            stop = threading.Event()
            threading.Thread(target=visit_without_end, args=(server.port, made["write_key"], stop), daemon=True).start()
            time.sleep(3)
            written = writes(api, args.visits)
            stop.set()
        finally:
            server.stop()
        size = sum(path.stat().st_size for path in server.directory.glob("main.db*")) / 1e6
        rows = {"people": args.people, "deals": args.people // 10, "hand_overs": args.people * 3 // 10}
        print(
            json.dumps(
                {
                    "p95_ms": found,
                    "writes_p95_ms": written,
                    "database": f"{size:.0f} MB",
                    "rows": rows,
                    "load": os.getloadavg()[0],
                }
            )
        )


if __name__ == "__main__":
    main()
