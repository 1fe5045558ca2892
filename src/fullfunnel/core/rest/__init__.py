"""What operations of the REST API have in common."""

from fullfunnel.core.rest.doing import (
    MOST_ITEMS,
    Body,
    Error,
    Problem,
    Refusal,
    Result,
    Results,
    do_many,
    done,
    found,
    only_known,
)
from fullfunnel.core.rest.paging import PAGE, page_of

__all__ = [
    "MOST_ITEMS",
    "PAGE",
    "Body",
    "Error",
    "Problem",
    "Refusal",
    "Result",
    "Results",
    "do_many",
    "done",
    "found",
    "only_known",
    "page_of",
]
