"""Who may see what. Every view declares it with one of the decorators here; a route without a declaration fails the tests."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from fullfunnel.workspaces.models import Membership, Role, Workspace

View = Callable[..., HttpResponse]
EVERYONE = tuple(Role)
EDITORS = (Role.OWNER, Role.ADMIN, Role.MARKETER, Role.SELLER)
ADMINS = (Role.OWNER, Role.ADMIN)


def allow(*roles: Role) -> Callable[[View], View]:
    """For a view of a workspace's pages: called as view(request, workspace, …) by members in one of `roles`.

    A stranger is asked to sign in; somebody signed in who is no member gets 404 (the workspace's existence is private);
    a member in another role gets 403.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            membership = (
                Membership.objects.select_related("workspace").filter(workspace__slug=slug, user=request.user).first()
            )
            if membership is None:
                raise Http404("no such workspace, or you are not a member of it")
            if membership.role not in roles:
                raise PermissionDenied("your role may not do this")
            request.membership = membership  # type: ignore[attr-defined]
            with timezone.override(membership.workspace.timezone):
                return no_store(view(request, membership.workspace, *args, **kwargs))

        guarded.allowed = frozenset(str(role) for role in roles)  # type: ignore[attr-defined]
        return guarded

    return declare


def signed_in(view: View) -> View:
    """For a view that any signed-in user may call, outside every workspace."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        return no_store(view(request, *args, **kwargs))

    guarded.allowed = frozenset({"signed in"})  # type: ignore[attr-defined]
    return guarded


def public(view: View) -> View:
    """For a view that strangers may call: sign-in, health."""
    view.allowed = frozenset({"public"})  # type: ignore[attr-defined]
    return view


def api(scope: str) -> Callable[[View], View]:
    """For a view called as view(request, workspace) with `Authorization: Bearer <API key>` that holds `scope`."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            from fullfunnel.workspaces.keys import workspace_of

            found = workspace_of(request.headers.get("Authorization", ""), scope)
            if not isinstance(found, Workspace):
                status, message = found
                return JsonResponse({"error": {"field": "Authorization", "message": message}}, status=status)
            return no_store(view(request, found, *args, **kwargs))

        guarded.allowed = frozenset({f"api key: {scope}"})  # type: ignore[attr-defined]
        guarded.csrf_exempt = True  # type: ignore[attr-defined]
        return guarded

    return declare


def no_store(response: HttpResponse) -> HttpResponse:
    """Personal data is not left in a shared browser's cache."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response
