"""Deals are opened, joined by colleagues instead of opened twice, and taken back without a trace on people and companies."""

from datetime import date, timedelta
from decimal import Decimal

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.crm import actions
from fullfunnel.crm.models import Deal, DealMove, DealPerson, HandOver, HandOverMove, LostReason, Pipeline
from fullfunnel.crm.pipelines import pipelines_of, stages_of
from fullfunnel.events.models import Outbox
from fullfunnel.people.models import Company, Person
from fullfunnel.workspaces.actions import set_how_you_sell
from tests.kit.outbox import recorded
from tests.kit.refusals import refusal_of

MODELS = [Deal, DealMove, DealPerson, HandOver, HandOverMove, Outbox, Company]
DETAILS = {
    "name": "Acme, two sites", "amount": "19200.5", "currency": "eur", "closes_on": "2026-12-18",
    "need": "Night shifts stay unfilled", "bant": "budget", "bant_text": "20,000", "bant_is_assumed": True,
}  # fmt: skip


def test_opening_from_one_that_waits_accepts_first(waiting, known, acme, bob, workspace):
    deal = actions.open_deal(waiting, details=DETAILS, by=bob.user)
    assert (deal.name, deal.amount, deal.currency, deal.closes_on) == (
        "Acme, two sites", Decimal("19200.5000"), "EUR", date(2026, 12, 18)
    )  # fmt: skip
    assert (deal.company, deal.owner, deal.stage.name, deal.state) == (acme, bob.user, "Discovery", "open")
    assert (deal.need_is_assumed, deal.bant, deal.bant_is_assumed) == (False, "budget", True)
    waiting.refresh_from_db()
    assert (waiting.outcome, waiting.owner, waiting.deal, deal.hand_over) == ("accepted", bob.user, deal, waiting)
    assert [role.person for role in deal.people.all()] == [known[0]]
    assert [(move.kind, move.to_stage.name, move.amount) for move in deal.moves.all()] == [
        ("created", "Discovery", Decimal("19200.5000"))
    ]
    told = recorded(workspace, "deal_created")[0]
    assert (told.user, told.company, told.deal, told.actor) == ("ada-1", "acme.example", deal.public_id, "us")
    said = {"deal_id", "lead_id", "amount", "currency", "closes_on", "pipeline", "stage", "by"}
    assert (told.properties.keys(), told.properties["amount"]) == (said, "19200.5")


def test_a_colleague_joins_the_companys_one_open_deal(waiting, known, bob, workspace):
    deal = actions.open_deal(waiting, by=bob.user)
    later = actions.hand_over(known[1], cause_event="form-2", why=[], by=None)
    assert later != waiting
    assert actions.open_deal(later, by=bob.user) == deal
    assert [role.person for role in deal.people.order_by("pk")] == [known[0], known[1]]
    later.refresh_from_db()
    assert (later.outcome, later.deal, Deal.objects.count()) == ("accepted", deal, 1)
    (added,) = recorded(workspace, "deal_contact_added")
    assert (added.user, added.deal) == ("ben-1", deal.public_id)


def test_of_several_open_deals_it_asks_which(waiting, known, acme, bob):
    first = actions.open_deal(acme, by=bob.user)
    second = actions.open_deal(acme, details={"name": "Second site"}, is_new=True, by=bob.user)
    asked = actions.open_deal(waiting, by=bob.user)
    assert isinstance(asked, Refused)
    assert asked.choices == ((first.public_id, "Acme"), (second.public_id, "Second site"))
    waiting.refresh_from_db()
    assert waiting.outcome == "waiting"
    assert refusal_of(lambda: actions.open_deal(waiting, by=bob.user), MODELS).startswith("Several deals are open")
    assert actions.open_deal(waiting, join=second, by=bob.user) == second


def test_of_a_company_without_anybody_its_contact_unknown_tells(acme, bob, workspace):
    deal = actions.open_deal(acme, by=bob.user)
    assert recorded(workspace, "deal_created")[0].contact_of == "acme.example"
    assert deal.people.count() == 0


