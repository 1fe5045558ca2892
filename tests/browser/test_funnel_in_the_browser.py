"""A marketer at work, in a real browser against the real server: a funnel by keyboard and mouse, its people, a timeline."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.browser import axe
from tests.browser.chromium import browser, expect, sign_in
from tests.kit import needs
from tests.kit.server import Server, running, until

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep]
PASSWORD = "correct horse battery"


def call(kind: str, days: float, **further: Any) -> dict[str, Any]:
    at = datetime.now(UTC) - timedelta(days=days)
    return {"type": kind, "timestamp": at.isoformat(), "messageId": f"{kind}-{days}-{json.dumps(further)}"} | further


def story() -> list[dict[str, Any]]:
    """Ada reads and sends the form, Ben reads and is lost, Cleo came yesterday and still can. No two of them come in the same week."""
    return [
        call("page", 20, anonymousId="a1", properties={"path": "/pricing"}),
        call("identify", 19.9, anonymousId="a1", userId="ada", traits={"name": "Ada Brandt", "email": "ada@nordklinik.example"}),
        call("track", 19.8, userId="ada", event="form_submitted", properties={"form": "demo"}),
        call("page", 40, anonymousId="b1", properties={"path": "/"}),
        call("page", 1, anonymousId="c1", properties={"path": "/pricing"}),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server whose workspace has seen the story."""
    needs.chromium()
    with running(tmp_path_factory.mktemp("browser") / "data") as found:
        made = found.create_workspace()
        found.command("create-workspace", "Empty", "--owner", "alice@halden.example", "--json")
        send_story(found, made)
        yield found, made["workspace"]


def send_story(server: Server, made: dict[str, Any]) -> None:
    """Sends the story to a workspace just made, and waits until it can be asked."""
    key = base64.b64encode(f"{made['write_key']}:".encode()).decode()
    headers = {"Authorization": f"Basic {key}", "Content-Type": "application/json"}
    status, body = server.request("POST", "/v1/batch", json.dumps({"batch": story()}).encode(), headers)
    assert status == 200, body
    await_units(server, made["api_key"], 3)


def await_units(server: Server, api_key: str, units: int) -> None:
    """Until the events can be asked; the first question also compiles the fold."""
    question = json.dumps({"kind": "funnel", "steps": [{"event": "*"}]}).encode()
    headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}
    answers: list[tuple[int, bytes]] = []

    def can_be_asked() -> bool:
        answers.append(server.request("POST", "/api/v1/ask", question, headers))
        status, body = answers[-1]
        return status == 200 and json.loads(body)["units"] == units

    until(can_be_asked, 600, lambda: f"the events did not arrive: {answers[-1]}")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    needs.chromium()
    with browser() as found:
        yield found


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desk", "phone"])
def page(request: pytest.FixtureRequest, server: tuple[Server, str], chromium: Any) -> Iterator[Any]:
    """A page signed in as Alice. What the browser complains of (errors, refused by the CSP) fails the test."""
    width, height = request.param
    context = chromium.new_context(viewport={"width": width, "height": height}, has_touch=width < 500)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, base(server), "alice@halden.example", PASSWORD)
    yield page
    context.close()
    assert complaints == []


def base(server: tuple[Server, str]) -> str:
    return f"http://127.0.0.1:{server[0].port}"


def home(server: tuple[Server, str]) -> str:
    return f"{base(server)}/w/{server[1]}/"


