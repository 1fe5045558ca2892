"""Companies: the list with its file, and the page of one with what may be done there."""

from dataclasses import replace

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fullfunnel.core.pages import Heading, Listing, Toast, answer_action, asked_list, csv_of, render_form, tell
from fullfunnel.crm import actions
from fullfunnel.crm.pipelines import must_sell
from fullfunnel.crm.records import companies as records
from fullfunnel.crm.records.forms import EditCompany, Log, NewCompany, members_of
from fullfunnel.crm.views.activities import undo_url
from fullfunnel.people.actions import (
    add_company_domain,
    assign_company,
    change_company,
    create_company,
    remove_company_domain,
    verify_company_domain,
)
from fullfunnel.people.models import Company, CompanyDomain, CompanyKind
from fullfunnel.workspaces.scope import EDITORS, EVERYONE, MemberRequest, allow
from fullfunnel.workspaces.sight import visible

HEADINGS = (
    Heading("Company", "name"),
    Heading("Domain"),
    Heading("Kind"),
    Heading("Owner"),
    Heading("People", is_number=True),
    Heading("Last seen"),
    Heading("Open deals", is_number=True),
    Heading("Known since", "-pk", is_number=True),
)


def asked(request: MemberRequest) -> QuerySet[Company]:
    """Return the companies that the address asks for; strange values fall away."""
    given = request.GET
    return records.companies_of(
        request.workspace,
        words=given.get("q", "").replace("\0", "").strip()[:200],
        kind=given.get("kind", ""),
        owner=given.get("owner", "").replace("\0", "")[:64],
        me=request.user.public_id,
    )


@allow(EVERYONE)
@require_safe
def company_list(request: MemberRequest) -> HttpResponse:
    """The list: by name or domain, owner and kind, the latest known first."""
    must_sell(request.workspace)
    listing = _listing(request)
    context = {
        "listing": listing,
        "is_empty": not listing.page.rows and not Company.objects.filter(workspace=request.workspace).exists(),
        "kinds": CompanyKind.choices,
        "owners": members_of(request.workspace),
        "asked": {name: request.GET.get(name, "") for name in ("owner", "kind", "q", "sort")},
        "may_act": request.may(EDITORS),
    }
    return render(request, "crm/companies/list.html", context)


def _listing(request: MemberRequest) -> Listing:
    file = reverse("crm:companies-csv", args=[request.workspace.slug])
    listing = asked_list(
        request,
        asked(request),
        HEADINGS,
        sort="-pk",
        id="companies",
        label="Companies",
        row_template="crm/companies/_row.html",
        csv=f"{file}?{request.GET.urlencode()}",
        searches="Search by name or domain",
    )
    return replace(listing, page=replace(listing.page, rows=records.rows_of(request.workspace, listing.page.rows)))


@allow(EVERYONE)
@require_safe
def companies_file(request: MemberRequest) -> HttpResponse:
    """The companies of the list as CSV, the latest known first."""
    must_sell(request.workspace)
    rows = asked(request).order_by("-pk").iterator(1_000)
    return csv_of("companies", records.HEADER, records.csv_rows(request.workspace, rows))


@allow(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    """Make a company by hand."""
    must_sell(request.workspace)
    form = NewCompany(request.POST or None)
    if form.is_valid():
        made = form.accept(create_company(request.workspace, **form.cleaned_data, by=request.member))
        if made:
            tell(request, made, f"{made} was added.")
            return redirect(_address(made))
    return render_form(request, "crm/companies/new.html", form, {})


def find_company(request: MemberRequest, company_id: int) -> Company:
    must_sell(request.workspace)
    rows = visible(Company.objects.filter(workspace=request.workspace).select_related("owner", "workspace"))
    return get_object_or_404(rows, pk=company_id)


def _address(company: Company) -> str:
    return reverse("crm:company", args=[company.workspace.slug, company.pk])


@allow(EVERYONE)
@require_safe
def company(request: MemberRequest, company_id: int) -> HttpResponse:
    """The page of a company."""
    found = find_company(request, company_id)
    return _page(request, found, EditCompany(workspace=request.workspace, company=found), Log())


def _page(request: MemberRequest, found: Company, form: EditCompany, log_form: Log) -> HttpResponse:
    context = records.record_of(found) | {"form": form, "log_form": log_form, "may_act": request.may(EDITORS)}
    context["panels"] = [reverse(name, args=[request.workspace.slug, found.pk]) for name in settings.COMPANY_PANELS]
    status = 422 if form.errors or log_form.errors else 200
    return render(request, "crm/companies/company.html", context, status=status)


@allow(EDITORS)
@require_POST
def change(request: MemberRequest, company_id: int) -> HttpResponse:
    """Change name, kind, owner, and whether it is a competitor."""
    found = find_company(request, company_id)
    form = EditCompany(request.POST, workspace=request.workspace)
    if form.is_valid():
        changed = form.accept(change_company(found, **form.described(), by=request.member))
        if changed and form.accept(assign_company(changed, owner=form.owner_chosen, by=request.member)):
            tell(request, changed, "Saved.")
            return redirect(_address(found))
    return _page(request, find_company(request, company_id), form, Log())


@allow(EDITORS)
@require_POST
def log(request: MemberRequest, company_id: int) -> HttpResponse:
    """Log what was done with the company, of whomever there."""
    found, form = find_company(request, company_id), Log(request.POST)
    made = form.accept(actions.log_activity(found, done=form.done(), by=request.member)) if form.is_valid() else None
    if made is None:
        return _page(request, found, EditCompany(workspace=request.workspace, company=found), form)
    toast = Toast("logged", lead=made.get_kind_display(), undo=undo_url(made))
    return answer_action(request, toast, back=_address(found))


@allow(EDITORS)
@require_POST
def add_domain(request: MemberRequest, company_id: int) -> HttpResponse:
    """Give the company a domain; whoever gives it confirms it."""
    found = find_company(request, company_id)
    added = add_company_domain(found, domain=request.POST.get("domain", "")[:253], by=request.member)
    tell(request, added, lambda row: f"Whoever writes from {row} belongs to {found}.")
    return redirect(_address(found))


def find_domain(request: MemberRequest, company_id: int, domain_id: int) -> CompanyDomain:
    rows = CompanyDomain.objects.filter(workspace=request.workspace).select_related("company__workspace")
    return get_object_or_404(rows, company=find_company(request, company_id), pk=domain_id)


@allow(EDITORS)
@require_POST
def confirm_domain(request: MemberRequest, company_id: int, domain_id: int) -> HttpResponse:
    """Confirm that whoever writes from a domain belongs to the company."""
    row = find_domain(request, company_id, domain_id)
    tell(request, verify_company_domain(row, by=request.member), f"{row} is confirmed.")
    return redirect(_address(row.company))


@allow(EDITORS)
@require_POST
def remove_domain(request: MemberRequest, company_id: int, domain_id: int) -> HttpResponse:
    """Take a domain away; who was linked by it stays linked."""
    row = find_domain(request, company_id, domain_id)
    tell(request, remove_company_domain(row, by=request.member), f"{row} was removed.")
    return redirect(_address(row.company))
