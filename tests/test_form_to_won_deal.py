"""The first whole road: a stranger fills in a form, a seller takes it from there, and one stream tells all of it about one person."""

from fullfunnel.crm import actions
from fullfunnel.crm.models import HandOver
from fullfunnel.crm.pipelines import default_pipeline, stages_of
from fullfunnel.crm.reading import waiting_hand_overs
from fullfunnel.crm.said import Done
from fullfunnel.events.store import open_store
from fullfunnel.forms.tests.kit import LENA, Browser, published
from fullfunnel.people.models import Identity
from tests.kit.cast import drain


def told_of(person):
    ids = ", ".join(str(pk) for pk in Identity.objects.filter(person=person).values_list("pk", flat=True))
    rows = open_store().ask(lambda d: f"SELECT * FROM events WHERE identity_id IN ({ids}) ORDER BY occurred_at, seq")
    return [row for row in rows if row["name"].startswith(("form_submitted", "lead_", "deal_", "activity_"))]


def test_a_form_becomes_a_won_deal_of_the_same_person(workspace, bob):
    browser = Browser(published(workspace))
    browser.opens("?utm_source=linkedin&utm_medium=paid-social")
    browser.sends(LENA)
    browser.sends(LENA)
    (lead,) = waiting_hand_overs(workspace)
    assert (lead.person.email, lead.form, lead.asked_again) == (LENA["f.email"], "Contact", 0)
    accepted = actions.accept_hand_over(lead, by=bob.user)
    actions.log_activity(lead.person, done=Done("call", outcome="reached"), by=bob.user)
    deal = actions.open_deal(accepted, details={"amount": "9600"}, by=bob.user)
    stages = {stage.name: stage for stage in stages_of(default_pipeline(workspace))}
    actions.move_deal(deal, to=stages["Demo"], by=bob.user)
    actions.move_deal(deal, to=stages["Won"], by=bob.user)
    drain()
    told = told_of(lead.person)
    assert [row["name"] for row in told if row["name"] != "form_submitted"] == [
        "lead_handed_over", "lead_accepted", "activity_logged", "deal_created", "deal_stage_changed", "deal_won"
    ]  # fmt: skip
    names = {row["name"]: row for row in told}
    assert (str(names["deal_won"]["revenue"]), names["deal_won"]["deal_id"]) == ("9600.0000", deal.public_id)
    assert names["lead_handed_over"]["properties"]["lead_id"] == lead.public_id
    assert "form_submitted" in names
    assert HandOver.objects.count() == 1
