"""Lists of the REST API, page by page."""

import base64
import binascii
from typing import TypeVar

from django.db import models

from fullfunnel.core.refused import Refused
from fullfunnel.core.rest.doing import Problem

M = TypeVar("M", bound=models.Model)
PAGE, LARGEST_PAGE = 50, 500


def page_of(rows: "models.QuerySet[M]", *, cursor: str, limit: int) -> tuple[list[M], str]:
    """Return a page in the order of the rows' ids, and the cursor of the next; "" after the last.

    Rows added meanwhile come last, so a program that pages to the end misses none.
    """
    if not 0 < limit <= LARGEST_PAGE:
        raise Problem(Refused(f"A page has between 1 and {LARGEST_PAGE} rows.", "limit"))
    page = list(rows.order_by("pk").filter(pk__gt=_read_cursor(cursor))[: limit + 1])
    return page[:limit], _cursor(page[limit - 1].pk) if len(page) > limit else ""


def _cursor(pk: int) -> str:
    return base64.urlsafe_b64encode(f"after:{pk}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(":")
        pk = int(number)
    except (binascii.Error, ValueError):
        word, pk = "", 0
    if word != "after" or not 0 < pk < 2**63:
        raise Problem(Refused("This cursor is none of ours; begin again without one.", "cursor"))
    return pk
