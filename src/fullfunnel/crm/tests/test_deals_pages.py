"""The board, the list and the page of a deal: what they show, and that a move into Lost is asked why on every way in."""

import json
from datetime import datetime, timedelta

import pytest

from fullfunnel.core import clock
from fullfunnel.crm import actions
from fullfunnel.crm.deals.rows import HEADER
from fullfunnel.crm.models import Activity, Deal, DealMove, Task
from fullfunnel.crm.said import Lost
from fullfunnel.people.models import Company
from fullfunnel.workspaces.actions import set_how_you_sell
from tests.kit.refusals import refusal_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def deal(waiting, bob):
    return actions.open_deal(waiting, details={"amount": "9600", "closes_on": "2099-12-18"}, by=bob.user)


def page(member, path, **headers):
    found = member.client.get(f"/w/halden/deals/{path}", headers=headers)
    return found.status_code, found.content.decode()


def post(member, path, given=None, **headers):
    return member.client.post(f"/w/halden/deals/{path}", given or {}, headers=headers)


def another(acme, bob, name, **details):
    company = Company.objects.create(workspace=acme.workspace, key=name, name=name)
    return actions.open_deal(company, details=details, by=bob.user)


def column(text, stage):
    begin = text.index(f'data-column="{stage.public_id}"')
    return text[begin : text.find("data-column=", begin + 20)]


def test_a_column_counts_all_and_sums_each_currency_by_itself(deal, acme, stages, bob):
    another(acme, bob, "Birkental", amount="100.50", currency="EUR")
    another(acme, bob, "Kronburg", amount="9600", currency="CHF")
    status, text = page(bob, "")
    assert status == 200
    assert "<strong>3 open: €9,700.50 and CHF 9,600.</strong>" in " ".join(text.split())
    first = column(text, stages["Discovery"])
    assert 'data-count="3"' in first
    assert '<p class="num">€9,700.50 · CHF\u00a09,600</p>' in first
    assert 'data-count="0"' in column(text, stages["Demo"])


def test_a_column_draws_50_and_the_next_come_by_their_address(acme, stages, bob):
    for number in range(53):
        another(acme, bob, f"Firm {number:02}", next_step="Call", next_step_on=f"2098-01-{number % 28 + 1:02}")
    _, text = page(bob, "")
    first = column(text, stages["Discovery"])
    assert (first.count("data-card-open"), 'data-count="53"' in first) == (50, True)
    more = first.split('hx-get="/w/halden/deals/')[1].split('"')[0].replace("&amp;", "&")
    status, rest = page(bob, more)
    assert (status, rest.count("data-card-open"), "Show 50 more" in rest) == (200, 3, False)
    names = {f"Firm {number:02}" for number in range(53)}
    assert {name for name in names if f'data-name="{name}"' in text + rest} == names


def test_won_and_lost_are_folded_at_the_end_with_what_was_decided_lately(deal, acme, stages, bob):
    old = another(acme, bob, "Long ago")
    actions.move_deal(old, to=stages["Won"], by=bob.user, at=clock.now() - timedelta(days=200))
    actions.move_deal(deal, to=stages["Won"], by=bob.user)
    _, text = page(bob, "")
    order = [text.index(f'data-column="{stages[name].public_id}"') for name in ("Negotiation", "Won", "Lost")]
    assert order == sorted(order)
    won = column(text, stages["Won"])
    assert ('data-count="1"' in won, "€9,600 in 90 days" in won, "is-folded" in text) == (True, True, True)
    _, text = page(bob, "?state=won")
    assert 'data-count="2"' in column(text, stages["Won"])
    assert "is-folded" not in text


def test_the_board_shows_mine_alone(deal, acme, alice, bob):
    hers = another(acme, alice, "Hers")
    _, text = page(alice, "?owner=mine")
    assert (hers.public_id in text, deal.public_id in text) == (True, False)
    _, text = page(alice, f"?owner={bob.user.public_id}")
    assert (hers.public_id in text, deal.public_id in text) == (False, True)