def test_a_deal_taken_back_within_an_hour_leaves_people_and_companies_as_they_were(waiting, known, bob, workspace):
    before = [list(Person.objects.order_by("pk").values()), list(Company.objects.values())]
    deal = actions.open_deal(waiting, details=DETAILS, by=bob.user)
    taken = actions.take_back_deal(deal, by=bob.user)
    assert taken.taken_back_at is not None
    assert [list(Person.objects.order_by("pk").values()), list(Company.objects.values())] == before
    waiting.refresh_from_db()
    assert (waiting.outcome, waiting.owner, waiting.deal) == ("waiting", None, None)
    assert [move.kind for move in deal.moves.order_by("pk")] == ["created", "taken_back"]
    assert [each.name for each in recorded(workspace)][-2:] == ["deal_taken_back", "lead_reopened"]
    assert refusal_of(lambda: actions.assign_deal(deal, owner=None, by=bob.user), MODELS) == "This deal was taken back."


def test_what_was_accepted_before_stays_accepted(waiting, bob):
    actions.accept_hand_over(waiting, by=bob.user)
    actions.take_back_deal(actions.open_deal(waiting, by=bob.user), by=bob.user)
    waiting.refresh_from_db()
    assert (waiting.outcome, waiting.owner) == ("accepted", bob.user)


def test_after_an_hour_or_a_decision_a_deal_is_not_taken_back(acme, bob, stages):
    deal = actions.open_deal(acme, by=bob.user)
    with clock.frozen(clock.now() + timedelta(minutes=61)):
        assert "within an hour" in refusal_of(lambda: actions.take_back_deal(deal, by=bob.user), MODELS)
    actions.move_deal(deal, to=stages["Won"], by=bob.user)
    assert "is decided" in refusal_of(lambda: actions.take_back_deal(deal, by=bob.user), MODELS)


def test_details_that_no_deal_has_are_refused_before_anything_is_written(waiting, bob):
    for details, part in [
        ({"amount": "lots"}, "“lots” is no amount"),
        ({"amount": "-1"}, "is no amount"),
        ({"amount": "1", "currency": "euros"}, "is no currency"),
        ({"closes_on": "18.12."}, "is no day"),
        ({"bant": "luck"}, "is not one of"),
        ({"owner": "Bob"}, "A deal has no owner"),
    ]:
        sentence = refusal_of(lambda details=details: actions.open_deal(waiting, details=details, by=bob.user), MODELS)
        assert part in sentence


def test_what_was_rejected_opens_nothing(waiting, bob):
    actions.reject_hand_over(waiting, reason="too small", by=bob.user)
    assert "reopen it first" in refusal_of(lambda: actions.open_deal(waiting, by=bob.user), MODELS)


def test_how_one_sells_makes_the_pipeline(workspace, acme, bob):
    assert [s.name for s in stages_of(pipelines_of(workspace)[0])] == [
        "Discovery", "Demo", "Proposal", "Negotiation", "Won", "Lost"
    ]  # fmt: skip
    assert len(pipelines_of(workspace)) == 1
    set_how_you_sell(workspace, to="households", by=None)
    [added] = pipelines_of(workspace)
    assert [(s.name, s.kind, s.wins_after_days) for s in stages_of(added)][4:] == [
        ("Signed", "open", 14), ("Lost", "lost", None), ("Installed", "won", None)
    ]  # fmt: skip


def test_a_pipeline_that_was_used_or_changed_stays_when_one_sells_otherwise(workspace, acme, stages, bob):
    actions.take_back_deal(actions.open_deal(acme, by=bob.user), by=bob.user)
    set_how_you_sell(workspace, to="households", by=None)
    assert [each.name for each in pipelines_of(workspace)] == ["Sales", "Sales to households"]
    [_, households] = pipelines_of(workspace)
    stage = stages_of(households)[0]
    stage.name = "Call"
    stage.save()
    set_how_you_sell(workspace, to="online", by=None)
    assert [each.name for each in pipelines_of(workspace)] == ["Sales", "Sales to households"]


def test_looking_makes_nothing(workspace, alice):
    Pipeline.objects.all().delete()
    LostReason.objects.all().delete()
    for page in ("deals/", "deals/list/", "settings/sales/", "inbox/"):
        assert alice.client.get(f"/w/halden/{page}").status_code == 200
    assert (Pipeline.objects.count(), LostReason.objects.count()) == (0, 0)


def test_a_shop_has_no_pipeline_and_opens_no_deal(workspace, acme, bob):
    set_how_you_sell(workspace, to="online", by=None)
    assert "There is no pipeline" in refusal_of(lambda: actions.open_deal(acme, by=bob.user), MODELS)
    assert Pipeline.objects.count() == 0
