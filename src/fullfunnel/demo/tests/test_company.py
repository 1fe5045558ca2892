"""The demo's workspace before its first event: its saved questions open as they were kept."""

from urllib.parse import parse_qs

import pytest
from django.test import Client

from fullfunnel.analytics.models import SavedQuestion
from fullfunnel.demo.company import QUESTIONS, last_quarter, make_company
from fullfunnel.workspaces.models import User


@pytest.fixture
def halden(db, data_dir):
    """A browser in which Alice is signed in."""
    made = make_company()
    client = Client()
    client.force_login(User.objects.get(email=made["email"]))
    return client


@pytest.mark.parametrize("preset", ["", "custom"])
def test_every_saved_question_opens_with_its_dates(halden, preset):
    # Demos of earlier releases kept "custom".
    SavedQuestion.objects.update(preset=preset)
    rows = halden.get("/w/halden/saved/").context["listing"].page.rows
    assert sorted(row["saved"].name for row in rows) == sorted(name for name, _ in QUESTIONS)
    quarter = last_quarter()
    for row in rows:
        context = halden.get(row["url"]).context
        asked = parse_qs(context["link"])
        assert (asked["period"], asked["from"], asked["to"]) == (["custom"], [quarter["from"]], [quarter["to"]])
        assert row["saved"].question["period"] == quarter
        assert "from " in row["words"]
