"""A forgotten password: a link is asked for by mail, and sets a new one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from fullfunnel.core.mail.queue import can_mail
from fullfunnel.core.pages import render_form
from fullfunnel.workspaces import actions, forms
from fullfunnel.workspaces.entry.asking import ask_for_link
from fullfunnel.workspaces.entry.password_links import user_of_token
from fullfunnel.workspaces.scope import public
from fullfunnel.workspaces.views.entrance import paused


@public
@require_http_methods(["GET", "HEAD", "POST"])
def forgot_password(request: HttpRequest) -> HttpResponse:
    """The same answer, after the same work, whether anybody has that address or not."""
    form = forms.Forgot(request.POST if request.method == "POST" else None)
    if form.is_valid() and can_mail():
        email = str(form.cleaned_data["email"]).strip()
        if until := ask_for_link(request, email=email):
            return paused(request, until)
        return render(request, "workspaces/link_sent.html", {"email": email})
    return render_form(request, "workspaces/forgot_password.html", form, {"can_mail": can_mail()})


@public
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("new")
def new_password(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link. Opened, it changes nothing: mail programs open links before people do."""
    user = user_of_token(token)
    if user is None:
        return render(request, "workspaces/password_link_over.html", status=404)
    form = forms.NewPassword(request.POST if request.method == "POST" else None)
    if form.is_valid():
        changed = actions.replace_password(user, token=token, to=form.cleaned_data["new"], by=None)
        if form.accept(changed):
            messages.success(request, "Your password was changed, and you were signed out everywhere. Sign in with it.")
            return redirect("workspaces:sign-in")
    return render_form(request, "workspaces/new_password.html", form, {"email": user.email})
