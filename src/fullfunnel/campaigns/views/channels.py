"""What each channel returned, the people behind each figure, the file; and the gross margin."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from fullfunnel.analytics.views.asking import ask, ask_long
from fullfunnel.analytics.views.behind import people_page
from fullfunnel.campaigns import actions
from fullfunnel.campaigns import asked as address
from fullfunnel.campaigns.asked import MODELS, Shown, channels_of, list_question, question_of, read_shown
from fullfunnel.campaigns.forms import SetMargin
from fullfunnel.campaigns.models import Margin
from fullfunnel.campaigns.shown import HEADER, comparison_of, file_rows, rows_of, sentence_of, total_of
from fullfunnel.core.pages import asked_page, csv_of, render_form, tell
from fullfunnel.workspaces.models import Sells
from fullfunnel.workspaces.scope import ADMINS, EVERYONE, MemberRequest, allow

Json = dict[str, Any]


@allow(EVERYONE)
@require_safe
def channels(request: MemberRequest) -> HttpResponse:
    """The page: `period`, `model`, `count`; `compares` opens all models."""
    shown = read_shown(request.GET)
    asked = ask_long(request, question_of(shown, request.workspace, channels_of(request.workspace)))
    context = controls(request, shown) | {"asked": asked}
    if asked.answer:
        context |= figures(request, shown, asked.answer, "channel")
    return render(request, "campaigns/channels.html", context)


def controls(request: MemberRequest, shown: Shown) -> Json:
    """Return what the pages about money choose by."""
    model = address.model_of(shown, request.workspace)
    return {
        "workspace": request.workspace,
        "shown": shown,
        "periods": address.PERIODS,
        "models": [(value, label.lower(), value == model) for value, label in MODELS.items()],
        "model_title": MODELS[model],
        "is_workspaces_model": model == request.workspace.attribution_model,
        "counts": [(label, shown.link(count=value), value == shown.count) for value, label in address.COUNTS.items()],
        "compare_url": shown.link(compares=not shown.compares),
        "days": address.days_shown(shown, request.workspace),
        "may_set": request.may(ADMINS),
    }


def figures(request: MemberRequest, shown: Shown, answer: Json, by: str) -> Json:
    """Return what the template shows of an answer."""
    slug, has_sales = request.workspace.slug, request.workspace.sells != Sells.ONLINE
    here = reverse("campaigns:people", args=[slug])

    def link(stage: str, outcome: str) -> str:
        return f"{here}?{shown.link()}&by={by}&stage={stage}&outcome={outcome}"

    return {
        "sentence": sentence_of(answer),
        "rows": rows_of(answer, link, has_sales),
        "total": total_of(answer, link, has_sales),
        "comparison": comparison_of(answer, MODELS) if shown.compares else None,
        "margin": Margin.objects.filter(workspace=request.workspace).first(),
        "old": [(name, day) for name, day in answer["until"].items() if any(row["is_old"] for row in answer["rows"])],
        "unmatched": Decimal(answer["unmatched"]),
        "unconverted": [(Decimal(one["amount"]), one["currency"]) for one in answer["unconverted"]],
        "currency": answer["currency"],
        "impressions": answer["total"]["impressions"],
        "csv": f"{reverse('campaigns:channels-csv', args=[slug])}?{shown.link()}&by={by}",
    }


@allow(EVERYONE)
@require_safe
def channels_file(request: MemberRequest) -> HttpResponse:
    """The rows of Channels, or with `by=campaign` of Campaigns, as CSV."""
    by = "campaign" if request.GET.get("by") == "campaign" else channels_of(request.workspace)
    asked = ask(request, question_of(read_shown(request.GET), request.workspace, by))
    if asked.answer is None:
        return HttpResponse(asked.message, status=422, content_type="text/plain; charset=utf-8")
    return csv_of("campaigns" if by == "campaign" else "channels", HEADER, file_rows(asked.answer))


@allow(EVERYONE)
@require_safe
def people(request: MemberRequest) -> HttpResponse:
    """The people behind a figure: `stage`, `outcome`, and the row as `group`."""
    shown, page = read_shown(request.GET), asked_page(request)
    is_campaign = request.GET.get("by") == "campaign"
    by = "campaign" if is_campaign else channels_of(request.workspace)
    question = list_question(shown, request.workspace, by, request.GET)
    asked = ask_long(request, question | {"show": "people", "limit": page.size, "offset": page.offset})
    back = reverse("campaigns:list" if is_campaign else "campaigns:channels", args=[request.workspace.slug])
    title = {"awareness": "Found you", "prospect": "Became prospects", "handed_over": "Handed over"}
    said = "Won" if question["outcome"] == "won" else title.get(str(question["stage"]), "Opportunities")
    context = {"title": said, "entered": "When", "back": f"{back}?{shown.link()}"}
    return people_page(request, asked, page, context | {"back_words": "Campaigns" if is_campaign else "Channels"})


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def margin(request: MemberRequest) -> HttpResponse:
    """Say the gross margin, a number."""
    kept = Margin.objects.filter(workspace=request.workspace).first()
    form = SetMargin(request.POST or None, initial={"gross": kept.percent if kept else None})
    if form.is_valid():
        row = form.accept(
            actions.set_margin(request.workspace, gross=form.cleaned_data["gross"] / 100, by=request.member)
        )
        if row:
            tell(request, row, "The gross margin is kept: ROI and payback stand on the page.")
            return redirect("campaigns:channels", request.workspace.slug)
    return render_form(request, "campaigns/margin.html", form, {})
