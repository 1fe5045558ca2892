"""Both funnels in a browser: every number on the page is followed, and what stands behind it is as many; `ask` and the file agree."""

import base64
import csv
import io
import json
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.browser.chromium import expect, sign_in
from tests.browser.conftest import press
from tests.browser.test_inbox_in_the_browser import run_in
from tests.kit import needs
from tests.kit.server import Server, running

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep(quick=True)]
SIZES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
# Ada's deal is won, Ben's is lost, Cleo's is open; Dora was rejected, Emil waits.
MAKE = """
from django.db import transaction
from fullfunnel.crm.actions import hand_over, move_deal, open_deal, reject_hand_over
from fullfunnel.crm.pipelines import default_pipeline, lost_reasons_of, stages_of
from fullfunnel.crm.said import Lost
from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import Workspace
halden = Workspace.objects.get(slug="halden")
halden.sells = "companies"
halden.save()
stages = {stage.name: stage for stage in stages_of(default_pipeline(halden))}
made = {}
for number, name in enumerate(("Ada", "Ben", "Cleo", "Dora", "Emil")):
    person = Person.objects.create(workspace=halden, public_id=f"{number}" * 20, name=name, traits={"name": name})
    made[name] = hand_over(person, cause_event=f"form-{number}", why=["Asked for a demo"], by=None)
deals = [open_deal(made[name], details={"amount": 9600}, by=None) for name in ("Ada", "Ben", "Cleo")]
move_deal(deals[0], to=stages["Won"], by=None)
move_deal(deals[1], to=stages["Lost"], lost=Lost(reason=lost_reasons_of(halden)[0]), by=None)
reject_hand_over(made["Dora"], reason="Too small", by=None)
"""
JOINT = {"handed_over": 5, "accepted": 3, "rejected": 1, "recycled": 0, "aged_out": 0, "waiting": 1}
DEALS = {"opportunities": 3, "won": 1, "lost": 1, "open": 1}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    needs.chromium()
    with running(tmp_path_factory.mktemp("funnels") / "data", FULLFUNNEL_WARM="0") as found:
        made = found.create_workspace()
        found.environment["API_KEY"] = made["api_key"]
        visit(found, made["write_key"])
        run_in(found, MAKE)
        await_answer(found)
        yield found


def visit(server: Server, write_key: str) -> None:
    """Frieda comes by two sessions, Gustav by one."""
    token = base64.b64encode(f"{write_key}:".encode()).decode()
    now = time.time()
    calls = [
        {
            "type": "page",
            "anonymousId": who,
            "messageId": f"{who}{days}",
            "timestamp": moment(now, days),
            "context": page,
        }
        for who, days in (("frieda", 9), ("frieda", 5), ("gustav", 4))
        for page in [{"page": {"url": "https://halden.example/pricing"}}]
    ]
    headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}
    status, answer = server.request("POST", "/v1/batch", json.dumps({"batch": calls}).encode(), headers)
    assert status == 200, answer


def moment(now: float, days: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - timedelta(days=days).total_seconds()))


def ask(server: Server) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {server.environment['API_KEY']}", "Content-Type": "application/json"}
    status, answer = server.request("POST", "/api/v1/ask", b'{"kind": "stages"}', headers)
    return status, json.loads(answer) if status == 200 else answer


def await_answer(server: Server) -> None:
    """Until the stream holds what was done, and the index shows it; the first question of a server may compile for long."""
    until = time.monotonic() + 120
    while True:
        status, answer = ask(server)
        if status == 200 and answer["deals"]["won"] == 1 and answer["marketing"][0]["people"] == 7:
            return
        assert time.monotonic() < until, answer
        time.sleep(0.2)


@pytest.fixture
def page(request: pytest.FixtureRequest, server: Server, chromium: Any) -> Iterator[Any]:
    found = chromium.new_context(**SIZES[request.param]).new_page()
    complaints: list[str] = []
    found.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(found, f"http://127.0.0.1:{server.port}", "alice@halden.example", "correct horse battery")
    found.goto(f"http://127.0.0.1:{server.port}/w/halden/?period=all")
    expect(found.locator("section.funnels")).to_be_visible()
    yield found
    found.context.close()
    assert complaints == []


