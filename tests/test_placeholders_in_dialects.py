"""Placeholders identify nobody, whatever dialect and field they stand in."""

import json

import pytest

from fullfunnel.capture.dialects.fields import Request
from fullfunnel.capture.dialects.segment import arrival_of
from fullfunnel.core import clock
from fullfunnel.people.identifiers import keys_of


@pytest.mark.parametrize("value", ["distinctId", "userId", "email", "null", "{{ user.id }}", "0"])
@pytest.mark.parametrize(
    "item",
    [
        {"type": "track", "event": "e", "userId": "?"},
        {"type": "page", "anonymousId": "?"},
        {"type": "identify", "userId": "?", "traits": {"email": "?"}},
        {"type": "track", "event": "e", "userId": "?", "context": {"externalIds": [{"type": "crm", "id": "?"}]}},
    ],
)
def test_a_placeholder_identifies_nobody_whatever_field_it_stands_in(item, value):
    arrival = arrival_of(json.loads(json.dumps(item).replace("?", value)), Request(clock.now_us(), "server"))
    assert keys_of(arrival) == []