def test_a_move_answers_with_both_columns_and_an_undo_that_is_a_move(deal, stages, bob):
    answer = post(bob, f"{deal.public_id}/move/?on=board", {"to": stages["Demo"].public_id, "before": ""}, **HTMX)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert [f"deals-{stages[name].public_id}" in text for name in ("Discovery", "Demo", "Proposal")] == [
        True,
        True,
        False,
    ]
    assert "moved to Demo" in text
    undo = text.split('hx-post="/w/halden/deals/')[-1].split('"')[0]
    assert "is back in Discovery" in post(bob, undo, **HTMX).content.decode()
    deal.refresh_from_db()
    assert (deal.stage.name, deal.moves.count()) == ("Discovery", 3)
    assert post(bob, undo, **HTMX).status_code == 422
    assert deal.moves.count() == 3


def test_a_move_into_lost_is_asked_why_and_changes_nothing_before(deal, stages, bob):
    lost = {"to": stages["Lost"].public_id}
    answer = post(bob, f"{deal.public_id}/move/?on=board", lost, **HTMX)
    assert answer.status_code == 422
    assert "Acme stays in Discovery. Say why it was lost." in answer.content.decode()
    assert "/lost/?on=board" in answer.headers["HX-Trigger"]
    without_script = post(bob, f"{deal.public_id}/move/?on=board", lost)
    assert without_script.status_code == 302
    assert f"/{deal.public_id}/lost/" in without_script.headers["Location"]
    assert post(bob, f"{deal.public_id}/lost/", {"reason": ""}).status_code == 422
    assert post(bob, f"{deal.public_id}/lost/", {"reason": "of another workspace"}).status_code == 422
    deal.refresh_from_db()
    assert (deal.state, deal.moves.count()) == ("open", 1)


def test_lost_has_its_reason_and_comes_back_with_it_after_undo_and_undo(deal, stages, reason, bob):
    given = {"reason": reason.public_id, "text": "No money", "competitor": "Planik", "said_by": "buyer"}
    answer = post(bob, f"{deal.public_id}/lost/?on=board", given, **HTMX)
    done = {"deal-done": {"card": f"deal-{deal.public_id}", "isDrawn": True}}
    assert (answer.status_code, json.loads(answer.headers["HX-Trigger"])) == (200, done)
    deal.refresh_from_db()
    assert (deal.state, deal.lost_reason, deal.lost_text, deal.competitor, deal.lost_said_by) == (
        "lost", reason, "No money", "Planik", "buyer"
    )  # fmt: skip
    _, text = page(bob, f"{deal.public_id}/")
    assert f"{reason.name}, to Planik, said the buyer: “No money”" in text
    assert "Reopen in Discovery" in text
    actions.undo_move(deal.moves.last(), by=bob.user)
    again = actions.undo_move(deal.moves.last(), by=bob.user)
    assert (again.state, again.competitor, again.moves.count()) == ("lost", "Planik", 4)


def test_what_is_kept_elsewhere_says_so_and_stays_until_it_is_taken_over(deal, stages, bob):
    Deal.objects.filter(pk=deal.pk).update(is_kept_elsewhere=True)
    _, text = page(bob, f"{deal.public_id}/")
    assert "Kept in another program" in text
    answer = post(bob, f"{deal.public_id}/move/", {"to": stages["Demo"].public_id}, **HTMX)
    assert (answer.status_code, "take it over first" in answer.content.decode()) == (422, True)
    assert post(bob, f"{deal.public_id}/change/", {"amount": "1"}, **HTMX).status_code == 422
    assert DealMove.objects.count() == 1
    post(bob, f"{deal.public_id}/take-over/")
    assert post(bob, f"{deal.public_id}/move/", {"to": stages["Demo"].public_id}, **HTMX).status_code == 200


