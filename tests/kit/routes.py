"""Every route of the URLconf, with who may call it: what the tests walk that try each caller on each route."""

import inspect
import uuid
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# What a path names when a test has no object for its parameter, by the parameter's converter.
GUESSES: dict[str, Callable[[], Any]] = {"IntConverter": lambda: 1, "UUIDConverter": uuid.uuid4}


class Route(NamedTuple):
    """A view at an address. A router of the API has one for each operation, which answers to `methods` alone."""

    name: str
    pattern: str
    view: Any
    parameters: dict[str, str]
    allowed: frozenset[str]
    methods: tuple[str, ...] = METHODS

    @property
    def scope(self) -> str:
        """The scope that an API key must hold; "" where no key opens the route."""
        return next((each.removeprefix("api key: ") for each in self.allowed if each.startswith("api key: ")), "")

    def path(self, values: dict[str, Any]) -> str:
        """The address, with each parameter's value out of `values`, or out of `values[name of the route]`."""
        text, values = self.pattern, values | values.get(self.name, {})
        for parameter, converter in self.parameters.items():
            value = values.get(parameter, GUESSES.get(converter, lambda: "x")())
            text = text.replace(next(part for part in text.split("<") if f"{parameter}>" in part).split(">")[0], "\0")
            text = text.replace("<\0>", str(value))
        return "/" + text


def routes(resolver: Any = None, prefix: str = "", space: str = "") -> Iterator[Route]:
    """Each route below `resolver` (None: the program's URLconf)."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from routes(entry, prefix + str(entry.pattern), inner)
        elif isinstance(entry, URLPattern):
            converters = {name: type(how).__name__ for name, how in entry.pattern.converters.items()}
            for view, methods in operations(entry.callback, entry.name):
                allowed = frozenset(getattr(view, "allowed", ()))
                yield Route(f"{space}{entry.name}", prefix + str(entry.pattern), view, converters, allowed, methods)


def operations(callback: Any, name: str | None) -> list[tuple[Any, tuple[str, ...]]]:
    """The views that an entry of the URLconf stands for, each with its methods: the view itself, or a router's operation.

    django-ninja (1.7) makes an entry for each operation, all with functions whose closure holds every operation of the path.
    """
    if hasattr(callback, "allowed") or not inspect.isfunction(callback):
        return [(callback, METHODS)]
    callback = inspect.unwrap(callback)
    of_path = getattr(inspect.getclosurevars(callback).nonlocals.get("self"), "operations", ())
    named = [each for each in of_path if (getattr(each, "url_name", "") or each.view_func.__name__) == name]
    return [(each.view_func, tuple(each.methods)) for each in named] or [(callback, METHODS)]
