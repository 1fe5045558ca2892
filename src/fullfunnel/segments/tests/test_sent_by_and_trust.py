"""Conditions may ask who sent an event, and how far its sender is trusted; also of events stored long ago."""

import pytest

from fullfunnel.events.catalogue import values_of
from fullfunnel.events.event import Arrival
from fullfunnel.events.on_tick import publish
from fullfunnel.events.record import record_event
from fullfunnel.journeys.ask import answer
from fullfunnel.segments.dataset import dataset_of
from fullfunnel.workspaces.models import Source
from tests.kit.cast import drain, send

NOON, MINUTE = 1_767_268_800_000_000, 60_000_000


def paid(number):
    return Arrival(
        name="paid", at=NOON + number * MINUTE, id=f"p{number}", user=f"u{number}", properties={"revenue": "10"}
    )


@pytest.fixture
def four_payments(workspace, website, server):
    file = Source.objects.create(workspace=workspace, name="Old shop's file", kind="file")
    for number, source in enumerate((website, server, file)):
        send(source, [paid(number)])
    record_event(workspace.pk, paid(3))
    drain()
    return workspace


def count(workspace, *where):
    step = {"event": "paid", "where": list(where)}
    funnel = answer({"kind": "funnel", "steps": [step]}, dataset_of(workspace))
    trend = answer(
        {"kind": "trend", "by": "day", "series": [{"event": "paid", "where": list(where)}]}, dataset_of(workspace)
    )
    [in_funnel], in_trend = funnel["steps"], sum(row["value"] for row in trend["rows"])
    assert in_funnel["count"] == in_trend
    return in_trend


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"property": "trust", "value": "web"}, 1),
        ({"property": "trust", "op": "!=", "value": "web"}, 3),
        ({"property": "trust", "op": "in", "value": ["server", "file"]}, 2),
        ({"property": "trust", "value": "own"}, 1),
        ({"property": "sent_by", "value": "Website"}, 1),
        ({"property": "sent_by", "value": "Old shop's file"}, 1),
        ({"property": "sent_by", "value": "fullfunnel"}, 1),
        ({"property": "sent_by", "op": "is_not_set"}, 0),
    ],
)
def test_folds_and_sql_know_the_sender_and_his_trust(four_payments, where, found):
    assert count(four_payments, where) == found


def test_an_event_of_a_source_made_after_the_column_was_coded_is_known_too(four_payments):
    publish()
    trusted = {"property": "trust", "value": "server"}
    assert count(four_payments, trusted) == 1
    send(Source.objects.create(workspace=four_payments, name="CRM", kind="server"), [paid(4)])
    drain()
    publish()
    assert count(four_payments, trusted) == 2
    assert count(four_payments, {"property": "sent_by", "value": "CRM"}) == 1


def test_sums_can_leave_out_what_a_browser_said(four_payments):
    series = {
        "event": "paid",
        "measure": "sum",
        "property": "revenue",
        "where": [{"property": "trust", "op": "!=", "value": "web"}],
    }
    found = answer({"kind": "trend", "by": "month", "series": [series]}, dataset_of(four_payments))
    assert sum(float(row["value"]) for row in found["rows"]) == 30


def test_it_can_be_asked_where_there_is_no_source_at_all(workspace):
    record_event(workspace.pk, paid(1))
    drain()
    assert count(workspace, {"property": "trust", "value": "web"}) == 0
    assert count(workspace, {"property": "trust", "value": "own"}) == 1


def test_its_values_are_offered(four_payments):
    assert sorted(values_of(four_payments.pk, "sent_by")) == [
        ("Old shop's file", 1),
        ("Server", 1),
        ("Website", 1),
        ("fullfunnel", 1),
    ]
