"""New lead: a known phone or mail decides who it is, a name alone only offers; one transaction, once for each cause."""

import re

import pytest

from fullfunnel.crm import actions
from fullfunnel.crm.actions.leads import Lead
from fullfunnel.crm.models import Activity, HandOver, HandOverJoin
from fullfunnel.events.models import Outbox
from fullfunnel.notices.models import Notice
from fullfunnel.people.actions import change_trait
from fullfunnel.people.models import Company, Person
from tests.kit.outbox import recorded
from tests.kit.refusals import refusal_of

HTMX = {"HX-Request": "true"}
MODELS = [HandOver, HandOverJoin, Person, Company, Outbox]
HERE = "/w/halden/new-lead/"


def lead(**said):
    return Lead(**{"name": "Lena Gruber", "contact": "+43 316 555 0142", "via": "phone", "cause": "new-lead-1"} | said)


def given(bob, **said):
    typed = {"name": "Lena Gruber", "contact": "0043 316 555 0142", "via": "fair", "goes_to": bob.user.public_id}
    return typed | {"cause": "new-lead-2", "person": "new"} | said


def test_somebody_new_is_made_handed_over_and_told_in_one_go(workspace, acme, bob):
    made = actions.add_lead(workspace, lead=lead(company=acme, about="Night shifts", owner=bob.user), by=bob.user)
    person = made.person
    assert (person.name, person.traits["phone"], person.company, person.is_identified) == (
        "Lena Gruber", "+43 316 555 0142", acme, True
    )  # fmt: skip
    assert (made.owner, made.why[0]["text"]) == (bob.user, "Called us: Night shifts")
    (told,) = recorded(workspace, "lead_handed_over")
    assert (told.properties["via"], told.properties["lead_id"]) == ("phone", made.public_id)
    assert actions.add_lead(workspace, lead=lead(), by=bob.user) == made


def test_whose_turn_it_is_gets_it_where_one_says_so_and_else_nobody_but_the_chosen_is_told(workspace, alice, bob):
    rules = {"by_turn": True, "when_late": "stays", "answer_minutes": 240, "age_out_days": 10}
    actions.set_sales_rules(workspace, **rules, hand_overs_a_month=None, status_days=None, by=None)
    mine = actions.add_lead(workspace, lead=lead(owner=alice.user), by=bob.user)
    assert (mine.owner, mine.owned_because) == (alice.user, "Bob gave it to Alice")
    pool = actions.add_lead(workspace, lead=lead(contact="+43 1 1234567", cause="new-lead-2"), by=bob.user)
    assert (pool.owner, pool.owned_because) == (None, "Bob gave it to the pool")
    assert set(Notice.objects.values_list("member__user__name", "subject")) == {("Alice", mine.public_id)}
    assert b"whose turn it is" in alice.client.get(HERE).content
    alice.client.post(HERE, given(bob, contact="+43 1 7654321", goes_to="rule", cause="new-lead-3"))
    ruled = HandOver.objects.latest("pk")
    assert (ruled.owner, ruled.owned_because) == (bob.user, "It is Bob's turn")


@pytest.mark.parametrize("written", ["+43 316 555 0142", "0043 (0)316/5550142"])
def test_a_known_number_decides_also_one_that_a_form_told(written, known, workspace, bob):
    change_trait(known[0], trait="phone", value="+43 (0)316 555 01 42", by=bob.user)
    made = actions.add_lead(workspace, lead=lead(contact=written), by=bob.user)
    known[0].refresh_from_db()
    assert (made.person, known[0].name, known[0].traits["phone"]) == (known[0], "Ada", "+43 (0)316 555 01 42")


def test_a_known_mail_decides_and_who_waits_asks_again(waiting, known, workspace, bob):
    made = actions.add_lead(workspace, lead=lead(contact="ADA@acme.example"), by=bob.user)
    assert (made, HandOver.objects.count(), made.asked_again) == (waiting, 1, 1)


def test_a_name_alone_makes_somebody_new_unless_they_are_chosen(known, workspace, bob):
    made = actions.add_lead(workspace, lead=lead(name="Cleo"), by=bob.user)
    assert made.person != known[2]
    chosen = actions.add_lead(
        workspace, lead=lead(name="Cleo", contact="+43 1 234567", person=known[2], cause="other-lead"), by=bob.user
    )
    known[2].refresh_from_db()
    assert (chosen.person, known[2].traits["phone"], known[2].email) == (known[2], "+43 1 234567", "cleo@gmail.com")


def test_what_is_no_lead_is_refused_and_nothing_changed(known, workspace, bob, charlie):
    for wrong, by, part in (
        (lead(contact="soon"), bob, "neither a telephone number nor a mail address"),
        (lead(name=" "), bob, "Say who it is"),
        (lead(via="pigeon"), bob, "is not one of phone, fair"),
        (lead(contact="ada@acme.example", person=known[2]), bob, "This is Ada's."),
        (lead(company_name="x" * 301), bob, "between 1 and 300"),
        (lead(), charlie, "Only these roles"),
    ):
        assert part in refusal_of(lambda w=wrong, b=by: actions.add_lead(workspace, lead=w, by=b.user), MODELS)


def test_a_referral_is_an_event_of_who_referred(known, workspace, bob):
    made = actions.add_lead(workspace, lead=lead(via="referral", referred_by=known[0]), by=bob.user)
    (told,) = recorded(workspace, "referral_converted")
    assert (told.user, told.properties["referred"]) == ("ada-1", made.person.public_id)


