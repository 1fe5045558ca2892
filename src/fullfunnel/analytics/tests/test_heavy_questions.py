"""Questions made to be heavy: they end at their deadline, and take no more room than they need at once."""

import random
import time
from dataclasses import replace

import pytest

from fullfunnel.events.conditions import evaluate
from fullfunnel.journeys.ask import QuestionTimeout, answer
from fullfunnel.journeys.attribution import answer as attributed
from fullfunnel.journeys.attribution import model_totals as earned
from fullfunnel.journeys.attribution.markov import markov_shares
from fullfunnel.journeys.datasets.file import dataset_of_rows
from fullfunnel.journeys.funnel import outcomes as standing
from fullfunnel.journeys.watch import Cancelled, Watch

CHANCE = random.Random(3)
ROWS = [
    {
        "person": f"p{CHANCE.randrange(9)}",
        "event": CHANCE.choice("abc"),
        "timestamp": 1_760_000_000 + at * 600,
        "path": CHANCE.choice(["/x", "/y", "/z"]),
    }
    for at in range(400)
]
HEAVY = [
    {"kind": "funnel", "steps": ["*", "a", "b"], "count": "entries", "window": None},
    {
        "kind": "funnel",
        "steps": ["*", "*", "*"],
        "order": "any",
        "count": "entries",
        "breakdown": {"property": "path", "attribution": "step"},
    },
    {"kind": "funnel", "steps": ["a", {"event": "b", "optional": True}, "c"], "breakdown": {"property": "path"}},
    {"kind": "funnel", "steps": ["a", "b"], "order": "strict", "show": "people", "outcome": "reached"},
]


@pytest.mark.parametrize("question", HEAVY)
def test_a_fold_in_small_bites_says_the_same(question, monkeypatch):
    whole = answer(question, dataset_of_rows(ROWS))
    monkeypatch.setattr(standing, "MAX_ROOM", 8 * 7 * 5)
    monkeypatch.setattr(standing, "MAX_ROWS", 30)
    assert answer(question, dataset_of_rows(ROWS)) | {"data_until": ""} == whole | {"data_until": ""}


def test_a_fold_can_be_ended_within_a_portion(monkeypatch):
    monkeypatch.setattr(standing, "MAX_ROWS", 30)
    heard = 0

    def told(done: int, total: int) -> None:
        nonlocal heard
        heard += 1
        if heard == 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        answer(HEAVY[0], dataset_of_rows(ROWS), deadline=Watch(told=told))
    assert heard == 5


def test_the_deadline_is_heard_before_each_property():
    world, names = dataset_of_rows(ROWS), [f"made up {at}" for at in range(50)]
    where = [{"property": name, "op": "is_set"} for name in names]
    coded, until = [], time.monotonic() + 600

    def slow(count="people"):
        index = world.index(count)

        def column(name):
            coded.append(name)
            watch.deadline = 0.0
            return index.column(name)

        return replace(index, column=column)

    watch = Watch(until)
    with pytest.raises(QuestionTimeout):
        answer(
            {"kind": "funnel", "steps": ["a", {"event": "b", "where": where}]},
            replace(world, index=slow),
            deadline=watch,
        )
    assert coded == names[:1]


def test_a_pattern_that_takes_too_long_ends_the_question(monkeypatch):
    monkeypatch.setattr(evaluate, "MAX_MATCHING_SECONDS", 0.05)
    pattern = "(?:" + "|".join("[a-z]{1,300}" for _ in range(70)) + ")"
    rows = [row | {"path": "/" + "a" * 60 + str(at)} for at, row in enumerate(ROWS * 3)]
    where = [{"property": "path", "op": "matches", "value": pattern}]
    with pytest.raises(QuestionTimeout):
        answer({"kind": "funnel", "steps": [{"event": "a", "where": where}]}, dataset_of_rows(rows))


ATTRIBUTED = {"kind": "attribution", "conversion": "b", "touches": ["a", "c"], "by": "landing_page", "bootstrap": 20}


@pytest.fixture
def compiled():
    """Asked once before: what compiles asks a question of its own."""
    answer(ATTRIBUTED, dataset_of_rows(ROWS))


@pytest.mark.usefixtures("compiled")
def test_the_deadline_is_heard_between_models(monkeypatch):
    begun, watch = [], Watch(time.monotonic() + 600)

    def slow(transitions):
        begun.append("markov")
        watch.deadline = 0.0
        return markov_shares(transitions)

    monkeypatch.setattr(earned, "markov_shares", slow)
    monkeypatch.setattr(earned, "shapley_shares", lambda *counts: begun.append("shapley"))
    with pytest.raises(QuestionTimeout):
        answer(ATTRIBUTED, dataset_of_rows(ROWS), deadline=watch)
    assert begun == ["markov"]


@pytest.mark.usefixtures("compiled")
def test_cancel_is_heard_once_the_sums_are_there(monkeypatch):
    is_cancelled, begun = False, []

    def summed(*given):
        nonlocal is_cancelled
        is_cancelled = True
        return sums_of(*given)

    sums_of = earned._summed
    monkeypatch.setattr(earned, "_summed", summed)
    monkeypatch.setattr(earned, "_shares", lambda *given: begun.append(given))
    with pytest.raises(Cancelled):
        answer(ATTRIBUTED, dataset_of_rows(ROWS), deadline=Watch(is_cancelled=lambda: is_cancelled))
    assert begun == []


@pytest.mark.usefixtures("compiled")
def test_a_breakdown_of_attribution_ends_between_its_groups(monkeypatch):
    rows = [row | {"path": f"/{at}"} for at, row in enumerate(ROWS)]
    seeds, watch = [], Watch(time.monotonic() + 600)

    def earn(question, journeys, watch, seed):
        seeds.append(seed)
        if len(seeds) == 3:
            watch.deadline = 0.0
        return earned.earn(question, journeys, watch, seed)

    monkeypatch.setattr(attributed, "earn", earn)
    with pytest.raises(QuestionTimeout):
        answer(ATTRIBUTED | {"breakdown": {"property": "path"}}, dataset_of_rows(rows), deadline=watch)
    assert len(seeds) == 3
