"""fullfunnel demo: the company Halden, made through the public doors, then served with live visitors."""

import argparse
import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
import webbrowser
from pathlib import Path
from typing import Any

from fullfunnel.cli.words import port_number
from fullfunnel.core.directory import SIGN_IN_OF_DEMO

EXAMPLES = """
examples:
  fullfunnel demo
  fullfunnel demo --port 8080 --data-dir /tmp/halden

Serves at once and prints the sign-in; the company's 400 days arrive within a minute or two. With --json the sign-in is printed
when all has arrived. Called again it serves what is there.
Exit status: 0 ended as it was told; 1 it cannot run; 2 the directory holds a workspace 'halden' of somebody else."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXAMPLES
    parser.add_argument("--port", type=port_number, default=8000, help="where to serve it (default 8000)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same company (default 1)")
    parser.add_argument("--no-serve", action="store_true", help="make the company and end")
    parser.add_argument("--no-live", action="store_true", help="no live visitors while serving")
    parser.add_argument("--no-open", action="store_true", help="do not open the browser")
    parser.add_argument("--json", action="store_true", help="print the sign-in as JSON")


def run(args: argparse.Namespace) -> int:
    """Serves the demo company, making it first where it is not there yet."""
    from fullfunnel.demo.company import SLUG, make_company
    from fullfunnel.workspaces.models import Workspace

    server = start_server(args.port)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            signal.signal(signal.SIGTERM, lambda *_: server.terminate())
            if not wait_for(server, args.port):
                return 1
            keys_file = data_dir() / SIGN_IN_OF_DEMO
            if not Workspace.objects.filter(slug=SLUG).exists():
                write_secret(keys_file, make_company())
            if not keys_file.exists():
                print(
                    f"a workspace '{SLUG}' is here that the demo did not make; use another --data-dir", file=sys.stderr
                )
                return 2
            made = json.loads(keys_file.read_text())
            if not args.json:
                say_sign_in(made, args)
                open_browser(args)
            if not made.get("delivered"):
                made["delivered"] = fill(made, args)
                write_secret(keys_file, made)
            if args.json:
                print(json.dumps({"url": f"http://127.0.0.1:{args.port}", **made}), flush=True)
            if not args.no_serve:
                serve_until_ended(server, made, args)
    finally:
        server.terminate()
        server.wait()
    return 0


def data_dir() -> Path:
    from django.conf import settings

    return Path(settings.DATA_DIR)


def write_secret(path: Path, content: dict[str, Any]) -> None:
    """Keeps the sign-in readable by its owner only."""
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file)
    fresh.replace(path)


def start_server(port: int) -> "subprocess.Popen[bytes]":
    """The ordinary server, as its own process tree; it ends when we do."""
    where = ["--port", str(port), "--data-dir", str(data_dir()), "--no-first-visit"]
    return subprocess.Popen([sys.executable, "-m", "fullfunnel", "serve", *where])  # noqa: S603


def wait_for(server: "subprocess.Popen[bytes]", port: int) -> bool:
    """True when the server answers; False when it has ended (it has said why)."""
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return True
        except OSError:
            time.sleep(0.2)
    return False


def fill(made: dict[str, Any], args: argparse.Namespace) -> int:
    """Delivers the company's 400 days and waits until they can be asked; returns the number of events."""
    from fullfunnel.core import clock
    from fullfunnel.demo.deliver import Door, Takes, deliver
    from fullfunnel.demo.halden_forms import Forms
    from fullfunnel.demo.notes import write_notes
    from fullfunnel.demo.plan import last_midnight, lives
    from fullfunnel.demo.selling import Api, Sales, Submissions, tell_sales
    from fullfunnel.demo.story import stories
    from fullfunnel.workspaces.models import Workspace

    print(f"http://127.0.0.1:{args.port} is up; Halden's 400 days are on their way", file=sys.stderr)
    sales, submissions, forms = Sales(), Submissions(), Forms(**made.get("forms", {"ids": {}}))
    doors: dict[str, Takes] = {"sales": sales}
    doors |= {name: Door("127.0.0.1", args.port, made["write_keys"][name]) for name in ("web", "crm")}
    began = time.monotonic()

    def progress(sent: int) -> None:
        if sent % 20_000 == 0:
            rate = sent / (time.monotonic() - began)
            left = max(0, 405_000 - sent) / rate
            print(f"  {sent:,} events sent, {rate:,.0f} a second, about {left:.0f} s left", file=sys.stderr)

    end = last_midnight(clock.now())
    calls = submissions.aside(stories(lives(end, seed=args.seed), args.seed, forms))
    sent, by_person = deliver(calls, doors, progress)
    await_events(args.port, made["api_key"], "*", by_person)
    print("  what the sellers did is being told", file=sys.stderr)
    api = Api("127.0.0.1", args.port, made["api_key"])
    submissions.tell(api.post_many, forms)
    handed = tell_sales(sales.calls, api.post_many, end)
    await_events(args.port, made["api_key"], "lead_handed_over", handed)
    write_notes(Workspace.objects.get(slug=made["workspace"]))
    sent += fill_others(made, args)
    print(f"  {sent:,} events can be asked after {time.monotonic() - began:.0f} s", file=sys.stderr)
    return sent


