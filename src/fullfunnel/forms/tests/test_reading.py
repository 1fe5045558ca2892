"""An answer is read, or refused with what would be right; one that was not sent is absent."""

import pytest

from fullfunnel.forms.fields import Content, Field
from fullfunnel.forms.origins import origin_of
from fullfunnel.forms.reading import Wrong, read_answers


def answer(kind, *sent, region="DE", **settings):
    field = Field("x", kind, "X", **settings)
    read = read_answers(Content("T", fields=(field,)), {"f.x": list(sent)}, region=region, pains=("p1", "p2"))
    return read.wrong["x"].key if read.wrong else read.values.get("x")


@pytest.mark.parametrize(
    ("kind", "sent", "value"),
    [
        ("text", "  Lena \0  Gruber ", "Lena Gruber"),
        ("text", "x" * 301, "wrong.long"),
        ("email", "Lena@Klinik.AT", "lena@klinik.at"),
        ("email", "lena@klinik", "wrong.email.ending"),
        ("email", "lena", "wrong.email"),
        ("email", "a@b..de", "wrong.email"),
        ("phone", "030 901820", "+4930901820"),
        ("phone", "+43 316 555 0142", "+433165550142"),
        ("phone", "12", "wrong.phone"),
        ("phone", "call me", "wrong.phone"),
        ("number", "1.200", "1200"),
        ("number", "1.234.567,5", "1234567.5"),
        ("number", "1,5", "1.5"),
        ("number", "0.125", "0.125"),
        ("number", "-3", "-3"),
        ("number", "many", "wrong.number"),
        ("number", "1e9999", "wrong.number"),
        ("date", "2026-11-30", "2026-11-30"),
        ("date", "30.11.2026", "2026-11-30"),
        ("date", "11/30/2026", "wrong.date"),
        ("date", "2026-02-30", "wrong.date"),
        ("long", "a\r\nb", "a\nb"),
        ("pains", "p2", ["p2"]),
        ("pains", "p9", "wrong.option"),
        ("consent", "1", True),
        ("hidden", "pro", "pro"),
    ],
)
def test_what_was_sent_is_read(kind, sent, value):
    assert answer(kind, sent) == value


def test_a_choice_is_one_of_its_options():
    assert answer("choice", "a", options=("a", "b")) == "a"
    assert answer("choice", "c", options=("a", "b")) == "wrong.option"
    assert answer("several", "b", "a", options=("a", "b")) == ["a", "b"]


def test_a_number_keeps_its_bounds():
    assert answer("number", "0", least="1") == "wrong.least"
    assert answer("number", "11", most="10") == "wrong.most"


@pytest.mark.parametrize(("region", "value"), [("AT", "+433165550142"), ("", "wrong.phone")])
def test_a_number_without_country_code_is_the_workspaces_country(region, value):
    assert answer("phone", "0316 555 0142", region=region) == value


def test_absent_is_not_empty():
    fields = [Field(key, kind, key) for key, kind in (("a", "text"), ("b", "text"), ("c", "several"), ("d", "consent"))]
    content = Content("T", fields=tuple(fields))
    assert read_answers(content, {"f.a": [""]}, region="").values == {"a": ""}
    asked = {"f.c.asked": ["1"], "f.d.asked": ["1"]}
    assert read_answers(content, asked, region="").values == {"c": [], "d": False}


@pytest.mark.parametrize(
    ("kind", "wrong"), [("text", "wrong.required"), ("consent", "wrong.consent"), ("pains", "wrong.choose")]
)
def test_what_is_required_is_asked_for(kind, wrong):
    content = Content("T", fields=(Field("x", kind, "X", required=True),))
    assert read_answers(content, {}, region="", pains=("p1",)).wrong == {"x": Wrong(wrong)}


def test_an_address_is_its_parts():
    content = Content("T", fields=(Field("x", "address", "X"),))
    sent = {"f.x.street": ["Ring 1"], "f.x.postcode": ["8010"], "f.x.city": ["Graz"], "f.x.country": [""]}
    values = {"street": "Ring 1", "postcode": "8010", "city": "Graz", "country": ""}
    assert read_answers(content, sent, region="").values == {"x": values}


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("www.Halden.example/", "https://www.halden.example"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("https://a.example/path", ""),
        ("*.example.com", ""),
        ("javascript:alert(1)", ""),
        ("https://a.example; script-src *", ""),
    ],
)
def test_an_origin_is_scheme_and_host(text, origin):
    assert origin_of(text) == origin
