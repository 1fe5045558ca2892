"""Exchange rates: typed, or out of the ECB's file."""

from decimal import Decimal, InvalidOperation

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from fullfunnel.core.numbers import number
from fullfunnel.core.pages import Form, Heading, Listing, asked_list, render_form, tell
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces import actions
from fullfunnel.workspaces.exchange.forms import RatesFile, TypedRate
from fullfunnel.workspaces.exchange.reading import MOST_BYTES
from fullfunnel.workspaces.models import ExchangeRate
from fullfunnel.workspaces.scope import ADMINS, MemberRequest, allow

HEADINGS = (
    Heading("Day", "-day"),
    Heading("Currency", "currency"),
    Heading("One unit is worth", is_number=True),
    Heading(""),
)


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def rates(request: MemberRequest) -> HttpResponse:
    """The list, and a form for one more."""
    form = TypedRate(request.POST or None)
    if form.is_valid():
        kept = form.accept(_typed(request, form))
        if kept:
            tell(request, kept, f"The rate of {kept.currency} is kept.")
            return redirect("workspaces:rates", request.workspace.slug)
    return render_form(request, "workspaces/rates.html", form, _context(request, RatesFile()))


def _typed(request: MemberRequest, form: Form) -> ExchangeRate | Refused:
    said = form.cleaned_data
    try:
        rate = Decimal(str(said["rate"]).strip().replace(",", "."))
    except InvalidOperation:
        return Refused("A rate is a number like 0.9241.", "rate")
    return actions.set_rate(request.workspace, currency=said["currency"], day=said["day"], rate=rate, by=request.member)


@allow(ADMINS)
@require_POST
def import_rates(request: MemberRequest) -> HttpResponse:
    form = RatesFile(request.POST, request.FILES)
    if form.is_valid() and (found := form.accept(_imported(request, form))):
        tell(request, found, f"{number(len(found))} rates are kept.")
        return redirect("workspaces:rates", request.workspace.slug)
    return render(request, "workspaces/rates.html", {"form": TypedRate()} | _context(request, form), status=422)


def _imported(request: MemberRequest, form: Form) -> tuple[ExchangeRate, ...] | Refused:
    file = form.cleaned_data["file"]
    if file.size > MOST_BYTES:
        return Refused(f"A file has at most {number(MOST_BYTES)} bytes.", "file")
    return actions.import_rates(request.workspace, text=file.read().decode("utf-8", "replace"), by=request.member)


@allow(ADMINS)
@require_POST
def remove_rate(request: MemberRequest, rate_id: int) -> HttpResponse:
    rate = get_object_or_404(ExchangeRate, workspace=request.workspace, pk=rate_id)
    tell(request, actions.remove_rate(rate, by=request.member), f"The rate of {rate.currency} was removed.")
    return redirect("workspaces:rates", request.workspace.slug)


def _context(request: MemberRequest, upload: Form) -> dict[str, object]:
    return {"section": "rates", "upload": upload, "listing": _listing(request)}


def _listing(request: MemberRequest) -> Listing:
    rows = ExchangeRate.objects.filter(workspace=request.workspace, into=request.workspace.currency)
    words = request.GET.get("q", "").replace("\0", "").strip().upper()[:3]
    rows = rows.filter(currency=words) if words else rows
    empty = (
        "No rates yet",
        "Money in another currency is shown beside yours until a rate says what it is worth.",
        "",
        "",
    )
    shown = {"id": "rates", "label": "Exchange rates", "row_template": "workspaces/_rate_row.html"}
    return asked_list(request, rows, HEADINGS, sort="-day", empty=empty, searches="Currency, such as USD", **shown)