def fill_others(made: dict[str, Any], args: argparse.Namespace) -> int:
    """Tell the shop and the installer; return how many events they are. Their keys were made with the company."""
    from fullfunnel.core import clock
    from fullfunnel.demo.others.telling import tell_firm
    from fullfunnel.demo.plan import last_midnight

    sent, end = 0, last_midnight(clock.now())
    for slug, keys in made.get("others", {}).items():

        def settle(by_person: int, api_key: str = keys["api_key"]) -> None:
            await_events(args.port, api_key, "*", by_person)

        sent += tell_firm(slug, keys, port=args.port, end=end, seed=args.seed, settle=settle)
    return sent


def await_events(port: int, api_key: str, name: str, expected: int) -> None:
    """Ask, as a client would, until so many events are in an answer; "*" counts what people did and nothing else."""
    question = {"kind": "trend", "series": [{"event": name, "measure": "events"}], "by": "month"}
    until = time.monotonic() + 300
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}
        connection.request("POST", "/api/v1/ask", json.dumps(question), headers)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        if response.status != 200:
            raise SystemExit(f"the demo's question was answered with {response.status}: {answer[:300]!r}")
        if sum(row["value"] for row in json.loads(answer)["rows"]) >= expected:
            return
        time.sleep(1)
    raise SystemExit("the events were sent but are not in an answer after 5 minutes: see `fullfunnel doctor`")


def say_sign_in(made: dict[str, Any], args: argparse.Namespace) -> None:
    """Print where it is and who may enter: the company is there to be looked at while its days arrive."""
    here = f"http://127.0.0.1:{args.port}"
    print(
        f"\n  Halden is at   {here}\n  Sign in as     {made['email']}\n  Password       {made['password']}\n"
        f"  or, once, by   {here}{welcome_path()}",
        flush=True,
    )
    print("  Ctrl-C ends it.\n" if not args.no_serve else "", flush=True)


def welcome_path() -> str:
    """Return a new path that signs in once, and ends the one before."""
    from fullfunnel.demo.welcome.tokens import make_token

    return f"/welcome/{make_token(data_dir())}/"


def open_browser(args: argparse.Namespace) -> None:
    """Open the browser of whoever sits in front of the machine, signed in by another such address."""
    is_here = sys.stdout.isatty() and (sys.platform != "linux" or "DISPLAY" in os.environ)
    if is_here and not (args.no_serve or args.no_open):
        webbrowser.open(f"http://127.0.0.1:{args.port}{welcome_path()}")


def serve_until_ended(server: "subprocess.Popen[bytes]", made: dict[str, Any], args: argparse.Namespace) -> None:
    from fullfunnel.demo.deliver import Door
    from fullfunnel.demo.halden_forms import Forms
    from fullfunnel.demo.live import keep_visiting

    stop = threading.Event()
    if not args.no_live:
        door = Door("127.0.0.1", args.port, made["write_keys"]["web"])
        forms = {"forms": Forms(**made.get("forms", {"ids": {}}))}
        threading.Thread(target=keep_visiting, args=(door, stop), kwargs=forms, daemon=True).start()
    server.wait()
    stop.set()
