"""A stage says what a deal needs to go on from it, and brings tasks to one that enters it: once, and gone with an Undo."""

import json
import re
from zoneinfo import ZoneInfo

import pytest

from fullfunnel.core import clock
from fullfunnel.crm import actions
from fullfunnel.crm.models import Deal, DealMove, PipelineStage, Task
from fullfunnel.crm.needs import NEEDS, StageTask, lacking
from fullfunnel.crm.said import Lost, Supplied
from fullfunnel.events.models import Outbox
from fullfunnel.workspaces.models import AuditEntry
from tests.kit.refusals import refusal_of

HTMX = {"HX-Request": "true"}
MODELS = [Deal, DealMove, Task, Outbox]


@pytest.fixture
def deal(waiting, bob):
    return actions.open_deal(waiting, by=bob.user)


def rule(stage, member, needs=(), tasks=()):
    return actions.rule_stage(stage, needs=needs, tasks=[StageTask(*each) for each in tasks], by=member.user)


def post(member, path, **given):
    return member.client.post(f"/w/halden/{path}", given, headers=HTMX)


def test_the_needs_that_are_not_met_are_said_in_their_order():
    assert lacking(["owner", "amount", "need"], {"owner"}) == ["amount", "need"]
    assert lacking(["amount"], {"amount"}) == []
    assert lacking(["something of an older program"], ()) == []


@pytest.mark.parametrize(
    ("need", "field"), [(name, {"decider": "people", "need_confirmed": "need"}.get(name, name)) for name in NEEDS]
)
def test_a_move_that_lacks_it_is_refused_with_its_field(need, field, deal, stages, alice, bob):
    actions.assign_deal(deal, owner=None, by=bob.user)
    deal.people.all().delete()
    rule(stages["Discovery"], alice, [need])
    found = []

    def move():
        found.append(actions.move_deal(deal, to=stages["Demo"], by=bob.user))
        return found[0]

    assert refusal_of(move, MODELS) == f"Acme stays in Discovery. {NEEDS[need].missing}."
    assert found[0].field == field


def test_with_it_the_deal_goes_on_and_back_or_into_lost_it_may_always_go(deal, stages, reason, alice, bob):
    rule(stages["Demo"], alice, ["amount", "closes_on"])
    moved = actions.move_deal(deal, to=stages["Demo"], by=bob.user)
    actions.change_deal(moved, changes={"amount": "5"}, by=bob.user)
    assert "close date" in refusal_of(lambda: actions.move_deal(deal, to=stages["Won"], by=bob.user), MODELS)
    assert actions.move_deal(deal, to=stages["Discovery"], by=bob.user).stage == stages["Discovery"]
    actions.move_deal(deal, to=stages["Demo"], by=bob.user)
    assert actions.move_deal(deal, to=stages["Lost"], lost=Lost(reason), by=bob.user).state == "lost"
    actions.move_deal(deal, to=stages["Demo"], by=bob.user)
    actions.change_deal(deal, changes={"closes_on": "2099-12-18"}, by=bob.user)
    assert actions.move_deal(deal, to=stages["Won"], by=bob.user).state == "won"


def test_what_is_told_as_history_is_not_asked_and_brings_nothing(deal, stages, alice, bob):
    rule(stages["Discovery"], alice, ["amount"])
    rule(stages["Demo"], alice, tasks=[("Send the agenda", 2)])
    moved = actions.move_deal(deal, to=stages["Demo"], by=bob.user, at=clock.now())
    assert (moved.stage, Task.objects.count()) == (stages["Demo"], 0)


def test_a_stage_brings_its_tasks_once_and_an_undo_takes_them_away(deal, stages, alice, bob):
    rule(stages["Demo"], alice, tasks=[("Send the agenda", 2), ("Ask who comes", 0)])
    actions.move_deal(deal, to=stages["Demo"], by=bob.user)
    first = list(Task.objects.order_by("pk"))
    zone = ZoneInfo(deal.workspace.timezone)
    today = clock.now().astimezone(zone).date()
    days = [(task.due_at.astimezone(zone).date() - today).days for task in first]
    assert [(task.title, task.owner, task.deal) for task in first] == [
        ("Send the agenda", bob.user, deal), ("Ask who comes", bob.user, deal)
    ]  # fmt: skip
    assert days == [2, 0]
    actions.move_deal(deal, to=stages["Proposal"], by=bob.user)
    actions.move_deal(deal, to=stages["Demo"], by=bob.user)
    assert Task.objects.count() == 2
    actions.move_deal(deal, to=stages["Discovery"], by=bob.user)
    Task.objects.all().delete()
    actions.move_deal(deal, to=stages["Demo"], by=bob.user)
    actions.finish_task(Task.objects.first(), by=bob.user)
    actions.undo_move(deal.moves.last(), by=bob.user)
    assert [task.title for task in Task.objects.all()] == ["Send the agenda"]


def test_a_deal_that_is_opened_in_a_stage_gets_its_tasks(waiting, stages, alice, bob):
    rule(stages["Discovery"], alice, tasks=[("Ask what hurts", 1)])
    deal = actions.open_deal(waiting, by=bob.user)
    assert [task.title for task in deal.tasks.all()] == ["Ask what hurts"]


def supply_path(deal, to, on="?on=board&"):
    return f"deals/{deal.public_id}/supply/{on}to={to.public_id}"


