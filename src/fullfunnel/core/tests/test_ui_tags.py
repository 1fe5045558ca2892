"""The template tags: what they escape, and frames that vanish with their block."""

from django.template import Context, Template
from django.test import RequestFactory, override_settings

from fullfunnel.core import pages


def render(text: str, **values: object) -> str:
    return Template("{% load ui %}" + text).render(Context(values))


def test_a_captured_block_is_escaped_once():
    assert render("{% capture x %}{{ name }} & co{% endcapture %}[{{ x }}]", name="<b>") == "[&lt;b&gt; & co]"


def test_an_empty_block_takes_its_frame_along():
    framed = "{% if_block %}<p>{% block a %}BODY{% endblock %}</p>{% end_if_block %}"
    assert render(framed.replace("BODY", "text")) == "<p>text</p>"
    assert render(framed.replace("BODY", " \n ")) == ""


def test_an_icon_is_hidden_unless_it_has_a_name():
    assert 'aria-hidden="true"' in render('{% icon "home" %}')
    assert 'aria-label="&lt;Home&gt;"' in render('{% icon "home" label %}', label="<Home>")


def test_a_bar_of_nothing_is_empty_and_not_a_division_by_zero():
    assert 'class="bar-done" width="0%"' in render("{% bar 3 1 0 %}")
    assert 'class="bar-done" width="30.0%"' in render("{% bar 3 1 10 %}")


@override_settings(DEBUG=False)
def test_an_asset_is_marked_with_its_content():
    path, _, mark = pages.asset("ff.css").partition("?v=")
    assert path == "/static/ff.css"
    assert len(mark) == 10
    assert pages.asset("nothing.css") == "/static/nothing.css?v=missing"


def test_the_controls_stay_when_one_moves_on():
    request = RequestFactory().get("/", {"period": "30d", "by": ["device", "plan"], "page": "3", "to": "a&b"})
    assert pages.kept_query(request) == "?period=30d&to=a%26b&by=device&by=plan"
    assert pages.kept_query(RequestFactory().get("/")) == ""


def test_a_page_asked_for_in_the_drawer_comes_without_the_shell():
    assert pages.frame(RequestFactory().get("/", headers={"HX-Target": "drawer-body"})) == "drawer.html"
    assert pages.frame(RequestFactory().get("/", headers={"HX-Target": "list"})) == "base.html"
