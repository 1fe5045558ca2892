"""How a log tells of an error: what kind it is and which lines it came through, never its message, which may hold personal data."""

import logging
import traceback
from types import TracebackType

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
