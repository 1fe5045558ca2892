"""The list of people: search, filters, order, pages of 50 with the count; and what Ctrl-K finds."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from fullfunnel.core.numbers import number
from fullfunnel.core.pages import row_id, whole_number
from fullfunnel.people.models import LISTED, Company, MergeProposal, Person
from fullfunnel.people.search import among, search_people
from fullfunnel.people.views.filters import OF_PEOPLE, Bar, Filters, bar_of, people_meant, read_filters
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import EVERYONE, MemberRequest, allow

PAGE, FOUND = 50, 8
MAX_PAGES = 20_000
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
    page: int
    filters: Filters

    def link(self, **changed: Any) -> str:
        """The query string of this list, with something changed; defaults are left out."""
        at = {
            "q": self.words,
            "known": self.known,
            "company": self.company.pk if self.company else "",
            "sort": "" if (self.sort, self.down) == ("seen", True) else f"{'-' if self.down else ''}{self.sort}",
            "page": self.page,
            "where": self.filters.text(),
        } | changed
        return urlencode({key: value for key, value in at.items() if value and (key, value) != ("page", 1)})


def wanted(request: MemberRequest) -> Wanted:
    """Strange values fall back to the defaults: an address is never an error."""
    given = request.GET
    sort = given.get("sort", "-seen")
    company = Company.objects.filter(workspace=request.workspace, pk=row_id(given.get("company"))).first()
    return Wanted(
        words=given.get("q", "").strip()[:200],
        known=given.get("known", "") if given.get("known", "") in KNOWN else "",
        company=company,
        sort=sort.removeprefix("-") if sort.removeprefix("-") in SORTS else "seen",
        down=sort.startswith("-") or sort.removeprefix("-") not in SORTS,
        page=whole_number(given.get("page"), most=MAX_PAGES),
        filters=read_filters(given),
    )


def people_of(workspace: Workspace, want: Wanted, meant: list[int] | None = None) -> QuerySet[Person]:
    """The living people that the list shows, in its order; `meant`: those that the conditions name, None all."""
    found = search_people(workspace, want.words) if want.words else Person.objects.filter(LISTED, workspace=workspace)
    if meant is not None:
        found = among(found, meant)
    if want.known:
        found = found.filter(is_identified=want.known == "identified")
    if want.company:
        found = found.filter(company=want.company)
    if want.sort == "name":
        found = found.exclude(search_text="")
    column = F(SORTS[want.sort])
    order = column.desc(nulls_last=True) if want.down else column.asc(nulls_last=True)
    return found.select_related("company").order_by(order, "-pk" if want.down else "pk")


@allow(EVERYONE)
def people_list(request: MemberRequest) -> HttpResponse:
    """The page; htmx asks for the table alone while somebody types."""
    want = wanted(request)
    found = people_of(request.workspace, want, people_meant(request, want.filters))
    total = found.count()
    identified = (
        None
        if want.words or want.known or want.company or want.filters.clauses
        else found.filter(is_identified=True).count()
    )
    start = (want.page - 1) * PAGE
    context = {
        "workspace": request.workspace,
        "want": want,
        "known_choices": KNOWN,
        "bar": bar(request.workspace, want),
        "people": found[start : start + PAGE],
        "total": total,
        "first": start + 1,
        "last": min(start + PAGE, total),
        "before": f"?{want.link(page=want.page - 1)}" if want.page > 1 else "",
        "after": f"?{want.link(page=want.page + 1)}" if start + PAGE < total else "",
        "columns": columns(want),
        "said": said(want, total, identified),
        "address": f"{request.path}?{want.link()}".rstrip("?"),
        "proposals": MergeProposal.objects.filter(workspace=request.workspace, decision="").count(),
        "is_empty": not total and not Person.objects.filter(LISTED, workspace=request.workspace).exists(),
    }
    part = "_table" if request.headers.get("HX-Target") == "people" else "list"
    return render(request, f"people/{part}.html", context)


def bar(workspace: Workspace, want: Wanted) -> Bar:
    """Return the bar of conditions."""
    return bar_of(
        workspace,
        want.filters,
        url=reverse("people:list", args=[workspace.slug]),
        link=lambda text: want.link(where=text, page=1),
        kept={"q": want.words, "known": want.known, "company": str(want.company.pk) if want.company else ""},
        about="What is known of them",
        fields=OF_PEOPLE,
    )


def columns(want: Wanted) -> list[dict[str, str]]:
    """The heads of the table that sort: a press on the one in force turns it round."""
    heads = (("Person", "name", False), ("First seen", "since", True), ("Last seen", "seen", True))
    return [
        {
            "title": title,
            "link": want.link(sort=f"{'-' if (not want.down if want.sort == key else down) else ''}{key}", page=1),
            "state": ("descending" if want.down else "ascending") if want.sort == key else "none",
        }
        for title, key, down in heads
    ]


def said(want: Wanted, total: int, identified: int | None) -> str:
    """The sentence of the page, with its number."""
    who = {"": "people", "identified": "identified people", "anonymous": "anonymous visitors"}[want.known]
    one = {"people": "person", "identified people": "identified person", "anonymous visitors": "anonymous visitor"}[who]
    about = _about(want, total)
    at = f" at {want.company}" if want.company else ""
    if not total:
        nobody = f"No {one}" if want.known else "Nobody"
        return f"{nobody}{at}{about.replace(' match ', ' matches ') or ' yet'}."
    known = f", of whom {number(identified)} said who they are" if identified else ""
    return f"{number(total)} {one if total == 1 else who}{at}{about}{known}."


def _about(want: Wanted, total: int) -> str:
    """Return what those who are shown match: words, conditions, or nothing."""
    asked = [f"“{want.words}”"] if want.words else []
    asked += ["the conditions"] if want.filters.clauses else []
    verb = "matches" if total == 1 else "match"
    return f" {verb} {' and '.join(asked)}" if asked else ""


@allow(EVERYONE)
def find(request: MemberRequest) -> HttpResponse:
    """What Ctrl-K and the merge page show for `q`: links to the best matches."""
    words = request.GET.get("q", "").strip()[:200]
    found = search_people(request.workspace, words)[:FOUND] if len(words) > 1 else []
    return render(request, "people/_found.html", {"workspace": request.workspace, "people": found})
