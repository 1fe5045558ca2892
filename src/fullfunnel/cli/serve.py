"""fullfunnel serve: a supervisor over the web workers and the processes that run ticks, on one data directory."""

import argparse
import errno
import http.client
import multiprocessing
import os
import socket
import sys
import threading

from fullfunnel.cli import call
from fullfunnel.cli.preparing import prepare_or_say
from fullfunnel.cli.words import fail, port_number, say
from fullfunnel.config.processes import processes
from fullfunnel.core.directory import data_directory, may_send
from fullfunnel.core.lease import Lease
from fullfunnel.core.supervisor import Child, Supervisor, die_with_parent

WEB_WORKERS = 2
LOOPBACK = ("127.0.0.1", "::1", "localhost")

EXAMPLES = """
examples:
  fullfunnel serve
  fullfunnel serve --port 8080 --data-dir /srv/fullfunnel

Says the address once it answers. Ctrl-C or SIGTERM ends it; what crashes is started again.
Exit status: 0 ended as it was told; 1 it cannot run (the port or the directory is taken)."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXAMPLES
    parser.add_argument(
        "--port", type=port_number, default=8000, help="where pages and clients are served (default 8000)"
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1: this machine only)"
    )
    # The demo makes the first workspace itself.
    parser.add_argument("--no-first-visit", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--capture-port", type=port_number, help="a further port that only takes what clients send")


def run(args: argparse.Namespace) -> int:
    # A fork, for this process lives as long as the server and must not load Django (35 MB).
    preparing = multiprocessing.get_context("fork").Process(target=prepare_and_end, args=(args,))
    preparing.start()
    preparing.join()
    if preparing.exitcode:
        return 1
    return serve(host=args.host, port=args.port, capture_port=args.capture_port)


def prepare_and_end(args: argparse.Namespace) -> None:
    die_with_parent(os.getppid())
    status = call(prepare_or_say)
    # Careful: a start that comes to nothing must not end the code that the running server printed.
    is_free = not Lease(data_directory() / "serve.lock").is_held() and not reason_not_to_listen(args.host, args.port)
    if not status and is_free and not args.no_first_visit:
        status = call(say_code)
    sys.exit(status)


def say_code() -> int:
    """Print a new one-time code where nobody uses the installation yet (docs/adr/0143)."""
    from fullfunnel.workspaces.entry.first_visit import make_code
    from fullfunnel.workspaces.models import User

    if not User.objects.exists():
        print(
            f"nobody uses this yet: open the address and type the one-time code {make_code(data_directory())}",
            flush=True,
        )
    return 0


def serve(*, host: str, port: int, capture_port: int | None) -> int:
    """Serve a prepared directory until told to stop; the exit status."""
    data = data_directory()
    lease = Lease(data / "serve.lock")
    if not lease.take_soon():
        return fail(f"another `fullfunnel serve` runs on {data}: stop it, or choose another --data-dir", 1)
    # The doctor counts each lane's silence from here at most.
    lease.path.touch()
    for wanted in filter(None, (port, capture_port)):
        if reason := reason_not_to_listen(host, wanted):
            return fail(reason, 1)
    os.environ["FULLFUNNEL_DATA_DIR"] = str(data)
    supervisor = Supervisor(children(host, port, capture_port), say)
    announcer = threading.Thread(target=announce, args=(supervisor, host, port), daemon=True)
    supervisor.run(on_start=announcer.start)
    lease.release()
    return 0


def children(host: str, port: int, capture_port: int | None) -> list[Child]:
    web = [sys.executable, "-m", "fullfunnel.config.web", host]
    if sys.platform == "linux":
        # Each binds the port for itself, so one that crashes takes nobody along.
        found = [Child(f"web {n}", [*web, str(port), "1"]) for n in range(1, WEB_WORKERS + 1)]
    else:
        found = [Child("web", [*web, str(port), str(WEB_WORKERS)])]
    found += [Child(name, [sys.executable, "-m", "fullfunnel.config.worker", name]) for name in processes()]
    if capture_port:
        found.append(Child("capture", [*web, str(capture_port), "1", "capture"]))
    return found


def reason_not_to_listen(host: str, port: int) -> str | None:
    """Why nobody can listen there, as a sentence; None when it is free."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            # Careful: without SO_REUSEADDR a port that was just left counts as busy for a minute.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except (OSError, OverflowError) as error:
        why = "is in use" if getattr(error, "errno", 0) == errno.EADDRINUSE else f"cannot be listened on ({error})"
        return f"port {port} on {host} {why}: choose another with --port"
    return None


def announce(supervisor: Supervisor, host: str, port: int) -> None:
    """Say the address when it really answers, not when it should."""
    near = "127.0.0.1" if host in ("0.0.0.0", "::", "localhost") else host  # noqa: S104 (compared, not bound)
    while not supervisor.stop.is_set():
        if answers(near, port):
            shown = f"[{near}]" if ":" in near else near
            print(f"fullfunnel answers at http://{shown}:{port}", flush=True)
            if host not in LOOPBACK and not os.environ.get("FULLFUNNEL_URL"):
                say("set FULLFUNNEL_URL to the address that browsers use: until then only this machine may open pages")
            if not may_send():
                say("this is a restored copy: it sends nothing until you say `fullfunnel restore --confirm`")
            return
        supervisor.stop.wait(0.1)


def answers(host: str, port: int) -> bool:
    """True when /health says that all is well."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/health", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
