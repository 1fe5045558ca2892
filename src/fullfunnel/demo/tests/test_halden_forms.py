"""Halden's forms: published, in two languages, with what was sent to them before."""

import json

import pytest
from django.test import Client

from fullfunnel.crm.models import HandOver
from fullfunnel.demo.company import make_company
from fullfunnel.demo.halden_forms import CONTACT, DEMO, Forms
from fullfunnel.demo.places import HOME
from fullfunnel.demo.selling import Submissions
from fullfunnel.demo.story import tell
from fullfunnel.demo.tests.test_truth import QUARTER, everybody
from fullfunnel.forms.models import Form, Submission
from tests.kit.cast import drain


@pytest.fixture
def made(db, data_dir):
    return make_company()


def test_its_page_speaks_both_languages_and_shows_how_halden_looks(made):
    address = f"/f/{made['forms']['ids'][DEMO]}/"
    german = Client().get(address, headers={"Accept-Language": "de-AT"}).content.decode()
    english = Client().get(address).content.decode()
    for text in ("Sehen Sie Halden mit Ihren eigenen Stationen", "Nachtdienste bleiben offen", "zum Beispiel 250"):
        assert text in german
        assert text not in english
    assert "https://halden.example/privacy" in english
    assert "/logo/" in english
    assert "#0b6b5b" in Client().get(f"{address}colours.css").content.decode()


def test_two_versions_are_published_and_the_mended_one_waits(made):
    versions = Form.objects.get(name=DEMO).versions.order_by("number")
    assert [version.published_at is None for version in versions] == [False, False, True]
    first, second = (version.published_at.astimezone(HOME).date() for version in versions[:2])
    assert (second - first).days == 310


def test_what_was_sent_before_stands_in_its_form_and_hands_nobody_over(made):
    forms, submissions = Forms(**made["forms"]), Submissions()
    asked = [life for life in everybody() if life.first_at >= QUARTER and life.hand_over][:40]
    list(submissions.aside(call for life in asked for call in tell(life, 1, forms)))
    headers = {"Authorization": f"Bearer {made['api_key']}"}

    def post_many(path, bodies):
        body = json.dumps({"items": list(bodies)})
        answer = Client().post(f"/api/v1/{path}/bulk", body, content_type="application/json", headers=headers)
        assert [result["error"] for result in answer.json()["results"] if result["error"]] == []
        return []

    assert submissions.tell(post_many, forms) == Submission.objects.count() > 10
    assert set(Submission.objects.values_list("form__name", "version__number")) == {(DEMO, 2), (CONTACT, 1)}
    for row in Submission.objects.all():
        assert row.answers["phone"] == "" or row.answers["phone"].startswith("+493023125")
        assert row.event_id.startswith("halden-1-")
        assert row.came["url"] in ("https://halden.example/demo", "https://halden.example/contact")
    assert "google" in Submission.objects.values_list("came__source", flat=True)
    drain()
    assert HandOver.objects.count() == 0
