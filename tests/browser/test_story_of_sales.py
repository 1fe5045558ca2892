"""The thread of the two funnels in a browser: a form on the firm's site, the inbox, a deal, and both funnels say the same of it."""

import json
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.browser.chromium import expect, sign_in
from tests.browser.test_forms_in_the_browser import Site, make_form
from tests.kit import needs
from tests.kit.server import Server, running

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep(quick=True)]
SIZES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
OUTCOMES = ("accepted", "rejected", "recycled", "aged_out", "waiting")


class Firm(NamedTuple):
    """A server with a published form that stands on a page of another origin, and a signed-in member."""

    server: Server
    base: str
    key: str
    site: Site
    chromium: Any
    page: Any
    size: dict[str, Any]

    def api(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        sent = None if body is None else json.dumps(body).encode()
        status, answer = self.server.request(method, f"/api/v1/{path}", sent, headers)
        assert status == 200, answer
        return json.loads(answer)


@pytest.fixture
def firm(request: pytest.FixtureRequest, tmp_path: Any, chromium: Any) -> Iterator[Firm]:
    needs.chromium()
    site, size = Site(), SIZES[request.param]
    with running(tmp_path / "data", FULLFUNNEL_WARM="0") as server:
        made = server.create_workspace()
        base = f"http://127.0.0.1:{server.port}"
        page = chromium.new_context(**size).new_page()
        sign_in(page, base, "alice@halden.example", "correct horse battery")
        site.body = embedded_form(page, base, site.origin, made["write_key"])
        yield Firm(server, base, made["api_key"], site, chromium, page, size)
        page.context.close()
    site.close()


def embedded_form(page: Any, base: str, origin: str, write_key: str) -> str:
    """Publish a form in the browser; return the scripts that a page of `origin` embeds it with."""
    here = make_form(page, base, "Ask for a demo", "demo")
    page.click("button:has-text('Publish version 1')")
    page.goto(f"{here}where-it-stands/")
    page.fill("#id_origins", origin)
    page.click("button:has-text('Save')")
    return f'<script async src="{base}/ff.js" data-key="{write_key}"></script>' + page.locator("#script").inner_text()


def send_form(firm: Firm, name: str) -> float:
    """A stranger comes by a newsletter, and sends the form; return when, on the monotonic clock."""
    page = firm.chromium.new_context(**firm.size).new_page()
    page.goto(f"{firm.site.origin}/demo?utm_source=news&utm_medium=email&utm_campaign=autumn")
    page.wait_for_function("localStorage.ff_anon")
    frame = page.frame_locator("iframe")
    frame.get_by_label("Work e-mail").fill(f"{name.split()[0].lower()}@klinik.example")
    frame.get_by_label("Name").fill(name)
    frame.get_by_text("I agree that my request").click()
    # The form knows a program by its speed.
    time.sleep(2.1)
    frame.get_by_role("button", name="Ask for a demo").click()
    expect(frame.get_by_role("heading", name="Thank you")).to_be_visible()
    sent = time.monotonic()
    page.context.close()
    return sent


def find_in_inbox(firm: Firm, name: str, sent: float) -> None:
    """Open the hand-over in the inbox: on a quiet machine it stands there within five seconds."""
    link = firm.page.get_by_role("link", name=name, exact=True)
    while True:
        firm.page.goto(f"{firm.base}/w/halden/inbox/?tab=pool")
        if firm.page.locator("[data-row]").filter(has_text=name).count():
            break
        assert time.monotonic() - sent < 60, f"{name} is not in the inbox"
    link.first.click()
    # The record is fetched again; a press while it changes would be lost.
    firm.page.wait_for_load_state("networkidle")
    expect(firm.page.locator("#sheet-name")).to_have_text(name)
    expect(firm.page.locator("#inbox-record")).to_contain_text("Sent the form")


def open_act(page: Any, name: str) -> Any:
    """Open a popover of the record; return it."""
    page.click(f"button[popovertarget=act-{name}]:not([popovertargetaction])")
    return page.locator(f"#act-{name}")


def said(page: Any, words: str) -> None:
    expect(page.locator("#toast")).to_contain_text(words)


def accept(firm: Firm, name: str) -> None:
    firm.page.get_by_role("button", name="Accept").click()
    said(firm.page, f"{name} accepted")


def log_call(firm: Firm) -> None:
    act = open_act(firm.page, "call")
    act.get_by_label("Reached").check()
    act.get_by_label("What you learned").fill("They plan for the spring.")
    act.get_by_role("button", name="Log the call").click()
    expect(firm.page.locator("#inbox-record")).to_contain_text("Call: reached")


def open_deal(firm: Firm) -> str:
    """Open a deal from the record; return its id."""
    act = open_act(firm.page, "deal")
    act.get_by_label("What do they need").fill("Shorter nights for the nurses")
    act.get_by_label("Timing").check()
    act.get_by_label("What you know of it").fill("Before Easter")
    act.get_by_role("button", name="Open deal").click()
    until = time.monotonic() + 300
    while not (deals := firm.api("GET", "deals?state=open")["items"]):
        assert time.monotonic() < until, "no deal was opened"
        time.sleep(0.2)
    return str(deals[0]["id"])


def move_to_won(firm: Firm, deal: str) -> None:
    """Say what it is worth, move it on by the button, and to Won by the menu."""
    # In a tab of its own: the inbox still goes on to its next row.
    page = firm.page.context.new_page()
    head = page.locator("#deal-head")
    page.goto(f"{firm.base}/w/halden/deals/{deal}/")
    page.locator("details.edit", has=page.locator("#edit-amount")).locator("summary").click()
    page.fill("#edit-amount", "9600")
    page.locator("details.edit[open]").get_by_role("button", name="Save").click()
    expect(head).to_contain_text("€9,600")
    page.locator(".deal-acts .btn-primary").click()
    expect(head).to_contain_text("In Demo for")
    page.locator(".deal-acts .menu summary").click()
    page.locator(".deal-acts .menu").get_by_role("button", name="Won", exact=True).click()
    expect(head).to_contain_text("Won just now")
    page.close()


def both_funnels(firm: Firm) -> dict[str, str]:
    """Return the numbers that stand on the page, by stage and outcome, as this size shows them."""
    page = firm.page
    page.goto(f"{firm.base}/w/halden/")
    page.wait_for_selector("section.funnels")
    labels = page.eval_on_selector_all(
        ".stage-number, .tall-number > a:not(.tall-step)",
        "all => all.filter(one => one.checkVisibility()).map(one => one.ariaLabel)",
    )
    stages = {label.split(":")[0]: label.split(":")[1].split(".")[0].strip() for label in labels}
    parts = page.eval_on_selector_all(
        ".ledger a, .tall-ledger a",
        "all => all.filter(one => one.checkVisibility()).map(one => [one.children[0].innerText, one.lastElementChild.innerText])",
    )
    return stages | dict(parts)


def asked(firm: Firm) -> Any:
    return firm.api("POST", "ask", {"kind": "stages"})


def outcomes(answer: Any) -> dict[str, int]:
    """Return the five outcomes, by their names on the page."""
    return {name.replace("_", " "): answer["hand_overs"][name] for name in OUTCOMES}


def assert_same_on_the_page(firm: Firm, answer: Any) -> None:
    """Both funnels show what `ask` answers."""
    told = outcomes(answer) | {
        "Leads, handed over": answer["hand_overs"]["handed_over"],
        "Opportunities": answer["deals"]["opportunities"],
        "Customers": answer["deals"]["won"],
        "Prospects": answer["prospects"],
    }
    shown = both_funnels(firm)
    assert {name: int(shown[name]) for name in told} == told


def await_stages(firm: Firm, part: str, name: str, count: int) -> Any:
    """Return the answer of `ask` once it counts so many."""
    until = time.monotonic() + 300
    while (answer := asked(firm))[part][name] != count:
        assert time.monotonic() < until, answer
        time.sleep(0.3)
    return answer


@pytest.mark.parametrize("firm", SIZES, indirect=True)
def test_who_sends_a_form_becomes_a_won_deal_of_both_funnels(firm):
    find_in_inbox(firm, "Lena Gruber", send_form(firm, "Lena Gruber"))
    accept(firm, "Lena Gruber")
    (handed,) = firm.api("GET", "hand-overs")["items"]
    firm.page.goto(f"{firm.base}/w/halden/inbox/{handed['id']}/")
    log_call(firm)
    deal = open_deal(firm)
    move_to_won(firm, deal)
    answer = await_stages(firm, "deals", "won", 1)
    assert outcomes(answer) == {"accepted": 1, "rejected": 0, "recycled": 0, "aged out": 0, "waiting": 0}
    assert answer["deals"] | {"opportunities": 1, "won": 1, "lost": 0, "open": 0} == answer["deals"]
    assert answer["deals"]["won_value"] == [{"currency": "EUR", "amount": "9600.0000"}]
    assert_same_on_the_page(firm, answer)
    assert "€9,600" in firm.page.locator("section.funnels").inner_text()
    firm.page.goto(f"{firm.base}/w/halden/deals/{deal}/")
    expect(firm.page.locator("#deal-head")).to_contain_text("€9,600")
    expect(firm.page.locator(".deal-touches")).to_contain_text("1 visit of 1 person")
    expect(firm.page.locator(".deal-touches")).to_contain_text("first: Email")
    assert firm.page.evaluate("document.documentElement.scrollWidth") == firm.size["viewport"]["width"]


@pytest.mark.parametrize("firm", ["phone"], indirect=True)
def test_who_is_rejected_or_recycled_is_counted_so(firm):
    find_in_inbox(firm, "Lena Gruber", send_form(firm, "Lena Gruber"))
    act = open_act(firm.page, "reject")
    act.get_by_label("Too small").check()
    act.get_by_role("button", name="Reject").click()
    said(firm.page, "Lena Gruber rejected: Too small")
    find_in_inbox(firm, "Karl Huber", send_form(firm, "Karl Huber"))
    act = open_act(firm.page, "recycle")
    act.get_by_label("Too early").check()
    act.get_by_role("button", name="Recycle").click()
    said(firm.page, "Karl Huber recycled: Too early")
    answer = await_stages(firm, "hand_overs", "recycled", 1)
    assert outcomes(answer) == {"accepted": 0, "rejected": 1, "recycled": 1, "aged out": 0, "waiting": 0}
    assert_same_on_the_page(firm, answer)
    assert firm.api("GET", "deals")["items"] == []
