"""The rooms' own ASGI applications, by path."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from django.utils.module_loading import import_string

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Doors:
    """Holds wiring.DOORS as dictionaries: a request costs two look-ups, however many doors there are."""

    def __init__(self, entries: Iterable[tuple[str, list[str], str]]) -> None:
        self.by_name: dict[str, Application] = {}
        self._by_path: dict[str, Application] = {}
        self._by_prefix: dict[str, Application] = {}
        for name, paths, dotted in entries:
            self.by_name[name] = application = import_string(dotted)
            for path in paths:
                (self._by_prefix if path.endswith("/") else self._by_path)[path] = application

    def application_for(self, path: str) -> Application | None:
        """Return the application that answers a path; None where Django does."""
        return self._by_path.get(path) or self._by_prefix.get(path[: path.find("/", 1) + 1])
