"""The first visit of an installation that nobody uses yet: a code from the server's window, then the workspace."""

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from fullfunnel.core.headers import client_network
from fullfunnel.core.pages import render_form
from fullfunnel.core.refused import Refused
from fullfunnel.core.texts import language_of, language_of_browser
from fullfunnel.workspaces import actions, forms
from fullfunnel.workspaces.actions.opening import FirstWorkspace
from fullfunnel.workspaces.browsers import account_of, remember_browser
from fullfunnel.workspaces.entry.first_visit import code_hash, forget_code, is_code
from fullfunnel.workspaces.models import Membership, User, Workspace
from fullfunnel.workspaces.proving import take_try
from fullfunnel.workspaces.scope import public
from fullfunnel.workspaces.shell import first_page
from fullfunnel.workspaces.views.entrance import BACKEND, paused

ACCEPTED = "first visit"
SECONDS = 30 * 60
WRONG = "This is not the code. It stands in the window where fullfunnel serve runs; each start prints a new one."


@public
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password", "code")
def first_visit(request: HttpRequest) -> HttpResponse:
    if User.objects.exists():
        return redirect("workspaces:sign-in")
    kept = code_hash(settings.DATA_DIR)
    if not kept or request.session.get(ACCEPTED) != kept:
        return _code(request)
    form = forms.FirstVisit(request.POST if request.method == "POST" else None, initial=_guessed(request))
    if form.is_valid():
        made = form.accept(actions.open_installation(FirstWorkspace(**form.cleaned_data), by=None))
        if made:
            return _enter(request, made)
    return render_form(request, "workspaces/first_visit.html", form, {"posted": request.method == "POST"})


def _code(request: HttpRequest) -> HttpResponse:
    """Ask for the code; right, this browser may go on for half an hour."""
    form = forms.Code(request.POST if request.method == "POST" else None)
    if form.is_valid():
        # Of each network by itself: a stranger who guesses must not keep out who has the code.
        if until := take_try(f"first-visit:{account_of(str(client_network(request)))}"):
            return paused(request, until)
        if is_code(settings.DATA_DIR, form.cleaned_data["code"]):
            request.session[ACCEPTED] = code_hash(settings.DATA_DIR)
            request.session.set_expiry(SECONDS)
            return redirect("workspaces:first-visit")
        form.accept(Refused(WRONG, "code"))
    return render_form(request, "workspaces/first_visit_code.html", form, {})


def _guessed(request: HttpRequest) -> dict[str, str]:
    """What the browser's languages suggest; its zone says first_visit.js."""
    accepted = request.headers.get("Accept-Language", "")
    region = next((part[3:5].upper() for part in accepted.split(",") if part[2:3] == "-"), "")
    currency = {"CH": "CHF", "LI": "CHF", "GB": "GBP", "US": "USD"}.get(region, "EUR")
    return {"language": language_of(language_of_browser(accepted)), "country": region, "currency": currency}


def _enter(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    forget_code(settings.DATA_DIR)
    member = Membership.objects.select_related("user", "workspace").get(workspace=workspace)
    request.session.set_expiry(None)
    login(request, member.user, backend=BACKEND)
    return remember_browser(redirect(first_page(member)), request, member.user.email)