def test_the_form_saves_by_htmx_and_says_where_it_went(workspace, bob):
    answer = bob.client.post(HERE, given(bob), headers=HTMX)
    assert (answer.status_code, '"drawer-closes"' in answer.headers["HX-Trigger"]) == (200, True)
    assert "waits with Bob" in answer.content.decode()
    made = HandOver.objects.get()
    assert (made.owner, made.person.name) == (bob.user, "Lena Gruber")
    bob.client.post(HERE, given(bob), headers=HTMX)
    assert HandOver.objects.count() == 1


def test_a_new_company_is_made_of_what_was_typed_and_one_chosen_is_taken(acme, bob):
    bob.client.post(HERE, given(bob, **{"company.words": "Klinik Grünwald", "goes_to": "pool"}))
    bob.client.post(HERE, given(bob, contact="x@y.example", cause="other-cause", company=acme.pk, name="Uwe"))
    first, second = HandOver.objects.order_by("pk")
    assert (str(first.person.company), first.owner, second.person.company) == ("Klinik Grünwald", None, acme)


def test_without_javascript_whoever_is_called_so_is_offered_once(known, bob):
    typed = given(bob, name="Cleo")
    del typed["person"]
    asked = bob.client.post(HERE, typed)
    assert (asked.status_code, known[2].public_id in asked.content.decode(), HandOver.objects.count()) == (200, True, 0)
    bob.client.post(HERE, typed | {"person": known[2].public_id})
    assert HandOver.objects.get().person == known[2]


def test_while_typing_one_sees_who_it_may_be(waiting, known, bob):
    by_name = bob.client.get(f"{HERE}who/?name=Ada&contact=").content.decode()
    assert (known[0].public_id in by_name, "same?" in by_name, ">Save<" in by_name) == (True, True, True)
    by_mail = bob.client.get(f"{HERE}who/?name=Ada&contact=ada@acme.example").content.decode()
    assert ("Save to Ada" in by_mail, "Ada waits already" in by_mail) == (True, True)
    assert "People who fit" in bob.client.get(f"{HERE}who/").content.decode()


def test_add_another_answers_with_an_empty_form_that_keeps_where_from_and_to_whom(known, alice, bob):
    said = given(bob, name="Cleo Klein", contact="+43 1 234567", via="fair", goes_to="pool", again="1")
    answer = bob.client.post(HERE, said, headers=HTMX | {"HX-Target": "drawer-body"})
    text = answer.content.decode()
    assert (answer.status_code, "HX-Reswap" in answer.headers, HandOver.objects.count()) == (200, False, 1)
    assert "<strong>Cleo Klein</strong>" in text.split("innerHTML:#toast")[1]
    assert re.search(r'value="fair"[^>]*checked', text)
    assert 'value="pool"\n    selected' in text
    assert said["cause"] not in text
    answer = bob.client.post(HERE, said | {"cause": "other-lead-2", "name": "Carl Klein", "contact": "+43 1 999999"})
    assert answer.headers["Location"] == f"{HERE}?via=fair&goes_to=pool"
    assert re.search(r'value="fair"[^>]*checked', bob.client.get(answer.headers["Location"]).content.decode())
    assert bob.client.get(f"{HERE}?via=theft").status_code == 200


def test_wrong_contacts_stand_beside_their_field_and_a_shop_has_no_such_page(workspace, bob):
    wrong = bob.client.post(HERE, given(bob, contact="soon"))
    assert (wrong.status_code, "neither a telephone number" in wrong.content.decode()) == (422, True)
    assert HandOver.objects.count() == 0
    workspace.sells = "online"
    workspace.save()
    assert bob.client.get(HERE).status_code == 404


def test_a_call_from_a_persons_page_is_asked_about_and_logged(known, bob):
    change_trait(known[0], trait="phone", value="+43 316 555 0142", by=bob.user)
    panel = bob.client.get(f"/w/halden/people/{known[0].public_id}/sales/").content.decode()
    here = f"/w/halden/people/{known[0].public_id}/sales/call/"
    assert ('href="tel:+433165550142"' in panel, f'data-called="{here}"' in panel) == (True, True)
    assert "Voicemail" in bob.client.get(here).content.decode()
    assert bob.client.post(here, {"outcome": "Sang"}).status_code == 422
    said = {"outcome": "Reached", "next_step": "Send it", "next_on": "2099-12-01"}
    assert bob.client.post(here, said, headers=HTMX).headers["HX-Trigger"] == "drawer-closes, work-changed"
    assert [(row.person, row.tasks.get().title) for row in Activity.objects.all()] == [(known[0], "Send it")]


def test_a_review_and_a_reference_are_told_and_half_of_it_is_refused(known, workspace, bob):
    here = f"/w/halden/people/{known[0].public_id}/sales/advocacy/"
    said = [
        {"advocate-what": "review", "advocate-rating": "5"},
        {"advocate-what": "reference"},
        {"advocate-what": "referred", "advocate-referred_by": known[1].public_id},
    ]
    assert [bob.client.post(here, each).status_code for each in said] == [200, 200, 200]
    names = ("review_submitted", "reference_agreed", "referral_converted")
    told = [recorded(workspace, name)[0] for name in names]
    assert [each.user for each in told] == ["ada-1", "ada-1", "ben-1"]
    assert (told[0].properties["rating"], told[2].properties["referred"]) == ("5", known[0].public_id)
    before = Outbox.objects.count()
    wrong = [{"advocate-what": "review"}, {"advocate-what": "referred"}, {"advocate-what": "bribe"}]
    assert [bob.client.post(here, each).status_code for each in wrong] == [422, 422, 422]
    assert Outbox.objects.count() == before
