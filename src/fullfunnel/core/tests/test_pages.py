"""What pages share: numbers out of an address, pages of a list, a form that was refused, how an action went."""

import json
from typing import Any

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory

from fullfunnel.core.pages import Form, Page, asked_page, json_refusal, render_form, row_id, tell, whole_number
from fullfunnel.core.refused import Refused


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *((text, 3) for text in ("-4", "x", "", None, "1.5", "\x00", "²", " 7", "9999999999", "9" * 5000)),
        *(("7", 7), ("1", 1), ("0", 1), ("99999", 20), ("999999999", 20)),
    ],
)
def test_a_strange_number_is_the_default_and_a_large_one_the_largest(text, number):
    assert whole_number(text, default=3, least=1, most=20) == number


@pytest.mark.parametrize(
    ("text", "key"), [("12", 12), ("9" * 18, 10**18 - 1), ("9" * 19, 0), ("-1", 0), ("x", 0), ("", 0), (None, 0)]
)
def test_what_names_no_row_is_the_key_that_no_row_has(text, key):
    assert row_id(text) == key


def page_at(query: str, total: int | None = None) -> Page:
    return asked_page(RequestFactory().get(f"/list/{query}"), size=10, total=total)


def shown(page: Page) -> tuple[int, int, str, str]:
    return page.first, page.last, page.before, page.after


def test_a_page_links_to_its_neighbours_and_keeps_the_rest_of_the_address():
    page = page_at("?q=a+b&page=2").of(25)
    assert shown(page) == (11, 20, "/list/?q=a+b&page=1", "/list/?q=a+b&page=3")
    assert (page.offset, page.end) == (10, 20)


def test_the_first_and_the_last_page_have_one_neighbour():
    assert shown(page_at("").of(25)) == (1, 10, "", "/list/?page=2")
    assert shown(page_at("?page=3").of(25)) == (21, 25, "/list/?page=2", "")
    assert shown(page_at("?page=2").of(20)) == (11, 20, "/list/?page=1", "")


def test_a_page_beyond_the_end_is_the_last_one_where_the_total_is_known_and_else_says_so():
    assert (page_at("?page=9", total=25).number, page_at("?page=9", total=0).number) == (3, 1)
    beyond = page_at("?page=9").of(25)
    assert (beyond.number, beyond.is_beyond, beyond.after) == (9, True, "")
    assert [page_at(query).of(total).is_beyond for query, total in (("", 0), ("?page=3", 21))] == [False, False]


class Named(Form):
    name = forms.CharField()
    kind = forms.ChoiceField(choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("kind", [("a", "A")])


def test_a_refused_action_is_told_beside_its_field_or_above_the_form():
    form = Named({"name": "x", "kind": "a"})
    assert form.is_valid()
    assert form.accept({"made": 1}) == {"made": 1}
    assert form.errors == {}
    assert form.accept(Refused("Taken.", "name")) is None
    assert form.accept(Refused("Not now.", "elsewhere")) is None
    assert form.errors == {"name": ["Taken."], "__all__": ["Not now."]}


def test_a_page_whose_form_is_wrong_answers_422(settings):
    request, wrong = RequestFactory().get("/"), Named({"name": "", "kind": "a"})
    statuses = [render_form(request, "core/_form.html", form, {"label": "Go"}).status_code for form in (Named(), wrong)]
    assert statuses == [200, 422]


def test_how_an_action_went_is_told_once_on_the_next_page():
    request: Any = RequestFactory().get("/")
    request._messages = CookieStorage(request)
    assert tell(request, Refused("Not yours."), "Deleted.") is False
    assert tell(request, 12, "Deleted.") is True
    assert tell(request, 12, lambda number: f"{number} deleted.") is True
    told = [(message.level_tag, message.message) for message in get_messages(request)]
    assert told == [("error", "Not yours."), ("success", "Deleted."), ("success", "12 deleted.")]


def test_a_program_is_told_why_not_with_the_field():
    answer = json_refusal(Refused("Choose what the key may do.", "scopes"), status=400, headers={"Retry-After": "9"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (400, "9")
    assert json.loads(answer.content) == {"error": {"field": "scopes", "message": "Choose what the key may do."}}
    assert json_refusal(Refused("No.")).status_code == 422