def fits(page: Any) -> bool:
    """Nothing scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def step(page: Any, number: int, name: str = "e0") -> Any:
    return page.locator(f"#s{number}-{name}")


def test_a_funnel_is_built_and_its_people_and_their_timeline_opened(page, server):
    page.goto(home(server) + "funnel/?s1=")
    # By keyboard: type the first step, add another by its button, type that too.
    step(page, 1).focus()
    page.keyboard.type("page_viewed")
    page.keyboard.press("Tab")
    page.wait_for_selector(".funnel-row")
    page.get_by_role("button", name="Add a step").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#s2-e0:focus")
    page.keyboard.type("form_submitted")
    page.keyboard.press("Enter")
    page.wait_for_selector(".funnel-row:nth-child(2)")
    expect(page.locator("#said")).to_contain_text(
        "3 people began with “Page viewed” in the last 90 days; 1 reached “Form submitted”."
    )
    page.wait_for_url(lambda url: url.endswith("/funnel/?s1=page_viewed&s2=form_submitted"))
    # Alt and an arrow move the step under the cursor, and the focus goes with it.
    step(page, 2).focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(step(page, 1)).to_have_value("form_submitted")
    expect(step(page, 1)).to_be_focused()
    page.get_by_role("button", name="Move step 1 down").click()
    expect(step(page, 1)).to_have_value("page_viewed")
    assert fits(page)
    # By mouse: the part of the bar that was lost opens its people.
    page.wait_for_selector(".funnel-row:nth-child(2) .part-dropped")
    page.locator(".funnel-row:nth-child(2) .part-dropped").click()
    page.wait_for_selector("#drawer[open] .people-behind")
    assert page.locator("#drawer .people-behind tbody tr").count() == 1
    page.keyboard.press("Escape")
    page.wait_for_selector("#drawer:not([open])", state="attached")
    # By keyboard: the number that reached; then the person, then what happened to her.
    page.locator(".funnel-row:nth-child(2) .funnel-count a").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Ada Brandt", exact=True).click()
    page.wait_for_selector("#drawer .timeline")
    expect(page.locator("#drawer .timeline")).to_contain_text("Viewed /pricing")
    page.wait_for_url(lambda url: "/people/" in url)
    assert fits(page)
    page.go_back()
    page.wait_for_selector("#drawer .people-behind")
    page.go_back()
    page.wait_for_selector("#drawer:not([open])", state="attached")
    page.wait_for_url(lambda url: url.endswith("/funnel/?s1=page_viewed&s2=form_submitted"))


def test_a_step_is_dragged_to_another_place(page, server):
    page.goto(home(server) + "funnel/?s1=page_viewed&s2=form_submitted&s3=deal_won")
    third, first = page.locator(".rung").nth(2), page.locator(".rung").nth(0)
    page.locator(".rung").nth(1).evaluate("step => step.scrollIntoView({block: 'center', behavior: 'instant'})")
    start, end = third.locator(".grip").bounding_box(), first.bounding_box()
    page.mouse.move(start["x"] + 6, start["y"] + 6)
    page.mouse.down()
    page.mouse.move(end["x"] + 20, end["y"] + 12, steps=5)
    page.mouse.up()
    expect(step(page, 1)).to_have_value("deal_won")
    assert [step(page, n).input_value() for n in (1, 2, 3)] == ["deal_won", "page_viewed", "form_submitted"]


def test_what_is_wrong_stands_beside_its_field_until_it_is_right(page, server):
    page.goto(home(server) + "funnel/?s1=page_viewed&s2=form_submitted")
    page.fill("#window", "soon")
    page.keyboard.press("Tab")
    page.wait_for_selector("#window[aria-invalid=true]")
    expect(page.locator("#said-wrong")).to_contain_text("must be a number")
    page.fill("#window", "7")
    page.keyboard.press("Tab")
    page.wait_for_selector("#window:not([aria-invalid])")
    page.wait_for_url(lambda url: url.endswith("window=7"))


def test_a_question_is_saved_and_found_again(page, server):
    page.goto(home(server) + "funnel/?s1=page_viewed&s2=form_submitted&window=30")
    page.locator(".save summary").click()
    page.fill("#save-name", "From price to form")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('From price to form')")
    page.goto(home(server) + "saved/")
    page.get_by_role("link", name="From price to form").first.click()
    page.wait_for_selector(".funnel-row:nth-child(2)")
    assert page.input_value("#window") == "30"
    page.locator("#time summary").click()
    page.wait_for_selector("#time .chart > svg")


def clean(page: Any) -> bool:
    """Nothing sideways, and no violation that axe knows."""
    text = axe.script()
    assert not text or axe.violations(page, text) == []
    return fits(page)


def test_a_trend_is_asked_by_keyboard(page, server):
    page.goto(home(server) + "trend/?e1=page_viewed")
    page.wait_for_selector("#result .chart > svg")
    page.select_option("#each", "week")
    page.wait_for_url(lambda url: url.endswith("trend/?e1=page_viewed&each=week"))
    page.get_by_role("button", name="Add a line").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#e2-e0:focus")
    page.keyboard.type("form_submitted")
    page.keyboard.press("Tab")
    page.wait_for_url(lambda url: url.endswith("trend/?e1=page_viewed&e2=form_submitted&each=week"))
    expect(page.locator("#said")).to_contain_text("“Page viewed”")
    assert clean(page)
    # A number of the table opens the people behind it.
    page.locator(".fold-row summary").click()
    page.locator(".question-table a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#drawer-title")).to_contain_text("Who did “Page viewed” in the week of")
    expect(page.locator("#drawer .sentence")).to_have_text("1 person, the earliest first.")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()


def test_a_point_of_a_line_says_its_values_and_opens_its_people(page, server):
    page.goto(home(server) + "trend/?e1=page_viewed&each=month&period=365d")
    chart = page.locator("#result .chart > svg")
    chart.wait_for()
    box = chart.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 10, box["y"] + 40)
    expect(page.locator(".chart-tip")).to_contain_text("(not whole)")
    page.mouse.down()
    page.mouse.up()
    expect(page.locator("#drawer-title")).to_contain_text("Who did “Page viewed” in ")


def test_a_heat_map_is_a_table_and_splits_by_device(page, server):
    page.goto(home(server) + "retention/?a1=page_viewed")
    expect(page.get_by_role("columnheader", name="Same week").first).to_be_visible()
    assert clean(page)
    page.locator(".heat-overall + tbody td a").first.click()
    expect(page.locator("#drawer-title")).to_contain_text("Who began in the week of")
    page.locator("#drawer").get_by_role("link", name="Did not").click()
    expect(page.locator("#drawer-title")).to_contain_text("Who did not come back in the same week")
    assert clean(page)
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Split by device").click()
    page.wait_for_url(lambda url: url.endswith("retention/?a1=page_viewed&by=device"))
    expect(page.get_by_role("columnheader", name="Group").first).to_be_visible()
    assert clean(page)
    page.goto(home(server) + "funnel/?s1=page_viewed&s2=form_submitted&by=device")
    page.wait_for_selector(".funnel-group")
    assert clean(page)


def test_paths_begin_anew_at_a_node(page, server):
    page.goto(home(server) + "paths/?a1=form_submitted&direction=before")
    phone = page.viewport_size["width"] < 500
    expect(page.locator(".path-steps" if phone else ".sankey").first).to_be_visible()
    page.locator(".path-steps a" if phone else ".sankey a").filter(has_text="Page viewed").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith("paths/?a1=page_viewed&direction=before"))
    assert clean(page)


@pytest.mark.parametrize("address", ["", "funnel/", "saved/", "people/", "people/?q=ada", "people/proposals/"])
def test_no_page_scrolls_sideways(page, server, address):
    page.goto(home(server) + address)
    page.wait_for_load_state("load")
    expect(page.locator(".is-waiting")).to_have_count(0)
    assert fits(page)
    assert page.inner_text("h1")


def test_an_empty_workspace_says_what_to_do(page, server):
    page.goto(base(server) + "/w/empty/")
    assert "ff.js" in page.inner_text("main")
    assert fits(page)


def test_people_are_found_while_typing(page, server):
    page.goto(home(server) + "people/")
    page.fill("#q", "brandt")
    expect(page.locator("#people tbody tr")).to_have_count(1)
    expect(page.locator("#said")).to_have_text("1 person matches “brandt”.")
    # The address follows when the list has settled, a moment after it stands.
    page.wait_for_url(lambda url: url.endswith("/people/?q=brandt"))
