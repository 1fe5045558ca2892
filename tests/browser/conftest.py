"""What browser tests share: Chromium, and the style guide on a server without data."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.chromium import browser, sign_in
from tests.kit import needs
from tests.kit.server import Server, running


# The samples belong to who has signed in, so that one server does for every test that looks at them.
@pytest.fixture(scope="session")
def style_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    needs.chromium()
    with running(tmp_path_factory.mktemp("board") / "data", FULLFUNNEL_WARM="0") as found:
        found.create_workspace()
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    needs.chromium()
    with browser() as found:
        yield found


def opened(server: Server, chromium: Any, **options: Any) -> Any:
    """The style guide in a new session, where every sample stands where it began."""
    page = chromium.new_context(**({"viewport": {"width": 1440, "height": 900}} | options)).new_page()
    sign_in(page, f"http://127.0.0.1:{server.port}", "alice@halden.example", "correct horse battery")
    page.goto(f"http://127.0.0.1:{server.port}/w/halden/style-guide/")
    return page


@pytest.fixture
def guide(style_server: Server, chromium: Any) -> Iterator[Any]:
    page = opened(style_server, chromium)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.context.close()
    assert complaints == []


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
