"""What was sent, as a list and a file; and how far people came, by device."""

import csv
import io

import pytest

from fullfunnel.forms.counts import funnel_of, steps_of
from fullfunnel.forms.fields import Content, Field
from fullfunnel.forms.models import PainPoint
from fullfunnel.forms.tests.kit import LENA, Browser, content_of, published
from fullfunnel.forms.tests.test_hosted_page import told

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0"
    " Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def form(workspace):
    return published(workspace)


def test_the_list_is_ordered_and_searched_by_person(form, carol):
    for number in range(3):
        browser = Browser(form)
        browser.opens()
        browser.sends(LENA | {"f.name": f"Lena {number}", "f.email": f"lena{number}@klinik.example"})
    here = f"/w/halden/forms/{form.public_id}/answers/"
    listing = carol.client.get(here).context["listing"]
    assert [sent.row.person.name for sent in listing.page.rows] == ["Lena 2", "Lena 1", "Lena 0"]
    listing = carol.client.get(f"{here}?sort=sent_at").context["listing"]
    assert [sent.row.person.name for sent in listing.page.rows] == ["Lena 0", "Lena 1", "Lena 2"]
    found = carol.client.get(f"{here}?q=LENA1@").context["listing"].page.rows
    assert [sent.row.person.name for sent in found] == ["Lena 1"]


def test_without_answers_the_page_says_what_will_stand_there(form, carol):
    page = carol.client.get(f"/w/halden/forms/{form.public_id}/answers/").content.decode()
    assert "What people send appears here" in page


def test_the_file_holds_every_answer_and_no_formula(workspace, carol):
    pain = PainPoint.objects.create(workspace=workspace, label="Night shifts")
    form = published(workspace, "demo")
    browser = Browser(form)
    browser.opens("?utm_source=news")
    typed = {"f.name": "=HYPERLINK(1)", "f.email": "a@klinik.example", "f.pains": [pain.key], "f.consent": "1"}
    browser.sends(typed | {"f.employees": "1.200"})
    text = carol.client.get(f"/w/halden/forms/{form.public_id}/answers.csv").content.decode()
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["Name"] == "'=HYPERLINK(1)"
    assert (row["Number of employees"], row["What brings you here?"], row["source"]) == ("1200", "Night shifts", "news")
    assert row["fullfunnel_cells"] == "escaped"


def test_the_funnel_counts_phones_apart_and_names_where_they_stop(form, carol):
    for number in range(8):
        browser = Browser(form, agent=PHONE) if number < 6 else Browser(form)
        browser.opens("?ff.url=https%3A%2F%2Fhalden.example%2F")
        told(browser, "viewed")
        told(browser, "started")
        if number < 5:
            told(browser, "abandoned", "phone")
        else:
            browser.sends(LENA | {"f.email": f"a{number}@klinik.example", "ff.counted": "1"})
    found = funnel_of(form, form.versions.get(), content_of(form))
    assert (found.viewed, found.started, found.sent) == ((6, 2), (6, 2), (1, 2))
    steps = {step.label: (step.phone, step.desktop, step.lost_phone, step.lost_desktop) for step in found.steps}
    assert steps["Telephone"] == (1, 2, 5, 0)
    assert steps["Message"] == (1, 2, 0, 0)
    assert found.leak is not None
    assert found.leak.label == "Telephone"
    page = carol.client.get(f"/w/halden/forms/{form.public_id}/funnel/").content.decode()
    assert "3 of 8 who began sent it; on phones 1 of 6, on other devices 2 of 2." in page
    assert "5 of 6 went no further" in " ".join(page.split())


def test_a_form_that_nobody_saw_says_so(form, carol):
    page = carol.client.get(f"/w/halden/forms/{form.public_id}/funnel/").content.decode()
    assert "Nobody has seen this version yet." in page


def test_steps_never_rise_and_never_fall_below_none():
    content = Content("Title", fields=(Field("a", "text", "A"), Field("b", "hidden", "B"), Field("c", "text", "C")))
    steps = steps_of(content, (3, 9), (0, 4), [{"a": 5}, {"c": 2}])
    assert [(step.label, step.phone, step.desktop) for step in steps] == [
        ("Began", 3, 9), ("A", 0, 9), ("C", 0, 7), ("Sent", 0, 4),
    ]  # fmt: skip
