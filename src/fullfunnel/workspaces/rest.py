"""What operations of the REST API need of a workspace: the caller's key, who acts, when it was, once and not twice."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Annotated, Concatenate, ParamSpec, TypeVar, cast

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.responses import NinjaJSONEncoder
from ninja.security import HttpBearer
from pydantic import AwareDatetime, Field

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.core.rest import Problem, Refusal, only_known
from fullfunnel.workspaces.keys import key_of
from fullfunnel.workspaces.models import ApiKey, IdempotentAnswer, Membership, User, Workspace
from fullfunnel.workspaces.scope import KeyRequest, declare

P = ParamSpec("P")
R = TypeVar("R", bound=Schema)
MAX_KEY = 200
HISTORY = "history"
REFUSALS = (400, 401, 403, 404, 422)

# Fields that many bodies have.
ActsAs = Annotated[str, Field(description="E-mail address of the member who did it; none: a program did.")]
TookPlace = Annotated[
    AwareDatetime | None,
    Field(description="When it was, for what is told of the past (scope `history`): it counts, and sets nothing off."),
]


class ScopedKey(HttpBearer):
    """Asks for an API key that holds a scope, before anything of the request is read."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> ApiKey:
        key = key_of(request.headers.get("Authorization", ""), self.scope)
        if not isinstance(key, ApiKey):
            status, message = key
            raise Problem(Refused(message, "Authorization"), status)
        caller = cast(KeyRequest, request)
        caller.key, caller.workspace = key, key.workspace
        return key

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey:
        raise NotImplementedError


def operation(
    router: Router, method: str, path: str, *, scope: str, name: str
) -> Callable[[Callable[Concatenate[KeyRequest, P], R]], Callable[Concatenate[KeyRequest, P], R]]:
    """Add an operation to a router, called as function(request: KeyRequest, …) -> a Schema, for keys that hold `scope`.

    name: of its URL. A POST that comes again with the same `Idempotency-Key` is answered as the first was, and done once.
    """

    def add(function: Callable[Concatenate[KeyRequest, P], R]) -> Callable[Concatenate[KeyRequest, P], R]:
        view = only_known(once(function) if method == "POST" else function)
        declare(view, f"api key: {scope}")
        answers = {200: function.__annotations__["return"], frozenset(REFUSALS): Refusal}
        router.api_operation(
            [method], path, auth=ScopedKey(scope), response=answers, url_name=name, openapi_extra={"x-scope": scope}
        )(view)
        return function

    return add


def once(function: Callable[Concatenate[KeyRequest, P], R]) -> Callable[Concatenate[KeyRequest, P], R | HttpResponse]:
    """Do what a request asks in one transaction, and under an `Idempotency-Key` once."""

    @wraps(function)
    def guarded(request: KeyRequest, /, *args: P.args, **kwargs: P.kwargs) -> R | HttpResponse:
        key = request.headers.get("Idempotency-Key", "")
        if len(key) > MAX_KEY:
            raise Problem(Refused(f"An Idempotency-Key has at most {MAX_KEY} characters.", "Idempotency-Key"))
        if not key:
            with transaction.atomic():
                return function(request, *args, **kwargs)
        asked = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
        if (known := _answered(request.workspace, key, asked)) is not None:
            return known
        try:
            with transaction.atomic():
                answer = function(request, *args, **kwargs)
                kept = json.dumps(answer.model_dump(), cls=NinjaJSONEncoder)
                IdempotentAnswer.objects.create(workspace=request.workspace, key=key, asked=asked, answer=kept)
                return answer
        except IntegrityError:
            # The same request, sent twice at once, was answered meanwhile.
            if (known := _answered(request.workspace, key, asked)) is None:
                raise
            return known

    return guarded


def acting(workspace: Workspace, email: str) -> Membership | None:
    """Return the member in whose name a program acts; None: in its own."""
    if not email:
        return None
    member = _member_named(workspace, email)
    if member is None:
        raise Problem(Refused(f"'{email[:100]}' is the address of no member of this workspace.", "by"))
    return member


def owner_named(workspace: Workspace, email: str) -> User | None:
    """Return the member with this address, as an owner; None for an empty one: nobody."""
    member = _member_named(workspace, email) if email else None
    if email and member is None:
        raise Problem(Refused(f"'{email[:100]}' is the address of no member of this workspace.", "owner"))
    return member.user if member else None


def _member_named(workspace: Workspace, email: str) -> Membership | None:
    """Return the member with this address; asked once for the many items of a request, which has a workspace of its own."""
    known: dict[str, Membership | None] = vars(workspace).setdefault("_members_named", {})
    if (address := email.lower()) not in known:
        members = Membership.objects.select_related("user").filter(workspace=workspace, user__email=address)
        known[address] = members.first()
    return known[address]


def told_of(request: KeyRequest, at: datetime | None) -> datetime | None:
    """Return `at` if the key may tell the past and it is past."""
    if at is None:
        return None
    if HISTORY not in request.key.scopes:
        raise Problem(Refused(f"Only a key with the scope '{HISTORY}' may say when it was.", "at"), 403)
    if at > clock.now():
        raise Problem(Refused("This lies ahead; 'at' tells the past.", "at"))
    return kept_moment(at)


def kept_moment(at: datetime) -> datetime:
    """Return a moment that rows and events can hold in every zone."""
    if not clock.is_kept(at):
        raise Problem(Refused("A moment lies between the years 1970 and 2200.", "at"))
    return at


def _answered(workspace: Workspace, key: str, asked: str) -> HttpResponse | None:
    known = IdempotentAnswer.objects.filter(workspace=workspace, key=key).first()
    if known is None:
        return None
    if known.asked != asked:
        raise Problem(
            Refused("This Idempotency-Key came with another request before; take a new one.", "Idempotency-Key")
        )
    replayed = {"Idempotent-Replayed": "true"}
    return HttpResponse(known.answer, content_type="application/json; charset=utf-8", headers=replayed)
