"""Who may see what. Every view declares it with one of the decorators here; a route without a declaration fails the tests.

A decorator hands its view a request whose type says what is known of the caller: MemberRequest, UserRequest or KeyRequest.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from fullfunnel.core.pages import json_refusal
from fullfunnel.core.refused import Refused
from fullfunnel.core.texts import locales
from fullfunnel.workspaces.keys import key_of
from fullfunnel.workspaces.models import ApiKey, Membership, Role, User, Workspace
from fullfunnel.workspaces.sight import seen_by
from fullfunnel.workspaces.wording.own import own_texts

Roles = tuple[Role, ...]
EVERYONE: Roles = tuple(Role)
EDITORS: Roles = (Role.OWNER, Role.ADMIN, Role.MARKETER, Role.SELLER)
ADMINS: Roles = (Role.OWNER, Role.ADMIN)

P = ParamSpec("P")
R = TypeVar("R")
View = Callable[..., HttpResponse]


# Careful: these classes are for the type checker. The object is Django's own request, on which a decorator set the attributes.
class UserRequest(HttpRequest):
    """The request of somebody signed in."""

    user: User


class MemberRequest(UserRequest):
    """The request of a member of `workspace`, the one that the address names. `may(ADMINS)`: whether `member` has such a role."""

    member: Membership
    workspace: Workspace
    may: Callable[[Roles], bool]


class KeyRequest(HttpRequest):
    """The request of a program with the API key `key` of `workspace`."""

    key: ApiKey
    workspace: Workspace


def declare(view: Callable[P, R], *allowed: str, **attributes: bool) -> Callable[P, R]:
    """Write on a view who may call it, where the tests that walk all routes read it."""
    vars(view).update(allowed=frozenset(allowed), **attributes)
    return view


def allow(roles: Roles) -> Callable[[Callable[Concatenate[MemberRequest, P], HttpResponse]], View]:
    """For a view of a workspace's pages: `@allow(ADMINS)` calls view(request: MemberRequest, …) for members in such a role.

    A stranger is asked to sign in; somebody signed in who is no member gets 404 (the workspace's existence is private);
    a member in another role gets 403.
    """

    def guard(view: Callable[Concatenate[MemberRequest, P], HttpResponse]) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            found = as_member(request, request.user, slug)
            if not found.may(roles):
                raise PermissionDenied("your role may not do this", roles)
            written = locales.using(found.user.locale, found.user.timezone)
            with (
                timezone.override(found.workspace.timezone),
                written,
                own_texts(found.workspace),
                seen_by(found.member),
            ):
                return view(found, *args, **kwargs)

        return declare(guarded, *map(str, roles))

    return guard


def as_member(request: HttpRequest, user: User, slug: str) -> MemberRequest:
    """Return the request as that of `user` as a member of the workspace `slug`; 404 for who is no member of it."""
    members = Membership.objects.select_related("workspace", "user")
    member = members.filter(workspace__slug=slug, user=user).first()
    if member is None:
        raise Http404("no such workspace, or you are not a member of it")
    found = cast(MemberRequest, request)
    found.member, found.user, found.workspace = member, member.user, member.workspace
    found.may = lambda roles: member.role in roles
    return found


def signed_in(
    view: Callable[Concatenate[UserRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """For a view that any signed-in user may call, outside every workspace."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        return view(cast(UserRequest, request), *args, **kwargs)

    return declare(guarded, "signed in")


def public(view: Callable[P, R]) -> Callable[P, R]:
    """For a view that strangers may call: sign-in, health."""
    return declare(view, "public")


def strangers_form(view: Callable[P, R]) -> Callable[P, R]:
    """For a view that takes a stranger's form without cookie or CSRF token: it is believed by a signed nonce of its own."""
    return declare(view, "public", csrf_exempt=True)


def api(
    scope: str,
) -> Callable[[Callable[Concatenate[KeyRequest, P], R]], Callable[Concatenate[HttpRequest, P], R | HttpResponse]]:
    """For an operation of the API: called as operation(request: KeyRequest, …) with an API key that holds `scope`.

    The key comes as `Authorization: Bearer <API key>`. Works for a plain view and, below `@router.post(…)`, for an
    operation of a router; whatever an operation returns is passed on.
    """

    def guard(operation: Callable[Concatenate[KeyRequest, P], R]) -> Any:
        @wraps(operation)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R | HttpResponse:
            key = key_of(request.headers.get("Authorization", ""), scope)
            if not isinstance(key, ApiKey):
                status, message = key
                return json_refusal(Refused(message, "Authorization"), status=status)
            found = cast(KeyRequest, request)
            found.key, found.workspace = key, key.workspace
            return operation(found, *args, **kwargs)

        return declare(guarded, f"api key: {scope}", csrf_exempt=True)

    return guard
