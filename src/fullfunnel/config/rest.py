"""The REST API: the rooms' routers put together, how they refuse, and the pages that describe them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from fullfunnel.config.described import operations_of
from fullfunnel.config.wiring import ROUTERS
from fullfunnel.core.pages import json_refusal
from fullfunnel.core.refused import Refused
from fullfunnel.core.rest import Problem
from fullfunnel.workspaces.scope import UserRequest, signed_in

PREFIX = "/api/v1"
rest = NinjaAPI(title="fullfunnel", version="1", urls_namespace="rest", openapi_url=None, docs_url=None)
for path_of_router in ROUTERS:
    rest.add_router("", import_string(path_of_router))


@rest.exception_handler(Problem)
def refuse(request: HttpRequest, problem: Problem) -> HttpResponse:
    return json_refusal(problem.refused, status=problem.status)


@rest.exception_handler(ValidationError)
def refuse_body(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422 for the first thing that is wrong: {"error": {"field": "items.3.amount", "message": …}}."""
    first = error.errors[0]
    # The first two parts say where it came from: ("body", "body", "amount"), ("query", "asked", "limit").
    field = ".".join(str(part) for part in first.get("loc", ())[2:])
    message = str(first.get("msg", "this is not understood"))
    return json_refusal(Refused(message[:1].upper() + message[1:].rstrip(".") + ".", field))


@rest.exception_handler(HttpError)
def refuse_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """400 for a body that is no JSON."""
    return json_refusal(Refused(str(error)), status=error.status_code)


@signed_in
@require_safe
def openapi(request: UserRequest) -> HttpResponse:
    """Answer with the OpenAPI document of the REST API."""
    return JsonResponse(schema())


@signed_in
@require_safe
def described(request: UserRequest) -> HttpResponse:
    """Show the operations of the REST API on a page."""
    return render(request, "api.html", {"operations": operations_of(schema()), "prefix": PREFIX})


def schema() -> dict[str, Any]:
    return dict(rest.get_openapi_schema(path_prefix=PREFIX))


def urls() -> list[URLPattern | URLResolver]:
    """Return the operations and their description; not ninja's own root, which answers nothing."""
    operations = [each for each in rest.urls[0] if getattr(each, "name", "") != "api-root"]
    # deals/bulk before deals/<id>, which would take the word for an id.
    operations.sort(key=lambda each: "<" in str(each.pattern))
    for each in operations:
        each.callback = _refusing_methods(cast(Callable[..., HttpResponse], each.callback))
    return [path("openapi.json", openapi, name="openapi"), path("docs", described, name="docs"), *operations]


def _refusing_methods(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer a method that an address does not take as all refusals are; ninja answers a bare text."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        taken = ", ".join(sorted(response["Allow"].split(", ")))
        told = Refused(f"This address does not take {request.method}; it takes {taken}.", "method")
        return json_refusal(told, status=405, headers={"Allow": taken})

    return answer
