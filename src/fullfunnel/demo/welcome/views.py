"""The page behind the address that signs in to the demo once."""

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from fullfunnel.demo.company import OWNER, SLUG
from fullfunnel.demo.here import is_demo
from fullfunnel.demo.welcome.tokens import is_good, use
from fullfunnel.workspaces.models import Membership
from fullfunnel.workspaces.scope import public
from fullfunnel.workspaces.views.entrance import BACKEND


@public
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Ask before signing in as Alice: a program that only opens the address uses nothing up."""
    rows = Membership.objects.select_related("user", "workspace")
    alice = rows.filter(workspace__slug=SLUG, user__email=OWNER[1]).first()
    if alice is None or not is_demo(alice.workspace) or not is_good(settings.DATA_DIR, token):
        return render(request, "demo/welcome.html", {"is_over": True}, status=404)
    if request.method != "POST":
        return render(request, "demo/welcome.html", {"name": alice.user.name})
    if not use(settings.DATA_DIR, token):
        return render(request, "demo/welcome.html", {"is_over": True}, status=404)
    login(request, alice.user, backend=BACKEND)
    return redirect("demo:tour", SLUG)
