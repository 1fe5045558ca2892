"""What another program says of its leads and deals makes rows that follow it, whatever the order and however often it is told."""

import random
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from fullfunnel.core import clock
from fullfunnel.crm import actions
from fullfunnel.crm.models import Deal, DealMove, DealPerson, HandOver, HandOverMove, Pipeline, UnmatchedEvent
from fullfunnel.crm.on_event import others
from fullfunnel.crm.pipelines import stages_of
from fullfunnel.events.event import Arrival
from fullfunnel.events.models import Outbox
from fullfunnel.events.reactions.wired import end_of
from fullfunnel.events.store import open_store
from fullfunnel.people.models import Company
from tests.kit.cast import drain, send
from tests.kit.refusals import refusal_of, rows_of

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MODELS = [HandOver, HandOverMove, Deal, DealMove, DealPerson, UnmatchedEvent]


def said(name, hours, *, user="ada", deal=None, company="acme.example", **properties):
    return Arrival(
        name=name, at=clock.to_us(START + timedelta(hours=hours)), id=str(uuid.uuid4()), user=user, actor="us",
        deal=deal, company=company, properties=properties,
    )  # fmt: skip


def tell(source, *arrivals):
    send(source, list(arrivals))
    drain()


LEAD = [
    said("lead_handed_over", 0, via="demo form", owner="Emil"),
    said("lead_accepted", 3, owner="Emil"),
]
DEAL = [
    said("deal_created", 4, deal="D-1", amount="9600.00", currency="EUR", owner="bob@halden.example"),
    said("deal_stage_changed", 30, deal="D-1", **{"from": "Discovery", "to": "Demo"}),
    said("deal_stage_changed", 60, deal="D-1", **{"from": "Demo", "to": "Works council"}),
    said("deal_changed", 70, deal="D-1", amount="12000", closes_on="2026-06-01"),
    said("deal_won", 90, deal="D-1", revenue="12000.00", currency="EUR"),
]


def test_a_lead_and_a_deal_are_mirrored(server, bob):
    tell(server, *LEAD, *DEAL)
    lead, deal = HandOver.objects.get(), Deal.objects.get()
    assert (lead.outcome, lead.owner, lead.owner_name, lead.is_kept_elsewhere) == ("accepted", None, "Emil", True)
    assert (lead.handed_over_at, lead.why[0]["text"], lead.company.key) == (START, "demo form", "acme.example")
    assert (deal.external_id, deal.state, deal.stage.name, deal.owner) == ("D-1", "won", "Won", bob.user)
    assert (deal.amount, deal.currency, str(deal.closes_on)) == (Decimal("12000"), "EUR", "2026-06-01")
    assert (deal.hand_over, lead.deal) == (lead, deal)
    assert (deal.opened_at, deal.decided_at) == (START + timedelta(hours=4), START + timedelta(hours=90))
    assert [role.person for role in deal.people.all()] == [lead.person]
    moves = deal.moves.order_by("at")
    assert [
        (move.kind, move.from_stage and move.from_stage.name, move.to_stage.name, move.amount) for move in moves
    ] == [
        ("created", None, "Discovery", Decimal("9600")),
        ("moved", "Discovery", "Demo", Decimal("9600")),
        ("moved", "Demo", "Works council", Decimal("9600")),
        ("changed", None, "Works council", Decimal("12000")),
        ("won", "Works council", "Won", Decimal("12000")),
    ]


def test_an_unknown_stage_is_one_of_the_sources_own_pipeline(server, workspace):
    tell(server, *DEAL)
    pipeline = Pipeline.objects.get(source=server)
    assert [stage.name for stage in stages_of(pipeline)] == [
        "Discovery", "Demo", "Proposal", "Negotiation", "Works council", "Won", "Lost"
    ]  # fmt: skip


def what_is_there():
    """Everything of the rows but their ids and the order in which they were written."""
    leads = [
        (h.person_id, h.outcome, h.owner_name, h.handed_over_at, h.decided_at, h.reason) for h in HandOver.objects.all()
    ]
    deals = [
        (d.external_id, d.state, d.stage.name, d.amount, d.closes_on, d.opened_at, d.decided_at, d.stage_since, d.lost_text, d.competitor)
        for d in Deal.objects.select_related("stage").order_by("external_id")
    ]  # fmt: skip
    moves = [
        (m.kind, m.at, m.from_stage and m.from_stage.name, m.to_stage.name, m.amount, m.closes_on)
        for m in DealMove.objects.select_related("from_stage", "to_stage").order_by("deal__external_id", "at")
    ]
    roles = sorted(DealPerson.objects.values_list("deal__external_id", "person_id", "role"))
    return leads, deals, moves, roles


