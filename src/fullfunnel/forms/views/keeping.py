"""A form as a whole: what comes after sending, where it stands, publishing and taking it down."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from fullfunnel.core.pages import render_form, tell
from fullfunnel.core.refused import Refused
from fullfunnel.forms import actions
from fullfunnel.forms.forms import AfterSending, WhereItStands
from fullfunnel.forms.models import Form
from fullfunnel.forms.views.shared import content_of, form_of, head_of
from fullfunnel.workspaces.scope import EDITORS, MemberRequest, allow


@allow(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def after(request: MemberRequest, public_id: str) -> HttpResponse:
    """What somebody sees who has sent it; part of the draft."""
    row = form_of(request, public_id)
    content = content_of(row)
    form = AfterSending(
        request.POST or None, initial={name: getattr(content, name) for name in AfterSending.base_fields}
    )
    if form.is_valid():
        made = form.accept(actions.change_words(row, words=form.cleaned_data, by=request.member))
        if made:
            tell(request, row, "Kept in the draft. Publish it when it is as you want it.")
            return redirect("forms:after", request.workspace.slug, row.public_id)
    return render_form(request, "forms/after.html", form, head_of(request, row, "after"))


@allow(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def stands(request: MemberRequest, public_id: str) -> HttpResponse:
    """Its address, its frame, whether it hands over; holds at once."""
    row = form_of(request, public_id)
    kept = {"name": row.name, "hands_over": row.hands_over, "origins": "\n".join(row.origins)}
    form = WhereItStands(request.POST or None, initial=kept)
    if form.is_valid():
        said = form.cleaned_data | {"origins": str(form.cleaned_data["origins"]).splitlines()}
        if form.accept(actions.change_form(row, **said, by=request.member)):
            tell(request, row, "Saved.")
            return redirect("forms:stands", request.workspace.slug, row.public_id)
    script = request.build_absolute_uri(reverse("forms:embed-script"))
    return render_form(request, "forms/stands.html", form, head_of(request, row, "stands") | {"script_url": script})


@allow(EDITORS)
@require_POST
def publish(request: MemberRequest, public_id: str) -> HttpResponse:
    form = form_of(request, public_id)
    made = actions.publish_form(form, by=request.member)
    tell(request, made, lambda version: f"Version {version.number} is live.")
    return back(request, form)


@allow(EDITORS)
@require_POST
def discard(request: MemberRequest, public_id: str) -> HttpResponse:
    form = form_of(request, public_id)
    tell(request, actions.discard_draft(form, by=request.member), "The draft is gone.")
    return back(request, form)


@allow(EDITORS)
@require_POST
def close(request: MemberRequest, public_id: str) -> HttpResponse:
    form = form_of(request, public_id)
    result: Form | Refused = actions.close_form(form, by=request.member)
    tell(request, result, "Its page is taken down. What was sent stays.")
    return back(request, form)


@allow(EDITORS)
@require_POST
def reopen(request: MemberRequest, public_id: str) -> HttpResponse:
    form = form_of(request, public_id)
    tell(request, actions.reopen_form(form, by=request.member), "Its page is back.")
    return back(request, form)


def back(request: MemberRequest, form: Form) -> HttpResponse:
    return redirect("forms:build", request.workspace.slug, form.public_id)
