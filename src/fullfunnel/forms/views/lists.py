"""The list of forms, a new one, and the workspace's pain points."""

from datetime import timedelta

from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from fullfunnel.core import clock
from fullfunnel.core.pages import Heading, Listing, asked_list, asked_words, render_form, tell
from fullfunnel.core.texts import LANGUAGES
from fullfunnel.forms import actions
from fullfunnel.forms.forms import NewForm, PainPoints
from fullfunnel.forms.models import Form, PainPoint
from fullfunnel.forms.starters import STARTERS
from fullfunnel.workspaces.models import Brand
from fullfunnel.workspaces.scope import EDITORS, EVERYONE, MemberRequest, allow

DAYS = 30
HEADINGS = (
    Heading("Form", "name"),
    Heading("State"),
    Heading("Leads"),
    Heading(f"Sent, {DAYS} days", "-sent", is_number=True),
    Heading("Last", "-last_sent", is_number=True),
)


@allow(EVERYONE)
@require_safe
def form_list(request: MemberRequest) -> HttpResponse:
    """All forms, the latest first; before the first one, what to begin with."""
    context = {
        "listing": _listing(request),
        "has_forms": Form.objects.filter(workspace=request.workspace).exists(),
        "days": DAYS,
        "may_edit": request.may(EDITORS),
        "starters": starters(),
    }
    return render(request, "forms/list.html", context)


def _listing(request: MemberRequest) -> Listing:
    since, words = clock.now() - timedelta(days=DAYS), asked_words(request)
    rows = Form.objects.filter(workspace=request.workspace).annotate(
        sent=Count("submissions", filter=Q(submissions__sent_at__gt=since), distinct=True),
        last_sent=Max("submissions__sent_at"),
        live=Max("versions__number", filter=~Q(versions__published_at=None)),
        drafted=Max("versions__number", filter=Q(versions__published_at=None)),
    )
    return asked_list(
        request,
        rows.filter(name__icontains=words) if words else rows,
        HEADINGS,
        sort="-pk",
        id="forms",
        label="Forms",
        row_template="forms/_row.html",
        searches="Search forms by name",
        is_stacked=True,
    )


@allow(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    starter = asked if (asked := request.GET.get("starter", "")) in STARTERS else "contact"
    suggested = {"starter": starter, "name": STARTERS[starter][0] if starter != "empty" else ""}
    form = NewForm(request.POST or None, initial=suggested)
    if form.is_valid():
        made = form.accept(actions.create_form(request.workspace, **form.cleaned_data, by=request.member))
        if made:
            return redirect("forms:build", request.workspace.slug, made.public_id)
    return render_form(request, "forms/new.html", form, {"starters": starters()})


@allow(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def pain_points(request: MemberRequest) -> HttpResponse:
    rows = list(PainPoint.objects.filter(workspace=request.workspace).order_by("position", "pk"))
    brand = Brand.objects.filter(workspace=request.workspace).first() or Brand()
    others = {code: name for code, name in LANGUAGES.items() if code != brand.language}
    kept = {f"labels_{each}": _lines([row.translations.get(each, "") for row in rows]) for each in others}
    form = PainPoints(others, request.POST or None, initial=kept | {"labels": _lines([row.label for row in rows])})
    if form.is_valid():
        labels = str(form.cleaned_data["labels"]).splitlines()
        lists = form.lists()
        if form.accept(
            actions.set_pain_points(request.workspace, labels=labels, translations=lists, by=request.member)
        ):
            tell(request, request.workspace, "Saved.")
            return redirect("forms:pain-points", request.workspace.slug)
    return render_form(request, "forms/pain_points.html", form, {})


def _lines(texts: list[str]) -> str:
    return "\n".join(texts) if any(texts) else ""


def starters() -> list[tuple[str, str, str]]:
    return [(key, label, about) for key, (label, about, _) in STARTERS.items()]
