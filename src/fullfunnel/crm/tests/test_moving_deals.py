"""Deals move in any direction; every move is a row and an event, and every way into Lost has a reason."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from fullfunnel.core import clock
from fullfunnel.crm import actions
from fullfunnel.crm.models import Deal, DealMove, DealPerson
from fullfunnel.crm.on_tick import win_what_stayed
from fullfunnel.crm.said import Lost
from fullfunnel.events.models import Outbox
from fullfunnel.workspaces.actions import set_how_you_sell
from tests.kit.outbox import recorded
from tests.kit.refusals import refusal_of

MODELS = [Deal, DealMove, DealPerson, Outbox]


@pytest.fixture
def deal(waiting, bob):
    return actions.open_deal(waiting, details={"amount": "100", "closes_on": "2026-12-18"}, by=bob.user)


def moves_of(deal):
    rows = deal.moves.order_by("pk").select_related("from_stage", "to_stage")
    return [(row.kind, row.from_stage and row.from_stage.name, row.to_stage and row.to_stage.name) for row in rows]


def test_a_deal_goes_forward_back_to_won_and_is_reopened(deal, stages, bob, workspace):
    for name in ("Proposal", "Demo", "Won", "Negotiation"):
        deal = actions.move_deal(deal, to=stages[name], by=bob.user)
    assert moves_of(deal)[1:] == [
        ("moved", "Discovery", "Proposal"),
        ("moved", "Proposal", "Demo"),
        ("won", "Demo", "Won"),
        ("reopened", "Won", "Negotiation"),
    ]
    assert (deal.state, deal.decided_at, deal.stage.name) == ("open", None, "Negotiation")
    told = [each for each in recorded(workspace) if each.name.startswith("deal_")]
    assert [each.name for each in told[1:]] == ["deal_stage_changed", "deal_stage_changed", "deal_won", "deal_reopened"]
    assert told[1].properties.items() >= {"from": "Discovery", "to": "Proposal", "amount": "100"}.items()
    won = told[3]
    assert (won.deal, won.company, won.properties["revenue"], won.properties["currency"]) == (
        deal.public_id, "acme.example", "100", "EUR"
    )  # fmt: skip
    assert "revenue" not in told[4].properties


def test_a_deal_that_is_there_already_stays(deal, stages, bob):
    before = DealMove.objects.count()
    assert actions.move_deal(deal, to=stages["Discovery"], by=bob.user) == deal
    assert DealMove.objects.count() == before


def test_lost_needs_its_reason_and_says_to_whom_and_who_said_so(deal, stages, reason, bob, workspace):
    assert refusal_of(lambda: actions.move_deal(deal, to=stages["Lost"], by=bob.user), MODELS) == (
        "Acme stays in Discovery. Say why it was lost."
    )
    said = Lost(reason, text="They said so twice", competitor="Planik", said_by="buyer")
    lost = actions.move_deal(deal, to=stages["Lost"], lost=said, by=bob.user)
    assert (lost.state, lost.lost_reason, lost.lost_text, lost.competitor, lost.lost_said_by) == (
        "lost", reason, "They said so twice", "Planik", "buyer"
    )  # fmt: skip
    (told,) = recorded(workspace, "deal_lost")
    assert told.properties.items() >= {"reason": reason.name, "competitor": "Planik", "said_by": "buyer"}.items()
    assert "They said so twice" not in str(told.properties)
    assert deal.moves.last().told["text"] == "They said so twice"
    again = actions.move_deal(lost, to=stages["Demo"], by=bob.user)
    assert (again.state, again.lost_reason, again.competitor) == ("open", None, "")


@pytest.mark.parametrize("said_by", ["nobody"])
def test_who_said_so_is_buyer_or_seller(said_by, deal, stages, reason, bob):
    move = lambda: actions.move_deal(deal, to=stages["Lost"], lost=Lost(reason, said_by=said_by), by=bob.user)  # noqa: E731
    assert "is not one of buyer, seller" in refusal_of(move, MODELS)


def test_a_change_of_amount_or_date_is_a_row_with_both(deal, bob, workspace):
    changed = actions.change_deal(deal, changes={"amount": "250.5", "closes_on": date(2027, 1, 8)}, by=bob.user)
    assert (changed.amount, changed.closes_on) == (Decimal("250.5000"), date(2027, 1, 8))
    move = changed.moves.last()
    assert (move.kind, move.amount, move.told["before"]) == (
        "changed", Decimal("250.5000"), {"amount": "100.0000", "closes_on": "2026-12-18"}
    )  # fmt: skip
    (told,) = recorded(workspace, "deal_changed")
    assert told.properties.items() >= {"changed": "amount,closes_on", "amount": "250.5"}.items()


def test_other_changes_are_events_without_what_was_written(deal, bob, workspace):
    actions.change_deal(deal, changes={"next_step": "Call Luc", "next_step_on": "2026-12-03"}, by=bob.user)
    actions.change_deal(deal, changes={"next_step": "Call Luc"}, by=bob.user)
    deal.refresh_from_db()
    assert (deal.next_step, deal.next_step_on, deal.moves.count()) == ("Call Luc", date(2026, 12, 3), 1)
    (told,) = recorded(workspace, "deal_changed")
    assert told.properties["changed"] == "next_step,next_step_on"
    assert "Luc" not in str(told.properties)


def test_a_deal_is_given_to_somebody_else(deal, alice, charlie, bob):
    assert actions.assign_deal(deal, owner=alice.user, by=bob.user).owner == alice.user
    assert "no member" in refusal_of(lambda: actions.assign_deal(deal, owner=charlie.user, by=bob.user), MODELS)
    assert deal.moves.last().told["to"] == alice.user.pk


def test_people_have_roles_which_are_events(deal, known, bob, workspace):
    row = actions.add_person_to_deal(deal, person=known[1], role="Decides", by=bob.user)
    assert actions.add_person_to_deal(deal, person=known[1], role="Champion", by=bob.user) == row
    actions.add_person_to_deal(deal, person=known[1], role="Champion", by=bob.user)
    assert [each.properties["role"] for each in recorded(workspace, "deal_contact_added")] == ["Decides", "Champion"]
    actions.remove_person_from_deal(deal, person=known[1], by=bob.user)
    actions.remove_person_from_deal(deal, person=known[1], by=bob.user)
    assert [each.user for each in recorded(workspace, "deal_contact_removed")] == ["ben-1"]
    assert [each.person for each in deal.people.all()] == [known[0]]


def test_won_where_it_stands_and_then_moved_on(workspace, acme, bob):
    set_how_you_sell(workspace, to="households", by=None)
    deal = actions.open_deal(acme, by=bob.user)
    stages = {stage.name: stage for stage in deal.pipeline.stages.all()}
    actions.move_deal(deal, to=stages["Signed"], by=bob.user)
    won = actions.win_deal(deal, by=None)
    assert (won.state, won.stage.name) == ("won", "Signed")
    installed = actions.move_deal(won, to=stages["Installed"], by=bob.user)
    assert (installed.state, installed.decided_at) == ("won", won.decided_at)
    assert [each.name for each in recorded(workspace) if each.name.startswith("deal_")] == [
        "deal_created", "deal_stage_changed", "deal_won", "deal_stage_changed"
    ]  # fmt: skip


@pytest.mark.parametrize(("days", "is_won", "is_history"), [(13, False, False), (14.5, True, False), (100, True, True)])
def test_what_a_household_signed_is_won_14_days_later_at_that_time(days, is_won, is_history, workspace, acme, bob):
    set_how_you_sell(workspace, to="households", by=None)
    deal = actions.open_deal(acme, by=bob.user)
    signed = deal.pipeline.stages.get(name="Signed")
    at = clock.now() - timedelta(days=days)
    actions.move_deal(deal, to=signed, by=bob.user, at=at)
    assert win_what_stayed() is False
    deal.refresh_from_db()
    won = recorded(workspace, "deal_won")
    assert (deal.state == "won", len(won)) == (is_won, int(is_won))
    if is_won:
        assert ("is_history" in won[0].properties) is is_history
        assert abs(deal.decided_at - (at + timedelta(days=14) if is_history else clock.now())) < timedelta(minutes=1)


def test_told_as_history_a_move_has_its_time(deal, stages, bob, workspace):
    then = clock.now().replace(year=2026, month=3)
    moved = actions.move_deal(deal, to=stages["Demo"], by=bob.user, at=then)
    assert (moved.stage_since, moved.moves.last().at) == (then, then)
    assert recorded(workspace, "deal_stage_changed")[0].properties["is_history"] == "true"


def test_a_stranger_changes_nothing(deal, stages, known, charlie):
    for act in (
        lambda: actions.move_deal(deal, to=stages["Demo"], by=charlie.user),
        lambda: actions.change_deal(deal, changes={"amount": "1"}, by=charlie.user),
        lambda: actions.assign_deal(deal, owner=None, by=charlie.user),
        lambda: actions.add_person_to_deal(deal, person=known[1], by=charlie.user),
        lambda: actions.remove_person_from_deal(deal, person=known[0], by=charlie.user),
        lambda: actions.take_back_deal(deal, by=charlie.user),
        lambda: actions.win_deal(deal, by=charlie.user),
    ):
        assert "Only these roles" in refusal_of(act, MODELS)
