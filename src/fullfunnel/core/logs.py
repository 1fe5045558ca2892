"""Log errors without messages, which may hold personal data, and without paths, which may hold secrets."""

import logging
import traceback
from http import HTTPStatus
from types import TracebackType

from django.urls import Resolver404, resolve

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class WithoutMessages(logging.Formatter):
    """Log lines of code, not values."""

    def formatException(self, ei: ExcInfo) -> str:
        told, seen = [], set[int]()
        error = ei[1]
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            frames = "".join(traceback.format_tb(error.__traceback__)).rstrip()
            told.append(f"{frames}\n{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        # The first cause first, as Python prints them.
        return "\nwhich led to\n".join(reversed(told))


class RouteNotPath(logging.Filter):
    """Replace what Django logs of a request by status and route."""

    def filter(self, record: logging.LogRecord) -> bool:
        if request := getattr(record, "request", None):
            try:
                route = f"/{resolve(request.path_info).route}"
            except Resolver404:
                route = "an address that is nothing"
            record.msg, record.args = "%s: %s", (HTTPStatus(getattr(record, "status_code", 500)).phrase, route)
        return True
