"""How long after `kill -9` a restarted server answers 2xx, beside bare Django's own start in the same run.

    .venv/bin/python benchmarks/restart.py [--rounds 40]

Ours: `fullfunnel serve` (two web processes, the worker) on a directory that takes events until all its processes are killed at once;
from the start of the command to the first 2xx of /health, of a page (/sign-in/), and of an event (POST /v1/track). Bare: a project of
Django with its usual apps and one page that asks SQLite, under the same server (granian, two workers). Rounds of both follow each
other, so that what else the machine does falls on both. Prints one line of JSON, times in ms.
"""

import argparse
import base64
import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.kit.server import Server, free_port

ROOT = Path(__file__).resolve().parents[1]
APPS = ["auth", "contenttypes", "sessions", "messages", "staticfiles"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
EVENTS_A_ROUND = 20
BEFORE = 3
urlpatterns: list[Any] = []


def configure(database: str) -> None:
    """Set up the bare project."""
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="bare", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, MIDDLEWARE=MIDDLEWARE, USE_TZ=True,
        INSTALLED_APPS=[f"django.contrib.{name}" for name in APPS],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
    )  # fmt: skip
    django.setup()


def bare() -> Any:
    """Return the bare project's application."""
    configure(os.environ["BARE_DATABASE"])
    from django.contrib.auth.models import User
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpRequest, HttpResponse
    from django.urls import path

    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{User.objects.count()} users")

    urlpatterns.append(path("", page))
    return get_wsgi_application()


def serve_bare(port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "benchmarks.restart:bare", address="127.0.0.1", port=port, interface=Interfaces.WSGI, factory=True, workers=2,
        log_level=LogLevels.error,
    ).serve()  # fmt: skip


def make_bare(database: Path) -> None:
    code = "import sys, benchmarks.restart as r; r.configure(sys.argv[1]); r.migrate()"
    subprocess.run([sys.executable, "-c", code, str(database)], cwd=ROOT, check=True)


def migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def first_2xx(port: int, began: float, method: str = "GET", path: str = "/", **more: Any) -> float:
    """Ask until it is answered 2xx; milliseconds since `began`."""
    while time.perf_counter() - began < 120:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request(method, path, **more)
            if connection.getresponse().status // 100 == 2:
                return 1000 * (time.perf_counter() - began)
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.005)
    raise SystemExit(f"{path} was not answered 2xx within two minutes")


def event(key: str, number: int) -> dict[str, Any]:
    body = {"event": "Product Viewed", "anonymousId": f"anon-{number % 50}", "messageId": f"restart-{number}"}
    basic = base64.b64encode(f"{key}:".encode()).decode()
    return {
        "body": json.dumps(body),
        "headers": {"Authorization": f"Basic {basic}", "Content-Type": "application/json"},
    }


def our_round(server: Server, key: str, number: int) -> dict[str, float]:
    """Start, measure, take some events, and be killed."""
    began = time.perf_counter()
    server.start(wait=False)
    try:
        found = {"health": first_2xx(server.port, began, path="/health")}
        found["page"] = first_2xx(server.port, began, path="/sign-in/")
        found["event"] = first_2xx(server.port, began, "POST", "/v1/track", **event(key, number))
        for each in range(number + 1, number + EVENTS_A_ROUND):
            first_2xx(server.port, began, "POST", "/v1/track", **event(key, each))
    finally:
        server.kill()
    return found


@contextmanager
def bare_server(database: Path, port: int) -> Iterator[None]:
    environment = os.environ | {"BARE_DATABASE": str(database), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", f"import benchmarks.restart as r; r.serve_bare({port})"]
    process = subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def bare_round(database: Path, port: int) -> float:
    began = time.perf_counter()
    with bare_server(database, port):
        return first_2xx(port, began)


def summary(taken: list[float]) -> dict[str, int]:
    cuts = statistics.quantiles(taken, n=20, method="inclusive")
    return {"p50": round(cuts[9]), "p95": round(cuts[18]), "most": round(max(taken))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    taken: dict[str, list[float]] = {"health": [], "page": [], "event": [], "bare": []}
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "bare.db"
        make_bare(database)
        server, port = Server(Path(folder) / "data"), free_port()
        key = server.create_workspace()["write_key"]
        # The first rounds compile and fill caches.
        for number in range(BEFORE + rounds):
            found = our_round(server, key, number * EVENTS_A_ROUND) | {"bare": bare_round(database, port)}
            for name, milliseconds in found.items() if number >= BEFORE else ():
                taken[name].append(milliseconds)
    told = {name: summary(times) for name, times in taken.items()}
    ratio = {name: round(told[name]["p95"] / told["bare"]["p95"], 2) for name in ("health", "page", "event")}
    print(json.dumps({"benchmark": "restart", "rounds": rounds, "cpus": os.cpu_count(), **told, "p95_by_bare": ratio}))


if __name__ == "__main__":
    main()
