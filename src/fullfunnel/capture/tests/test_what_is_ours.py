"""What stages, hand-overs and mails are counted by is not for a public key to say."""

import json

import pytest

from fullfunnel.events import names

OURS = [
    "lead_captured", "Lead Captured", " Lead Captured ", "lead_handed_over", "deal_won", "Deal Won", "Deal Stage Changed",
    "activity_logged", "Activity Logged", "stage_entered", "email_opened", "Email Opened", "Email Marked as Spam", "email_x",
]  # fmt: skip
TRACK = {"type": "track", "userId": "u", "messageId": "m"}


@pytest.mark.parametrize("name", OURS)
def test_a_browser_may_not_say_what_a_lead_a_deal_or_a_mail_did(capture, web_key, name):
    told = capture.send("/v1/batch", {"batch": [TRACK | {"event": name}, TRACK | {"event": "fine"}]}, key=web_key)
    assert (told.status, told.json["accepted"]) == (200, 1)
    [refused] = told.json["refused"]
    assert (refused["index"], refused["field"]) == (0, "event")
    assert refused["reason"].endswith("need the write key of a server")
    [entry] = capture.entries()
    assert [one["name"] for one in json.loads(entry.items)] == ["fine"]
    assert refused["reason"] in entry.refused.decode()


@pytest.mark.parametrize("name", OURS)
def test_a_server_may(capture, server_key, name):
    assert capture.send("/v1/track", TRACK | {"event": name}, key=server_key).status == 200
    [arrival] = capture.arrivals()
    assert arrival.name == names.canonical(name.strip())


@pytest.mark.parametrize(
    "name", ["leads", "leading", "lead captured", "stage left", "Emailed", "form_submitted", "unsubscribed"]
)
def test_other_names_are_everybodys(capture, web_key, name):
    assert capture.send("/v1/track", TRACK | {"event": name}, key=web_key).status == 200
    assert [arrival.name for arrival in capture.arrivals()] == [name]


def test_who_sent_it_cannot_be_claimed_by_a_property(capture, web_key):
    said = TRACK | {"event": "e", "properties": {"trust": "server", "sent_by": "CRM", "plan": "pro"}}
    assert capture.send("/v1/track", said, key=web_key).status == 200
    [arrival] = capture.arrivals()
    assert arrival.properties == {"sent.trust": "server", "sent.sent_by": "CRM", "plan": "pro"}
