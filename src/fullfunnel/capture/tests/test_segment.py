"""Segment's messages, read: what real clients sent, and each field by itself."""

import base64
import gzip
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fullfunnel.capture.dialects.fields import Refused, Request
from fullfunnel.capture.dialects.segment import arrival_of
from fullfunnel.core import clock
from fullfunnel.events import names

SHARED = Path(os.environ.get("FULLFUNNEL_SHARED", Path(__file__).resolve().parents[5] / "shared"))
NOW = clock.to_us(datetime(2026, 11, 22, 12, tzinfo=UTC))
WEB, SERVER = Request(NOW, "web"), Request(NOW, "server")
SECOND = 1_000_000


def track(request=WEB, **fields):
    return arrival_of({"type": "track", "event": "e", "userId": "u"} | fields, request)


def requests_of(client):
    path = SHARED / "sdk" / f"{client}.json"
    if not path.exists():
        pytest.skip(f"{path} is absent: it is not part of the project")
    return [one for variant in json.loads(path.read_text())["captures"] for one in variant["requests"]]


@pytest.mark.parametrize("client", ["segment-analytics-python", "segment-analytics-node", "browser-segment"])
def test_what_real_clients_sent_is_taken_whole(capture, workspace, client):
    from fullfunnel.workspaces.keys import digest
    from fullfunnel.workspaces.models import Source, WriteKey

    source = Source.objects.create(workspace=workspace, name="SDK", kind="server")
    WriteKey.objects.create(workspace=workspace, source=source, digest=digest("SEG_WRITEKEY"))
    expected, names_seen = 0, set()
    for request in requests_of(client):
        headers = {name.lower().replace("-", "_"): value for name, value in request["headers"]}
        body = base64.b64decode(request["body_b64"])
        plain = json.loads(gzip.decompress(body) if headers.get("content_encoding") == "gzip" else body)
        expected += len(plain.get("batch", [plain]))
        told = capture.send(request["path"], body, **headers)
        assert (told.status, told.json["success"], told.json["refused"]) == (200, True, [])
    arrivals = capture.arrivals()
    names_seen = {one.name for one in arrivals}
    assert len(arrivals) == expected
    assert names_seen >= {"person_identified", "order_completed", "page_viewed", "company_identified"}
    assert "identities_aliased" in names_seen
    order = next(one for one in arrivals if one.name == "order_completed")
    assert (order.user, order.properties["revenue"], order.properties["currency"]) == ("user-1", "129.9", "BRL")
    assert order.context["campaign"] == {"source": "google", "medium": "cpc", "campaign": "brand"}
    known = next(one for one in arrivals if one.kind == "identify")
    assert (known.user, known.email) == ("user-1", "ana@example.com")
    assert next(one for one in arrivals if one.kind == "group").company == "acme"
    assert next(one for one in arrivals if one.kind == "alias").previous == "legacy-77"


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({}, NOW),
        ({"timestamp": "2026-11-22T11:00:00Z"}, NOW - 3600 * SECOND),
        ({"timestamp": "2026-11-22T13:00:00.123456+02:00"}, NOW - 3600 * SECOND + 123_456),
        ({"timestamp": "2026-11-22T11:00:00Z", "sentAt": "2026-11-22T11:30:00Z"}, NOW - 1800 * SECOND),
        (
            {"originalTimestamp": "2035-01-01T00:00:00Z", "timestamp": "x", "sentAt": "2035-01-01T00:00:10Z"},
            NOW - 10 * SECOND,
        ),
        ({"timestamp": "2026-11-22T11:00:00Z", "sentAt": "2026-11-22T11:59:58.5Z"}, NOW - 3600 * SECOND),
        ({"timestamp": "2026-11-22T11:00:00Z", "sentAt": "yesterday"}, NOW - 3600 * SECOND),
        ({"timestamp": 1_795_345_200}, 1_795_345_200 * SECOND),
        ({"timestamp": 1_795_345_200_123}, 1_795_345_200_123_000),
        ({"timestamp": "2000-01-01T00:00:00Z"}, 946_684_800 * SECOND),
        ({"timestamp": "2026-11-23T12:00:00Z"}, NOW + 86_400 * SECOND),
    ],
)
def test_a_time_is_corrected_by_the_clients_clock(fields, at):
    found = track(**fields)
    assert (found.at, found.raw_timestamp) == (at, None)


