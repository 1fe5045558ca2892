"""`fullfunnel demo`, as a newcomer runs it: in good time, and its numbers are the ones docs/demo.md tells."""

import http.client
import http.cookiejar
import json
import re
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fullfunnel.demo.company import QUESTIONS, last_quarter
from fullfunnel.demo.truth import HALDEN
from tests.kit.demo import demo

pytestmark = [pytest.mark.serves, pytest.mark.deep]
DEMO = [{"property": "form", "op": "=", "value": "Demo request"}]


@pytest.fixture(scope="module")
def halden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The demo, served; its sign-in and keys, and under "seconds" how long a newcomer waited."""
    # Midnight may pass while the tests run.
    quarter = last_quarter()
    with demo(tmp_path_factory.mktemp("halden")) as found:
        yield {**found, "quarter": quarter}


def ask(halden: dict[str, Any], question: dict[str, Any]) -> dict[str, Any]:
    connection = http.client.HTTPConnection(halden["url"].removeprefix("http://"), timeout=300)
    headers = {"Authorization": f"Bearer {halden['api_key']}", "Content-Type": "application/json"}
    connection.request("POST", "/api/v1/ask", json.dumps(question), headers)
    response = connection.getresponse()
    answer: dict[str, Any] = json.loads(response.read())
    connection.close()
    assert response.status == 200, answer
    return answer


def counts(halden: dict[str, Any], *steps: dict[str, Any], **more: Any) -> list[int]:
    question = {
        "kind": "funnel",
        "steps": list(steps),
        "period": halden["quarter"],
        "window": {"value": 90, "unit": "day"},
        **more,
    }
    return [step["count"] for step in ask(halden, question)["steps"]]


@pytest.fixture(scope="module")
def alice(halden: dict[str, Any]) -> urllib.request.OpenerDirector:
    """A browser without JavaScript, signed in."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    address = f"{halden['url']}/sign-in/"
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.open(address).read().decode())
    assert token
    sent = {"csrfmiddlewaretoken": token[1], "email": halden["email"], "password": halden["password"]}
    browser.addheaders = [("Referer", address)]
    browser.open(address, urllib.parse.urlencode(sent).encode())
    return browser


def saved_tables(halden: dict[str, Any], alice: urllib.request.OpenerDirector) -> dict[str, list[list[str]]]:
    """The table of every saved question as its page shows it, row by row, by the question's name."""
    listed = alice.open(f"{halden['url']}/w/halden/saved/").read().decode()
    found = {}
    for path, name in dict.fromkeys(re.findall(r'href="([^"]+saved=\d+)"[^>]*>([^<]+)', listed)):
        until, tables = time.monotonic() + 300, list[str]()
        # A page says first that it counts.
        while not tables and time.monotonic() < until:
            page = alice.open(f"{halden['url']}{path}").read().decode()
            tables = re.findall(r"<table.*?</table>", page, re.DOTALL)
            time.sleep(0.2)
        rows = re.findall(r"<tr.*?</tr>", tables[0], re.DOTALL)
        found[name] = [[text_of(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)] for row in rows]
    return found


