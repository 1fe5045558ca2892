"""A form is built by keys, stands in another site, and is sent from there; and from a phone without JavaScript."""

import http.server
import re
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser import axe
from tests.browser.chromium import expect, sign_in
from tests.kit.server import Server, running

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep(quick=True)]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


class Site:
    """The firm's own site, on an origin of its own: any path is a page with `body`."""

    def __init__(self) -> None:
        self.body = ""
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(f"<!doctype html><title>Halden</title><h1>Halden</h1>{site.body}".encode())

            def log_message(self, *args: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, Any]]]:
    with running(tmp_path_factory.mktemp("forms") / "data", FULLFUNNEL_WARM="0") as server:
        yield server, server.create_workspace()


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()
    yield found
    found.close()


def signed_in(chromium: Any, server: Server) -> Any:
    page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    sign_in(page, f"http://127.0.0.1:{server.port}", "alice@halden.example", "correct horse battery")
    return page


def make_form(page: Any, base: str, name: str, starter: str) -> str:
    """Make it in the browser; return its address."""
    page.goto(f"{base}/w/halden/forms/new/?starter={starter}")
    page.fill("#id_name", name)
    page.click("button:has-text('Make the form')")
    page.wait_for_url(re.compile(r"/forms/[0-9a-f]{16}/$"))
    return str(page.url)


def fields(page: Any) -> list[str]:
    found: list[str] = page.eval_on_selector_all(".block[data-key]", "all => all.map(one => one.dataset.key)")
    return found


def test_a_form_is_built_by_keys_and_sent_from_another_site(served, chromium, site):
    server, made = served
    base, page = f"http://127.0.0.1:{server.port}", signed_in(chromium, server)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    here = make_form(page, base, "Ask for a demo", "demo")
    # By keys: the name goes below the address, and stays in focus; a number is doubled, and goes again.
    page.locator(".block[data-key=name] .block-name").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".block[data-key]").nth(1)).to_have_attribute("data-key", "name")
    expect(page.locator(".block[data-key=name] .block-name")).to_be_focused()
    page.locator(".block[data-key=employees] .block-name").focus()
    page.keyboard.press("Control+d")
    expect(page.locator(".block[data-key=employees_2] .block-name")).to_be_focused()
    page.keyboard.press("Delete")
    expect(page.locator(".block[data-key=employees_2]")).to_have_count(0)
    # Taken back by keys, and done again.
    expect(page.locator(".is-chosen .block-name")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.locator(".block[data-key=employees_2]")).to_have_count(1)
    expect(page.locator(".is-chosen .block-name")).to_be_focused()
    page.keyboard.press("Control+Shift+Z")
    expect(page.locator(".block[data-key=employees_2]")).to_have_count(0)
    assert fields(page) == ["email", "name", "phone", "company", "employees", "pains", "heard", "consent"]
    # What is typed into the settings stands in the preview.
    page.click(".block[data-key=company] .block-name")
    page.fill("#set_label", "Clinic")
    page.keyboard.press("Tab")
    expect(page.frame_locator(".preview-640 iframe").get_by_label("Clinic")).to_be_visible()
    assert axe.violations(page, axe.script()) == [] if axe.script() else True
    page.click("button:has-text('Publish version 1')")
    page.goto(f"{here}where-it-stands/")
    page.fill("#id_origins", site.origin)
    page.click("button:has-text('Save')")
    script = page.locator("#script").inner_text()
    # A stranger comes by a newsletter, goes to the page with the form, and sends it there.
    snippet = f'<script async src="{base}/ff.js" data-key="{made["write_key"]}"></script>'
    stranger = chromium.new_context().new_page()
    stranger.on("pageerror", lambda error: complaints.append(str(error)))
    site.body = snippet
    stranger.goto(f"{site.origin}/?utm_source=news&utm_medium=email&utm_campaign=autumn")
    stranger.wait_for_function("localStorage.ff_anon")
    site.body = snippet + script
    stranger.goto(f"{site.origin}/demo")
    frame = stranger.frame_locator("iframe")
    frame.get_by_label("Work e-mail").fill("lena@klinik.example")
    frame.get_by_label("Name").fill("Lena Gruber")
    frame.get_by_text("I agree that my request").click()
    # The form knows a program by its speed.
    time.sleep(2.1)
    frame.get_by_role("button", name="Ask for a demo").click()
    expect(frame.get_by_role("heading", name="Thank you")).to_be_visible()
    page.goto(f"{here}answers/")
    expect(page.get_by_role("cell", name="Lena Gruber").first).to_be_visible()
    expect(page.locator("tbody")).to_contain_text("autumn")
    # The events are there within seconds, and say where they came from.
    until_said(page, f"{here}funnel/", "1 of 1 who began sent it")
    assert complaints == []
    stranger.context.close()
    page.context.close()