@pytest.mark.parametrize(
    "given",
    ["1999-12-31T23:59:59Z", "2026-11-23T12:00:01Z", "+300000-01-01", 10**18, -1, "soon", {"a": 1}, True],
)
def test_a_time_that_cannot_be_believed_is_kept_aside_and_the_time_of_receipt_counts(given):
    found = track(timestamp=given)
    assert found.at == NOW
    assert found.raw_timestamp == (given if isinstance(given, str) else json.dumps(given).replace(" ", ""))


def test_the_batchs_time_of_sending_counts_for_items_without_their_own():
    late = Request(NOW, "web", sent_at=NOW - 7200 * SECOND)
    assert track(late, timestamp="2026-11-22T09:00:00Z").at == NOW - 3600 * SECOND
    assert track(late, timestamp="2026-11-22T09:00:00Z", sentAt="2026-11-22T12:00:00Z").at == NOW - 3 * 3600 * SECOND


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ({"type": "track", "event": "e"}, "userId"),
        ({"type": "track", "event": "e", "userId": "", "anonymousId": None}, "userId"),
        ({"type": "track", "event": "e", "userId": {"a": 1}}, "userId"),
        ({"type": "track", "event": "e", "userId": True}, "userId"),
        ({"type": "track", "event": "e", "anonymousId": "a" * 401}, "anonymousId"),
        ({"type": "track", "event": " ", "userId": "u"}, "event"),
        ({"type": "track", "event": 7, "userId": "u"}, "event"),
        ({"type": "track", "event": "e" * 201, "userId": "u"}, "event"),
        ({"type": "track", "event": "trait_changed", "userId": "u"}, "event"),
        ({"type": "track", "event": "consent_changed", "userId": "u"}, "event"),
        ({"type": "track", "event": "e", "userId": "u", "properties": []}, "properties"),
        ({"type": "identify", "userId": "u", "traits": "x"}, "traits"),
        ({"type": "track", "event": "e", "userId": "u", "context": 1}, "context"),
        ({"type": "group", "userId": "u"}, "groupId"),
        ({"type": "group", "userId": "u", "groupId": "g" * 201}, "groupId"),
        ({"type": "alias", "userId": "u"}, "previousId"),
        ({"type": "weekly", "userId": "u"}, "type"),
        ({"userId": "u"}, "type"),
        ({"type": ["track"], "userId": "u"}, "type"),
    ],
)
def test_a_bad_field_is_named(item, field):
    found = arrival_of(item, WEB)
    assert isinstance(found, Refused)
    assert found.field == field
    assert len(found.reason) > 10


def test_properties_become_flat_texts():
    sent = {
        "s": "x",
        "i": 3,
        "f": 1.5,
        "whole": 2.0,
        "t": True,
        "no": False,
        "none": None,
        "empty": "",
        "list": [1, "a", {"b": None}],
        "nothing": [],
        "o": {"p": {"q": "deep"}, "r": 0},
    }
    assert track(properties=sent).properties == {
        "s": "x",
        "i": "3",
        "f": "1.5",
        "whole": "2",
        "t": "true",
        "no": "false",
        "list": '[1,"a",{"b":null}]',
        "o.p.q": "deep",
        "o.r": "0",
    }


def test_properties_are_flattened_as_the_rest_of_the_house_does_it():
    from fullfunnel.events.values import flatten

    sent = {"a": {"b": {"c": [1.5, {"d": "é"}]}}, "n": 1e15, "m": -0.0, "x": 1e-7, "t": True, "e": ""}
    assert track(properties=sent).properties == flatten(sent)


def test_nobody_can_write_a_column_that_only_fullfunnel_fills():
    sent = {"actor": "system", "workspace_id": 9, "identity_id": 4, "seq": 1, "name": "Ring", "company_id": "c"}
    found = track(properties=sent, actor="us", workspace_id=9, identity_id=4, context={"actor": "us", "dealId": "d"})
    assert (found.actor, found.deal) == ("person", None)
    assert found.properties == {
        "sent.actor": "system",
        "sent.workspace_id": "9",
        "sent.identity_id": "4",
        "sent.seq": "1",
        "name": "Ring",
        "company_id": "c",
    }


def test_a_server_may_say_who_acted_and_which_deal_it_was_about():
    found = track(SERVER, context={"actor": "us"}, properties={"deal_id": "d-7"})
    assert (found.actor, found.deal) == ("us", "d-7")
    assert track(SERVER, context={"actor": "boss"}).field == "context.actor"
    assert track(SERVER, context={"dealId": 8}).deal == "8"


