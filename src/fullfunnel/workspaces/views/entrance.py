"""Who gets in: sign-in, sign-out, joining by invitation, the first page, and "How do you sell?"."""

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fullfunnel.core.pages import render_form
from fullfunnel.workspaces import actions, forms
from fullfunnel.workspaces.browsers import accept_link, remember_browser
from fullfunnel.workspaces.keys import invitation_of
from fullfunnel.workspaces.models import Invitation, Membership, Role, User
from fullfunnel.workspaces.proving import COOL_OFF, Paused, prove
from fullfunnel.workspaces.scope import ADMINS, MemberRequest, UserRequest, allow, public, signed_in
from fullfunnel.workspaces.shell import first_page

BACKEND = "django.contrib.auth.backends.ModelBackend"


@public
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    is_posted, going_to = request.method == "POST", _going_to(request)
    if not User.objects.exists():
        return redirect("workspaces:first-visit")
    if request.user.is_authenticated and not is_posted:
        return redirect(going_to)
    form = forms.SignIn(request.POST if is_posted else None)
    if form.is_valid():
        found = prove(request, **form.cleaned_data)
        if isinstance(found, Paused):
            return paused(request, found)
        if user := form.accept(found):
            login(request, user, backend=BACKEND)
            return remember_browser(redirect(going_to), request, user.email)
    return accept_link(render_form(request, "workspaces/sign_in.html", form, {"next": going_to}), request)


def _going_to(request: HttpRequest) -> str:
    """Where one wanted to go before one had to sign in; only within this site."""
    going_to = request.POST.get("next") or request.GET.get("next") or "/"
    return going_to if url_has_allowed_host_and_scheme(going_to, allowed_hosts=None) else "/"


def paused(request: HttpRequest, until: Paused) -> HttpResponse:
    """Answer that no password is looked at now."""
    response = render(request, "workspaces/locked_out.html", {"seconds": until.seconds}, status=429)
    response["Retry-After"] = str(until.seconds)
    return response


def locked_out(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """What django-axes answers to too many tries (settings.AXES_LOCKOUT_CALLABLE)."""
    return paused(request, Paused(int(COOL_OFF.total_seconds())))


@signed_in
@require_POST
def sign_out(request: UserRequest) -> HttpResponse:
    logout(request)
    return redirect("workspaces:sign-in")


@public
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
def join(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind an invitation's link: a new user sets a password, one who is known signs in first."""
    invitation = invitation_of(token)
    if invitation is None:
        return render(request, "workspaces/join_over.html", status=404)
    by, known = (request.user if isinstance(request.user, User) else None), _user_of(invitation)
    if known and known != by:
        return _join_page(request, invitation, forms.Join(), 403 if request.method == "POST" else 200)
    form = forms.Join(request.POST if request.method == "POST" else None, has_user=known is not None)
    if form.is_valid():
        joined = form.accept(actions.accept_invitation(invitation, **form.cleaned_data, by=by))
        if joined:
            login(request, joined.user, backend=BACKEND)
            return remember_browser(redirect(first_page(joined)), request, joined.user.email)
    return _join_page(request, invitation, form, 422 if form.errors else 200)


def _join_page(request: HttpRequest, invitation: Invitation, form: forms.Join, status: int) -> HttpResponse:
    known = _user_of(invitation)
    context = {"form": form, "invitation": invitation, "role": Role(invitation.role).label}
    context |= {"known": known is not None, "mine": known is not None and known == request.user}
    return render(request, "workspaces/join.html", context, status=status)


def _user_of(invitation: Invitation) -> User | None:
    return User.objects.filter(email=invitation.email, is_active=True).first()


@signed_in
@require_safe
def home(request: UserRequest) -> HttpResponse:
    """To the first workspace; on the way an owner or admin is asked once how it sells."""
    mine = Membership.objects.filter(user=request.user).select_related("workspace").order_by("created_at", "pk")
    first = mine.first()
    if first is None:
        return render(request, "workspaces/nowhere.html")
    if not first.workspace.sells and first.role in ADMINS:
        return redirect("workspaces:sells", first.workspace.slug)
    return redirect(first_page(first))


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def how_you_sell(request: MemberRequest) -> HttpResponse:
    form = forms.HowYouSell(request.POST or None, initial={"sells": request.workspace.sells})
    if form.is_valid():
        answer = form.cleaned_data["sells"]
        if form.accept(actions.set_how_you_sell(request.workspace, to=answer, by=request.user)):
            return redirect(first_page(request.member))
    return render_form(request, "workspaces/how_you_sell.html", form, {})
