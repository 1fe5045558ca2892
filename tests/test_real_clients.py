"""Real client libraries, installed and pointed at the running server: all they send is in the journal and found by `ask`."""

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.kit.needs import absent, program
from tests.kit.server import running, until

pytestmark = [pytest.mark.serves, pytest.mark.deep(quick=True)]

PYTHON = """
import sys
from segment.analytics.client import Client
client = Client(sys.argv[1], host=sys.argv[2], gzip=sys.argv[3] == "gzip", on_error=lambda error, items: print("ERROR", error))
client.identify("py-1", {"email": "py@h.example", "plan": "pro"})
client.group("py-1", "acme", {"name": "Acme"})
client.page("py-1", "Docs", "Python", {"url": "https://h.example/docs"})
client.screen("py-1", "App", "Home")
client.alias("py-0", "py-1")
for number in range(250):
    client.track("py-1", "Order Completed", {"revenue": number + 0.5, "currency": "EUR", "number": number})
client.flush()
client.shutdown()
"""
NODE = """
const { Analytics } = require('@segment/analytics-node');
const [key, host] = process.argv.slice(2);
const client = new Analytics({ writeKey: key, host, path: '/v1/batch' });
client.on('error', (error) => console.log('ERROR', error));
client.identify({ userId: 'js-1', traits: { email: 'js@h.example' } });
client.group({ userId: 'js-1', groupId: 'acme', traits: { name: 'Acme' } });
client.page({ userId: 'js-1', name: 'Docs', properties: { url: 'https://h.example/docs' } });
client.screen({ userId: 'js-1', name: 'Home' });
client.alias({ userId: 'js-1', previousId: 'js-0' });
for (let number = 0; number < 250; number++)
  client.track({ userId: 'js-1', event: 'Order Completed', properties: { revenue: number + 0.5, currency: 'EUR' } });
client.closeAndFlush().then(() => console.log('done'));
"""
FIXED = ["company_identified", "identities_aliased", "page_viewed", "person_identified", "screen_viewed"]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with running(tmp_path_factory.mktemp("clients") / "data") as server:
        yield server, server.create_workspace()


def received(server, after):
    """The names of what the journal got after the row `after`, each id once."""
    from fullfunnel.events.event import Arrival
    from fullfunnel.events.journal import Journal

    journal = Journal(Path(server.directory) / "journal.db")
    found = {}
    for _, entry in journal.read(after + 1, journal.last_id()):
        assert entry.refused is None
        found |= {one.id: one.name for one in msgspec.json.decode(entry.items, type=list[Arrival])}
    journal.close()
    return sorted(found.values())


def last_row(server):
    from fullfunnel.events.journal import Journal

    journal = Journal(Path(server.directory) / "journal.db")
    last = journal.last_id()
    journal.close()
    return last


def asked(server, keys, name):
    """How often the workspace says that `name` happened, by POST /api/v1/ask."""
    question = {"kind": "trend", "series": [{"event": name, "measure": "events"}], "by": "month"}
    status, body = server.request(
        "POST", "/api/v1/ask", json.dumps(question).encode(),
        {"Authorization": f"Bearer {keys['api_key']}", "Content-Type": "application/json", "Host": "localhost"},
    )  # fmt: skip
    assert status == 200, body
    return sum(row["value"] for row in json.loads(body)["rows"])


def found_by_ask(server, keys, name, count):
    until(lambda: asked(server, keys, name) == count)


@pytest.mark.parametrize("packing", ["plain", "gzip"])
def test_segments_python_client(served, packing):
    server, keys = served
    after, before = last_row(server), asked(server, keys, "Order Completed")
    host = f"http://127.0.0.1:{server.port}"
    done = subprocess.run(
        [sys.executable, "-c", PYTHON, keys["write_key"], host, packing], capture_output=True, text=True, timeout=600
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert received(server, after) == sorted(FIXED + ["order_completed"] * 250)
    found_by_ask(server, keys, "Order Completed", before + 250)


def test_segments_node_client(served, tmp_path):
    server, keys = served
    install = [
        program("npm"),
        "install",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "@segment/analytics-node@3.1.0",
    ]
    made = subprocess.run(install, cwd=tmp_path, capture_output=True, text=True, timeout=600)
    if made.returncode:
        absent(f"@segment/analytics-node could not be installed: {made.stderr[-200:]}")
    (tmp_path / "client.cjs").write_text(NODE)
    after, before = last_row(server), asked(server, keys, "Order Completed")
    host = f"http://127.0.0.1:{server.port}"
    done = subprocess.run(
        [program("node"), "client.cjs", keys["write_key"], host],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
    assert received(server, after) == sorted(FIXED + ["order_completed"] * 250)
    found_by_ask(server, keys, "order_completed", before + 250)
