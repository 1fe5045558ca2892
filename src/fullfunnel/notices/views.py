"""The page of notices: the member's own, the newest first, and how they want to be told."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fullfunnel.core.mail.queue import can_mail
from fullfunnel.core.pages import asked_page, render_form
from fullfunnel.core.refused import Refused
from fullfunnel.notices import actions
from fullfunnel.notices.bell import notices_of
from fullfunnel.notices.choices import hows_of
from fullfunnel.notices.forms import Choices
from fullfunnel.notices.models import Notice
from fullfunnel.people.models import Person
from fullfunnel.workspaces.scope import ADMINS, EVERYONE, MemberRequest, allow
from fullfunnel.workspaces.sight import about_visible


@allow(EVERYONE)
@require_safe
def notices(request: MemberRequest) -> HttpResponse:
    return _page(request, Choices(initial=hows_of(request.member)))


@allow(EVERYONE)
@require_POST
def read(request: MemberRequest, notice_id: str) -> HttpResponse:
    """Mark a notice read; with `open` its page follows, else the list."""
    rows = about_visible(Notice.objects.filter(workspace=request.workspace), person=Person)
    notice = get_object_or_404(rows, public_id=notice_id)
    done = actions.read_notice(notice, by=request.member)
    if isinstance(done, Refused):
        messages.error(request, done.sentence)
        return redirect(_here(request))
    return redirect(notice.path if "open" in request.POST else _here(request))


@allow(EVERYONE)
@require_POST
def read_all(request: MemberRequest) -> HttpResponse:
    actions.read_all_notices(request.member, by=request.member)
    return redirect(_here(request))


@allow(EVERYONE)
@require_POST
def choose(request: MemberRequest) -> HttpResponse:
    form = Choices(request.POST)
    hows = form.cleaned_data if form.is_valid() else None
    if hows and form.accept(actions.choose_notices(request.member, hows=hows, by=request.member)):
        messages.success(request, "Saved: you are told so from now on.")
        return redirect(_here(request))
    return _page(request, form)


def _here(request: MemberRequest) -> str:
    return reverse("notices:list", args=[request.workspace.slug])


def _page(request: MemberRequest, form: Choices) -> HttpResponse:
    rows = notices_of(request.member)
    page = asked_page(request, total=rows.count(), link=lambda number: f"{_here(request)}?page={number}")
    context = {
        "rows": rows.order_by("-pk")[page.offset : page.end],
        "page": page,
        "unread": rows.filter(read_at=None).count(),
        "can_mail": can_mail(),
        "may_set_up_mail": request.may(ADMINS),
    }
    return render_form(request, "notices/page.html", form, context)