def test_details_are_changed_in_place_and_what_is_wrong_is_said(deal, bob, alice):
    here = f"{deal.public_id}/change/"
    assert post(bob, here, {"amount": "19.200,00", "amount.currency": "CHF"}, **HTMX).status_code == 200
    assert post(bob, here, {"next_step": "Call Luc", "next_step_on": "3 Dec 2099"}, **HTMX).status_code == 200
    post(bob, here, {"need": "Night shifts", "need_is_assumed": "1"}, **HTMX)
    post(bob, here, {"bant": "budget", "bant_text": "20,000", "bant_is_assumed": ""}, **HTMX)
    post(bob, here, {"owner": alice.user.public_id}, **HTMX)
    for given, part in (
        ({"amount": "much"}, "is no amount"),
        ({"amount": "1.234"}, "can be two amounts; write 1234 or 1,2340."),
        ({"amount": "5", "amount.currency": "YEN"}, "is not offered here"),
        ({"closes_on": "3/12/2099"}, "can be two days"),
    ):
        wrong = post(bob, here, given, **HTMX)
        assert (wrong.status_code, part in wrong.content.decode()) == (422, True)
    assert post(bob, here, {"owner": "nobody we know"}, **HTMX).status_code == 422
    _, text = page(bob, f"{deal.public_id}/")
    shown = " ".join(text.split())
    for words in ("CHF 19,200", "Call Luc, 3 Dec 2099", "Night shifts", "assumed", "20,000", "confirmed"):
        assert words in shown, words
    assert "amount 9600 → 19200" in shown
    deal.refresh_from_db()
    assert (deal.owner, deal.need_is_assumed, deal.bant_is_assumed) == (alice.user, True, False)


def test_people_are_added_by_search_and_taken_off(deal, known, bob):
    options = bob.client.get("/w/halden/deals/people/?q=ben").content.decode()
    assert known[1].public_id in options
    post(bob, f"{deal.public_id}/people/", {"person": known[1].public_id, "role": "Decides"}, **HTMX)
    assert [(row.person, row.role) for row in deal.people.order_by("pk")] == [(known[0], ""), (known[1], "Decides")]
    nobody = post(bob, f"{deal.public_id}/people/", {"person.words": "x"}, **HTMX)
    assert (nobody.status_code, deal.people.count()) == (422, 2)
    by_words = post(bob, f"{deal.public_id}/people/", {"person.words": "cleo"})
    assert (by_words.status_code, deal.people.count()) == (302, 3)
    post(bob, f"{deal.public_id}/people/{known[1].public_id}/remove/", **HTMX)
    assert not deal.people.filter(person=known[1]).exists()


def test_a_call_is_logged_with_its_next_step_and_a_task_is_finished_and_reopened(deal, known, bob):
    given = {"kind": "call", "direction": "in", "outcome": "reached", "text": "Wants two sites", "next_step": "Offer"}
    post(bob, f"{deal.public_id}/activities/", given | {"person": known[0].public_id}, **HTMX)
    _, text = page(bob, f"{deal.public_id}/")
    assert "Call with Ada (inbound), reached" in text
    assert "Wants two sites" in text
    deal.refresh_from_db()
    assert (deal.next_step, Activity.objects.get().person) == ("Offer", known[0])
    assert post(bob, f"{deal.public_id}/activities/", {"kind": "smoke signal"}, **HTMX).status_code == 422
    post(bob, f"{deal.public_id}/tasks/", {"task-title": "Send it", "task-due": "18 Dec 2099"}, **HTMX)
    task = Task.objects.get()
    assert (task.deal, task.due_at.isoformat()) == (deal, "2099-12-18T16:00:00+00:00")
    here = f"{deal.public_id}/tasks/{task.public_id}"
    for verb, is_done in (("finish", True), ("reopen", False)):
        post(bob, f"{here}/{verb}/", **HTMX)
        task.refresh_from_db()
        assert (task.done_at is not None) is is_done
    assert (Activity.objects.count(), Task.objects.count()) == (1, 1)


def test_a_deal_opened_by_mistake_is_taken_back_and_on_no_board(deal, bob):
    assert "take it back" in page(bob, f"{deal.public_id}/")[1]
    assert post(bob, f"{deal.public_id}/take-back/").headers["Location"] == "/w/halden/deals/"
    assert deal.public_id not in page(bob, "")[1]
    assert "This deal was taken back" in page(bob, f"{deal.public_id}/")[1]


