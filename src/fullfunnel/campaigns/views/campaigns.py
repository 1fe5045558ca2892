"""Campaigns: the list with what each returned, the page of one, making and changing them; tagged links."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fullfunnel.analytics.views.asking import ask_long
from fullfunnel.campaigns import actions
from fullfunnel.campaigns.asked import question_of, read_shown
from fullfunnel.campaigns.forms import EditCampaign, TagLink
from fullfunnel.campaigns.models import Campaign, Status
from fullfunnel.campaigns.seen import channels_seen, tags_without_campaign, weeks_of
from fullfunnel.campaigns.spend.platforms import title_of
from fullfunnel.campaigns.spending import until_of
from fullfunnel.campaigns.tags import tagged_link
from fullfunnel.campaigns.unmatched import unmatched_of
from fullfunnel.campaigns.views.channels import controls, figures
from fullfunnel.core.pages import Chip, Heading, Listing, Money, asked_list, render_form, tell
from fullfunnel.workspaces.scope import EDITORS, EVERYONE, MemberRequest, allow

HEADINGS = (
    Heading("Campaign", "name"),
    Heading("Spend", is_number=True),
    Heading("People", is_number=True),
    Heading("Handed over", is_number=True),
    Heading("Opportunities", is_number=True),
    Heading("Won", is_number=True),
    Heading("Return", is_number=True),
)


@allow(EVERYONE)
@require_safe
def campaign_list(request: MemberRequest) -> HttpResponse:
    """The list; below it spend that matches nothing, campaigns that only visits know, spend by week."""
    shown = read_shown(request.GET)
    asked = ask_long(request, question_of(shown, request.workspace, "campaign"))
    found = figures(request, shown, asked.answer, "campaign") if asked.answer else {}
    listing = _listing(request)
    by_key = {row.value: row for row in found.get("rows", [])}
    rows = [(campaign, by_key.get(campaign.public_id)) for campaign in listing.page.rows]
    listing = replace(listing, page=replace(listing.page, rows=rows), csv=found.get("csv", ""))
    context = {"asked": asked, "listing": listing} | _beside(request, asked.answer)
    return render(request, "campaigns/list.html", controls(request, shown) | found | context)


def _beside(request: MemberRequest, answer: dict[str, Any] | None) -> dict[str, Any]:
    """Return what stands below the list."""
    workspace = request.workspace
    return {
        "names": unmatched_of(workspace)[:5],
        "campaigns": Campaign.objects.filter(workspace=workspace).order_by("name"),
        "seen": tags_without_campaign(workspace, answer) if answer else [],
        "weeks": weeks_of(workspace),
        "latest": [(title_of(name), day) for name, day in sorted(until_of(workspace).items())],
        "may_edit": request.may(EDITORS),
    }


def _listing(request: MemberRequest) -> Listing:
    rows = Campaign.objects.filter(workspace=request.workspace).select_related("owner")
    words, status = request.GET.get("q", "").replace("\0", "").strip()[:200], request.GET.get("status", "")
    rows = rows.filter(name__icontains=words) if words else rows
    chips = []
    if status in Status.values:
        rows = rows.filter(status=status)
        chips = [Chip("Status is", Status(status).label, remove=request.path)]
    slug = request.workspace.slug
    empty = (
        "No campaign yet",
        "A campaign joins visits by their tags with what was spent.",
        reverse("campaigns:new", args=[slug]),
        "New campaign",
    )
    return asked_list(
        request, rows, HEADINGS, sort="name", id="campaigns", label="Campaigns", row_template="campaigns/_campaign_row.html",
        searches="Search by name", chips=chips, subject="Campaigns whose" if chips else "", empty=empty, is_stacked=True,
    )  # fmt: skip


@allow(EVERYONE)
@require_safe
def campaign(request: MemberRequest, campaign_id: str) -> HttpResponse:
    """The page of a campaign: what it is, what it cost and returned, its tagged link."""
    row = get_object_or_404(
        Campaign.objects.select_related("owner"), workspace=request.workspace, public_id=campaign_id
    )
    shown = read_shown(request.GET)
    asked = ask_long(request, question_of(shown, request.workspace, "campaign"))
    found = figures(request, shown, asked.answer, "campaign") if asked.answer else {}
    own = next((each for each in found.get("rows", []) if each.value == row.public_id), None)
    context = controls(request, shown) | found | {
        "campaign": row, "row": own,
        "link_query": urlencode({"source": row.source, "medium": row.medium}), "asked": asked, "may_edit": request.may(EDITORS), "platform": title_of(row.platform) if row.platform else "",
    }  # fmt: skip
    return render(request, "campaigns/campaign.html", context)


@allow(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    """Make a campaign; `?tag=`, `?name=` and `?channel=` fill in what visits or a report say of it."""
    given = {
        name: request.GET.get(name, "").replace("\0", "")[:200]
        for name in ("name", "tags", "source", "medium", "channel", "platform", "platform_id")
    }
    given["name"] = given["name"] or given["tags"]
    form = _form(request, {name: value for name, value in given.items() if value})
    if form.is_valid():
        made = form.accept(actions.create_campaign(request.workspace, plan=form.plan(), by=request.member))
        if made:
            tell(request, made, f"{made.name} was made.")
            return redirect("campaigns:campaign", request.workspace.slug, made.public_id)
    return render_form(request, "campaigns/edit.html", form, {})


@allow(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, campaign_id: str) -> HttpResponse:
    row = get_object_or_404(Campaign, workspace=request.workspace, public_id=campaign_id)
    names = ("name", "channel", "source", "medium", "platform", "platform_id", "first", "last", "status")
    kept: dict[str, Any] = {name: getattr(row, name) for name in names} | {"tags": "\n".join(row.tags)}
    kept["owner"] = row.owner.public_id if row.owner else ""
    kept["budget"] = Money(row.budget, row.currency) if row.budget is not None else None
    form = _form(request, kept)
    if form.is_valid():
        changed = form.accept(actions.edit_campaign(row, plan=form.plan(), by=request.member))
        if changed:
            tell(request, changed, "Saved.")
            return redirect("campaigns:campaign", request.workspace.slug, changed.public_id)
    return render_form(request, "campaigns/edit.html", form, {"campaign": row})


def _form(request: MemberRequest, initial: dict[str, Any]) -> EditCampaign:
    channels = [*filter(None, [initial.get("channel")]), *channels_seen(request.workspace)]
    return EditCampaign(request.POST or None, initial=initial, channels=channels, workspace=request.workspace)


@allow(EDITORS)
@require_POST
def remove(request: MemberRequest, campaign_id: str) -> HttpResponse:
    row = get_object_or_404(Campaign, workspace=request.workspace, public_id=campaign_id)
    tell(
        request,
        actions.remove_campaign(row, by=request.member),
        f"{row.name} was removed; its spend matches nothing now.",
    )
    return redirect("campaigns:list", request.workspace.slug)


@allow(EVERYONE)
@require_safe
def link(request: MemberRequest) -> HttpResponse:
    """Make a tagged link; what is typed stands in the address."""
    form = TagLink(request.GET if "address" in request.GET else None, initial=request.GET.dict())
    made = None
    if form.is_valid():
        said = dict(form.cleaned_data)
        made = form.accept(tagged_link(said.pop("address"), said))
    known = Campaign.objects.filter(workspace=request.workspace).exclude(tags=[]).order_by("name")[:50]
    return render_form(request, "campaigns/link.html", form, {"made": made, "known": known})
