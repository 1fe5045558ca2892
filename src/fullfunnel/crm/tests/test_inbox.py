"""The inbox: who stands where, what a row and a record say, and what each act answers."""

import json
from datetime import date, timedelta

import pytest

from fullfunnel.core import clock
from fullfunnel.crm import actions
from fullfunnel.crm.models import Activity, Deal, HandOver, HandOverMove, Task
from fullfunnel.crm.reasons import ENGAGEMENT, FIT, Reason
from fullfunnel.events.models import Outbox
from fullfunnel.people.models import Company
from tests.kit.cast import Member

HERE = "/w/halden/inbox/"
HTMX = {"HX-Request": "true"}
MODELS = [HandOver, HandOverMove, Deal, Activity, Task, Outbox, Company]
WHY = [
    Reason("380 beds", 40, FIT),
    Reason("Asked for a demo", 40, ENGAGEMENT),
    Reason("Price page twice", 20, ENGAGEMENT),
]


@pytest.fixture
def lead(known):
    """Ada's hand-over, with a score and a form, in the pool."""
    return actions.hand_over(known[0], cause_event="form-1", why=WHY, by=None, form="Demo")


@pytest.fixture
def cleos(known, bob):
    """Cleo's hand-over, Bob's."""
    made = actions.hand_over(known[2], cause_event="form-2", why=["Wrote a mail"], by=None)
    return actions.assign_hand_over(made, owner=bob.user, by=None)


def page(member, address=HERE):
    answer = member.client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def act(member, one, name, **data):
    return member.client.post(f"{HERE}{one.public_id}/{name}/?tab=pool", data, headers=HTMX)


def rows():
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


def test_each_stands_under_its_tab_and_the_tabs_have_counts(lead, cleos, bob, alice):
    assert "Cleo" in page(bob)
    for tab, shown, hidden in (("mine", "Cleo", "Ada"), ("pool", "Ada", "Cleo")):
        listed = page(bob, f"{HERE}?tab={tab}").split('class="inbox-rows"')[1].split("</ol>")[0]
        assert (shown in listed, hidden in listed) == (True, False)
    everything = page(alice, f"{HERE}?tab=all").split('class="inbox-rows"')[1].split("</ol>")[0]
    assert everything.index("Cleo") < everything.index("Ada")
    assert "<strong>1 waits for you</strong>, 1 in the pool. In the whole team 2 wait." in page(bob)
    assert "<strong>Nobody waits for you</strong>, 1 in the pool. In the whole team 2 wait." in page(alice)


def test_the_order_is_by_choice(lead, cleos, alice):
    for sort, first in (("newest", "Cleo"), ("longest", "Ada"), ("score", "Ada")):
        listed = page(alice, f"{HERE}?tab=all&sort={sort}").split('class="inbox-rows"')[1]
        assert min(("Ada", "Cleo"), key=listed.index) == first, sort


def test_a_row_says_who_why_from_where_and_how_long(known, lead, bob):
    actions.hand_over(known[0], cause_event="form-3", why=["Asked for a price"], by=None)
    actions.hand_over(known[1], cause_event="form-4", why=["Asked too"], by=None)
    HandOver.objects.update(handed_over_at=clock.now() - timedelta(hours=26))
    listed = page(bob, f"{HERE}?tab=pool").split('class="inbox-rows"')[1].split("</ol>")[0]
    for said in ("Ada", "Acme", "380 beds; Asked for a demo; Price page twice", "asked again", "+1 joined"):
        assert said in listed, said
    assert 'aria-label="Fit 40, engagement 60"' in listed
    assert "Waits 1 d 2 h" in listed


def test_the_reasons_of_a_record_add_up(known, bob):
    why = [Reason("Many beds", 70, FIT), Reason("Decides", 50, FIT), Reason("Demo", 40, ENGAGEMENT)]
    one = actions.hand_over(known[0], cause_event="form-1", why=why, by=None)
    shown = page(bob, f"{HERE}{one.public_id}/").split("Why now")[1].split("What they did")[0]
    assert '<dt>Fit</dt><dd class="num">100</dd>' in shown
    assert "+70" in shown
    assert "+50" in shown
    assert 'counts up to 100</dt> <dd class="num muted">-20</dd>' in shown


