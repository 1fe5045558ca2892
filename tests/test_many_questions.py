"""Whoever asks much through the API leaves threads to the pages: real requests through the server's own threads."""

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application

from fullfunnel.analytics import api, jobs
from fullfunnel.analytics.views import asking
from fullfunnel.config.threads import behind
from fullfunnel.workspaces.keys import make_api_key
from fullfunnel.workspaces.models import Workspace
from tests.kit.cast import Member

QUESTION = json.dumps({"kind": "funnel", "steps": [{"event": "page_viewed"}]}).encode()
Request = Callable[..., Awaitable[tuple[int, dict[str, str], bytes]]]


@pytest.fixture
def halden(transactional_db: None, data_dir: Any) -> Workspace:
    return Workspace.objects.create(name="Halden", slug="halden")


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Until it is set, questions take as long as they may."""
    answered = threading.Event()

    def answer(*_: Any, **options: Any) -> dict[str, Any]:
        answered.wait(120)
        return {"kind": "funnel", "steps": [], "data_until": None}

    monkeypatch.setattr(api, "answer", answer)
    monkeypatch.setattr(asking.answering, "answer", answer)
    yield answered
    answered.set()
    last = time.monotonic() + 300
    while (asking.answering._jobs or jobs._teller) and time.monotonic() < last:
        time.sleep(0.02)
    assert not asking.answering._jobs


@pytest.fixture
def request_() -> Request:
    application = behind(get_wsgi_application())

    async def request(method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], bytes]:
        scope = {"type": "http", "http_version": "1.1", "method": method, "path": path.partition("?")[0]}
        scope |= {"query_string": path.partition("?")[2].encode(), "root_path": "", "server": ("localhost", 80)}
        given = {"host": "localhost", "content-length": str(len(body)), **headers}
        scope |= {"headers": [(name.encode(), value.encode()) for name, value in given.items()]}
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await application(scope, receive, send)
        told = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], told, b"".join(message.get("body", b"") for message in sent[1:])

    return request


def key_of(workspace: Workspace) -> str:
    return f"Bearer {make_api_key(workspace, name='for tests', scopes=['ask'], by=None)}"


def test_beyond_three_of_a_workspace_and_four_in_all_questions_are_429_and_pages_are_served(
    halden, slow, request_, settings
):
    elsewhere = Workspace.objects.create(name="Elsewhere", slug="elsewhere")
    halden_key, elsewhere_key = key_of(halden), key_of(elsewhere)
    alice = Member("alice@halden.example", "Alice").joins(halden, "owner")
    cookie = f"{settings.SESSION_COOKIE_NAME}={alice.client.cookies[settings.SESSION_COOKIE_NAME].value}"

    async def ask(key: str) -> tuple[int, dict[str, str], bytes]:
        return await request_("POST", "/api/v1/ask", QUESTION, authorization=key)

    async def story() -> None:
        mine = [asyncio.ensure_future(ask(halden_key)) for _ in range(30)]
        while sum(one.done() for one in mine) < 27:
            await asyncio.sleep(0.02)
        told = [one.result() for one in mine if one.done()]
        assert {(status, headers["retry-after"]) for status, headers, _ in told} == {(429, "2")}
        message = json.loads(told[0][2])["error"]["message"]
        assert message == "too many questions are being answered just now (3 of this workspace); ask again in a moment"

        theirs = [asyncio.ensure_future(ask(elsewhere_key)) for _ in range(2)]
        while not any(one.done() for one in theirs):
            await asyncio.sleep(0.02)
        [status] = [one.result()[0] for one in theirs if one.done()]
        assert status == 429

        # Pages are answered, also those with a question of their own, which says how far it is; a file is asked for again later.
        assert (await request_("GET", "/w/halden/saved/", cookie=cookie))[0] == 200
        status, _, page = await request_("GET", "/w/halden/funnel/?s1=page_viewed&s2=form_submitted", cookie=cookie)
        assert (status, b"This question takes a while" in page) == (200, True)
        status, _, reason = await request_(
            "GET", "/w/halden/funnel/table.csv?s1=page_viewed&s2=form_submitted", cookie=cookie
        )
        assert (status, b"Too many questions" in reason) == (429, True)
        assert sum(one.done() for one in [*mine, *theirs]) == 28

        slow.set()
        assert {(await one)[0] for one in mine if one not in told} == {200, 429}
        assert [(await one)[0] for one in theirs].count(200) == 1
        # And the seats are free again.
        assert (await ask(halden_key))[0] == 200

    asyncio.run(story())