def text_of(cell: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", cell).split())


def test_the_saved_questions_show_the_truth_on_their_pages(halden, alice):
    tables = saved_tables(halden, alice)
    assert set(tables) == {name for name, _ in QUESTIONS}
    phone, desktop = HALDEN.phone, HALDEN.desktop
    # Of each group: who began, went on, was lost, is pending.
    assert tables["The demo form, by device"][2:] == [
        ["desktop", str(desktop.started), str(desktop.arrived), str(desktop.started - desktop.arrived), "0", "62 %"],
        ["mobile", str(phone.started), str(phone.arrived), str(phone.started - phone.arrived), "0", "31 %"],
    ]
    road = {row[0]: row[1] for row in tables["From the first visit to the won deal"]}
    opportunities = sum(fates.won + fates.lost + fates.open for fates in (HALDEN.fast, HALDEN.slow))
    assert road["2. Saw the price"] == f"{HALDEN.considering:,}"
    assert road["3. Handed over"] == str(HALDEN.handed_over)
    assert road["4. Opportunity"] == str(opportunities)
    channels = {row[0]: [row[1], row[2], row[5]] for row in tables["Handed over and won, by first channel"][2:]}
    for channel, source in (("linkedin", "linkedin"), ("webinars", "webinar"), ("newsletter", "newsletter")):
        true = next(one for one in HALDEN.channels if one.name == channel)
        assert channels[source] == [f"{true.people:,}", str(true.handed_over), str(true.won)]


def test_every_event_that_was_sent_is_in_an_answer_once(halden):
    def total(*names: str) -> int:
        series = [{"event": list(names), "measure": "events"}]
        return sum(row["value"] for row in ask(halden, {"kind": "trend", "series": series, "by": "month"})["rows"])

    by_us = total("email_delivered", "activity_logged", "lead_handed_over", "lead_accepted", "lead_rejected")
    by_us += total("lead_recycled", "lead_aged_out", "deal_created", "deal_stage_changed", "deal_contact_added")
    by_us += total("deal_won", "deal_lost")
    noted = total("person_identified", "company_identified", "identities_aliased")
    # What the forms' door records of its own accord when it is told a submission.
    agreed = total("consent_changed")
    assert agreed > 1_000
    assert total("*") - agreed + by_us + noted == halden["delivered"]


def test_the_hand_over_ledger_adds_up(halden):
    def people(event: str) -> int:
        return counts(halden, {"event": "lead_handed_over"}, {"event": event})[1]

    assert counts(halden, {"event": "lead_handed_over"}) == [412]
    outcomes = [people(f"lead_{outcome}") for outcome in ("accepted", "rejected", "recycled", "aged_out")]
    assert outcomes == [247, 49, 33, 21]
    assert 412 - sum(outcomes) == 62


def test_a_visit_becomes_a_won_deal(halden):
    found = counts(
        halden,
        {"event": "page_viewed"},
        {"event": "lead_handed_over"},
        {"event": "deal_created"},
        {"event": "deal_won"},
    )
    assert found[1:] == [412, 124, 31]


def test_leak_a_is_in_the_breakdown_by_device(halden):
    question = {
        "kind": "funnel",
        "steps": [{"event": "form_started", "where": DEMO}, {"event": "form_submitted", "where": DEMO}],
        "period": halden["quarter"],
        "window": {"value": 1, "unit": "day"},
        "breakdown": {"property": "device", "of": "event", "attribution": "first"},
    }
    groups = {group["value"]: [step["count"] for step in group["steps"]] for group in ask(halden, question)["groups"]}
    assert groups == {"desktop": [290, 180], "mobile": [240, 74]}


def test_the_analyst_finds_leak_a_and_is_silent_about_spain(halden):
    funnel = {
        "kind": "funnel",
        "steps": [{"event": "form_started", "where": DEMO}, {"event": "form_submitted", "where": DEMO}],
        "period": halden["quarter"],
        "window": {"value": 1, "unit": "day"},
    }
    found = ask(halden, {"kind": "drop_off", "question": funnel, "step": 2, "limit": 1_000})
    first = found["rows"][0]
    assert (first["property"], first["value"], first["q"] < 0.001) == ("device", "mobile", True)
    assert first["with"] == {"went_on": 74, "dropped": 166}
    assert first["without"] == {"went_on": 180, "dropped": 110}
    assert "ES" not in [row["value"] for row in found["rows"]]
    assert found["silent"] > 0


def test_what_separates_on_the_default_funnel_leads_with_where_people_came_from(halden):
    road = ("page_viewed", "form_submitted", "lead_handed_over", "deal_created", "deal_won")
    funnel = {"kind": "funnel", "steps": [{"event": name} for name in road], "period": halden["quarter"]}
    found = ask(halden, {"kind": "drop_off", "question": funnel, "limit": 1_000})
    findings = [row for row in found["rows"] if row["q"] < 0.05 and not row["set_apart"]]
    assert (found["step"], found["rows"][: len(findings)]) == (2, findings)
    lead = findings[0]
    assert (lead["factor"], lead["property"], lead["value"]) == ("first_touch", "campaign", None)
    assert all(count >= 5 for row in findings for side in ("with", "without") for count in row[side].values())
    assert {"path", "gclid"} & {row["property"] for row in findings} == set()
    assert ("first_touch", "source", "webinar") in [(row["factor"], row["property"], row["value"]) for row in findings]


def test_why_says_of_the_first_one_lost_what_is_known(halden):
    steps = [{"event": "form_started", "where": DEMO}, {"event": "form_submitted", "where": DEMO}]
    funnel = {"kind": "funnel", "steps": steps, "period": halden["quarter"], "window": {"value": 1, "unit": "day"}}
    lost = ask(halden, funnel | {"show": "people", "step": 2, "outcome": "dropped", "limit": 1})["people"][0]
    found = ask(halden, {"kind": "why", "question": funnel, "unit": lost["person"]})
    assert (found["outcome"], found["reached"], found["entries"][0]["ended"]) == ("dropped", 1, "window")
    assert found["events"][0]["sentence"] == "Taken for step 1, “Form started”."


def test_people_come_by_the_channels_of_the_truth(halden):
    question = {
        "kind": "funnel",
        "steps": [{"event": "page_viewed", "first_ever": True}, {"event": "lead_handed_over"}, {"event": "deal_won"}],
        "period": halden["quarter"],
        "window": {"value": 90, "unit": "day"},
        "breakdown": {"property": "source", "of": "event", "attribution": "step", "step": 1},
    }
    groups = {group["value"]: [step["count"] for step in group["steps"]] for group in ask(halden, question)["groups"]}
    assert groups["linkedin"] == [1_800, 72, 9]
    assert groups["webinar"] == [900, 54, 7]
    assert groups["newsletter"] == [1_400, 22, 1]


def test_a_second_run_finds_the_company_and_its_sign_in(halden):
    kept = json.loads((Path(halden["folder"]) / "demo-sign-in.json").read_text())
    assert kept["password"] == halden["password"]
    assert kept["delivered"] == halden["delivered"]
