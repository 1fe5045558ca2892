"""Spend: brought by file, with a look at it before; typed; undone; and names that belong to a campaign."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fullfunnel.campaigns import actions
from fullfunnel.campaigns.actions.reports import load_preview, load_rows
from fullfunnel.campaigns.forms import PLATFORM_CHOICES, ReportFile, TypedSpend
from fullfunnel.campaigns.models import Campaign, SpendName, SpendReport
from fullfunnel.campaigns.spend.mapping import (
    AMOUNT,
    BY_NAME,
    DAY,
    MICRO,
    NEEDED,
    PRESETS,
    TARGETS,
    Mapping,
    chosen,
    header_at,
    read_mapping,
)
from fullfunnel.campaigns.spend.matching import Name
from fullfunnel.campaigns.spend.platforms import title_of
from fullfunnel.campaigns.spend.reading import PLACES, Line, Wrong
from fullfunnel.campaigns.spending import until_of
from fullfunnel.campaigns.unmatched import names_of
from fullfunnel.core.numbers import number
from fullfunnel.core.pages import Form, csv_of, render_form, tell
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.scope import EDITORS, MemberRequest, allow

Json = dict[str, Any]
SHOWN, MOST_DAYS = 8, 1_000


@allow(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def spend(request: MemberRequest) -> HttpResponse:
    """What was brought, until when each platform's spend is known; a file, or a line that is typed."""
    typed = _typed_form(request, request.POST if "money" in request.POST else None)
    if typed.is_valid() and (kept := typed.accept(_typed(request, typed))):
        tell(request, kept, "The spend is kept.")
        return redirect("campaigns:spend", request.workspace.slug)
    return render_form(request, "campaigns/spend.html", typed, _context(request) | {"upload": ReportFile()})


def _context(request: MemberRequest) -> Json:
    reports = (
        SpendReport.objects.filter(workspace=request.workspace).select_related("added_by").defer("content", "refused")
    )
    return {
        "reports": [(report, title_of(report.platform)) for report in reports.order_by("-added_at")[:30]],
        "latest": [(title_of(name), day) for name, day in sorted(until_of(request.workspace).items())],
        "has_campaigns": Campaign.objects.filter(workspace=request.workspace).exists(),
    }


def _typed_form(request: MemberRequest, data: Any) -> TypedSpend:
    rows = Campaign.objects.filter(workspace=request.workspace).order_by("name")
    campaigns = [(row.public_id, row.name) for row in rows]
    initial = {"campaign": request.GET.get("campaign", "")}
    return TypedSpend(data, campaigns=campaigns, workspace=request.workspace, initial=initial)


def _typed(request: MemberRequest, form: Form) -> SpendReport | Refused:
    said = form.cleaned_data
    row = get_object_or_404(Campaign, workspace=request.workspace, public_id=said["campaign"])
    days = ((said["last"] or said["first"]) - said["first"]).days + 1
    if not 1 <= days <= MOST_DAYS:
        return Refused(f"The last day is the first or later, at most {number(MOST_DAYS)} days.", "last")
    lines = [
        Line(
            said["first"] + timedelta(days=at), row.platform_id, row.name, "", "", said["money"].currency, amount,
            part(said["impressions"] or 0, at, days), part(said["clicks"] or 0, at, days),
        )
        for at, amount in enumerate(spread(said["money"].amount, days))
    ]  # fmt: skip
    return actions.add_spend(
        request.workspace, platform=row.platform or "other", lines=lines, came=SpendReport.Came.TYPED, by=request.member
    )


def spread(amount: Decimal, days: int) -> list[Decimal]:
    """Return the money by day; the parts add up to it."""
    ends = [(amount * (at + 1) / days).quantize(PLACES) for at in range(days)]
    return [end - before for before, end in zip([Decimal(0), *ends], ends, strict=False)]


def part(whole: int, at: int, days: int) -> int:
    return whole * (at + 1) // days - whole * at // days


