"""The list of people: search, filters, order, pages of 50 with the count; and what Ctrl-K finds."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from fullfunnel.core.numbers import number
from fullfunnel.core.pages import MOST, Count, Heading, Listing, count_of, count_up_to, first_or_asked, row_id
from fullfunnel.core.pages.keyset import KeysetPage
from fullfunnel.core.refused import Refused
from fullfunnel.core.sql import among, checked
from fullfunnel.people.models import LISTED, Company, Person
from fullfunnel.people.proposals import open_proposals
from fullfunnel.people.search import search_people, some_holding
from fullfunnel.people.views.columns import asked_of_rows
from fullfunnel.people.views.filters import OF_PEOPLE, Bar, Filters, bar_of, people_meant, read_filters
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import EVERYONE, MemberRequest, allow
from fullfunnel.workspaces.sight import visible

# Beyond so many the page says "10,000+", unless it is asked to count.
COUNTED = 10_000
FOUND = 8
SORTS = {"seen": "last_seen_at", "since": "first_seen_at", "name": "search_text"}
KNOWN = {"": "Everybody", "identified": "Identified", "anonymous": "Anonymous"}


@dataclass(frozen=True)
class Wanted:
    """What the address asks for. `sort` is a key of SORTS; `down` is newest or last first."""

    words: str
    known: str
    company: Company | None
    sort: str
    down: bool
    filters: Filters

    def link(self, **changed: Any) -> str:
        """The query string of this list, with something changed; defaults are left out."""
        at = {
            "q": self.words,
            "known": self.known,
            "company": self.company.pk if self.company else "",
            "sort": "" if (self.sort, self.down) == ("seen", True) else f"{'-' if self.down else ''}{self.sort}",
            "where": self.filters.text(),
        } | changed
        return urlencode({key: value for key, value in at.items() if value})

    @property
    def order(self) -> str:
        """The column that orders the list, "-" before it for the last first; each has an index."""
        return f"{'-' if self.down else ''}{SORTS[self.sort]}"

    @property
    def is_everybody(self) -> bool:
        return not (self.words or self.known or self.company or self.filters.clauses)


def wanted(request: MemberRequest) -> Wanted:
    """Strange values fall back to the defaults: an address is never an error."""
    given = request.GET
    sort = given.get("sort", "-seen")
    company = visible(Company.objects.filter(workspace=request.workspace, pk=row_id(given.get("company")))).first()
    return Wanted(
        words=given.get("q", "").strip()[:200],
        known=given.get("known", "") if given.get("known", "") in KNOWN else "",
        company=company,
        sort=sort.removeprefix("-") if sort.removeprefix("-") in SORTS else "seen",
        down=sort.startswith("-") or sort.removeprefix("-") not in SORTS,
        filters=read_filters(given),
    )


def people_of(
    workspace: Workspace, want: Wanted, meant: list[int] | None = None, of: list[int] | None = None
) -> QuerySet[Person]:
    """The living people that the list shows, in no order; `meant`: those that the conditions name, None all; `of`: only of these."""
    found = visible(search_people(workspace, want.words, company=want.company, of=of))
    if meant is not None:
        found = found.filter(among(meant))
    if want.known and want.sort == "seen":
        # Careful: as `= True` Django writes no equality, and the index is not read by it.
        found = found.filter(is_identified__in=[want.known == "identified"])
    elif want.known:
        found = found.filter(checked("is_identified", want.known == "identified", bool))
    return found.filter(search_text__gt="") if want.sort == "name" else found


@allow(EVERYONE)
def people_list(request: MemberRequest) -> HttpResponse:
    """The page; htmx asks for the table alone while somebody types."""
    want = wanted(request)
    conditions, rest = asked_of_rows(want.filters.clauses, me=request.user.email)
    meant = people_meant(request, replace(want.filters, clauses=rest))
    found = people_of(request.workspace, want, meant).filter(*conditions)
    rows = found.select_related("company").defer("traits", "traits_at", "company__traits", "company__vouched_traits")
    page, refused = first_or_asked(rows, [want.order], request.GET.get("cursor", ""))
    most = None if request.GET.get("count") == "exact" else MOST if want.words else COUNTED
    some = [] if most is None or page.is_all else some_holding(want.words)
    of_some = count_up_to(people_of(request.workspace, want, meant, some).filter(*conditions), most) if some else None
    total = of_some if of_some and of_some.is_more else count_of(found, page, most)
    identified = (
        count_up_to(found.filter(is_identified=True), most) if want.is_everybody and not total.is_more else None
    )
    context = {
        "workspace": request.workspace,
        "want": want,
        "known_choices": KNOWN,
        "bar": bar(request.workspace, want),
        "listing": listing(request.workspace, want, page, refused, total),
        "said": said(want, total, identified.number if identified else None),
        "address": f"{request.path}?{want.link()}".rstrip("?"),
        "proposals": open_proposals(request.workspace).count(),
        "is_empty": not total.number and not Person.objects.filter(LISTED, workspace=request.workspace).exists(),
    }
    part = "_table" if request.headers.get("HX-Target") == "people" else "list"
    return render(request, f"people/{part}.html", context)


def listing(
    workspace: Workspace, want: Wanted, page: KeysetPage[Person], refused: Refused | None, total: Count
) -> Listing:
    """Return what core/_list.html draws; its filter line stands above, in the controls."""
    return Listing(
        id="people-list",
        label="People",
        row_template="people/_row.html",
        headings=headings(want),
        page=page,
        count=total,
        before=f"?{want.link(cursor=page.before)}" if page.before else "",
        after=f"?{want.link(cursor=page.after)}" if page.after else "",
        exact=f"?{want.link(count='exact')}" if total.is_more else "",
        refused=refused,
        empty=(
            "Nobody matches",
            "Search looks at the beginning of names, e-mail addresses and identifiers.",
            reverse("people:list", args=[workspace.slug]),
            "Show everybody",
        ),
    )


def bar(workspace: Workspace, want: Wanted) -> Bar:
    """Return the bar of conditions."""
    return bar_of(
        workspace,
        want.filters,
        url=reverse("people:list", args=[workspace.slug]),
        link=lambda text: want.link(where=text),
        kept={"q": want.words, "known": want.known, "company": str(want.company.pk) if want.company else ""},
        about="What is known of them",
        fields=OF_PEOPLE,
    )


def headings(want: Wanted) -> list[Heading]:
    """The heads of the table; a press on the one in force turns the order round."""
    heads = (
        ("Person", "name", False),
        ("Company", "", False),
        ("First seen", "since", True),
        ("Last seen", "seen", True),
    )
    return [
        Heading(
            title,
            is_number=down,
            url=f"?{want.link(sort=_turned(want, key, down))}" if key else "",
            direction=("descending" if want.down else "ascending") if want.sort == key else "",
        )
        for title, key, down in heads
    ]


def _turned(want: Wanted, key: str, down: bool) -> str:
    return f"{'-' if (not want.down if want.sort == key else down) else ''}{key}"


def said(want: Wanted, total: Count, identified: int | None) -> str:
    """The sentence of the page, with its number."""
    who = {"": "people", "identified": "identified people", "anonymous": "anonymous visitors"}[want.known]
    one = {"people": "person", "identified people": "identified person", "anonymous visitors": "anonymous visitor"}[who]
    about = _about(want, total)
    at = f" at {want.company}" if want.company else ""
    if not total.number:
        nobody = f"No {one}" if want.known else "Nobody"
        return f"{nobody}{at}{about.replace(' match ', ' matches ') or ' yet'}."
    known = f", of whom {number(identified)} said who they are" if identified else ""
    return f"{total} {one if total.number == 1 else who}{at}{about}{known}."


def _about(want: Wanted, total: Count) -> str:
    """Return what those who are shown match: words, conditions, or nothing."""
    asked = [f"“{want.words}”"] if want.words else []
    asked += ["the conditions"] if want.filters.clauses else []
    verb = "matches" if total.number == 1 else "match"
    return f" {verb} {' and '.join(asked)}" if asked else ""


@allow(EVERYONE)
def find(request: MemberRequest) -> HttpResponse:
    """What Ctrl-K and the merge page show for `q`: links to the best matches."""
    words = request.GET.get("q", "").strip()[:200]
    found = visible(search_people(request.workspace, words, is_any=True))[:FOUND] if len(words) > 1 else []
    return render(request, "people/_found.html", {"workspace": request.workspace, "people": found})
