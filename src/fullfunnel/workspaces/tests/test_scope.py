"""What a view learns of its caller from the decorator that lets the caller in."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.urls import URLResolver, path
from django.urls.resolvers import RegexPattern

from fullfunnel.workspaces.keys import make_api_key
from fullfunnel.workspaces.models import Membership, Role
from fullfunnel.workspaces.scope import ADMINS, EDITORS, EVERYONE, KeyRequest, MemberRequest, allow, api
from tests.kit.cast import Member
from tests.kit.routes import METHODS, routes


@allow(EVERYONE)
def who(request: MemberRequest, number: int) -> HttpResponse:
    said = {"role": request.member.role, "user": request.user.email, "workspace": request.workspace.slug}
    may = {"edit": request.may(EDITORS), "administer": request.may(ADMINS)}
    return HttpResponse(json.dumps(said | may | {"number": number}))


@allow(ADMINS)
def administer(request: MemberRequest) -> HttpResponse:
    raise AssertionError("nobody is let in")


def asked_by(member: Member) -> Any:
    request = RequestFactory().get("/")
    request.user = member.user
    return request


def test_a_view_learns_member_user_and_workspace(bob, workspace):
    assert json.loads(who(asked_by(bob), slug="halden", number=3).content) == {
        "role": "seller",
        "user": bob.user.email,
        "workspace": "halden",
        "edit": True,
        "administer": False,
        "number": 3,
    }


@pytest.mark.parametrize("role", Role.values)
def test_may_is_about_the_role_in_this_workspace(bob, role):
    Membership.objects.filter(user=bob.user).update(role=role)
    said = json.loads(who(asked_by(bob), slug="halden", number=1).content)
    assert (said["edit"], said["administer"]) == (role != "viewer", role in ("owner", "admin"))


def test_a_member_in_another_role_and_a_user_who_is_no_member_are_refused(bob, charlie):
    with pytest.raises(PermissionDenied):
        administer(asked_by(bob), slug="halden")
    with pytest.raises(Http404):
        administer(asked_by(charlie), slug="halden")


def router_path() -> Callable[..., Any]:
    """Return what the URLconf gets for one path of a django-ninja router (1.7) with two operations."""

    @api("export")
    def person(request: KeyRequest, person_id: str) -> Any:
        return {"person": person_id, "workspace": request.workspace.slug, "key": request.key.name}

    @api("ask")
    def question(request: KeyRequest, person_id: str) -> Any:
        raise AssertionError("not called here")

    class PathView:
        def __init__(self) -> None:
            self.operations = [
                SimpleNamespace(methods=["GET"], view_func=person),
                SimpleNamespace(methods=["POST"], view_func=question, url_name="ask-about"),
            ]

        def view(self) -> Callable[..., Any]:
            return lambda request, **given: self.operations[0].view_func(request, **given)

    return PathView().view()


def test_the_operations_of_a_router_are_routes_of_their_own():
    entries = [path("api/v1/people/<str:person_id>", router_path(), name=name) for name in ("person", "ask-about")]
    mounted = URLResolver(RegexPattern(r"^"), entries)
    found = [(route.path({"person_id": "p"}), route.methods, route.scope) for route in routes(mounted)]
    address = "/api/v1/people/p"
    assert found == [(address, ("GET",), "export"), (address, ("POST",), "ask")]


def test_a_plain_view_answers_to_every_method():
    mounted = URLResolver(RegexPattern(r"^"), [path("w/<slug:slug>/<int:number>/", who, name="who")])
    assert [(route.methods, route.allowed) for route in routes(mounted)] == [(METHODS, set(Role.values))]


def test_an_operation_passes_on_what_it_returns_and_learns_its_key(workspace):
    key = make_api_key(workspace, name="report", scopes=["export"], by=None)
    request = RequestFactory().get("/", headers={"Authorization": f"Bearer {key}"})
    assert router_path()(request, person_id="p") == {"person": "p", "workspace": "halden", "key": "report"}


def test_an_operation_is_not_called_with_a_key_without_its_scope(workspace):
    key = make_api_key(workspace, name="report", scopes=["ask"], by=None)
    request = RequestFactory().get("/", headers={"Authorization": f"Bearer {key}"})
    refused = router_path()(request, person_id="p")
    assert (refused.status_code, json.loads(refused.content)["error"]["field"]) == (403, "Authorization")
