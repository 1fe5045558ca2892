"""S14: what somebody may try who has a public write key. It may append events to its source, and nothing else."""

import json

import pytest

from fullfunnel.capture import asgi
from fullfunnel.core import clock
from fullfunnel.workspaces.keys import digest
from fullfunnel.workspaces.models import WriteKey

TRACK = {"type": "track", "event": "e", "userId": "u", "messageId": "m"}
OURS = [
    "workspace_id",
    "identity_id",
    "source_id",
    "seq",
    "event_id",
    "schema_version",
    "actor",
    "received_at",
    "occurred_at",
]


def only(capture, key, item, path="/v1/batch"):
    """The one entry and arrival that `item` becomes."""
    told = capture.send(path, {"batch": [item]} if path == "/v1/batch" else item, key=key)
    assert told.status == 200, told.body
    [entry] = capture.entries()
    [arrival] = json.loads(entry.items)
    return entry, arrival


@pytest.mark.parametrize("name", OURS)
def test_a_column_of_ours_cannot_be_set_by_a_property(capture, web_key, name):
    _, arrival = only(capture, web_key, TRACK | {"properties": {name: "forged"}})
    assert arrival["properties"] == {f"sent.{name}": "forged"}
    assert "actor" not in arrival


@pytest.mark.parametrize("place", ["top", "context", "traits"])
@pytest.mark.parametrize(
    "name", [*OURS, "workspaceId", "projectId", "forever", "kind", "source_kind", "company_id", "deal"]
)
def test_nothing_beside_the_properties_sets_anything(capture, web_key, workspace, place, name):
    item = TRACK | ({name: "system"} if place == "top" else {place: {name: "system"}})
    entry, arrival = only(capture, web_key, item)
    assert arrival == {"name": "e", "at": entry.received_at, "id": "m", "user": "u"}
    assert (entry.workspace_id, entry.source_kind, entry.forever) == (workspace.pk, "web", False)


@pytest.mark.parametrize(
    "name",
    [
        "trait_changed",
        "consent_changed",
        "person_identified",
        "company_identified",
        "identities_aliased",
        " trait_changed ",
    ],
)
def test_what_only_fullfunnel_records_cannot_be_sent(capture, web_key, name):
    told = capture.send("/v1/track", TRACK | {"event": name}, key=web_key)
    assert told.status == 400
    assert capture.arrivals() == []
    told = capture.send("/v1/batch", {"batch": [TRACK | {"type": name}]}, key=web_key)
    assert told.status == 400
    assert capture.arrivals() == []


@pytest.mark.parametrize("kind", ["user_id", "email", "anonymous_id"])
def test_an_external_id_cannot_pose_as_a_user(capture, web_key, kind):
    ids = [{"id": "admin", "type": kind, "collection": "users"}, {"id": "admin", "type": f" {kind} "}]
    _, arrival = only(capture, web_key, TRACK | {"context": {"externalIds": ids}})
    assert "identifiers" not in arrival


def test_a_deal_cannot_be_named_by_a_browser(capture, web_key):
    _, arrival = only(
        capture, web_key, TRACK | {"properties": {"deal_id": "d1"}, "context": {"dealId": "d1", "actor": "us"}}
    )
    assert "deal" not in arrival
    assert "actor" not in arrival


def test_an_import_which_is_remembered_for_ever_is_not_for_browsers(capture, web_key):
    assert capture.send("/v1/import", {"batch": [TRACK]}, key=web_key).status == 403
    assert capture.entries() == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE"])
def test_nothing_can_be_read_or_deleted(capture, web_key, method):
    for path in asgi.KINDS:
        assert capture.send(path, method=method, key=web_key).status == 405
    assert capture.entries() == []


@pytest.mark.parametrize(
    "path", ["/v1/track/../../w/halden/", "/v1//track", "/v1/projects", "/v1/export", "/v1/TRACK", "/v1/track "]
)
def test_no_other_path_is_opened(capture, web_key, path):
    assert capture.send(path, TRACK, key=web_key).status == 404


def test_only_the_key_itself_opens(capture, web_key):
    false = [
        digest(web_key),
        web_key[:-1],
        web_key.lower(),
        web_key + "x",
        web_key[:9],
        "' OR 1=1 --",
        "%",
        "\0",
        "ffw_",
    ]
    for key in false:
        assert capture.send("/v1/track", TRACK, key=key).status == 401
        assert capture.send("/v1/track", TRACK | {"writeKey": key}).status == 401
    for key in (None, 1, True, [web_key], {"a": web_key}):
        assert capture.send("/v1/track", TRACK | {"writeKey": key}).status == 401
    assert capture.entries() == []


def test_a_revoked_key_and_the_items_of_its_batch_are_refused(capture, web_key):
    WriteKey.objects.update(revoked_at=clock.now())
    told = capture.send("/v1/batch", {"batch": [TRACK | {"writeKey": web_key}], "writeKey": web_key})
    assert told.status == 401
    assert capture.entries() == []


def test_a_key_inside_an_item_of_a_batch_is_not_looked_at(capture, web_key):
    assert capture.send("/v1/batch", {"batch": [TRACK | {"writeKey": web_key}]}).status == 401
    assert capture.entries() == []


def test_the_address_a_client_claims_is_not_the_one_that_is_kept(capture, web_key):
    capture.send(
        "/v1/track", TRACK | {"context": {"ip": "8.8.8.8"}}, key=web_key, peer="203.0.113.9", x_forwarded_for="9.9.9.9"
    )
    [entry] = capture.entries()
    assert entry.ip == "203.0.113.9"


@pytest.mark.usefixtures("no_time_passes")
def test_a_claimed_address_does_not_get_round_the_rate_limit(capture, web_key):
    async def limit():
        asgi.door().rates.rate = 1

    capture.runner.run(limit())
    told = [
        capture.send("/v1/track", TRACK, key=web_key, peer="203.0.113.9", x_forwarded_for=f"198.51.100.{n}").status
        for n in range(12)
    ]
    assert told == [200] * 10 + [429] * 2


@pytest.mark.usefixtures("no_time_passes")
def test_wrong_keys_are_held_back_too(capture, transactional_db):
    async def limit():
        asgi.door().rates.rate = 1

    capture.runner.run(limit())
    told = [capture.send("/v1/track", TRACK, key=f"ffw_{n}", peer="203.0.113.9").status for n in range(12)]
    assert told == [401] * 10 + [429] * 2


def test_a_refused_item_is_shown_without_the_key(capture, web_key):
    capture.send("/v1/track", {"event": "e", "writeKey": web_key})
    capture.send("/v1/track", {"event": "e", "properties": {"key": web_key}}, key=web_key)
    capture.send("/v1/batch", {"writeKey": web_key, "items": []})
    capture.send("/v1/track", f'{{"writeKey": "{web_key}", "event"'.encode(), key=web_key)
    shown = capture.refusals()
    assert len(shown) == 4
    assert web_key not in json.dumps(shown)


def test_a_write_key_is_no_api_key(web_key, client, workspace):
    told = client.post(
        "/api/v1/ask", "{}", content_type="application/json", headers={"authorization": f"Bearer {web_key}"}
    )
    assert told.status_code in (401, 404)