def test_a_new_deal_asks_first_whether_it_is_one_that_is_open(deal, acme, stages, bob):
    status, text = page(bob, f"new/?company={acme.pk}")
    assert (status, 'value="Acme"' in text) == (200, True)
    given = {"customer": f"c:{acme.pk}", "amount": "5", "stage": stages["Demo"].public_id}
    asked = post(bob, "new/", given)
    assert (asked.status_code, "one more" in asked.content.decode(), Deal.objects.count()) == (422, True, 1)
    joined = post(bob, "new/", given | {"join": deal.public_id})
    assert (joined.headers["Location"], Deal.objects.count()) == (f"/w/halden/deals/{deal.public_id}/", 1)
    post(bob, "new/", given | {"join": "new"})
    made = Deal.objects.latest("pk")
    assert (made.name, made.stage.name, made.company, made.amount) == ("Acme", "Demo", acme, 5)
    assert post(bob, "new/", given | {"customer": "c:999999"}).status_code == 422
    assert Deal.objects.count() == 2


def test_a_new_deal_for_a_person_begins_on_their_page(known, stages, bob):
    panel = bob.client.get(f"/w/halden/people/{known[2].public_id}/sales/").content.decode()
    assert f"new/?person={known[2].public_id}" in panel
    post(bob, "new/", {"customer": f"p:{known[2].public_id}", "stage": stages["Discovery"].public_id, "name": "Cleo’s"})
    assert [row.person for row in Deal.objects.get().people.all()] == [known[2]]
    assert "Cleo’s" in bob.client.get(f"/w/halden/people/{known[2].public_id}/sales/").content.decode()


def test_the_list_filters_by_state_owner_and_stage_and_so_does_its_file(deal, acme, stages, reason, alice, bob):
    hers = another(acme, alice, "Hers", amount="5")
    actions.move_deal(hers, to=stages["Demo"], by=alice.user)
    gone = another(acme, bob, "Gone")
    actions.move_deal(gone, to=stages["Lost"], lost=Lost(reason), by=bob.user)
    for query, names in {
        "": {"Acme", "Hers"},
        "?state=lost": {"Gone"},
        "?state=any": {"Acme", "Hers", "Gone"},
        "?owner=mine": {"Acme"},
        f"?stage={stages['Demo'].public_id}": {"Hers"},
        "?q=her": {"Hers"},
        "?step=none": {"Acme", "Hers"},
    }.items():
        _, text = page(bob, f"list/{query}")
        shown = {row.name for row in Deal.objects.all() if f"/deals/{row.public_id}/" in text}
        assert shown == names, query
        file = b"".join(bob.client.get(f"/w/halden/deals/list/deals.csv{query}")).decode()
        assert {line.split(",")[1] for line in file.splitlines()[1:]} == names, query


def test_a_viewer_sees_all_and_is_offered_nothing(deal, workspace, stages):
    from tests.kit.cast import Member

    carol = Member("vera@halden.example", "Vera").joins(workspace, "viewer")
    _, text = page(carol, f"{deal.public_id}/")
    assert "Acme" in text
    assert "hx-post" not in text
    assert post(carol, f"{deal.public_id}/move/", {"to": stages["Demo"].public_id}).status_code == 403
    deal.refresh_from_db()
    assert deal.stage.name == "Discovery"


def test_who_moved_it_since_is_not_overruled_by_an_old_undo(deal, stages, bob):
    actions.move_deal(deal, to=stages["Demo"], by=bob.user)
    first = deal.moves.last()
    actions.move_deal(deal, to=stages["Proposal"], by=bob.user)
    said = refusal_of(lambda: actions.undo_move(first, by=bob.user), [Deal, DealMove])
    assert said == "Acme was moved again since: it is in Proposal."


def test_a_shop_without_a_pipeline_has_no_board(workspace, bob):
    set_how_you_sell(workspace, to="online", by=None)
    status, text = page(bob, "")
    assert (status, "No pipeline" in text, "data-board" in text) == (200, True, False)


def test_times_of_the_file_are_in_the_workspace_s_zone(deal, workspace, bob):
    workspace.timezone = "Asia/Kathmandu"
    workspace.save()
    rows = b"".join(bob.client.get("/w/halden/deals/list/deals.csv")).decode("utf-8-sig").splitlines()
    opened = rows[1].split(",")[HEADER.index("opened_at")]
    assert (opened[-6:], datetime.fromisoformat(opened)) == ("+05:45", deal.opened_at.replace(microsecond=0))
