"""What breaks programs, sent to a form by strangers or written into one by an editor: nothing fails, nothing gets into a header."""

from datetime import timedelta

import pytest

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.forms import actions
from fullfunnel.forms.fields import written
from fullfunnel.forms.models import Submission
from fullfunnel.forms.origins import origin_of, origin_of_page
from fullfunnel.forms.tests.kit import LENA, Browser, content_of, published
from tests.kit.cast import drain

NO_PAGES = [
    "https://[",
    "https://℀.example/",
    "https://a; script-src *",
    "https://a\nb/",
    "https://",
    "http://\0",
    "/a",
]


@pytest.fixture
def form(workspace):
    return published(workspace)


@pytest.mark.parametrize("codec", ["rot13", "hex", "undefined", "idna", "utf-16", "unicode_escape", "nosuch"])
def test_a_body_is_read_as_utf8_whatever_it_says(form, codec):
    browser = Browser(form)
    browser.opens()
    typed = browser.carried | LENA | {"f.message": "\\ud800 Grüß"}
    parts = [f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in typed.items()]
    body, kind = ("".join(parts) + "--b--\r\n").encode(), f"multipart/form-data; boundary=b; charset={codec}"
    with clock.frozen(clock.now() + timedelta(seconds=60)):
        answer = browser.client.generic("POST", browser.address, body, kind)
        assert (
            browser.client.generic(
                "POST", browser.address, "f.name=ü", f"application/x-www-form-urlencoded; charset={codec}"
            ).status_code
            == 422
        )
    drain()
    assert answer.status_code == 200
    assert Submission.objects.get().answers["message"] == "\\ud800 Grüß"


@pytest.mark.parametrize("address", NO_PAGES)
def test_one_goes_to_no_address_that_is_none_after_sending(form, address):
    before = content_of(form)
    refused = actions.change_words(form, words={"redirect_url": address}, by=None)
    assert isinstance(refused, Refused)
    assert (refused.field, content_of(form)) == ("redirect_url", before)


@pytest.mark.parametrize("address", NO_PAGES)
def test_a_form_that_was_published_with_such_an_address_shows_its_thanks(form, address):
    live = form.versions.get()
    live.content = written(content_of(form)) | {"redirect_url": address}
    live.save()
    browser = Browser(form)
    page = browser.client.get(browser.address)
    assert "form-action 'self';" in page.headers["Content-Security-Policy"] + ";"
    assert "script-src *" not in page.headers["Content-Security-Policy"]
    browser.opens()
    assert browser.sends(LENA).status_code == 200


def test_an_origin_is_read_as_a_browser_spells_it():
    pages = ["https://Müller.example:8443/danke?a=1", "http://a.example/", *NO_PAGES]
    said = ["https://xn--mller-kva.example:8443", "http://a.example", *[""] * len(NO_PAGES)]
    assert [origin_of_page(page) for page in pages] == said
    assert [origin_of(text) for text in ("https://[", "https://℀.example", "a.example; x", "www.a.example/")] == [
        "", "", "", "https://www.a.example",
    ]  # fmt: skip
