"""The pages of a list: which one an address asks for, which rows it shows, and the links to its neighbours."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.http import HttpRequest

from fullfunnel.core.pages.addresses import whole_number

PAGE_SIZE = 50
MAX_PAGES = 100_000
# The address of the page with this number.
Link = Callable[[int], str]


@dataclass(frozen=True)
class Page:
    """Page `number` (from 1) of a list of `total` rows, `size` rows a page. `first` and `last` count rows from 1.

    Rows are `rows[page.offset : page.end]`. `before` and `after` are addresses, "" where there is no such page.
    """

    number: int
    size: int
    link: Link
    total: int = 0

    def of(self, total: int) -> "Page":
        """Return the same page of a list that turned out to have `total` rows."""
        return replace(self, total=total)

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    @property
    def end(self) -> int:
        return self.offset + self.size

    @property
    def first(self) -> int:
        return self.offset + 1

    @property
    def last(self) -> int:
        return min(self.end, self.total)

    @property
    def is_beyond(self) -> bool:
        """Whether the list ends before this page."""
        return self.number > 1 and self.offset >= self.total

    @property
    def before(self) -> str:
        return self.link(self.number - 1) if self.number > 1 else ""

    @property
    def after(self) -> str:
        return self.link(self.number + 1) if self.end < self.total else ""


def asked_page(
    request: HttpRequest, *, total: int | None = None, size: int = PAGE_SIZE, link: Link | None = None
) -> Page:
    """Return the page that `?page=` asks for. With `total`, a page beyond the last one is the last one.

    `link` makes the addresses of the neighbours; by default they are this address with another `page`.
    """
    most = MAX_PAGES if total is None else max(1, -(-total // size))
    return Page(whole_number(request.GET.get("page"), most=most), size, link or _link(request), total or 0)


def _link(request: HttpRequest) -> Link:
    def link(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return f"{request.path}?{query.urlencode()}"

    return link
