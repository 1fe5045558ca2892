"""Who gets in: sign-in, sign-out, joining by invitation, the first page, and "How do you sell?"."""

from datetime import timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fullfunnel.core import clock
from fullfunnel.core.headers import client_address
from fullfunnel.core.pages import render_form
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces import actions, forms
from fullfunnel.workspaces.keys import invitation_of
from fullfunnel.workspaces.models import Invitation, Membership, Role, User
from fullfunnel.workspaces.scope import ADMINS, MemberRequest, UserRequest, allow, public, signed_in
from fullfunnel.workspaces.shell import first_page

# Per address, whoever it says it is: against trying many users from one place. An office behind one address stays below.
FAILURES_PER_IP = 50
WRONG = "This e-mail address and password do not belong together."
BACKEND = "django.contrib.auth.backends.ModelBackend"


@public
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    is_posted, going_to = request.method == "POST", _going_to(request)
    if is_posted and _too_many_from(request):
        return locked_out(request)
    if request.user.is_authenticated and not is_posted:
        return redirect(going_to)
    form = forms.SignIn(request.POST if is_posted else None)
    if form.is_valid():
        user = form.accept(_known(request, form) or Refused(WRONG))
        if user:
            login(request, user, backend=BACKEND)
            return redirect(going_to)
    context = {"next": going_to, "nobody": not User.objects.exists()}
    return render_form(request, "workspaces/sign_in.html", form, context)


def _going_to(request: HttpRequest) -> str:
    """Where one wanted to go before one had to sign in; only within this site."""
    going_to = request.POST.get("next") or request.GET.get("next") or "/"
    return going_to if url_has_allowed_host_and_scheme(going_to, allowed_hosts=None) else "/"


def _known(request: HttpRequest, form: forms.SignIn) -> User | None:
    """The user, or None after the same work for a wrong password, an unknown and a deactivated user."""
    email = form.cleaned_data["email"].strip().lower()
    user = authenticate(request, username=email, password=form.cleaned_data["password"])
    return user if isinstance(user, User) else None


def _too_many_from(request: HttpRequest) -> bool:
    since = clock.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    tried = AccessAttempt.objects.filter(ip_address=client_address(request), attempt_time__gt=since)
    return (tried.aggregate(n=Sum("failures_since_start"))["n"] or 0) >= FAILURES_PER_IP


def locked_out(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """The answer to too many tries; django-axes calls it too (settings.AXES_LOCKOUT_CALLABLE)."""
    response = render(request, "workspaces/locked_out.html", status=429)
    response["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME * 3600))
    return response


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
            return redirect(first_page(invitation.workspace.slug))
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
    return redirect(first_page(first.workspace.slug))


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def how_you_sell(request: MemberRequest) -> HttpResponse:
    form = forms.HowYouSell(request.POST or None, initial={"sells": request.workspace.sells})
    if form.is_valid():
        answer = form.cleaned_data["sells"]
        if form.accept(actions.set_how_you_sell(request.workspace, to=answer, by=request.user)):
            return redirect(first_page(request.workspace.slug))
    return render_form(request, "workspaces/how_you_sell.html", form, {})
