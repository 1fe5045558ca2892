"""Questions that count people leave contacts unknown out; companies, deals, events and sums are counted with theirs."""

import pytest

from fullfunnel.events.event import Arrival
from fullfunnel.journeys.ask import answer
from fullfunnel.people.models import Company
from fullfunnel.people.record import contact_unknown, record
from fullfunnel.segments.dataset import dataset_of
from tests.kit.cast import drain, send

STEPS = ["deal_created", "deal_won"]
NOON, MINUTE = 1_767_268_800_000_000, 60_000_000


@pytest.fixture
def two_deals(workspace, server):
    """Ada's deal at Acme, and one at Bolt, of which nobody is known. Both won, for 100 each."""
    who = {"user": "ada", "company": "acme"}
    money = {"revenue": "100", "currency": "EUR"}
    send(
        server,
        [
            Arrival(kind="identify", name="person_identified", at=NOON, id="i", traits={"plan": "pro"}, **who),
            Arrival(name="deal_created", at=NOON + 5 * MINUTE, id="1", actor="us", deal="d-1", **who),
            Arrival(name="deal_won", at=NOON + 6 * MINUTE, id="2", actor="us", deal="d-1", properties=money, **who),
        ],
    )  # fmt: skip
    bolt = Company.objects.create(workspace=workspace, key="bolt", name="Bolt", traits={"plan": "free"})
    nobody = contact_unknown(bolt)
    record(nobody, "deal_created", by=None, deal="d-2", company=bolt, at=NOON + 7 * MINUTE)
    record(nobody, "deal_won", by=None, deal="d-2", company=bolt, at=NOON + 8 * MINUTE, properties=money)
    drain()
    return workspace


def asked(workspace, **question):
    return answer(question, dataset_of(workspace))


def counts(workspace, **question):
    return [step["count"] for step in asked(workspace, kind="funnel", steps=STEPS, **question)["steps"]]


@pytest.mark.parametrize(("count", "there"), [("people", 1), ("companies", 2), ("deals", 2)])
def test_a_funnel_of_people_leaves_them_out_and_one_of_companies_or_deals_does_not(two_deals, count, there):
    assert counts(two_deals, count=count) == [there, there]
    # A second time: what was found out about the lists is kept.
    assert counts(two_deals, count=count) == [there, there]


def test_conditions_on_people_judge_their_events_as_of_somebody_without_traits(two_deals):
    steps = [{"event": "deal_created", "where": [{"property": "plan", "of": "person", "op": "=", "value": "pro"}]}]
    has_plan = asked(two_deals, kind="funnel", steps=steps, count="companies")
    assert [step["count"] for step in has_plan["steps"]] == [1]
    steps[0]["where"][0] = {"property": "plan", "of": "person", "op": "is_not_set"}
    has_none = asked(two_deals, kind="funnel", steps=steps, count="companies")
    assert [step["count"] for step in has_none["steps"]] == [1]


def test_retention_of_people_leaves_them_out(two_deals):
    question = {"kind": "retention", "start": "deal_created", "return": "deal_won", "by": "day"}
    assert asked(two_deals, **question)["rows"][0]["size"] == 1
    assert asked(two_deals, **question, count="companies")["rows"][0]["size"] == 2


def test_a_trend_counts_their_events_and_sums_and_not_them(two_deals):
    def total(**series):
        trend = asked(two_deals, kind="trend", by="month", series=[{"event": "deal_won"} | series])
        return trend["rows"][0]["value"]

    assert total() == 2
    assert total(measure="people") == 1
    assert total(measure="sum", property="revenue") == "200"
    split = {"series": [{"event": "deal_won"}], "breakdown": {"property": "plan", "of": "person"}}
    rows = asked(two_deals, kind="trend", by="month", **split)["rows"]
    assert {row["group"]: row["value"] for row in rows if row["at"] == rows[0]["at"]} == {"pro": 1, None: 1}


def test_the_list_behind_a_trend_names_them_not(two_deals):
    from fullfunnel.people.models import Identity

    trend = {"kind": "trend", "by": "month", "series": [{"event": "deal_won"}]}
    found = asked(two_deals, **trend, show="people", at="2026-01-01")
    ada = Identity.objects.get(kind="user_id").person
    assert ([row["person"] for row in found["people"]], found["total"]) == ([ada.public_id], 1)


def test_why_tells_the_journey_of_their_company(two_deals):
    question = {"kind": "funnel", "steps": STEPS, "count": "companies"}
    told = asked(two_deals, kind="why", question=question, unit="bolt")
    assert (told["outcome"], told["reached"]) == ("reached", 2)
