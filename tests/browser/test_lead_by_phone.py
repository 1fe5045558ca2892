"""A call typed in is given by rule, told by mail and accepted from a phone; who comes on Friday evening is due on Monday."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple

import pytest

from tests.browser.chromium import expect, sign_in
from tests.browser.test_inbox_in_the_browser import run_in
from tests.kit import needs
from tests.kit.mail import Sink, smtp_sink
from tests.kit.server import Server, running, until

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep(quick=True)]
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# The next Friday after tomorrow, 19:00 in the workspace's zone, which is UTC.
NOW = datetime.now(UTC)
FRIDAY = datetime.combine(NOW.date() + timedelta(days=(2 - NOW.weekday()) % 7 + 2), time(19), UTC)
MONDAY = FRIDAY.date() + timedelta(days=3)
MAKE = """
from fullfunnel.core.mail.servers import ServerSaid, keep_server
from fullfunnel.crm.actions import set_sales_rules
from fullfunnel.workspaces.actions import create_user, set_share
from fullfunnel.workspaces.models import Membership, Workspace
halden = Workspace.objects.get(slug="halden")
keep_server(ServerSaid("127.0.0.1", {port}, "none", "", "", "Halden", "office@halden.example"), links_to="{base}")
for name in ("Bob", "Carol"):
    user = create_user(name.lower() + "@halden.example", password="correct horse battery", name=name, by=None)
    member = Membership.objects.create(workspace=halden, user=user, role="seller")
    set_share(member, capacity=None, weight=1 if name == "Bob" else 0, team=None, by=None)
set_sales_rules(halden, by_turn=True, when_late="stays", answer_minutes=240, age_out_days=10,
                hand_overs_a_month=None, status_days=None, by=None)
"""
ON_FRIDAY = """
from datetime import datetime
from fullfunnel.core import clock
from fullfunnel.crm.actions import hand_over
from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import Workspace
halden = Workspace.objects.get(slug="halden")
person = Person.objects.create(workspace=halden, public_id="k" * 20, name="Karl Huber", email="karl@klinik.example")
with clock.frozen(datetime.fromisoformat("{friday}")):
    hand_over(person, cause_event="form-1", why=["Asked for a demo"], by=None, form="Demo")
"""
ON_MONDAY = """
from datetime import datetime
from fullfunnel.core import clock
from fullfunnel.crm.on_tick import hand_on_of_absent
with clock.frozen(datetime.fromisoformat("{monday}T09:01:00+00:00")):
    hand_on_of_absent()
"""


class Office(NamedTuple):
    """A server with Alice, its owner, and two sellers: leads go to Bob by turn, and to Carol only where he is away."""

    server: Server
    chromium: Any
    sink: Sink
    key: str

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def page_of(self, name: str) -> Any:
        page = self.chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
        sign_in(page, self.base, f"{name}@halden.example", "correct horse battery")
        return page

    def outcome_of_the_call(self) -> str:
        status, answer = self.server.request("GET", "/api/v1/hand-overs", None, {"Authorization": f"Bearer {self.key}"})
        assert status == 200, answer
        [found] = [each for each in json.loads(answer)["items"] if "Called us" in each["why"][0]["text"]]
        return str(found["outcome"])


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Office]:
    needs.chromium()
    with smtp_sink() as sink, running(tmp_path_factory.mktemp("office") / "data", FULLFUNNEL_WARM="0") as server:
        made = server.create_workspace()
        found = Office(server, chromium, sink, made["api_key"])
        run_in(server, MAKE.format(port=sink.port, base=found.base))
        yield found


def test_a_call_typed_in_goes_to_whose_turn_it_is_who_accepts_it_from_the_mail(office):
    page = office.page_of("alice")
    page.goto(f"{office.base}/w/halden/inbox/")
    expect(page.locator("h1")).to_have_text("Inbox")
    page.keyboard.press("n")
    expect(page.locator("#id_name")).to_be_focused()
    page.locator("#id_name").press_sequentially("Lena Gruber")
    page.fill("#id_contact", "+43 316 555 0142")
    page.get_by_label("What is it about").fill("Night shifts")
    page.get_by_label("goes to").select_option(label="whose turn it is")
    page.locator("#lead-save").click()
    expect(page.locator("#toast")).to_contain_text("Lena Gruber")
    until(lambda: any("Lena Gruber is your lead now" in text for text in office.sink.texts))
    [(to, text)] = [
        (to, text) for (to, _), text in zip(office.sink.mails, office.sink.texts, strict=True) if "Lena" in text
    ]
    assert to == ["bob@halden.example"]
    assert "It is Bob's turn" in text
    address = re.findall(rf"{office.base}/\S+", text.partition("Accept")[2])[0]
    phone = office.chromium.new_context(**PHONE).new_page()
    phone.goto(address)
    expect(phone.locator("h1")).to_have_text("Accept this lead?")
    assert office.outcome_of_the_call() == "waiting", "opening a link answers nothing"
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    phone.get_by_role("button", name="Accept").tap()
    expect(phone.locator("h1")).to_have_text("The lead is yours")
    assert office.outcome_of_the_call() == "accepted"
    page.goto(f"{office.base}/w/halden/inbox/?tab=decided")
    expect(page.locator("[data-row]", has_text="Lena Gruber")).to_contain_text("accepted by Bob")
    phone.context.close()
    page.context.close()


def test_who_comes_on_friday_evening_is_due_on_monday_and_goes_on_when_the_owner_is_away(office):
    run_in(office.server, ON_FRIDAY.format(friday=FRIDAY.isoformat()))
    page = office.page_of("bob")
    page.goto(f"{office.base}/w/halden/inbox/")
    page.get_by_role("link", name="Karl Huber", exact=True).click()
    record = page.locator("#inbox-record")
    expect(record.locator("h2").first).to_have_text("Karl Huber")
    expect(record).to_contain_text(f"First answer promised by {MONDAY:%A}, {MONDAY.day} {MONDAY:%B}, 13:00")
    expect(record).to_contain_text("Bob looks after it.")
    page.goto(f"{office.base}/w/halden/settings/team/absence/")
    page.get_by_label("First day").fill(MONDAY.isoformat())
    page.get_by_label("Last day").fill(MONDAY.isoformat())
    page.get_by_label("Their leads go to").select_option(label="Carol")
    page.get_by_role("button", name="Enter it").click()
    expect(page.locator("#messages")).to_contain_text("Bob is away from")
    run_in(office.server, ON_MONDAY.format(monday=MONDAY))
    page.context.close()
    page = office.page_of("carol")
    page.goto(f"{office.base}/w/halden/inbox/")
    record = page.locator("#inbox-record")
    expect(record).to_contain_text("Carol looks after it.")
    away = f"Bob is away until {MONDAY:%a} {MONDAY.day} {MONDAY:%b}; Carol stands in."
    expect(record).to_contain_text(away)
    page.context.close()
