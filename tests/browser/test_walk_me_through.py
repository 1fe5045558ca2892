"""Walk me through: a visitor of Halden's small site crosses both funnels in sight of the picture, and vanishes without a trace."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.chromium import expect, sign_in
from tests.browser.test_inbox_in_the_browser import run_in
from tests.kit import needs
from tests.kit.server import Server, running

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep(quick=True)]
# A browser that says it is headless is a bot on any site but one's own.
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
MAKE = """
from fullfunnel.cli.demo import data_dir, write_secret
from fullfunnel.core.directory import SIGN_IN_OF_DEMO
from fullfunnel.demo.company import make_company
write_secret(data_dir() / SIGN_IN_OF_DEMO, make_company())
"""
EVENTS = ("page_viewed", "form_started", "form_submitted", "lead_handed_over", "deal_created", "deal_won")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    needs.chromium()
    with running(tmp_path_factory.mktemp("walk") / "data", FULLFUNNEL_WARM="0") as found:
        run_in(found, MAKE)
        yield found


@pytest.fixture
def made(server: Server) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((server.directory / "demo-sign-in.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def page(server: Server, chromium: Any, made: dict[str, Any]) -> Iterator[Any]:
    """Signed in as Alice. What the browser complains of fails the test."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, user_agent=CHROME)
    found, complaints = context.new_page(), list[str]()
    found.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(found, f"http://127.0.0.1:{server.port}", made["email"], made["password"])
    yield found
    context.close()
    assert complaints == []


def figures(server: Server, made: dict[str, Any]) -> list[Any]:
    """Every number of both funnels by channel, and how often each event is in the stream."""
    series = [{"event": name, "measure": "events"} for name in EVENTS]
    questions: list[dict[str, Any]] = [
        {"kind": "stages", "breakdown": {"property": "channel", "limit": 12}},
        {"kind": "trend", "series": series, "by": "month"},
        {"kind": "attribution", "conversion": {"event": "deal_won"}, "by": "channel", "models": ["first_touch"]},
    ]
    headers = {"Authorization": f"Bearer {made['api_key']}", "Content-Type": "application/json"}
    answers = []
    for question in questions:
        status, body = server.request("POST", "/api/v1/ask", json.dumps(question).encode(), headers)
        assert status == 200, body
        answers.append(json.loads(body))
    # Which names ever came, a note says; names are no numbers, and are remembered.
    of_now = ("data_until", "notes")
    return [{key: value for key, value in answer.items() if key not in of_now} for answer in answers]


def done(page: Any, steps: int) -> None:
    expect(page.locator("#walk-steps .is-done")).to_have_count(steps, timeout=60_000)


def test_the_whole_walk_and_nothing_is_left_of_it(page, server, made):
    before = figures(server, made)
    page.goto(f"http://127.0.0.1:{server.port}/w/halden/walk/")
    page.get_by_role("button", name="Begin the walk").click()
    page.get_by_role("button", name="Read the guide").click()
    done(page, 1)
    page.get_by_role("button", name="Next guide: fair night shifts").click()
    done(page, 2)
    page.get_by_role("button", name="What does it cost?").click()
    page.get_by_role("button", name="Close the tab, and come back tomorrow").click()
    done(page, 3)
    page.get_by_role("button", name="See it with your own wards").click()
    form = page.frame_locator("iframe.walk-frame")
    form.get_by_label("Name").fill("Tess Lead")
    form.get_by_label("Work e-mail").fill("tess@test-clinic.example")
    form.get_by_label("Number of employees").fill("240")
    form.get_by_label("I agree").check()
    # Who sends a form within two seconds is a program.
    time.sleep(2.1)
    form.get_by_role("button", name="Ask for a demo").click()
    done(page, 4)
    inbox = page.locator(".walk-cards section").nth(1)
    expect(inbox).to_contain_text("Tess Lead")
    inbox.get_by_role("button", name="Accept, as Bob").click()
    done(page, 5)
    inbox.get_by_role("button", name="Confirm the need, as Bob").click()
    done(page, 6)
    inbox.get_by_role("button", name="Win the deal, as Bob").click()
    done(page, 7)
    expect(page.locator(".walk-sentence")).to_contain_text("You are one of 1 deals won", timeout=60_000)
    expect(page.locator(".wide .walk-here")).to_have_count(1)
    stages, _, credited = figures(server, made)
    assert (stages["hand_overs"]["handed_over"], stages["deals"]["won"]) == (1, 1)
    assert "Paid Social" in json.dumps(credited)
    page.get_by_role("button", name="Vanish now").click()
    expect(page.get_by_text("You are gone: every number is as before.")).to_be_visible(timeout=60_000)
    assert figures(server, made) == before
