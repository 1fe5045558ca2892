"""A kind of question that one line of the wiring adds: it is answered by API, page, file, list of people and command line."""

import json
from importlib import import_module, reload

import pytest
from django.conf import settings
from django.test import Client
from django.urls import clear_url_caches

from fullfunnel.analytics.models import SavedQuestion
from fullfunnel.cli import main
from fullfunnel.config import wiring
from fullfunnel.config.wiring.kinds import Kind
from fullfunnel.config.wiring.navigation import entries_of
from fullfunnel.workspaces.keys import make_api_key

HERE = "fullfunnel.analytics.tests.count_kind"
COUNT = Kind("count", "Count", "users", ("owner", "marketer"), HERE, HERE)
QUESTION = {"kind": "count", "event": "page_viewed"}


def read_urls():
    for name in ("fullfunnel.analytics.urls", "fullfunnel.config.urls"):
        reload(import_module(name))
    clear_url_caches()


@pytest.fixture
def count():
    """The wiring with one line more."""
    with pytest.MonkeyPatch.context() as patch:
        kinds = [*wiring.KINDS, COUNT]
        patch.setattr(wiring, "KINDS", kinds)
        patch.setattr(settings, "KINDS", kinds)
        patch.setattr(settings, "NAV", [*settings.NAV, *entries_of([COUNT])])
        read_urls()
        yield
    read_urls()


def ask(workspace, question):
    key = make_api_key(workspace, name="for tests", scopes=["ask"], by=None)
    headers = {"Authorization": f"Bearer {key}"}
    return Client().post("/api/v1/ask", json.dumps(question), content_type="application/json", headers=headers)


def test_the_api_answers_it(count, workspace, ada, ben):
    ada.visits("/pricing")
    ben.visits("/docs")
    ada.visits("/docs")
    assert ask(workspace, QUESTION).json() == {"kind": "count", "people": 2}


def test_without_its_line_it_is_refused(workspace, carol):
    refused = ask(workspace, QUESTION)
    assert refused.status_code == 400
    assert refused.json()["error"]["message"].startswith("must be one of: funnel, trend, retention, paths, attribution")
    assert carol.client.get("/w/halden/count/").status_code == 404


def test_its_page_its_file_and_its_people_are_there(count, carol, ada, ben):
    ada.visits("/pricing")
    ben.visits("/docs")
    page = carol.client.get("/w/halden/count/?e1=page_viewed").content.decode()
    assert "<title>Count" in page
    assert "2 people did it." in page
    assert carol.client.get("/w/halden/count/table.csv?e1=page_viewed").content.decode("utf-8-sig") == "people\r\n2\r\n"
    listed = carol.client.get("/w/halden/count/people/?e1=page_viewed")
    assert listed.context["title"] == "Who did it"
    assert {str(row["person"].pk) for row in listed.context["people"]} == {str(ada.person.pk), str(ben.person.pk)}


def test_it_is_saved_and_stands_in_the_menu_for_its_roles(count, carol, ada):
    ada.visits("/pricing")
    form = {"kind": "count", "link": "e1=page_viewed", "name": "How many"}
    assert carol.client.post("/w/halden/saved/new/", form).status_code == 302
    saved = carol.client.get("/w/halden/saved/")
    assert [row["url"].split("?")[0] for row in saved.context["listing"].page.rows] == ["/w/halden/count/"]
    assert [row["icon"] for row in saved.context["listing"].page.rows] == ["users"]
    assert 'href="/w/halden/count/"' in saved.content.decode()


def test_other_roles_may_not_see_it(count, carol, bob, ada):
    ada.visits("/pricing")
    carol.client.post("/w/halden/saved/new/", {"kind": "count", "link": "e1=page_viewed", "name": "How many"})
    assert bob.client.get("/w/halden/count/?e1=page_viewed").status_code == 403
    assert "/w/halden/count/" not in bob.client.get("/w/halden/saved/").content.decode()
    assert "/w/halden/count/" not in bob.client.get("/w/halden/saved/find/?q=How").content.decode()


def test_a_saved_question_of_a_kind_that_is_gone_stands_in_no_list(carol, workspace):
    SavedQuestion.objects.create(workspace=workspace, name="How many", question=QUESTION)
    assert carol.client.get("/w/halden/saved/").context["listing"].page.rows == []


def test_the_command_line_answers_it(count, tmp_path, capsys):
    events = [{"person": name, "event": "page_viewed", "timestamp": 1772532000} for name in ("ada", "ben")]
    (tmp_path / "events.jsonl").write_text("".join(json.dumps(row) + "\n" for row in events))
    (tmp_path / "question.json").write_text(json.dumps(QUESTION))
    with pytest.raises(SystemExit) as ended:
        main(["ask", str(tmp_path / "question.json"), "--events", str(tmp_path / "events.jsonl")])
    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out) == {"kind": "count", "people": 2}
