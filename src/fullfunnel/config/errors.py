"""What is answered where no view can: an address that is nothing, and a request that failed. JSON below /api/, pages elsewhere.

A member of the workspace that the address names gets the page inside the shell, with what would be right instead.
"""

import re
import sys
from typing import Any

from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults

from fullfunnel.core import clock
from fullfunnel.core.pages import frame, json_refusal
from fullfunnel.core.refused import Refused
from fullfunnel.core.resource_errors import resource_error
from fullfunnel.workspaces.models import Membership, Role, User
from fullfunnel.workspaces.scope import ADMINS, as_member
from fullfunnel.workspaces.shell import first_page, nav_items

RETRY_AFTER = 60
OF_WORKSPACE = re.compile(r"^/w/([-a-zA-Z0-9_]+)/")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    if request.path.startswith("/api/"):
        message = f"there is nothing at {request.path[:100]}: questions go to /api/v1/ask"
        return json_refusal(Refused(message, "path"), status=404)
    context = _shell_of(request)
    if member := context.get("member"):
        context["near"] = next((item for item in nav_items(request, member) if item.get("current")), None)
    return render(request, "404.html", context, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: who may, and who could let you."""
    context = _shell_of(request)
    roles = exception.args[1] if len(exception.args) > 1 else ()
    if member := context.get("member"):
        admins = Membership.objects.filter(workspace=member.workspace, role__in=ADMINS).select_related("user")
        context["admins"] = _listed(sorted(str(each.user) for each in admins)[:3], "or")
        context["roles"] = _listed([f"{Role(role).label.lower()}s" for role in roles], "and")
    return render(request, "403.html", context, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form whose token is of another session."""
    return render(request, "403_csrf.html", _shell_of(request), status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 where the machine is short of something, which whoever runs it can mend; 500 for a fault of ours."""
    short_of = resource_error(sys.exc_info()[1])
    status = 503 if short_of else 500
    if request.path.startswith("/api/"):
        message = short_of or "fullfunnel failed here"
        response: HttpResponse = json_refusal(Refused(message), status=status)
    else:
        response = _broken_page(request, short_of, status)
    if short_of:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def _broken_page(request: HttpRequest, short_of: str, status: int) -> HttpResponse:
    route = request.resolver_match.view_name if request.resolver_match else ""
    told = {"short_of": short_of, "route": route, "at": f"{clock.now():%d %b %Y %H:%M:%S} UTC"}
    told["here"] = request.get_full_path() if request.method == "GET" else ""
    template = "503.html" if short_of else "500.html"
    try:
        return render(request, template, told | _shell_of(request), status=status)
    except Exception:
        return (
            render(request, "503.html", {"short_of": short_of}, status=503)
            if short_of
            else defaults.server_error(request)
        )


def _shell_of(request: HttpRequest) -> dict[str, Any]:
    """Return `frame`, `first` and `member` for a member of the workspace in the address; nothing for others."""
    found, user = OF_WORKSPACE.match(request.path), getattr(request, "user", None)
    if found is None or not isinstance(user, User) or not user.is_authenticated:
        return {}
    try:
        member = as_member(request, user, found[1]).member
    except (Http404, Error):
        return {}
    return {"frame": frame(request), "first": first_page(member), "member": member}


def _listed(words: list[str], last: str) -> str:
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
