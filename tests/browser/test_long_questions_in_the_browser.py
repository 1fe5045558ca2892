"""A question that takes its time, in a real browser against the real server: how far it is, Cancel, leaving and coming back."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chromium import browser, expect, sign_in
from tests.browser.test_funnel_in_the_browser import send_story
from tests.kit import needs
from tests.kit.server import Server, running

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep]
# Python reads it before everything else: twenty million events' worth of waiting before each answer to a window of 44 days, and then
# until the file is there that the test touches.
SLOW = """
import os, sys, threading, time

def slow_down():
    while "fullfunnel.analytics.answering" not in sys.modules or not hasattr(sys.modules["fullfunnel.analytics.answering"], "ask_soon"):
        time.sleep(0.02)
    answering = sys.modules["fullfunnel.analytics.answering"]
    answer = answering.answer

    def slowly(question, world, *, deadline, kinds):
        if (question.get("window") or {}).get("value") == 44:
            for portion in range(40):
                time.sleep(0.1)
                deadline.reached(portion * 500_000, 20_000_000)
            while not os.path.exists(os.environ["SLOW_UNTIL"]):
                time.sleep(0.1)
                deadline.reached(19_500_000, 20_000_000)
        return answer(question, world, deadline=deadline, kinds=kinds)

    answering.answer = slowly

begin = lambda: threading.Thread(target=slow_down, daemon=True).start()
begin()
os.register_at_fork(after_in_child=begin)
"""
PAGE = "/w/halden/funnel/?s1=page_viewed&s2=form_submitted&window="


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    needs.chromium()
    folder: Path = tmp_path_factory.mktemp("slow")
    (folder / "sitecustomize.py").write_text(SLOW, encoding="utf-8")
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    with running(folder / "data", PYTHONPATH=path, SLOW_UNTIL=str(folder / "go on")) as found:
        send_story(found, found.create_workspace())
        yield found


@pytest.fixture
def go_on(server: Server) -> Iterator[Path]:
    """The file that lets a slow question end."""
    path = server.directory.parent / "go on"
    yield path
    path.unlink(missing_ok=True)


@pytest.fixture
def page(server: Server) -> Iterator[Any]:
    with browser() as chromium:
        page = chromium.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        sign_in(page, f"http://127.0.0.1:{server.port}", "alice@halden.example", "correct horse battery")
        yield page
        assert complaints == []


def test_a_long_question_shows_its_progress_ends_in_its_answer_and_can_be_cancelled(server, page, go_on):
    base = f"http://127.0.0.1:{server.port}"
    page.goto(f"{base}{PAGE}44")
    said = page.locator(".waiting-said")
    expect(said).to_have_text(re.compile(r"^[\d,]+ of 20,000,000 events · [\d.]+ million a second · about \d+ s left$"))
    # It goes on while nobody looks, and the same address finds it.
    page.goto(f"{base}/w/halden/saved/")
    page.goto(f"{base}{PAGE}44")
    go_on.touch()
    expect(page.locator(".funnel-step").first).to_contain_text("3")
    expect(page.locator("#said")).to_contain_text("3 people began")
    # Another one, cancelled; and asked again.
    go_on.unlink()
    page.goto(f"{base}{PAGE}44&late=0")
    page.click("button:has-text('Cancel')")
    expect(said).to_have_text("Cancelled. Nothing goes on in the background.")
    expect(page.locator("button:has-text('Cancel')")).to_be_hidden()
    time.sleep(1.5)
    page.click("button:has-text('Ask again')")
    expect(said).to_have_text(re.compile("of 20,000,000 events"))
    # Who changes the form does not leave the old question running.
    page.select_option("#unit", "hour")
    expect(page.locator(".waiting-card")).to_be_visible()
    page.fill("#window", "3")
    page.press("#window", "Tab")
    expect(page.locator(".funnel-step")).to_have_count(2)


def test_a_page_that_waited_says_its_sentence_with_the_answer(server, page, go_on):
    page.goto(f"http://127.0.0.1:{server.port}{PAGE.replace('funnel/', 'funnel/people/')}44&step=1&outcome=reached")
    expect(page.locator(".sentence")).to_have_text("Counting…")
    go_on.touch()
    expect(page.locator(".sentence")).to_have_text("3 people, the earliest first.")
