"""The style guide: the parts that pages are built of, each with all its states, for admins. Its deals are kept in the session."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fullfunnel.core.pages import (
    Chip,
    DayField,
    Form,
    Heading,
    Listing,
    MoneyField,
    Option,
    PickField,
    Toast,
    answer_action,
    answer_options,
    asked_list,
    csv_of,
    refused_toast,
    row_id,
)
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces import samples
from fullfunnel.workspaces.models import AuditEntry, Membership, Role
from fullfunnel.workspaces.scope import ADMINS, MemberRequest, allow

PLACES = "style guide"
# What is refused, each with its sentence.
WRONG = {"owner.words": "nobody", "amount": "1.234", "amount.currency": "EUR", "closes_on": "3/12/2026"}


def address(request: MemberRequest) -> str:
    return reverse("workspaces:style-guide", args=[request.workspace.slug])


@allow(ADMINS)
@require_safe
def style_guide(request: MemberRequest) -> HttpResponse:
    board = samples.sample_board(request.session.get(PLACES, {}), address(request))
    context = {"board": board, "listing": _listing(request), "form": Sample(address(request))}
    context["refused"] = Sample(address(request), data=WRONG, auto_id="wrong_%s")
    context |= {"reasons": samples.REASONS, "colours": samples.COLOURS, "type": samples.TYPE}
    return render(request, "style/guide.html", context)


def _listing(request: MemberRequest) -> Listing:
    rows = AuditEntry.objects.filter(workspace=request.workspace).select_related("user")
    return asked_list(
        request,
        rows,
        (Heading("Act", "action"), Heading("By", "user__name"), Heading("When", "-at", is_number=True)),
        sort="-at",
        id="sample-list",
        label="Audit trail, as a sample",
        row_template="style/_row.html",
        csv=f"{address(request)}rows.csv",
        subject="Entries whose",
        chips=(Chip("act is", "any"), Chip("age is under", "a year", edit="#style-list", remove="#style-list")),
        add="#style-list",
    )


class Sample(Form):
    """The fields that have a part of their own."""

    owner = PickField(label="Owner", required=False)
    amount = MoneyField(label="Amount", required=False)
    closes_on = DayField(label="Close date", required=False)

    def __init__(self, here: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["owner"].widget.options_url = f"{here}options/"


@allow(ADMINS)
@require_safe
def options(request: MemberRequest) -> HttpResponse:
    """The members whose name holds `?q=`, and the pool."""
    typed = request.GET.get("q", "").strip().casefold()
    members = Membership.objects.filter(workspace=request.workspace).select_related("user").order_by("user__name")
    found = [Option(str(each.pk), str(each.user), Role(each.role).label, "On your team") for each in members]
    found += [Option("away", "Emma (a sample)", group="On your team", reason="away until Thu 3 Dec")]
    found += [Option("pool", "Pool, anybody", "4 waiting", "Or")]
    return answer_options(request, [each for each in found if typed in each.label.casefold()])


@allow(ADMINS)
@require_safe
def rows_file(request: MemberRequest) -> HttpResponse:
    rows = AuditEntry.objects.filter(workspace=request.workspace).order_by("-at", "-pk").values_list("action", "at")
    return csv_of("audit", ["act", "when"], ([action, at.isoformat()] for action, at in rows.iterator()))


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: MemberRequest, number: str) -> HttpResponse:
    """A sample record: in the drawer, or as a page; a POST keeps nothing."""
    if not row_id(number):
        raise Http404("no such sample")
    if reason := dict(samples.REASONS).get(request.POST.get("reason", "")):
        toast = Toast(f"rejected: {reason}", lead=f"Record {number}", undo=f"{address(request)}undo/")
        return answer_action(request, toast, back=request.path)
    if request.method == "POST":
        saved = Toast("is saved (a sample keeps nothing).", lead="The note")
        return answer_action(request, saved, back=request.path, closes_drawer="done" in request.POST)
    return render(request, "style/record.html", {"number": number})


@allow(ADMINS)
@require_POST
def move(request: MemberRequest, key: str) -> HttpResponse:
    """Move a sample: to `to`, above the card `before`."""
    here, to = address(request), request.POST.get("to", "")
    deal = next((deal for deal in samples.DEALS if deal.key == key), None)
    if deal is None:
        raise Http404("no such sample")
    places = request.session.get(PLACES, {})
    if reason := samples.reason_not_to_move(key, to):
        lead = f"{deal.name} stays in {dict(samples.COLUMNS)[places.get(key, deal.column)]}."
        toast = refused_toast(Refused(reason), lead=lead, opens=f"{here}record/4/", label="Set close date")
        return answer_action(request, toast, back=here)
    request.session[PLACES] = moved(places, key, to, request.POST.get("before", "").removeprefix("deal-"))
    toast = Toast(f"moved to {dict(samples.COLUMNS)[to]}", lead=deal.name, undo=f"{here}undo/")
    return answer_action(request, toast, _columns(request), back=here)


@allow(ADMINS)
@require_POST
def undo(request: MemberRequest) -> HttpResponse:
    """Put all samples back."""
    request.session.pop(PLACES, None)
    return answer_action(request, Toast("All cards are back."), _columns(request), back=address(request))


def moved(places: dict[str, str], key: str, to: str, before: str) -> dict[str, str]:
    """Return the places with the deal `key` in the column `to`, in front of `before` (else last)."""
    known = {deal.key: places.get(deal.key, deal.column) for deal in samples.DEALS}
    order = [each for each in {**{each: known[each] for each in places if each in known}, **known} if each != key]
    order.insert(order.index(before) if before in order else len(order), key)
    return {each: to if each == key else known[each] for each in order}


def _columns(request: MemberRequest) -> list[str]:
    """All columns as fragments; a page with many sends those that changed."""
    board = samples.sample_board(request.session.get(PLACES, {}), address(request))
    return [
        render_to_string("core/_column.html", {"board": board, "column": column, "is_swapped": True}, request)
        for column in board.columns
    ]
