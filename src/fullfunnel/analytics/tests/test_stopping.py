"""What cannot look at the clock itself, kernels and SQL, is stopped by who can."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from fullfunnel.events.event import Arrival
from fullfunnel.events.store import coding
from fullfunnel.journeys.ask import QuestionTimeout, answer
from fullfunnel.journeys.datasets.file import dataset_of_rows
from fullfunnel.journeys.folds.plan import plan_of
from fullfunnel.journeys.folds.ties import add_step, fill_any
from fullfunnel.journeys.funnel import kernel
from fullfunnel.journeys.questions.reading import parse
from fullfunnel.journeys.watch import Cancelled, Watch
from fullfunnel.segments.dataset import dataset_of
from tests.kit.cast import drain, send

SLOW = "SELECT count(*) AS n FROM range(10000000) a, range(100000) b WHERE a.range + b.range = 3"
ROWS = [{"person": "p", "event": name, "timestamp": 1_760_000_000 + at * 600} for at, name in enumerate("abacada")]
FUNNELS = {
    "ordered": {"steps": ["a", {"event": "b", "optional": True}, "c"]},
    "first entries": {"steps": ["a", "b"], "hold": ["path"], "entries": "first"},
    "strict": {"steps": ["a", "b", "c"], "order": "strict"},
    "any order": {"steps": ["a", "b", "c"], "order": "any"},
    "all entries": {"steps": ["a", "b"], "count": "entries"},
}


class Turning:
    """Says no, and yes once another thread has asked."""

    def __init__(self, name: str) -> None:
        self.name, self.is_yes = name, False

    def __call__(self) -> bool:
        self.is_yes = self.is_yes or threading.current_thread().name == self.name
        return self.is_yes


@pytest.mark.parametrize("question", FUNNELS.values(), ids=FUNNELS)
def test_a_kernel_that_finds_the_flag_set_finds_nothing(question, monkeypatch):
    real, found = kernel.fold, []

    def fold(plan, events, runs, first, last, j, rows):
        j.stop[0] = 1
        found.append(real(plan, events, runs, first, last, j, rows))
        return found[-1]

    monkeypatch.setattr(kernel, "fold", fold)
    with pytest.raises(QuestionTimeout):
        answer({"kind": "funnel", **question}, dataset_of_rows(ROWS))
    assert found == [-1]


@pytest.mark.parametrize(
    ("name", "kept"), [("ordered", 0b1), ("strict", 0b1), ("any order", 0b1), ("all entries", 0b11)]
)
def test_a_kernel_reads_the_flag_at_each_entry(name, kept, monkeypatch):
    real, left = kernel.fold, []

    def fold(plan, events, runs, first, last, j, rows):
        rows.reached[:] = 0
        # The first entry that is written sets the flag.
        n = real(plan, events, runs, first, last, j._replace(stop=rows.reached.view(np.uint8)[:1]), rows)
        left.extend((n, rows.reached.tolist()))
        return n

    whole = answer({"kind": "funnel", **FUNNELS[name]}, dataset_of_rows(ROWS))
    monkeypatch.setattr(kernel, "fold", fold)
    with pytest.raises(QuestionTimeout):
        answer({"kind": "funnel", **FUNNELS[name]}, dataset_of_rows(ROWS))
    assert (left[0], left[1][0], set(left[1][1:])) == (-1, kept, set(left[1][1:]) & {0})
    assert sum(step["count"] for step in whole["steps"]) > kept.bit_count()


def test_many_events_of_one_moment_are_given_up_within_one_entry():
    masks, owner = np.full(9, 0b11, np.int64), np.full(32, -1, np.int64)
    plan = plan_of(parse({"kind": "funnel", "steps": ["a", "b"], "order": "any"}), 0)
    stop = np.ones(1, np.uint8)
    assert not add_step(masks, 0, 9, 0, owner, stop)
    assert fill_any(masks, 0, 9, owner, 0, plan, stop) == 0
    assert owner.tolist() == [-1] * 32
    stop[0] = 0
    assert add_step(masks, 0, 9, 0, owner, stop)


def test_a_flag_is_set_when_somebody_cancels_meanwhile():
    watch = Watch(is_cancelled=Turning("cancelling"))
    watch.check()
    with watch.flagged() as flag:
        while not flag[0]:
            pass
    with pytest.raises(Cancelled):
        watch.end()


def test_sql_over_a_file_ends_when_somebody_cancels_meanwhile():
    with pytest.raises(Cancelled):
        dataset_of_rows(ROWS).sql(lambda d: SLOW, watch=Watch(is_cancelled=Turning("cancelling")))


@pytest.mark.django_db
def test_sql_over_a_workspace_ends_when_somebody_cancels_meanwhile_and_at_its_deadline(workspace):
    world = dataset_of(workspace)
    with pytest.raises(Cancelled):
        world.sql(lambda d: SLOW, watch=Watch(is_cancelled=Turning("cancelling")))
    with pytest.raises(QuestionTimeout):
        world.sql(lambda d: SLOW, watch=Watch(deadline=0.0))
    assert world.sql(lambda d: "SELECT 1 AS one", watch=Watch()) == [{"one": 1}]


def test_every_statement_of_a_trend_is_watched():
    world, given, watch = dataset_of_rows(ROWS), [], Watch()

    def spied(*args, **options):
        given.append(options["watch"])
        return world.sql(*args, **options)

    series = [{"event": "a"}, {"event": "b", "measure": "people"}]
    answer({"kind": "trend", "series": series}, replace(world, sql=spied), deadline=watch)
    assert given == [watch] * 4


@pytest.mark.django_db
def test_who_waits_for_a_property_to_be_coded_may_leave_and_keeps_nobody_else_waiting(server, monkeypatch):
    send(
        server,
        [Arrival(name=name, at=60_000_000, id=name, user="u", properties={"plan": "pro"}) for name in ("a", "b")],
    )
    drain()
    world, real, going_on, coded = dataset_of(server.workspace), coding.read_codes, threading.Event(), []

    def read_codes(*given):
        coded.append(given[2])
        assert going_on.wait(60)
        return real(*given)

    def told(done, total):
        if coded:
            raise Cancelled

    monkeypatch.setattr(coding, "read_codes", read_codes)
    question = {"kind": "funnel", "steps": ["a", {"event": "b", "where": [{"property": "plan", "op": "is_set"}]}]}
    other = {"kind": "funnel", "steps": ["a"], "breakdown": {"property": "event_id_nobody_has"}}
    with pytest.raises(Cancelled):
        answer(question, world, deadline=Watch(told=told))
    assert answer(other, world)["steps"][0]["count"] == 1
    going_on.set()
    assert [step["count"] for step in answer(question, world)["steps"]] == [1, 1]
    assert len(coded) == 1
