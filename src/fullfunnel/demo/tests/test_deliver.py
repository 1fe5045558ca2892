"""What the demo waits for before it says that it is ready."""

from typing import Any

from fullfunnel.demo.deliver import Door, deliver


class Kept(Door):
    """A door that keeps what it is given."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []

    def post(self, calls: list[dict[str, Any]]) -> None:
        self.calls += calls


def test_only_what_people_did_is_awaited_in_an_answer():
    calls = [
        {"type": "page", "context": {}},
        {"type": "track", "context": {"actor": "person"}},
        {"type": "track", "context": {"actor": "us"}},
        {"type": "identify", "context": {}},
        {"type": "group", "context": {}},
    ]
    web = Kept()
    assert deliver((("web", call) for call in calls), {"web": web}, lambda sent: None) == (5, 2)
    assert web.calls == calls
