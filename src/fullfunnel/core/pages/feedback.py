"""How an action went, as the next page tells it, or the API."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from fullfunnel.core.pages.forms import Form
from fullfunnel.core.refused import Refused

T = TypeVar("T")


def tell(request: HttpRequest, result: T | Refused, done: str | Callable[[T], str]) -> bool:
    """Put a message at the head of the next page: `done` (or what it makes of the result), or why not. True when done."""
    if isinstance(result, Refused):
        messages.error(request, result.sentence)
        return False
    messages.success(request, done if isinstance(done, str) else done(result))
    return True


def render_form(request: HttpRequest, template: str, form: Form, context: Mapping[str, Any]) -> HttpResponse:
    """Render a page with its form: 422 when something in the form is wrong, else 200."""
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)


def json_refusal(refused: Refused, *, status: int = 422, headers: Mapping[str, str] | None = None) -> JsonResponse:
    """Answer a program why not: {"error": {"field", "message"}}, the shape of every error below /api/."""
    error = {"field": refused.field, "message": refused.sentence}
    return JsonResponse({"error": error}, status=status, headers=dict(headers or {}))
