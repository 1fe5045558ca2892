"""A deal that showed something is removed for good, but not one that somebody else is on."""

from fullfunnel.crm import actions
from fullfunnel.crm.models import Activity, Deal, DealMove, DealPerson, HandOver, Task
from fullfunnel.crm.said import Done
from fullfunnel.workspaces.models import AuditEntry
from tests.kit.refusals import refusal_of

MODELS = [Deal, DealMove, DealPerson, Task, Activity]


def test_a_deal_of_one_person_goes_with_all_that_hangs_on_it(waiting, known, bob, stages):
    deal = actions.open_deal(waiting, details={"amount": "9600"}, by=bob.user)
    actions.add_task(deal, title="Send the contract", by=bob.user)
    actions.log_activity(deal, done=Done("call"), by=bob.user)
    actions.move_deal(deal, to=stages["Won"], by=bob.user)
    actions.discard_deal(deal, of=known[0], by=bob.user)
    assert [model.objects.count() for model in MODELS] == [0] * len(MODELS)
    assert HandOver.objects.get().deal is None
    assert AuditEntry.objects.filter(action="discard_deal").count() == 1


def test_a_deal_that_somebody_else_is_on_stays(waiting, known, bob):
    deal = actions.open_deal(waiting, by=bob.user)
    actions.add_person_to_deal(deal, person=known[1], by=bob.user)
    said = refusal_of(lambda: actions.discard_deal(deal, of=known[0], by=bob.user), MODELS)
    assert said == "Somebody else is on this deal: it stays."
