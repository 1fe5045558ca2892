"""How a log tells of an error: what kind it is, of which route, and which lines it came through.

Never its message, which may hold personal data, nor a request's path, which may hold a secret.
"""

import logging
import traceback
from http import HTTPStatus
from types import TracebackType

from django.urls import Resolver404, resolve

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class WithoutMessages(logging.Formatter):
    """Lines of code stand in the log, values do not."""

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
    """What Django says of a request becomes its status and its route: `join/<str:token>/`, whatever the token is."""

    def filter(self, record: logging.LogRecord) -> bool:
        if request := getattr(record, "request", None):
            try:
                route = f"/{resolve(request.path_info).route}"
            except Resolver404:
                route = "an address that is nothing"
            record.msg, record.args = "%s: %s", (HTTPStatus(getattr(record, "status_code", 500)).phrase, route)
        return True
