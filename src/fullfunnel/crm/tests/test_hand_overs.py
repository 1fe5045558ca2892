"""Handing over: one for each cause; colleagues join, and whoever asks again is not handed over twice."""

import pytest

from fullfunnel.core.refused import Refused
from fullfunnel.crm import actions
from fullfunnel.crm.models import HandOver, HandOverJoin, HandOverMove
from fullfunnel.crm.reasons import Reason
from fullfunnel.people.actions import assign_company, forget_person
from fullfunnel.people.record import contact_unknown
from tests.cases import outcomes_of
from tests.kit.outbox import recorded
from tests.kit.refusals import refusal_of

MODELS = [HandOver, HandOverMove, HandOverJoin]


def test_a_hand_over_has_a_row_a_move_and_an_event(known, acme, workspace, bob):
    assign_company(acme, owner=bob.user, by=None)
    why = [Reason("Asked for a demo", 40, "engagement"), Reason("380 beds", 40, "fit"), Reason("Austria", 80, "fit")]
    made = actions.hand_over(known[0], cause_event="e-1", why=why, form="Demo", by=None)
    assert (made.person, made.company, made.outcome, made.owner) == (known[0], acme, "waiting", bob.user)
    assert (made.fit, made.engagement, made.form) == (100, 40, "Demo")
    assert [move.what for move in made.moves.all()] == ["handed_over"]
    told = recorded(workspace, "lead_handed_over")
    assert [(each.company, each.actor, each.properties) for each in told] == [
        ("acme.example", "system", {"lead_id": made.public_id, "form": "Demo"})
    ]


def test_the_same_cause_again_changes_nothing(known, waiting):
    again = actions.hand_over(known[1], cause_event="form-1", why=[], by=None)
    assert again == waiting
    assert [model.objects.count() for model in MODELS] == [1, 1, 0]


def test_whoever_waits_and_asks_again_is_not_handed_over_twice(known, waiting, workspace):
    for cause in ("form-2", "form-3", "form-3"):
        assert actions.hand_over(known[0], cause_event=cause, why=["Asked again"], by=None) == waiting
    waiting.refresh_from_db()
    assert waiting.asked_again == 2
    assert [(row.kind, row.cause_event) for row in HandOverJoin.objects.all()] == [
        ("asked_again", "form-2"),
        ("asked_again", "form-3"),
    ]
    assert len(recorded(workspace, "lead_handed_over")) == 1


def test_a_colleague_joins_the_one_that_waits(known, waiting):
    assert actions.hand_over(known[1], cause_event="form-2", why=[], by=None) == waiting
    assert [(row.kind, row.person) for row in waiting.joins.all()] == [("joined", known[1])]
    assert HandOver.objects.get().asked_again == 0


def test_somebody_of_no_company_joins_nobody(known, waiting):
    actions.hand_over(known[2], cause_event="form-2", why=[], by=None)
    assert HandOver.objects.count() == 2


@pytest.mark.parametrize("decide", ["reject_hand_over", "recycle_hand_over"])
def test_whoever_was_sent_away_and_asks_is_handed_over_anew(decide, known, waiting):
    getattr(actions, decide)(waiting, reason="too small", by=None)
    again = actions.hand_over(known[0], cause_event="form-2", why=[], by=None)
    assert (again != waiting, again.outcome) == (True, "waiting")


def test_whoever_is_accepted_or_has_an_open_deal_asks_again_and_after_it_is_decided_is_handed_over(
    known, waiting, bob, stages, reason
):
    from fullfunnel.crm.said import Lost

    actions.accept_hand_over(waiting, by=bob.user)
    assert actions.hand_over(known[0], cause_event="form-2", why=[], by=None) == waiting
    deal = actions.open_deal(waiting, by=bob.user)
    assert actions.hand_over(known[0], cause_event="form-3", why=[], by=None) == waiting
    actions.move_deal(deal, to=stages["Lost"], lost=Lost(reason), by=bob.user)
    assert actions.hand_over(known[0], cause_event="form-4", why=[], by=None) != waiting
    waiting.refresh_from_db()
    assert waiting.asked_again == 2


def test_a_hand_over_needs_a_cause_somebody_who_is_known_and_a_member(known, acme, charlie):
    assert refusal_of(lambda: actions.hand_over(known[0], cause_event="", why=[], by=None), MODELS).startswith(
        "A hand-over names the event"
    )
    nobody = contact_unknown(acme)
    assert "nobody to hand over" in refusal_of(
        lambda: actions.hand_over(nobody, cause_event="a", why=[], by=None), MODELS
    )
    assert "Only these roles" in refusal_of(
        lambda: actions.hand_over(known[0], cause_event="a", why=[], by=charlie.user), MODELS
    )
    forget_person(known[2], by=None)
    assert isinstance(actions.hand_over(known[2], cause_event="a", why=[], by=None), Refused)


def test_told_as_history_it_has_its_time_and_is_not_live(known, workspace):
    from datetime import UTC, datetime

    from fullfunnel.core import clock

    then = datetime(2026, 3, 1, 9, tzinfo=UTC)
    made = actions.hand_over(known[0], cause_event="form-1", why=[], by=None, at=then)
    assert (made.handed_over_at, made.moves.get().at) == (then, then)
    (told,) = recorded(workspace, "lead_handed_over")
    assert (told.at, told.properties["is_history"]) == (clock.to_us(then), "true")


def test_a_hand_over_goes_to_a_member_and_back_into_the_pool(waiting, bob, charlie):
    assert actions.assign_hand_over(waiting, owner=bob.user, by=None).owner == bob.user
    assert refusal_of(lambda: actions.assign_hand_over(waiting, owner=charlie.user, by=None), MODELS) == (
        "Charlie is no member of this workspace; choose one who is."
    )
    assert actions.assign_hand_over(waiting, owner=None, by=None).owner is None
    assert [move.told for move in waiting.moves.filter(what="assigned")] == [
        {"from": None, "to": bob.user.pk},
        {"from": bob.user.pk, "to": None},
    ]


@pytest.mark.parametrize("name", ["ledger", "company_domains"])
def test_the_cases_of_others_are_answered(name, shared):
    outcomes = outcomes_of(shared(f"cases/selling/{name}.jsonl"))
    assert {outcome.name: outcome.wrong for outcome in outcomes if outcome.wrong} == {}
    assert len(outcomes) == {"ledger": 4, "company_domains": 22}[name]