def test_a_refused_move_asks_for_exactly_what_is_missing(deal, stages, alice, bob):
    actions.change_deal(deal, changes={"amount": "5"}, by=bob.user)
    rule(stages["Discovery"], alice, ["closes_on", "amount", "decider"])
    answer = post(bob, f"deals/{deal.public_id}/move/?on=board", to=stages["Demo"].public_id)
    text = answer.content.decode()
    asks = "/w/halden/" + supply_path(deal, stages["Demo"])
    assert (answer.status_code, asks.replace("&", "&amp;") in text, "Set close date" in text) == (422, True, True)
    assert json.loads(answer.headers["HX-Trigger"]) == {"deal-asks": asks}
    shown = bob.client.get(asks).content.decode()
    assert re.findall(r'name="([a-z_.]+)"', shown.split("<main")[1].split("</main")[0])[1:] == ["closes_on", "decider"]


def test_saving_what_was_missing_completes_the_move_in_one_act(deal, stages, alice, bob, known):
    actions.assign_deal(deal, owner=None, by=bob.user)
    rule(stages["Discovery"], alice, list(NEEDS))
    given = {
        "amount": "1200", "amount.currency": "EUR", "closes_on": "2099-12-18", "next_step": "Call",
        "owner": bob.user.public_id, "decider": known[0].public_id, "need": "Fewer lists", "confirmed": "on",
        "bant": "budget", "bant_text": "20,000 a year",
    }  # fmt: skip
    answer = post(bob, supply_path(deal, stages["Demo"]), **given)
    assert answer.status_code == 200, answer.content.decode()
    done = {"card": f"deal-{deal.public_id}", "isDrawn": True}
    assert json.loads(answer.headers["HX-Trigger"]) == {"deal-done": done}
    now = Deal.objects.get(pk=deal.pk)
    assert (now.stage, now.owner, str(now.amount), str(now.closes_on)) == (
        stages["Demo"], bob.user, "1200.0000", "2099-12-18"
    )  # fmt: skip
    assert (now.need, now.need_is_assumed, now.bant, now.bant_text) == ("Fewer lists", False, "budget", "20,000 a year")
    assert [(each.person, each.role) for each in now.people.all()] == [(known[0], "Decides")]


def test_nobody_on_it_and_nobody_who_decides_is_one_question(deal, stages, alice, bob, known):
    deal.people.all().delete()
    rule(stages["Discovery"], alice, ["people", "decider"])
    actions.supply_deal(deal, to=stages["Demo"], supplied=Supplied(), by=bob.user)
    post(bob, supply_path(deal, stages["Demo"]), person=known[1].public_id)
    now = Deal.objects.get(pk=deal.pk)
    assert (now.stage, [(each.person, each.role) for each in now.people.all()]) == (
        stages["Demo"], [(known[1], "Decides")]
    )  # fmt: skip


def test_where_a_part_is_refused_nothing_is_kept(deal, stages, alice, bob, charlie):
    rule(stages["Discovery"], alice, ["amount", "closes_on"])
    half = Supplied({"amount": "5"})
    assert "close date" in refusal_of(
        lambda: actions.supply_deal(deal, to=stages["Demo"], supplied=half, by=bob.user), MODELS
    )
    wrong = Supplied({"amount": "5", "closes_on": "2099-12-18"}, charlie.user)
    assert "no member" in refusal_of(
        lambda: actions.supply_deal(deal, to=stages["Demo"], supplied=wrong, by=bob.user), MODELS
    )
    answer = post(bob, supply_path(deal, stages["Demo"]), closes_on="2099-12-18")
    assert (answer.status_code, "field-error" in answer.content.decode()) == (422, True)
    assert Deal.objects.get(pk=deal.pk).closes_on is None
    answer = post(bob, f"deals/{deal.public_id}/supply/?to=nowhere")
    assert (answer.status_code, "no such stage" in answer.content.decode()) == (422, True)


def test_admins_edit_it_in_the_settings(stages, alice):
    here = f"settings/sales/stages/{stages['Demo'].public_id}/rules/"
    post(alice, here, needs=["amount", "owner"], title=["Send the agenda", ""], days=["2", "0"])
    stage = PipelineStage.objects.get(pk=stages["Demo"].pk)
    assert (stage.needs, stage.tasks) == (["amount", "owner"], [{"title": "Send the agenda", "days": 2}])
    text = alice.client.get("/w/halden/settings/sales/").content.decode()
    assert ('value="Send the agenda"' in text, "2 needed to go on" in text) == (True, True)
    assert AuditEntry.objects.filter(action="rule_stage").count() == 1


def test_what_no_stage_can_ask_is_refused(stages, alice, bob):
    for act, part in (
        (lambda: rule(stages["Demo"], alice, ["luck"]), "is not one of amount"),
        (lambda: rule(stages["Won"], alice, ["amount"]), "nothing leaves it"),
        (lambda: rule(stages["Demo"], alice, tasks=[("x", 400)]), "after 0 to 365 days"),
        (lambda: rule(stages["Demo"], alice, tasks=[("x", 1)] * 6), "at most 5 tasks"),
        (lambda: rule(stages["Demo"], alice, tasks=[("x" * 301, 1)]), "in at most 300"),
        (lambda: rule(stages["Demo"], bob, ["amount"]), "Only these roles"),
    ):
        assert part in refusal_of(act, [PipelineStage, AuditEntry])
