"""Hand-overs are accepted by one, rejected, recycled, aged out and reopened; each is a move and an event."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.crm import actions
from fullfunnel.crm.models import HandOver, HandOverMove
from fullfunnel.events.models import Outbox
from fullfunnel.people.models import Company
from tests.kit.cast import Member
from tests.kit.outbox import recorded
from tests.kit.refusals import refusal_of

MODELS = [HandOver, HandOverMove, Outbox, Company]


def names(workspace):
    return [each.name for each in recorded(workspace) if each.name.startswith("lead_")]


def test_who_accepts_owns_it_and_the_company_that_had_no_owner(waiting, acme, bob, workspace):
    accepted = actions.accept_hand_over(waiting, by=bob.user)
    assert (accepted.outcome, accepted.owner, accepted.decided_at is None) == ("accepted", bob.user, False)
    acme.refresh_from_db()
    assert acme.owner == bob.user
    (told,) = recorded(workspace, "lead_accepted")
    assert (told.actor, told.properties["lead_id"]) == ("us", waiting.public_id)
    assert actions.accept_hand_over(waiting, by=bob.user) == waiting
    assert names(workspace) == ["lead_handed_over", "lead_accepted"]


def test_a_second_seller_is_told_who_has_it_and_when(waiting, bob, alice):
    moment = clock.now().replace(year=2026, month=11, day=30, hour=9, minute=12)
    with clock.frozen(moment):
        actions.accept_hand_over(waiting, by=bob.user)
    # On Berlin's clock.
    sentence = refusal_of(lambda: actions.accept_hand_over(waiting, by=alice.user), MODELS)
    assert sentence == "Bob accepted it on Monday, 30 November, 10:12."


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_claim_at_once_exactly_one_gets_it(waiting, workspace):
    sellers = [Member(f"s{n}@halden.example", f"Seller {n}").joins(workspace, "seller").user for n in range(20)]

    def claim(seller):
        try:
            return actions.accept_hand_over(waiting, by=seller)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(claim, sellers))
    winners = [(seller, row) for seller, row in zip(sellers, results, strict=True) if isinstance(row, HandOver)]
    assert len(winners) == 1
    waiting.refresh_from_db()
    assert (waiting.outcome, waiting.owner) == ("accepted", winners[0][0])
    assert {str(each).split(" on ")[0] for each in results if isinstance(each, Refused)} == {
        f"{winners[0][0].name} accepted it"
    }
    assert HandOverMove.objects.filter(what="accepted").count() == 1
    assert names(workspace).count("lead_accepted") == 1


def test_rejecting_and_recycling_need_a_reason(waiting, bob):
    for refuse in (actions.reject_hand_over, actions.recycle_hand_over):
        assert refusal_of(lambda refuse=refuse: refuse(waiting, reason=" ", by=bob.user), MODELS) == (
            "Say why, in at most 300 characters."
        )
    rejected = actions.reject_hand_over(waiting, reason="too small", by=bob.user)
    assert (rejected.outcome, rejected.reason, rejected.moves.last().reason) == ("rejected", "too small", "too small")


def test_the_stream_says_a_reason_of_the_list_and_not_what_was_written(waiting, known, bob, workspace):
    other = actions.hand_over(known[2], cause_event="form-2", why=["Asked"], by=None)
    actions.reject_hand_over(waiting, reason="Too small", by=bob.user)
    actions.reject_hand_over(other, reason="Her sister works for us", by=bob.user)
    assert [told.properties.get("reason") for told in recorded(workspace, "lead_rejected")] == ["Too small", None]


def test_recycling_says_until_when(waiting, bob, workspace):
    recycled = actions.recycle_hand_over(waiting, reason="next year", until=date(2027, 3, 1), by=bob.user)
    assert (recycled.outcome, recycled.recycled_until) == ("recycled", date(2027, 3, 1))
    assert recorded(workspace, "lead_recycled")[0].properties["until"] == "2027-03-01"


def test_who_comes_late_reopens_what_aged_out_and_accepts_it(waiting, bob, workspace):
    actions.age_out_hand_over(waiting, at=clock.now() - timedelta(days=1), by=None)
    assert refusal_of(lambda: actions.accept_hand_over(waiting, by=bob.user), MODELS).startswith(
        "The program let it age out on "
    )
    actions.reopen_hand_over(waiting, by=bob.user)
    assert actions.accept_hand_over(waiting, by=bob.user).outcome == "accepted"
    assert names(workspace) == ["lead_handed_over", "lead_aged_out", "lead_reopened", "lead_accepted"]


def test_taking_an_acceptance_back_restores_both_owners(waiting, acme, bob, alice, workspace):
    actions.assign_hand_over(waiting, owner=alice.user, by=None)
    before = list(Company.objects.values())
    actions.accept_hand_over(waiting, by=bob.user)
    undone = actions.undo_hand_over(waiting, by=bob.user)
    assert (undone.outcome, undone.owner, undone.decided_at) == ("waiting", alice.user, None)
    assert list(Company.objects.values()) == before
    assert recorded(workspace, "lead_reopened")[0].properties["undone"] == "accepted"


def test_taken_back_it_lies_in_the_pool_when_who_had_it_before_has_left(waiting, bob, alice):
    actions.assign_hand_over(waiting, owner=alice.user, by=None)
    actions.accept_hand_over(waiting, by=bob.user)
    alice.user.memberships.all().delete()
    undone = actions.undo_hand_over(waiting, by=bob.user)
    assert (undone.outcome, undone.owner) == ("waiting", None)


@pytest.mark.parametrize("decide", ["reject_hand_over", "recycle_hand_over"])
def test_taking_back_another_decision_clears_its_reason(decide, waiting, bob):
    getattr(actions, decide)(waiting, reason="too small", by=bob.user)
    undone = actions.undo_hand_over(waiting, by=bob.user)
    assert (undone.outcome, undone.reason) == ("waiting", "")
    assert [move.what for move in undone.moves.order_by("pk")][-1] == "reopened"


def test_what_led_to_a_deal_is_not_taken_back_before_the_deal_is(waiting, bob):
    deal = actions.open_deal(waiting, by=bob.user)
    assert refusal_of(lambda: actions.undo_hand_over(waiting, by=bob.user), MODELS).startswith("A deal came of")
    actions.take_back_deal(deal, by=bob.user)
    waiting.refresh_from_db()
    assert waiting.outcome == "waiting"


def test_a_viewer_and_a_stranger_decide_nothing(waiting, workspace, charlie):
    viewer = Member("vera@halden.example", "Vera").joins(workspace, "viewer")
    for user in (viewer.user, charlie.user):
        for decide in (
            lambda by: actions.accept_hand_over(waiting, by=by),
            lambda by: actions.reject_hand_over(waiting, reason="x", by=by),
            lambda by: actions.recycle_hand_over(waiting, reason="x", by=by),
            lambda by: actions.reopen_hand_over(waiting, by=by),
            lambda by: actions.undo_hand_over(waiting, by=by),
            lambda by: actions.age_out_hand_over(waiting, at=clock.now(), by=by),
        ):
            assert "Only these roles" in refusal_of(lambda decide=decide, user=user: decide(user), MODELS)