def test_the_address_of_a_group_is_not_its_visitors():
    group = {"type": "group", "userId": "u", "groupId": "acme", "traits": {"email": "info@acme.example"}}
    assert arrival_of(group, WEB).email is None
    group["context"] = {"traits": {"email": " Ada@Acme.example "}}
    assert arrival_of(group, WEB).email == "ada@acme.example"
    assert track(properties={"email": "ada@acme.example"}).email == "ada@acme.example"
    assert track(properties={"email": "none"}).email is None


def test_devices_and_external_ids_are_identifiers_and_no_external_id_passes_for_a_user_id():
    context = {
        "device": {"id": "D1", "advertisingId": "IDFA", "token": "T", "type": "iOS", "model": "iPad7,3"},
        "os": {"name": "iOS"},
        "externalIds": [
            {"id": "c-1", "type": "crm_id", "collection": "users", "encoding": "none"},
            {"id": "b", "type": "brand", "collection": "accounts"},
            {"id": "admin", "type": "user_id", "collection": "users"},
            {"id": "x@y.z", "type": "email"},
            "nonsense",
            {"id": {"a": 1}, "type": "crm_id"},
        ],
    }
    found = track(context=context, integrations={"Google Analytics": {"clientId": "1.2"}})
    assert found.identifiers == [
        ("ios.id", "D1"),
        ("ios.idfa", "IDFA"),
        ("ios.push_token", "T"),
        ("ga_client_id", "1.2"),
        ("crm_id", "c-1"),
    ]
    assert found.context == {"os": "iOS", "device": "tablet"}


def test_a_page_and_a_screen_keep_their_names():
    found = arrival_of({"type": "page", "userId": "u", "name": "Docs", "category": "Help"}, WEB)
    assert (found.name, found.properties) == ("page_viewed", {"name": "Docs", "category": "Help"})
    assert arrival_of({"type": "screen", "userId": "u", "name": "Main"}, WEB).name == "screen_viewed"


def test_context_keeps_what_enrichment_reads_and_nothing_else():
    context = {
        "userAgent": "UA",
        "ip": "203.0.113.9",
        "timezone": "Europe/Berlin",
        "locale": "de",
        "page": {"url": "https://h.example/a?x=1", "referrer": "", "title": "T"},
        "campaign": {"name": "q3", "source": "g", "medium": 7, "id": "z"},
        "sessionId": 1_700_000_000,
        "groupId": "acme",
    }
    found = track(context=context)
    assert found.context == {
        "user_agent": "UA",
        "ip": "203.0.113.9",
        "timezone": "Europe/Berlin",
        "url": "https://h.example/a?x=1",
        "referrer": "",
        "campaign": {"source": "g", "medium": "7", "campaign": "q3"},
    }
    assert (found.session, found.company) == ("1700000000", "acme")


def test_consent_is_passed_on_as_it_was_said_and_nothing_else_of_it():
    said = {"categoryPreferences": {"email": True, "phone": False, "ads": "yes"}, "version": 2}
    assert track(context={"consent": said}).context == {
        "consent": {"categoryPreferences": {"email": True, "phone": False}}
    }
    assert track(context={"consent": {"categoryPreferences": []}}).context == {}


def test_a_message_id_too_long_still_tells_a_repeat_and_a_missing_one_is_made():
    long = track(messageId="m" * 101).id
    assert len(long) == 64
    assert long == track(messageId="m" * 101).id != track(messageId="m" * 102).id
    assert track().id != track().id
    assert track(messageId="m" * 100).id == "m" * 100


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("Order Completed", "order_completed"),
        ("Product Added to Wishlist", "product_added_to_wishlist"),
        ("In-App Message Shown", "in_app_message_shown"),
        ("Webinar No-Show", "webinar_no_show"),
        ("NPS Submitted", "nps_submitted"),
        ("Deal Stage Changed", "deal_stage_changed"),
        ("order_completed", "order_completed"),
        ("Viewed", "Viewed"),
        ("order completed", "order completed"),
        ("Größe gewählt", "Größe gewählt"),
    ],
)
def test_names_of_segments_spec_become_ours_and_others_stay(sent, name):
    assert names.canonical(sent) == name
    assert track(SERVER, event=sent).name == name


def test_every_name_of_the_spec_is_one_of_ours_once():
    assert len(names._CANONICAL) == len(set(names._CANONICAL.values())) == 88
    assert all(names.canonical(name) == name for name in names._CANONICAL.values())


def test_no_client_says_that_an_event_is_about_the_contact_unknown_of_a_company():
    claim = {"contact_of": "acme", "context": {"contact_of": "acme"}, "properties": {"contact_of": "acme"}}
    assert [track(request, **claim).contact_of for request in (WEB, SERVER)] == [None, None]