@pytest.mark.parametrize("seed", range(4))
def test_deals_are_the_same_in_whatever_order_and_portions_they_are_told(seed, server):
    told = [
        *DEAL,
        said("deal_created", 5, deal="D-2", amount="100"),
        said("deal_lost", 20, deal="D-2", reason="no budget", competitor="Planik"),
        said("deal_reopened", 25, deal="D-2"),
        said("deal_contact_added", 6, deal="D-2", user="ben", role="Decides"),
    ]
    tell(server, *told)
    expected = what_is_there()
    for model in (DealMove, DealPerson, Deal):
        model.objects.all().delete()
    shuffled = random.Random(seed).sample(told, len(told))
    for part in (shuffled[:3], shuffled[3:6], shuffled[6:]):
        tell(server, *(Arrival(**{**_fields(each), "id": str(uuid.uuid4())}) for each in part))
    assert what_is_there() == expected


def _fields(arrival):
    return {name: getattr(arrival, name) for name in arrival.__struct_fields__}


def test_told_again_it_changes_nothing(server, workspace):

    told = []

    tell(server, *LEAD, *DEAL, said("lead_rejected", 99, user="cleo"))
    before = rows_of(MODELS)
    told = open_store().read_named(sorted(others.NAMES), after=0, last=end_of(10_000), most=100)[0]
    assert len(told) == 8
    others.on_events(told, live=False)
    others.on_events(list(reversed(told)), live=True)
    assert rows_of(MODELS) == before


def test_what_fits_no_hand_over_is_counted_and_changes_nothing(server):
    tell(server, said("lead_accepted", 1), said("lead_reopened", 2))
    assert [(row.name, row.source) for row in UnmatchedEvent.objects.order_by("pk")] == [
        ("lead_accepted", server), ("lead_reopened", server)
    ]  # fmt: skip
    assert HandOver.objects.count() == 0


def test_without_an_id_it_is_about_the_latest_open_one_and_with_one_about_that(server):
    tell(
        server,
        said("lead_handed_over", 0), said("lead_rejected", 1, reason="too small"),
        said("lead_handed_over", 2), said("lead_recycled", 3),
        said("lead_handed_over", 4, lead_id="L-1"), said("lead_handed_over", 5, lead_id="L-2"),
        said("lead_accepted", 6, lead_id="L-1"), said("lead_aged_out", 7),
    )  # fmt: skip
    rows = HandOver.objects.order_by("handed_over_at").values_list("external_id", "outcome", "reason")
    assert list(rows) == [
        ("", "rejected", "too small"), ("", "recycled", ""), ("L-1", "accepted", ""), ("L-2", "aged_out", "")
    ]  # fmt: skip


def test_our_actions_on_it_are_refused_with_where_it_is_kept(server, bob, reason):
    tell(server, *LEAD[:1], *DEAL[:2])
    lead, deal = HandOver.objects.get(), Deal.objects.get()
    models = [*MODELS, Outbox, Company]
    for act in (
        lambda: actions.accept_hand_over(lead, by=bob.user),
        lambda: actions.reject_hand_over(lead, reason="x", by=bob.user),
        lambda: actions.assign_hand_over(lead, owner=bob.user, by=bob.user),
        lambda: actions.open_deal(lead, by=bob.user),
        lambda: actions.change_deal(deal, changes={"amount": "1"}, by=bob.user),
        lambda: actions.move_deal(deal, to=deal.stage, by=bob.user),
        lambda: actions.add_person_to_deal(deal, person=lead.person, by=bob.user),
        lambda: actions.take_back_deal(deal, by=bob.user),
    ):
        assert "is kept in Server: change it there, or take it over first." in refusal_of(act, models)


def test_taken_over_it_is_ours_and_its_programs_events_change_nothing(server, bob):
    tell(server, said("lead_handed_over", 0, lead_id="L-1"), *DEAL[:1])
    lead = actions.take_over_hand_over(HandOver.objects.get(), by=bob.user)
    deal = actions.take_over_deal(Deal.objects.get(), by=bob.user)
    actions.accept_hand_over(lead, by=bob.user)
    actions.change_deal(deal, changes={"amount": "1"}, by=bob.user)
    before = rows_of(MODELS)
    tell(server, said("lead_rejected", 5, lead_id="L-1"), *DEAL[1:])
    assert rows_of(MODELS) == before


def test_what_we_say_ourselves_and_what_a_website_says_makes_no_rows(waiting, bob, website, server):
    deal = actions.open_deal(waiting, by=bob.user)
    drain()
    before = rows_of(MODELS)
    tell(website, said("deal_won", 1, deal="D-9", revenue="1"))
    tell(server, said("deal_won", 2, deal=deal.public_id, revenue="1"))
    assert rows_of(MODELS) == before


def test_who_waits_elsewhere_and_asks_us_is_noted_there_and_who_was_accepted_elsewhere_is_handed_over_here(server):
    tell(server, *LEAD[:1])
    elsewhere = HandOver.objects.get()
    assert actions.hand_over(elsewhere.person, cause_event="form-1", why=[], by=None) == elsewhere
    tell(server, *LEAD[1:], *DEAL[:1])
    here = actions.hand_over(elsewhere.person, cause_event="form-2", why=[], by=None)
    assert (here != elsewhere, here.is_kept_elsewhere, here.outcome) == (True, False, "waiting")