def until_said(page: Any, url: str, words: str) -> None:
    for _ in range(60):
        page.goto(url)
        if words in page.locator("main").inner_text():
            return
        time.sleep(0.5)
    raise AssertionError(f"{url} does not say: {words}")


def test_a_site_that_is_not_listed_shows_nothing(served, chromium, site):
    server, _ = served
    base, page = f"http://127.0.0.1:{server.port}", signed_in(chromium, server)
    here = make_form(page, base, "Unlisted", "contact")
    page.click("button:has-text('Publish version 1')")
    address = re.search(r"forms/([0-9a-f]{16})/", here)
    assert address is not None
    stranger = chromium.new_context().new_page()
    refused: list[str] = []
    stranger.on("console", lambda message: refused.append(message.text))
    site.body = f'<script async src="{base}/f/embed.js" data-form="{address[1]}"></script>'
    stranger.goto(site.origin)
    stranger.wait_for_selector("iframe")
    stranger.wait_for_timeout(1_000)
    assert any("frame-ancestors" in text for text in refused)
    stranger.context.close()
    page.context.close()


SENDS_A_HUNDRED_TIMES = """async () => {
  const body = () => new URLSearchParams(new FormData(document.querySelector("form")));
  const sent = [...Array(100)].map(() => fetch(location.href, { method: "POST", body: body() }).then((told) => told.text()));
  return [...new Set(await Promise.all(sent))];
}"""


def test_a_page_that_is_sent_a_hundred_times_at_once_is_one_submission_and_one_answer(served, chromium):
    server, _ = served
    base, page = f"http://127.0.0.1:{server.port}", signed_in(chromium, server)
    here = make_form(page, base, "Impatient", "empty")
    page.click("button:has-text('Publish version 1')")
    public = page.get_by_role("link", name="Open").get_attribute("href")
    stranger = chromium.new_context().new_page()
    stranger.goto(public)
    stranger.get_by_label("Name").fill("Lena")
    stranger.get_by_label("E-mail").fill("impatient@klinik.example")
    time.sleep(2.1)
    answers = stranger.evaluate(SENDS_A_HUNDRED_TIMES)
    assert len(answers) == 1
    assert "Thank you" in answers[0]
    page.goto(f"{here}answers/")
    assert page.locator("tbody tr").count() == 1
    stranger.context.close()
    page.context.close()


def test_a_phone_without_javascript_sends_it_and_loses_nothing_typed(served, chromium):
    server, _ = served
    base, page = f"http://127.0.0.1:{server.port}", signed_in(chromium, server)
    here = make_form(page, base, "Write to us", "contact")
    page.click("button:has-text('Publish version 1')")
    public = page.get_by_role("link", name="Open").get_attribute("href")
    phone = chromium.new_context(java_script_enabled=False, locale="de-AT", **PHONE).new_page()
    phone.goto(public)
    # The starter speaks German to who reads German.
    phone.get_by_label("Vor- und Nachname").fill("Lena Gruber")
    phone.get_by_label("E-mail").fill("lena@klinik-gruenwald")
    phone.get_by_label("Nachricht").fill("Bitte rufen Sie an")
    phone.locator("input[type=checkbox]").check()
    time.sleep(2.1)
    phone.get_by_role("button").click()
    expect(phone.get_by_text("Hier fehlt die Endung")).to_be_visible()
    assert phone.get_by_label("Nachricht").input_value() == "Bitte rufen Sie an"
    phone.get_by_label("E-mail").fill("lena@klinik-gruenwald.at")
    phone.get_by_role("button").click()
    expect(phone.get_by_role("heading", name="Vielen Dank")).to_be_visible()
    assert phone.context.cookies() == []
    page.goto(f"{here}answers/")
    expect(page.get_by_role("cell", name="lena@klinik-gruenwald.at")).to_be_visible()
    phone.context.close()
    page.context.close()
