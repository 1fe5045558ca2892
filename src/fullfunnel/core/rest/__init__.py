"""What operations of the REST API have in common."""

from fullfunnel.core.rest.doing import MOST_ITEMS, Body, Error, Problem, Result, Results, do_many, done, found
from fullfunnel.core.rest.paging import PAGE, page_of

__all__ = ["MOST_ITEMS", "PAGE", "Body", "Error", "Problem", "Result", "Results", "do_many", "done", "found", "page_of"]
