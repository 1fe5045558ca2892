"""One set of tokens: colours and sizes of text stand in tokens.css, and the typeface comes from here."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from fullfunnel.core.pages import asset

SOURCE = Path(__file__).resolve().parents[2]
# A hosted form has the colours of the firm that it belongs to.
OWN = {"tokens.css", "public.css"}
SHEETS = [path for path in SOURCE.rglob("static/**/*.css") if "vendor" not in path.parts and path.name not in OWN]


def test_no_sheet_has_a_colour_or_a_size_of_text_of_its_own():
    colour, size = re.compile(r"#[0-9a-f]{3,8}\b(?![^{]*\{)|rgba?\(", re.I), re.compile(r"font-size: [\d.]+rem")
    assert len(SHEETS) > 10
    wrong = [
        f"{path.name}: {line.strip()}"
        for path in SHEETS
        for line in path.read_text().splitlines()
        if (colour.search(line.partition(":")[2]) or size.search(line))
    ]
    assert wrong == []


def test_every_token_that_a_sheet_uses_is_there():
    names = {name for path in SHEETS for name in re.findall(r"var\((--ff-[\w-]+)\)", path.read_text())}
    told = set(re.findall(r"(--ff-[\w-]+):", (SOURCE / "core/static/tokens.css").read_text()))
    # --ff-heat is set by a script.
    assert names - told <= {"--ff-heat"}


@pytest.mark.django_db
def test_the_typeface_is_linked_and_sent_from_here(alice):
    if finders.find("vendor/inter.css") is None:
        pytest.skip("the assets of this checkout are older than the typeface: build_hooks/assets.py makes them")
    page = alice.client.get("/w/halden/settings/account/")
    assert f'href="{asset("vendor/inter.css")}"' in page.content.decode()
    assert "font-src 'self'" in page.headers["Content-Security-Policy"]
    for name in re.findall(r"url\(([^)]+)\)", Path(finders.find("vendor/inter.css")).read_text()):
        font = Client().get(f"/static/vendor/{name}")
        assert (font.status_code, b"".join(font)[:4]) == (200, b"wOF2")
        font.close()