def numbers_on(page: Any) -> dict[str, int]:
    """Return the address and the number of every link that is seen, and opens who or what stands behind it."""
    found = page.eval_on_selector_all(
        "main a[data-drawer]",
        "all => all.filter(one => one.checkVisibility()).map(one => [one.href, one.ariaLabel || one.innerText])",
    )
    numbers: dict[str, int] = {}
    for url, words in found:
        if (said := re.search(r"\d[\d,]*", words)) and "funnels/people" in url:
            number = int(said[0].replace(",", ""))
            assert numbers.setdefault(url, number) == number, f"{url} says two numbers"
    return numbers


def follow(page: Any, numbers: dict[str, int]) -> None:
    """Open each address; as many stand there as its number says."""
    for url, number in numbers.items():
        page.goto(url, wait_until="domcontentloaded")
        expect(page.locator("#said-here")).to_have_text(re.compile(rf"^\s*{number} "))
        assert page.locator("#behind tbody tr").count() == number, url


@pytest.mark.parametrize("page", SIZES, indirect=True)
def test_behind_every_number_of_the_picture_stand_as_many(page):
    numbers = numbers_on(page)
    assert len(numbers) > 20
    assert max(numbers.values()) == 7
    follow(page, numbers)


@pytest.mark.parametrize("page", ["desktop"], indirect=True)
def test_behind_every_number_of_the_table_stand_as_many(page):
    before = numbers_on(page)
    page.get_by_text("The same numbers as a table").click()
    expect(page.locator(".funnels-table table")).to_be_visible()
    further = {url: number for url, number in numbers_on(page).items() if url not in before}
    assert len(further) > 10
    follow(page, further)


@pytest.mark.parametrize("page", SIZES, indirect=True)
def test_a_number_opens_deals_and_hand_overs_beside_the_page(page):
    names = page.locator(".drawer #behind tbody td:first-child")
    page.locator("a[href*='stage=opportunity&outcome=won']:visible").first.click()
    expect(names).to_have_text(["Ada"])
    expect(page.locator(".drawer #behind")).to_contain_text("€9,600")
    names.get_by_role("link").click()
    expect(page.locator("#deal-head")).to_contain_text("Won")
    page.go_back()
    expect(names).to_have_text(["Ada"])
    press(page, "Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    page.locator("a[href*='stage=handed_over&outcome=rejected']:visible").first.click()
    expect(names).to_have_text(["Dora"])
    expect(page.locator(".drawer #behind")).to_contain_text("Too small")
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]


@pytest.mark.parametrize("page", ["desktop"], indirect=True)
def test_the_page_its_file_and_the_question_say_the_same(page, server):
    status, answer = ask(server)
    assert status == 200, answer
    assert answer["hand_overs"] | JOINT == answer["hand_overs"]
    assert answer["deals"] | DEALS == answer["deals"]
    sent = page.request.get(
        page.locator(".funnels-foot").get_by_role("link", name="CSV").evaluate("link => link.href")
    ).body()
    rows = list(csv.DictReader(io.StringIO(sent.decode("utf-8-sig"))))
    in_file = {(row["side"], row["stage"]): row["count"] for row in rows if not row["group"]}
    for stage in answer["marketing"]:
        assert in_file["marketing", stage["stage"]] == str(stage["people"])
    assert {name: int(in_file["joint", name]) for name in JOINT} == JOINT
    assert {name: int(in_file["sales", name]) for name in DEALS} == DEALS
    shown = [int(text) for text in page.locator(".wide .stage-number").all_inner_texts()]
    counts = {stage["stage"]: stage["people"] for stage in answer["marketing"]}
    assert shown == [
        *(counts[name] for name in ("awareness", "interest", "consideration")),
        answer["prospects"], JOINT["handed_over"], DEALS["opportunities"], DEALS["won"],
        *(counts[name] for name in ("loyalty", "advocacy")),
    ]  # fmt: skip
    ledger = page.locator(".ledger b").all_inner_texts()
    assert [int(text) for text in ledger] == [JOINT[name] for name in list(JOINT)[1:]]
