"""The five minutes with the demo that docs/demo.md proposes, click by click, with the numbers it promises."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fullfunnel.demo.truth import HALDEN
from tests.browser.chromium import browser, expect, sign_in
from tests.kit import needs
from tests.kit.demo import demo

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep]
DOCUMENT = Path(__file__).parents[2] / "docs" / "demo.md"
LOST = HALDEN.phone.started - HALDEN.phone.arrived


@pytest.fixture(scope="module")
def halden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    needs.chromium()
    with demo(tmp_path_factory.mktemp("tour")) as found:
        yield found


@pytest.fixture
def page(halden: dict[str, Any]) -> Iterator[Any]:
    """Signed in as Alice. What the browser complains of fails the test."""
    with browser() as chromium:
        page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
        complaints: list[str] = []
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        sign_in(page, halden["url"], halden["email"], halden["password"])
        yield page
        assert complaints == []


def go(page: Any, name: str, head: str = "") -> None:
    """By the side bar, to the page with this heading."""
    page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name=name, exact=True).click()
    expect(page.locator("h1")).to_have_text(head or name)


def open_saved(page: Any, name: str) -> dict[str, list[str]]:
    """The rows of the saved question's table, by their first cell."""
    go(page, "Saved", head="Saved questions")
    page.get_by_role("link", name=name).first.click()
    expect(page.locator("h1")).to_have_text(name)
    page.locator(".funnel-row").first.wait_for(timeout=300_000)
    rows: list[list[str]] = page.locator("#result table").first.evaluate(
        "table => [...table.rows].map(row => [...row.cells].map(cell => cell.textContent.trim().replace(/\\s+/g, ' ')))"
    )
    return {row[0]: row[1:] for row in rows}


def test_the_document_still_proposes_this_tour():
    text = DOCUMENT.read_text(encoding="utf-8")
    steps = re.findall(r"^\d\. \*\*(.*?)\*\*", text.partition("## Five minutes")[2], re.MULTILINE)
    assert steps == [
        "Overview",
        "Saved → The demo form, by device",
        "Saved → Handed over and won, by first channel",
        "Funnel",
        "Settings → Sources",
    ]
    assert f"these are the {LOST} people" in text


def test_one_the_overview_and_ada(page):
    go(page, "Overview")
    expect(page.locator(".page-head .sentence")).to_contain_text("people came in the last 90 days")
    pinned = page.locator(".overview-funnel")
    expect(pinned).to_contain_text("From the first visit to the won deal", timeout=300_000)
    for step in ("Visited", "Saw the price", "Handed over", "Opportunity", "Won"):
        expect(pinned).to_contain_text(step)
    expect(page.locator("#now")).to_be_visible()
    go(page, "People")
    page.locator("#q").fill("Ada Brandt")
    expect(page.locator("#said")).to_have_text("1 person matches “Ada Brandt”.")
    page.get_by_role("link", name="Ada Brandt").first.click()
    expect(page.locator(".notes article")).to_have_count(3)
    expect(page.locator(".notes")).to_contain_text("the form never came")
    expect(page.locator(".timeline")).to_contain_text("LinkedIn")
    began = page.locator(".timeline").get_by_text("Form started: demo")
    price = page.locator(".timeline").get_by_text("Viewed /pricing")
    expect(began).to_have_count(3)
    expect(price).to_have_count(2)


def test_two_phones_lose_two_thirds_and_the_lost_have_names(page):
    rows = open_saved(page, "The demo form, by device")
    phone, desktop = HALDEN.phone, HALDEN.desktop
    assert str(phone.started) in rows["mobile"]
    assert str(phone.arrived) in rows["mobile"]
    assert str(desktop.started) in rows["desktop"]
    assert str(desktop.arrived) in rows["desktop"]
    phones = page.locator(".funnel-row").nth(1).locator(".funnel-group", has_text="mobile")
    phones.locator("a.lost").click()
    expect(page.locator("#drawer .sentence").first).to_contain_text(f"{LOST} people")
    page.locator("#drawer .people-behind tbody a").first.click()
    expect(page.locator("#drawer .timeline")).to_contain_text("Form started: demo")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()


def number(cell: str) -> int:
    return int(cell.split(" ")[0].replace(",", ""))


def test_three_one_channel_brings_people_and_another_deals(page):
    rows = open_saved(page, "Handed over and won, by first channel")
    # Of each group: who visited, and of each later step who went on, was lost, is pending.
    told = {name: [number(cells[at]) for at in (0, 1, 4)] for name, cells in rows.items() if len(cells) == 8}
    linkedin = next(channel for channel in HALDEN.channels if channel.name == "linkedin")
    assert told["linkedin"] == [linkedin.people, linkedin.handed_over, linkedin.won]
    assert max(told, key=lambda name: told[name][0]) == "google"
    ads = next(channel for channel in HALDEN.channels if channel.name == "google_ads")
    assert (linkedin.people < ads.people, linkedin.won > ads.won) == (True, True)


def test_four_the_address_is_the_question(page, halden):
    go(page, "Funnel")
    page.goto(f"{halden['url']}/w/halden/funnel/?s1=")
    page.locator("#s1-e0").fill("lead_handed_over")
    page.keyboard.press("Tab")
    page.locator("button[value='add-step']").click()
    page.locator("#s2-e0").fill("deal_won")
    page.keyboard.press("Tab")
    page.wait_for_url(lambda url: url.endswith("/funnel/?s1=lead_handed_over&s2=deal_won"))
    expect(page.locator(".funnel-row")).to_have_count(2)
    said = page.inner_text("#said")
    shared = page.context.new_page()
    shared.goto(page.url)
    expect(shared.locator("#said")).to_have_text(said)


def test_five_a_source_has_its_snippet(page):
    go(page, "Settings", head="Workspace")
    page.get_by_role("link", name="Sources", exact=True).click()
    page.get_by_role("link", name="halden.example").first.click()
    expect(page.locator("main")).to_contain_text("ff.js")