def test_the_company_that_somebody_wrote_stands_there_until_it_is_known_which_one_it_is(known, cleos, bob):
    cleo = known[2]
    cleo.traits |= {"company_name": "Klinik Grünwald"}
    cleo.save(update_fields=["traits"])
    shown = page(bob, f"{HERE}{cleos.public_id}/")
    listed = shown.split('class="inbox-rows"')[1].split("</ol>")[0]
    assert '<span class="truncate">Klinik Grünwald</span>' in listed
    assert "wrote that they are from Klinik Grünwald" in shown
    assert cleos.company is None


def test_a_record_has_links_to_call_and_write_and_the_timeline(known, lead, bob):
    ada = known[0]
    ada.traits |= {"phone": "+43 316 555-0142", "title": "Head of nursing"}
    ada.save(update_fields=["traits"])
    shown = page(bob, f"{HERE}{lead.public_id}/")
    assert 'href="tel:+433165550142"' in shown
    assert 'href="mailto:ada@acme.example"' in shown
    assert f'hx-get="/w/halden/people/{ada.public_id}/timeline/"' in shown
    assert "Head of nursing at" in shown
    assert "Form: Demo" in shown


def test_a_fragment_is_answered_to_htmx_alone(lead, bob):
    answer = bob.client.get(f"{HERE}{lead.public_id}/", headers=HTMX | {"HX-Target": "inbox-record"})
    assert b"<html" not in answer.content
    assert b"Why now" in answer.content


def test_from_where_is_said_after_the_list_stands(ada, known, lead, bob):
    ada.visits("/pricing?utm_source=google&utm_medium=cpc")
    answer = bob.client.get(f"{HERE}came-from/?ids={lead.public_id},nobody").content.decode()
    assert f'hx-swap-oob="innerHTML:#from-{lead.public_id}"' in answer
    assert ">Paid Search<" in answer
    assert "sheet-from" not in answer
    beside = bob.client.get(f"{HERE}came-from/?ids={lead.public_id}&sheet=1").content.decode()
    assert f'hx-swap-oob="innerHTML:#sheet-from-{lead.public_id}"' in beside
    assert f"#from-{lead.public_id}" not in beside


def test_accepting_answers_with_the_row_the_counts_and_undo(lead, bob):
    answer = act(bob, lead, "accept")
    said = " ".join(answer.content.decode().split())
    lead.refresh_from_db()
    assert (answer.status_code, lead.outcome, lead.owner) == (200, "accepted", bob.user)
    assert f'id="row-{lead.public_id}"' in said
    assert "accepted by Bob" in said
    assert 'Pool <span class="num">0</span>' in said
    assert "<strong>Ada</strong> accepted" in said
    assert f'hx-post="{HERE}{lead.public_id}/undo/?tab=pool"' in said
    address = f"{HERE}{lead.public_id}/?tab=pool&sort=newest"
    assert json.loads(answer.headers["HX-Trigger"]) == {
        "inbox-answered": {"id": lead.public_id, "goesOn": True, "address": address}
    }
    assert "accepted by Bob" in page(bob, f"{HERE}?tab=decided")


def test_undo_lets_it_wait_again(lead, bob):
    act(bob, lead, "accept")
    answer = act(bob, lead, "undo")
    lead.refresh_from_db()
    assert (lead.outcome, lead.owner) == ("waiting", None)
    assert "waits again" in answer.content.decode()
    assert json.loads(answer.headers["HX-Trigger"])["inbox-answered"]["goesOn"] is False


