"""A form of Halden's, and a stranger's browser that fills it in."""

import html
import re
from datetime import timedelta
from typing import Any

from django.test import Client

from fullfunnel.core import clock
from fullfunnel.forms.actions import add_field, create_form, publish_form
from fullfunnel.forms.fields import read
from fullfunnel.forms.models import Form
from tests.kit.cast import CHROME, drain

LENA = {"f.name": "Lena Gruber", "f.email": "lena@klinik-gruenwald.example", "f.message": "Call me", "f.consent": "1"}


def published(workspace: Any, starter: str = "contact", *kinds: str, name: str = "") -> Form:
    """A form of that starter with further fields of these kinds, published."""
    form = create_form(workspace, name=name or starter.title(), starter=starter, by=None)
    for kind in kinds:
        add_field(form, kind=kind, after="", by=None)
    publish_form(form, by=None)
    return form


def content_of(form: Form) -> Any:
    return read(form.versions.latest("number").content)


def hidden(page: str) -> dict[str, str]:
    """The hidden inputs of a page."""
    found = re.findall(r'<input type="hidden" name="([^"]+)"\s+value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


class Browser:
    """A stranger's browser. `opens` keeps what the page carries; `sends` posts it with what is typed."""

    def __init__(self, form: Form, *, ip: str = "203.0.113.9", agent: str = CHROME) -> None:
        self.address = f"/f/{form.public_id}/"
        self.client = Client(enforce_csrf_checks=True, REMOTE_ADDR=ip, headers={"User-Agent": agent})
        self.carried: dict[str, str] = {}

    def opens(self, query: str = "", **headers: str) -> str:
        page = self.client.get(self.address + query, headers=headers).content.decode()
        self.carried = hidden(page)
        return page

    def sends(self, typed: dict[str, Any], *, after: float = 60, path: str = "") -> Any:
        """Post it so many seconds after now; drain."""
        with clock.frozen(clock.now() + timedelta(seconds=after)):
            answer = self.client.post(path or self.address, self.carried | typed)
        drain()
        return answer