@allow(EDITORS)
@require_POST
def add(request: MemberRequest) -> HttpResponse:
    """Take a file, and show how it is read."""
    form = ReportFile(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        added = form.accept(
            actions.add_report(request.workspace, content=file.read(), name=file.name or "", by=request.member)
        )
        if added:
            return redirect("campaigns:report", request.workspace.slug, added.public_id)
    context = _context(request) | {"upload": form, "form": _typed_form(request, None)}
    return render(request, "campaigns/spend.html", context, status=422)


@allow(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: MemberRequest, report_id: str) -> HttpResponse:
    """How a report is read, and what bringing it would do; a POST changes the reading."""
    row = _report(request, report_id)
    if request.method == "POST":
        tell_refused = actions.map_report(row, mapping=_mapping(request, row), by=request.member)
        if isinstance(tell_refused, Refused):
            tell(request, tell_refused, "")
        return redirect("campaigns:report", request.workspace.slug, row.public_id)
    context: Json = {"report": row, "platform": title_of(row.platform), "refused": row.refused[:SHOWN]}
    if not row.brought_at and not row.undone_at:
        context |= _preview(row)
    return render(request, "campaigns/report.html", context)


def _preview(row: SpendReport) -> Json:
    found, mapping = load_preview(row), read_mapping(row.mapping)
    if isinstance(found, Refused):
        return {"wrong": found.sentence}
    rows = load_rows(row)
    sample = rows[found.header_line] if not isinstance(rows, Refused) and len(rows) > found.header_line else []
    columns = [
        (
            target,
            title,
            target in NEEDED,
            mapping.columns.get(target, ""),
            _first(found.header, sample, mapping.columns.get(target, "")),
        )
        for target, title in TARGETS.items()
    ]
    return {
        "found": found, "mapping": mapping, "columns": columns, "header": [name for name in dict.fromkeys(found.header) if name],
        "presets": [(each.name, each.title) for each in PRESETS], "platforms": PLATFORM_CHOICES, "is_micro": mapping.scale == MICRO,
        "days": (min(line.day for line in found.lines), max(line.day for line in found.lines)) if found.lines else None,
        "lines": found.lines[:SHOWN], "sums": sorted(found.sums.items()), "wrongs": found.refused[:SHOWN],
        "is_ready": bool(found.lines and row.platform),
    }  # fmt: skip


def _first(header: list[str], sample: list[str], name: str) -> str:
    at = header.index(name) if name in header else -1
    return sample[at] if 0 <= at < len(sample) else ""


def _mapping(request: MemberRequest, row: SpendReport) -> Mapping:
    """The mapping that was posted: a preset, or columns one by one."""
    said, rows = request.POST, load_rows(row)
    header = [] if isinstance(rows, Refused) else rows[header_at(rows)]
    if said.get("preset") in BY_NAME:
        return chosen(said["preset"], header)
    columns = {target: said[f"column-{target}"] for target in TARGETS if said.get(f"column-{target}") in header}
    own = {DAY: said.get("day_form", ""), AMOUNT: said.get("decimal", "")}
    currency = said.get("currency", "").strip().upper()[:3]
    return Mapping(
        said.get("platform", ""), columns, own[DAY], own[AMOUNT], MICRO if said.get("micro") else 1, currency
    )


@allow(EDITORS)
@require_POST
def bring(request: MemberRequest, report_id: str) -> HttpResponse:
    row = _report(request, report_id)
    brought = actions.bring_report(row, by=request.member)
    tell(request, brought, lambda done: f"{number(done.rows)} lines of {title_of(done.platform)} are kept.")
    return redirect("campaigns:report", request.workspace.slug, row.public_id)


@allow(EDITORS)
@require_POST
def undo(request: MemberRequest, report_id: str) -> HttpResponse:
    row = _report(request, report_id)
    tell(request, actions.undo_report(row, by=request.member), f"{row.name} was taken back.")
    return redirect("campaigns:spend", request.workspace.slug)


@allow(EDITORS)
@require_safe
def refused_rows(request: MemberRequest, report_id: str) -> HttpResponse:
    """The rows that were refused, with why, as CSV."""
    row = _report(request, report_id)
    found = None if row.brought_at or row.undone_at else load_preview(row)
    wrong = [Wrong(*one) for one in row.refused] if found is None or isinstance(found, Refused) else found.refused
    return csv_of("refused-rows", ("line", "reason", "row"), [[one.line, one.reason, *one.cells] for one in wrong])


def _report(request: MemberRequest, report_id: str) -> SpendReport:
    rows = SpendReport.objects.select_related("workspace", "added_by")
    return get_object_or_404(rows, workspace=request.workspace, public_id=report_id)


@allow(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def names(request: MemberRequest) -> HttpResponse:
    """Names in reports without a campaign, and what was said of names; a POST says it: `campaign`, or "-" for none."""
    if request.method == "POST":
        said = request.POST
        name = Name(said.get("platform", "")[:40], said.get("id", "")[:200], said.get("name", "")[:300])
        tell(request, _said(request, name), "It is remembered for what comes.")
        return redirect("campaigns:names", request.workspace.slug)
    campaigns = Campaign.objects.filter(workspace=request.workspace).order_by("name")
    rows = names_of(request.workspace)
    context = {
        "open": [row for row in rows if row.said is None],
        "said": [row for row in rows if row.said],
        "campaigns": campaigns,
    }
    return render(request, "campaigns/names.html", context | {"may_edit": True})


def _said(request: MemberRequest, name: Name) -> SpendName | Refused:
    wanted = request.POST.get("campaign", "")
    if wanted == "-":
        return actions.leave_out_name(request.workspace, name=name, by=request.member)
    campaign = Campaign.objects.filter(workspace=request.workspace, public_id=wanted).first()
    return (
        actions.match_name(campaign, name=name, by=request.member)
        if campaign
        else Refused("Choose a campaign, or leave it out.")
    )


@allow(EDITORS)
@require_POST
def release(request: MemberRequest, name_id: int) -> HttpResponse:
    row = get_object_or_404(SpendName.objects.select_related("workspace"), workspace=request.workspace, pk=name_id)
    tell(request, actions.release_name(row, by=request.member), "It was taken back.")
    return redirect("campaigns:names", request.workspace.slug)
