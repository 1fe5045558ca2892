# Careful: pytest reads this before Django is set up; what needs models is imported where it is used.
import asyncio
import base64
import json
from types import SimpleNamespace

import msgspec
import pytest


class Response:
    def __init__(self, messages):
        start = messages[0]
        self.status = start["status"]
        self.headers = {name.decode(): value.decode() for name, value in start["headers"]}
        self.body = b"".join(message.get("body", b"") for message in messages[1:])

    @property
    def json(self):
        return json.loads(self.body)


class Capture:
    """The application as a client meets it, in this process, with a journal of its own."""

    def __init__(self, data_dir):
        from fullfunnel.events.journal import Journal

        self.runner = asyncio.Runner()
        self.journal = Journal(data_dir / "journal.db")
        self.seen = 0

    def send(self, path, body=b"", *, key=None, method="POST", query=b"", peer="127.0.0.1", chunks=None, **headers):
        """A request; headers as keywords with _ for -."""
        if not isinstance(body, bytes):
            body = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        if key is not None:
            sent.append((b"authorization", b"Basic " + base64.b64encode(f"{key}:".encode())))
        scope = {"type": "http", "path": path, "method": method, "headers": sent, "query_string": query}
        scope["client"] = (peer, 1)
        return self.runner.run(self._send(scope, [body] if chunks is None else chunks))

    async def _send(self, scope, chunks):
        told, left = [], list(chunks)

        async def receive():
            if not left:
                await asyncio.sleep(3600)
            chunk = left.pop(0)
            if chunk is None:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": chunk, "more_body": bool(left)}

        async def send(message):
            told.append(message)

        from fullfunnel.capture import asgi

        await asgi.application(scope, receive, send)
        return Response(told) if told else None

    def entries(self):
        """What came into the journal since the last call."""
        rows = self.journal.read(self.seen + 1, self.journal.last_id())
        self.seen = self.journal.last_id()
        return [entry for _, entry in rows]

    def arrivals(self):
        from fullfunnel.events.event import Arrival

        return [one for entry in self.entries() for one in msgspec.json.decode(entry.items, type=list[Arrival])]

    def refusals(self):
        return [one for entry in self.entries() for one in json.loads(entry.refused or b"[]")]


@pytest.fixture
def capture(tmp_path, settings, transactional_db):
    settings.DATA_DIR = tmp_path
    made = Capture(tmp_path)
    yield made
    made.runner.run(_close())
    made.runner.close()
    made.journal.close()


async def _close():
    from fullfunnel.capture import asgi

    asgi.door().close()


@pytest.fixture
def workspace(transactional_db):
    from fullfunnel.workspaces.models import Workspace

    return Workspace.objects.create(name="Halden", slug="halden")


@pytest.fixture
def web_key(workspace):
    return key_of(workspace, "web")


@pytest.fixture
def server_key(workspace):
    return key_of(workspace, "server")


def key_of(workspace, kind):
    from fullfunnel.workspaces.keys import make_write_key
    from fullfunnel.workspaces.models import Source

    return make_write_key(Source.objects.create(workspace=workspace, name=kind, kind=kind), by=None)


@pytest.fixture
def no_time_passes(monkeypatch):
    """However long the test takes, nobody may send more because of it."""
    from fullfunnel.capture import admission

    monkeypatch.setattr(admission, "time", SimpleNamespace(monotonic=lambda: 1_000.0))
