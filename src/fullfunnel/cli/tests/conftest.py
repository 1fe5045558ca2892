from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from fullfunnel.cli import main


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str


@pytest.fixture
def command(workspace: Any, capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """`command("import", "events", …)`: a command line as a user types it, on this test's own data."""

    def run(*words: Any) -> Outcome:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        said = capsys.readouterr()
        return Outcome(int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def stored(workspace: Any) -> Callable[[], list[dict[str, Any]]]:
    """All events of the workspace in their order of arrival."""

    def ask() -> list[dict[str, Any]]:
        from fullfunnel.events.store import open_store

        return open_store().ask(lambda d: "SELECT * FROM events WHERE workspace_id = ? ORDER BY seq", [workspace.pk])

    return ask