def test_a_claim_lost_says_who_and_when_and_the_cursor_goes_on(lead, bob, alice):
    with clock.frozen(clock.now().replace(year=2026, month=11, day=30, hour=9, minute=12)):
        actions.accept_hand_over(lead, by=alice.user)
    before = rows()
    answer = act(bob, lead, "accept")
    assert (answer.status_code, rows() == before) == (422, True)
    assert "Alice accepted it on Monday, 30 November, 10:12." in answer.content.decode()
    assert "accepted by Alice" in answer.content.decode()


def test_rejecting_takes_a_reason_of_the_list_and_words(lead, bob):
    before = rows()
    answer = act(bob, lead, "reject")
    assert (answer.status_code, rows() == before) == (422, True)
    assert 'id="act-reject-form"' in answer.content.decode()
    assert "Say why, in at most 300 characters." in answer.content.decode()
    assert act(bob, lead, "reject", reason="Too small", words="4 beds").status_code == 200
    lead.refresh_from_db()
    assert (lead.outcome, lead.reason) == ("rejected", "Too small: 4 beds")


def test_recycling_says_until_when(lead, bob):
    assert act(bob, lead, "recycle", reason="Too early", until="never").status_code == 422
    assert act(bob, lead, "recycle", reason="Too early", until="2027-03-01").status_code == 200
    lead.refresh_from_db()
    assert (lead.outcome, lead.reason, lead.recycled_until) == ("recycled", "Too early", date(2027, 3, 1))


def test_an_owner_is_assigned_and_taken_back(lead, bob, alice):
    before = rows()
    assert act(bob, lead, "assign", owner="999").status_code == 422
    assert rows() == before
    answer = act(bob, lead, "assign", owner=str(alice.user.pk))
    assert "is given to Alice" in answer.content.decode()
    lead.refresh_from_db()
    assert lead.owner == alice.user
    act(bob, lead, "undo-assign")
    lead.refresh_from_db()
    assert lead.owner is None
    before = rows()
    actions.assign_hand_over(lead, owner=bob.user, by=None)
    actions.assign_hand_over(lead, owner=None, by=None)
    actions.accept_hand_over(lead, by=bob.user)
    before = rows()
    assert act(bob, lead, "undo-assign").status_code == 422
    assert rows() == before


def test_a_deal_needs_what_they_need_and_one_thing_more(lead, bob):
    before = rows()
    answer = act(bob, lead, "deal", need="Night shifts stay unfilled")
    assert (answer.status_code, rows() == before) == (422, True)
    said = {"need": "Night shifts stay unfilled", "bant": "timing", "bant_text": "by March", "bant_is_assumed": "on"}
    assert act(bob, lead, "deal", **said).status_code == 200
    deal = Deal.objects.get()
    assert (deal.need, deal.need_is_assumed, deal.bant, deal.bant_is_assumed) == (said["need"], False, "timing", True)
    lead.refresh_from_db()
    assert (lead.outcome, lead.deal) == ("accepted", deal)
    act(bob, lead, "undo-deal")
    deal.refresh_from_db()
    lead.refresh_from_db()
    assert (deal.taken_back_at is None, lead.outcome, lead.deal) == (False, "waiting", None)


def test_of_several_open_deals_one_is_chosen_and_joining_is_not_taken_back(lead, acme, bob):
    first = actions.open_deal(acme, by=bob.user, details={"name": "Beds"})
    actions.open_deal(acme, by=bob.user, details={"name": "Wards"}, is_new=True)
    said = {"need": "x", "bant": "timing", "bant_text": "y"}
    before = rows()
    answer = act(bob, lead, "deal", **said)
    assert (answer.status_code, rows() == before) == (422, True)
    assert f'name="join" value="{first.public_id}"' in answer.content.decode()
    answer = act(bob, lead, "deal", **said, join=first.public_id)
    assert "joined the deal Beds" in answer.content.decode()
    assert "data-undo" not in answer.content.decode()
    before = rows()
    assert act(bob, lead, "undo-deal").status_code == 422
    assert rows() == before


