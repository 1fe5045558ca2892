"""Whoever reaches a stage live is told of once, after the rules were adopted, whatever the order of drains."""

from datetime import timedelta

import pytest

from fullfunnel.core import clock
from fullfunnel.journeys import ask
from fullfunnel.journeys.stages.rule_set import default_set, set_json
from fullfunnel.people.timeline import timeline_of
from fullfunnel.segments.dataset import dataset_of
from fullfunnel.stages.models import MovesRead, StageMove
from fullfunnel.stages.on_tick import tell_moves
from fullfunnel.stages.rule_actions import adopt_rules, change_rules, draft_rules
from tests.kit.cast import days_ago, drain


@pytest.fixture
def firm(workspace):
    workspace.sells, workspace.created_at = "companies", days_ago(200)
    workspace.save()
    return workspace


def told(visitor):
    """The stages that the events say somebody entered, the first first."""
    lines = timeline_of(visitor.person).lines
    return [line.details["stage"] for line in reversed(lines) if line.name == "stage_entered"]


def tell():
    tell_moves()
    drain()


def ago(**span):
    return clock.now() - timedelta(**span)


def test_a_move_is_told_once_with_its_moment_and_version(ada, firm):
    ada.visits("/", at=ago(minutes=5))
    tell()
    move = StageMove.objects.get()
    assert (move.person, move.stage, move.rules) == (ada.person, "awareness", 1)
    ada.visits("/pricing", at=ago(minutes=4))
    tell()
    tell()
    assert told(ada) == ["awareness"]
    (line,) = [one for one in timeline_of(ada.person).lines if one.name == "stage_entered"]
    assert (line.at, line.details["rules"], line.actor) == (move.at, "1", "system")
    assert line.sentence == "Entered the stage awareness"


def test_a_move_that_skips_tells_the_stages_before_it_too(ada, firm):
    ada.visits("/vs/others", at=ago(minutes=5))
    tell()
    assert set(told(ada)) == {"awareness", "interest", "consideration"}


def test_what_is_told_of_the_past_moves_nobody_live(ada, ben, firm):
    ada.visits("/", at=days_ago(9))
    tell()
    assert (told(ada), StageMove.objects.count()) == ([], 0)
    # Before the rules were adopted.
    firm.created_at = ago(minutes=1)
    firm.save()
    ben.visits("/", at=ago(minutes=3))
    ben.visits("/")
    tell()
    assert told(ben) == []


def test_late_and_early_drains_tell_the_same(ada, ben, firm):
    ada.visits("/blog/a", at=ago(hours=3))
    tell()
    ada.visits("/blog/b", at=ago(hours=2))
    tell()
    # Ben's second page is drained first.
    ben.visits("/blog/b", at=ago(hours=2))
    ben.visits("/blog/a", at=ago(hours=3))
    tell()
    assert sorted(told(ada)) == sorted(told(ben)) == ["awareness", "interest"]


def test_the_firms_own_people_are_not_told_of(alice, ada, firm):
    ada.identifies("a-1", email="new@halden.example")
    ada.visits("/vs/others")
    tell()
    assert told(ada) == []


def test_other_rules_tell_only_what_happens_after_they_were_adopted(ada, ben, firm):
    ada.visits("/promo", at=ago(minutes=9))
    tell()
    draft = draft_rules(firm, based_on=None, by=None)
    said = set_json(default_set("companies"))
    said["stages"]["interest"]["rule"] = {
        "has": {"event": "page_viewed", "where": [{"property": "path", "value": "/promo"}]}
    }
    change_rules(draft, rules=said, by=None)
    adopt_rules(draft, note="Promo counts", by=None)
    ada.visits("/")
    ben.visits("/promo")
    tell()
    assert "interest" not in told(ada)
    assert sorted(told(ben)) == ["awareness", "interest"]


def test_no_funnel_of_stages_and_no_reading_counts_what_was_told(ada, firm):
    ada.visits("/", at=ago(minutes=5))
    before = ask.answer({"kind": "stages"}, dataset_of(firm))["marketing"]
    tell()
    assert ask.answer({"kind": "stages"}, dataset_of(firm))["marketing"] == before
    reading = MovesRead.objects.get()
    assert reading.live_seq <= reading.read_seq


def test_moves_follow_a_person_who_is_merged(ada, firm):
    ada.visits("/", at=ago(minutes=5))
    tell()
    ada.identifies("a-1", email="ada@clinic.example", at=ago(minutes=4))
    tell()
    assert {move.person for move in StageMove.objects.all()} == {ada.person}
