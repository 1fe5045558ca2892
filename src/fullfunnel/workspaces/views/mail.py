"""Settings, Mail: the server, a test to oneself with what the server answered, and what became of the last mails."""

from django.conf import settings
from django.db.models import Q
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from fullfunnel.core.directory import reason_to_keep_in
from fullfunnel.core.mail.models import QueuedMail
from fullfunnel.core.mail.queue import NO_SERVER
from fullfunnel.core.mail.sending import claim, send_claimed
from fullfunnel.core.mail.servers import ServerSaid, mail_server
from fullfunnel.core.pages import render_form, tell
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces import actions, forms
from fullfunnel.workspaces.actions.mail import TEST
from fullfunnel.workspaces.models import Membership
from fullfunnel.workspaces.roles import runs_installation
from fullfunnel.workspaces.scope import ADMINS, MemberRequest, allow

SHOWN = 50


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
def mail(request: MemberRequest) -> HttpResponse:
    server = mail_server()
    kept = model_to_dict(server) if server else {"sender_name": request.workspace.name}
    form = forms.Mail(request.POST or None, initial=kept)
    if form.is_valid():
        said = ServerSaid(**form.cleaned_data)
        if form.accept(actions.set_mail_server(said, links_to=public_address(request), by=request.member)):
            tell(request, said, "Saved. Send the test, to see whether it works.")
            return redirect("workspaces:mail", request.workspace.slug)
    mails = _mails_of(request.member)
    context: dict[str, object] = {"section": "mail", "server": server, "mails": mails, "shown": SHOWN}
    context |= {"is_mine": runs_installation(request.member), "kept_in": reason_to_keep_in(settings.DATA_DIR)}
    context["test"] = next((each for each in mails if each.what == TEST), None)
    return render_form(request, "workspaces/mail.html", form, context)


def public_address(request: HttpRequest) -> str:
    """Return the address of these pages for links in mails: the configured one, so that a forged Host leads nobody elsewhere."""
    return settings.BASE_URL or request.build_absolute_uri("/").rstrip("/")


def _mails_of(member: Membership) -> list[QueuedMail]:
    """The last mails of the workspace, and of the installation for who runs it."""
    mine = Q(workspace_id=member.workspace_id)
    if runs_installation(member):
        mine |= Q(workspace_id=None)
    return list(QueuedMail.objects.filter(mine).order_by("-pk")[:SHOWN])


@allow(ADMINS)
@require_POST
def send_test(request: MemberRequest) -> HttpResponse:
    """Hand the test over now, outside every transaction: the page shows what the server answered."""
    server = mail_server()
    queued = actions.queue_test_mail(server, by=request.member) if server else Refused(NO_SERVER)
    if isinstance(queued, Refused):
        tell(request, queued, "")
    elif claim(queued):
        send_claimed(queued)
    return redirect("workspaces:mail", request.workspace.slug)


@allow(ADMINS)
@require_POST
def remove_mail_server(request: MemberRequest) -> HttpResponse:
    server = mail_server()
    removed = actions.remove_mail_server(server, by=request.member) if server else Refused(NO_SERVER)
    tell(request, removed, lambda gone: f"No mail goes through {gone.host} any more.")
    return redirect("workspaces:mail", request.workspace.slug)