def test_a_call_is_logged_with_its_next_step(lead, bob):
    act(bob, lead, "call", outcome="Reached", text="Wants an offer", next_step="Send the offer", next_on="2026-12-03")
    (call,) = Activity.objects.all()
    (task,) = Task.objects.all()
    assert (call.kind, call.outcome, call.text, call.person) == ("call", "Reached", "Wants an offer", lead.person)
    assert (task.title, task.due_at.isoformat()) == ("Send the offer", "2026-12-03T08:00:00+00:00")
    before = rows()
    assert act(bob, lead, "call", outcome="Reached", next_step="x" * 301).status_code == 422
    assert rows() == before


def test_what_another_program_keeps_says_where_and_can_be_taken_over(lead, server, bob):
    HandOver.objects.update(is_kept_elsewhere=True, source=server)
    shown = page(bob, f"{HERE}{lead.public_id}/?tab=all")
    assert "Kept in Server." in shown
    assert 'data-hotkey="a"' not in shown
    before = rows()
    assert "This hand-over is kept in Server" in act(bob, lead, "accept").content.decode()
    assert rows() == before
    assert act(bob, lead, "take-over").status_code == 200
    assert act(bob, lead, "accept").status_code == 200


def test_without_javascript_an_act_redirects_to_who_is_next(lead, bob):
    answer = bob.client.post(f"{HERE}{lead.public_id}/accept/?tab=pool")
    assert (answer.status_code, answer.url) == (302, f"{HERE}?tab=pool&sort=newest")
    assert "<strong>Ada</strong> accepted" in page(bob, answer.url)
    answer = bob.client.post(f"{HERE}{lead.public_id}/reject/?tab=pool", {"reason": "Too small"})
    assert "Bob accepted it on " in page(bob, answer.url)


def test_a_viewer_looks_and_decides_nothing(lead, workspace):
    viewer = Member("vera@halden.example", "Vera").joins(workspace, "viewer")
    shown = page(viewer, f"{HERE}{lead.public_id}/")
    assert ("Why now" in shown, "data-hotkey" in shown) == (True, False)
    before = rows()
    for name in ("accept", "reject", "recycle", "assign", "deal", "call", "take-over", "undo", "undo-deal"):
        assert act(viewer, lead, name, reason="x").status_code == 403
    assert rows() == before


def test_another_workspaces_hand_over_is_not_there(lead, charlie):
    before = rows()
    assert charlie.client.get(f"/w/elsewhere/inbox/{lead.public_id}/").status_code == 404
    assert charlie.client.post(f"/w/elsewhere/inbox/{lead.public_id}/accept/").status_code == 404
    assert (
        lead.public_id not in charlie.client.get(f"/w/elsewhere/inbox/came-from/?ids={lead.public_id}").content.decode()
    )
    assert rows() == before


def test_an_empty_inbox_says_what_will_be_here_and_the_next_step(bob):
    shown = page(bob)
    assert "Whom marketing hands to sales" in shown
    assert 'href="/w/halden/forms/"' in shown


def test_the_menu_has_the_inbox_with_its_number_but_not_where_one_sells_online_only(lead, cleos, bob, workspace):
    shown = page(bob)
    assert 'id="nav-count-crminbox">2</span>' in shown
    workspace.sells = "online"
    workspace.save(update_fields=["sells"])
    assert 'href="/w/halden/inbox/"' not in bob.client.get("/w/halden/people/").content.decode()


def test_a_list_of_more_than_fifty_has_pages(known, bob):
    ada = known[0]
    mine = {"workspace": ada.workspace, "person": ada, "owner": bob.user}
    HandOver.objects.bulk_create(HandOver(**mine, cause_event=f"c-{n}") for n in range(51))
    first = page(bob)
    assert first.count('class="inbox-row"') == 50
    cursor = first.split("cursor=")[1].split('"')[0]
    assert page(bob, f"{HERE}?tab=mine&cursor={cursor}").count('class="inbox-row"') == 1
    assert "The address of this page is damaged" in page(bob, f"{HERE}?cursor=x")
