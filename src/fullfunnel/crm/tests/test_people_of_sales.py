"""Sellers' rows follow their person: duplicates end with a merge and come back, and a deal outlives who is erased."""

from decimal import Decimal

from fullfunnel.crm import actions
from fullfunnel.crm.models import Activity, Deal, DealMove, DealPerson, HandOver, Task
from fullfunnel.crm.said import Done, Lost
from fullfunnel.events.event import Arrival
from fullfunnel.events.store import open_store
from fullfunnel.people.actions import forget_person, merge_people, unmerge_people
from fullfunnel.people.models import Merge
from tests.kit.cast import drain, send
from tests.kit.outbox import recorded


def test_of_two_that_wait_the_later_is_rejected_as_duplicate_and_waits_again_when_the_merge_is_taken_back(
    known, waiting, workspace
):
    ada, _, cleo = known
    later = actions.hand_over(cleo, cause_event="form-2", why=[], by=None)
    merge_people(ada, loser=cleo, by=None)
    later.refresh_from_db()
    waiting.refresh_from_db()
    assert (later.person, later.outcome, later.reason) == (ada, "rejected", "duplicate")
    assert waiting.outcome == "waiting"
    assert recorded(workspace, "lead_rejected")[0].properties["reason"] == "duplicate"
    unmerge_people(Merge.objects.get(), by=None)
    later.refresh_from_db()
    assert (later.person, later.outcome, later.reason, later.decided_at) == (cleo, "waiting", "", None)
    assert [move.what for move in later.moves.order_by("pk")] == ["handed_over", "rejected", "reopened"]


def test_what_waits_beside_one_that_was_rejected_goes_on_waiting(known, waiting):
    ada, _, cleo = known
    actions.reject_hand_over(waiting, reason="too small", by=None)
    later = actions.hand_over(cleo, cause_event="form-2", why=[], by=None)
    merge_people(ada, loser=cleo, by=None)
    later.refresh_from_db()
    assert later.outcome == "waiting"


def test_who_had_a_part_in_one_deal_as_two_has_one_and_two_again_when_they_are_two(known, waiting, bob):
    ada, ben, _ = known
    deal = actions.open_deal(waiting, by=bob.user)
    actions.add_person_to_deal(deal, person=ben, role="Decides", by=bob.user)
    before = list(DealPerson.objects.order_by("person").values_list("person", "role", "added_at"))
    merge_people(ada, loser=ben, by=None)
    assert [row.person for row in deal.people.all()] == [ada]
    unmerge_people(Merge.objects.get(), by=None)
    assert list(DealPerson.objects.order_by("person").values_list("person", "role", "added_at")) == before


def events(name):
    return open_store().ask(lambda d: f"SELECT * FROM events WHERE name = '{name}' ORDER BY seq")


def test_erasing_somebody_on_a_won_deal_leaves_the_deal_and_its_amounts_with_the_contact_unknown(
    known, waiting, bob, stages, acme
):
    ada, ben, _ = known
    deal = actions.open_deal(waiting, details={"amount": "9600"}, by=bob.user)
    actions.add_person_to_deal(deal, person=ben, by=bob.user)
    for about in (ada, ben):
        actions.log_activity(deal, done=Done("call", text="Talked"), person=about, by=bob.user)
        actions.add_task(about, title="Call", by=bob.user)
    actions.move_deal(deal, to=stages["Won"], by=bob.user)
    drain()
    (won,) = events("deal_won")
    forget_person(ada, by=None)
    drain()
    deal.refresh_from_db()
    assert (deal.state, deal.amount, deal.hand_over) == ("won", Decimal("9600.0000"), None)
    assert HandOver.objects.count() == 0
    assert [row.person for row in DealPerson.objects.all()] == [ben]
    assert [row.person for row in Activity.objects.all()] == [ben]
    assert [row.person for row in Task.objects.all()] == [ben]
    assert all(move.about.is_contact_unknown for move in DealMove.objects.all())
    (again,) = events("deal_won")
    same = ("deal_id", "company_id", "revenue", "currency", "occurred_at", "name")
    assert [again[name] for name in same] == [won[name] for name in same]
    assert again["identity_id"] != won["identity_id"]
    assert len(events("deal_created")) == 1
    assert Deal.objects.count() == 1


def test_a_deal_of_another_program_is_told_again_under_its_own_id(known, server, acme):
    at = 1_767_268_800_000_000
    send(
        server,
        [
            Arrival(
                name="deal_won", at=at, id="w", user="ada-1", deal="D-1", company="acme.example",
                properties={"revenue": "100.00", "currency": "EUR"},
            )
        ],
    )  # fmt: skip
    drain()
    forget_person(known[0], by=None)
    drain()
    assert [(row["deal_id"], row["revenue"], row["currency"]) for row in events("deal_won")] == [
        ("D-1", Decimal("100.0000"), "EUR")
    ]
    assert [(deal.external_id, deal.state) for deal in Deal.objects.all()] == [("D-1", "won")]


def test_the_name_of_who_is_erased_goes_from_what_was_written_of_the_deal(known, bob, stages, reason):
    cleo = known[2]
    said = {"need": "cleo@gmail.com wrote: no rosters", "next_step": "Call CLEO and Ben"}
    deal = actions.open_deal(cleo, details=said, by=bob.user)
    assert deal.name == "Cleo"
    lost = Lost(reason, text="Cleo said no")
    actions.move_deal(deal, to=stages["Lost"], lost=lost, reason="Cleo called", by=bob.user)
    forget_person(cleo, by=None)
    deal.refresh_from_db()
    assert (deal.name, deal.need, deal.next_step) == ("somebody", "somebody wrote: no rosters", "Call somebody and Ben")
    assert deal.lost_text == "somebody said no"
    move = deal.moves.order_by("pk").last()
    assert (move.reason, move.told["text"]) == ("somebody called", "somebody said no")
