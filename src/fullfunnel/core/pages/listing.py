"""What core/_list.html draws: the one list of people, companies, deals and forms."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from fullfunnel.core.pages.counts import MOST, Count, count_of
from fullfunnel.core.pages.keyset import KeysetPage, first_or_asked
from fullfunnel.core.refused import Refused


@dataclass(frozen=True)
class Heading:
    """A column's head. `sort` is what `?sort=` says for it ("-score": the largest first); "" where it does not sort."""

    label: str
    sort: str = ""
    is_number: bool = False
    url: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Chip:
    """One condition of the filter line, in words: "stage is" **"Lead"**. `edit` opens it, `remove` is the address without it."""

    words: str
    value: str = ""
    edit: str = ""
    remove: str = ""


@dataclass(frozen=True)
class Listing:
    """A page of a list. `row_template` draws the cells of `row`; its first cell holds the link that opens it.

    `subject` begins the filter line ("Deals whose"); `add` is the address that offers another condition. `empty` is
    (title, why, address, label) for when nothing fits. `is_stacked`: on a phone each row is a block, one cell below the other.
    """

    id: str
    label: str
    row_template: str
    headings: Sequence[Heading]
    page: KeysetPage[Any]
    count: Count
    before: str = ""
    after: str = ""
    exact: str = ""
    csv: str = ""
    subject: str = ""
    chips: Sequence[Chip] = ()
    add: str = ""
    words: str = ""
    searches: str = ""
    empty: tuple[str, str, str, str] = ("Nothing fits", "Take a condition away.", "", "")
    refused: Refused | None = None
    others: Iterable[tuple[str, str]] = ()
    is_stacked: bool = False


def asked_list(
    request: HttpRequest, rows: QuerySet[Any, Any], headings: Sequence[Heading], *, sort: str, **shown: Any
) -> Listing:
    """Return the page of `rows` that the address asks for by `sort`, `cursor` and `count`.

    `sort` is the order when the address names none; several columns are "-score,waiting_at". An address that names what no
    heading offers gets that order; a cursor that cannot be read gets the first page, with the refusal above it.
    """
    known = {way for each in headings if each.sort for way in (each.sort, turned(each.sort))}
    order = asked if (asked := request.GET.get("sort", "")) in known else sort
    page, refused = first_or_asked(rows, order.split(","), request.GET.get("cursor", ""))
    count = count_of(rows, page, None if request.GET.get("count") == "exact" else MOST)
    return Listing(
        headings=[_headed(request, each, order) for each in headings],
        page=page,
        count=count,
        before=address(request, cursor=page.before) if page.before else "",
        after=address(request, cursor=page.after) if page.after else "",
        exact=address(request, count="exact") if count.is_more else "",
        others=[(name, value) for name, value in _kept(request) if name not in ("q", "cursor")],
        words=request.GET.get("q", ""),
        refused=refused,
        **shown,
    )


def asked_words(request: HttpRequest, *, most: int = 100) -> str:
    """Return what the search box says, of at most so many characters."""
    return request.GET.get("q", "").replace("\0", "").strip()[:most]


def _kept(request: HttpRequest) -> Iterable[tuple[str, str]]:
    return ((name, value) for name in request.GET for value in request.GET.getlist(name))


def turned(sort: str) -> str:
    """Return the same order, the other way round: "-score,name" -> "score,-name"."""
    return ",".join(each[1:] if each.startswith("-") else f"-{each}" for each in sort.split(","))


def _headed(request: HttpRequest, heading: Heading, order: str) -> Heading:
    if not heading.sort:
        return heading
    first = order.split(",")[0]
    is_chosen = first.removeprefix("-") == heading.sort.split(",")[0].removeprefix("-")
    wanted = turned(order) if is_chosen else heading.sort
    direction = ("descending" if first.startswith("-") else "ascending") if is_chosen else ""
    return replace(heading, url=address(request, sort=wanted), direction=direction)


def address(request: HttpRequest, **changes: str) -> str:
    """Return this address with other parameters; without its cursor, which belongs to one order, unless that is given."""
    query = request.GET.copy()
    query.pop("cursor", None)
    for name, value in changes.items():
        query[name] = value
    return f"{request.path}?{query.urlencode()}"
