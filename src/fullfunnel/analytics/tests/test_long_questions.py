"""Questions that take their time: real threads on a real database, with a world that is slow on purpose."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from fullfunnel.analytics import answering, askings, jobs
from fullfunnel.analytics.models import Asking
from fullfunnel.analytics.on_tick import forget_answers
from fullfunnel.analytics.progress import progress_words
from fullfunnel.analytics.views.waiting import waiting_of
from fullfunnel.core import clock
from fullfunnel.people.models import Erasure
from fullfunnel.workspaces.models import Workspace
from tests.kit.server import until

QUESTION = {"kind": "funnel", "steps": [{"event": "page_viewed"}]}


class SlowDataset:
    """What ask.answer is replaced by: counts to `total` in portions, as a fold does, until `hurry` is set; notes that it was stopped."""

    def __init__(self, portions, pause=0.02):
        self.portions, self.pause = portions, pause
        self.begun, self.stopped = [], 0
        self.lock, self.hurry = threading.Lock(), threading.Event()

    def answer(self, question, world, *, deadline, kinds):
        with self.lock:
            self.begun.append(question)
        try:
            for portion in range(self.portions):
                self.hurry.wait(self.pause)
                deadline.reached(portion * 1000, self.portions * 1000)
        except BaseException:
            with self.lock:
                self.stopped += 1
            raise
        return {"kind": "funnel", "steps": [{"count": 7}], "data_until": None}


@pytest.fixture
def halden(transactional_db, data_dir):
    return Workspace.objects.create(name="Halden", slug="halden", timezone="Europe/Berlin")


@pytest.fixture
def slow(monkeypatch):
    """Sets how long questions take; nothing of them is left afterwards."""
    made = []

    def make(portions, pause=0.02):
        made.append(SlowDataset(portions, pause))
        monkeypatch.setattr(answering, "answer", made[-1].answer)
        return made[-1]

    yield make
    for job in list(answering._jobs.values()):
        job.cancelled.set()
    until(lambda: not answering._jobs and not jobs._teller)


def put(workspace, user_id=1, question=QUESTION):
    from fullfunnel.segments.dataset import dataset_of

    return answering.Question(question, dataset_of(workspace), user_id)


def state(row):
    return Asking.objects.get(pk=row.pk).state


def test_a_quick_answer_comes_at_once_and_leaves_no_row(halden, slow):
    world = slow(2)
    assert answering.ask_soon(put(halden))["steps"] == [{"count": 7}]
    assert answering.ask_soon(put(halden))["steps"] == [{"count": 7}]
    assert len(world.begun) == 1
    assert not Asking.objects.exists()


def test_a_long_question_says_how_far_it_is_and_then_gives_its_answer(halden, slow):
    world = slow(10_000)
    row = answering.ask_soon(put(halden), 0.1)
    until(lambda: Asking.objects.get(pk=row.pk).done > 0)
    told = Asking.objects.get(pk=row.pk)
    assert (told.state, told.total) == ("answering", 10_000_000)
    world.hurry.set()
    until(lambda: state(row) == "answered")
    answering.answer_cache.clear()
    assert answering.ask_soon(put(halden), 0.1)["steps"] == [{"count": 7}]
    assert Asking.objects.get().askers == []


def test_who_waited_gets_the_answer_once_whatever_came_since_and_a_stranger_to_it_does_not(halden, slow):
    world = slow(10_000)
    row = answering.ask_soon(put(halden, user_id=1), 0.05)
    world.hurry.set()
    until(lambda: state(row) == "answered")
    Asking.objects.update(version="of another world")
    answering.answer_cache.clear()
    kept = Asking.objects.get()
    assert askings.collect(kept, "now", 2, keep=True) is None
    assert askings.collect(kept, "now", 1, keep=True) is not None
    assert askings.collect(Asking.objects.get(), "now", 1, keep=True) is None
    assert len(world.begun) == 1


def test_the_same_question_joins_the_one_that_runs(halden, slow):
    world = slow(10_000)
    row = answering.ask_soon(put(halden, user_id=1), 0.05)
    joined = answering.ask_soon(put(halden, user_id=2), 5.0)
    assert joined.pk == row.pk
    assert Asking.objects.get().askers == [1, 2]
    assert len(world.begun) == 1


def test_cancel_stops_the_fold(halden, slow):
    world = slow(10_000)
    row = answering.ask_soon(put(halden), 0.05)
    assert askings.cancel(row)
    until(lambda: world.stopped == 1)
    until(lambda: not answering._jobs)
    assert state(row) == "cancelled"
    assert not askings.cancel(row)
    # And it can be asked again.
    again = slow(2)
    assert answering.ask_soon(put(halden))["steps"] == [{"count": 7}]
    assert len(again.begun) == 1


def test_who_asks_something_else_gives_up_only_what_nobody_else_waits_for(halden, slow):
    slow(10_000)
    row = answering.ask_soon(put(halden, user_id=1), 0.05)
    askings.join(row, 2)
    askings.give_up(row, 1)
    assert state(row) == "answering"
    row.askers = [1]
    askings.give_up(row, 1)
    assert state(row) == "cancelled"


def test_two_at_a_time_and_the_third_waits_for_its_turn(halden, slow):
    slow(10_000)
    rows = [
        answering.ask_soon(put(halden, question=QUESTION | {"window": {"value": day, "unit": "day"}}), 0.05)
        for day in (1, 2, 3)
    ]
    until(lambda: sorted(state(row) for row in rows) == ["answering", "answering", "asked"])
    waiting = next(row for row in Asking.objects.all() if row.state == "asked")
    assert waiting_of(waiting).said == "Waits for its turn: 2 other questions are being counted."
    askings.cancel(next(row for row in Asking.objects.all() if row.state == "answering"))
    until(lambda: state(waiting) == "answering")


def test_a_full_process_says_so(halden, slow, monkeypatch):
    slow(10_000)
    monkeypatch.setattr(answering, "MAX_JOBS", 1)
    answering.ask_soon(put(halden), 0.05)
    with pytest.raises(answering.TooMany):
        answering.ask_soon(put(halden, question=QUESTION | {"entries": "first"}), 0.05)


FAILURES = [(ValueError("ada@halden.example"), "This question failed"), (MemoryError("ada@"), "This needs more memory")]


@pytest.mark.parametrize(("error", "said"), FAILURES)
def test_an_answer_that_fails_is_a_row_that_says_so_without_its_message(halden, slow, monkeypatch, caplog, error, said):
    is_asked = threading.Event()

    def fails(question, world, **options):
        is_asked.wait(60)
        raise error

    slow(1)
    monkeypatch.setattr(answering, "answer", fails)
    row = answering.ask_soon(put(halden), 0.05)
    is_asked.set()
    until(lambda: state(row) == "refused")
    assert waiting_of(Asking.objects.get()).said.startswith(said)
    assert ("ValueError" in caplog.text) is isinstance(error, ValueError)
    assert "ada@" not in caplog.text


def test_a_question_that_cannot_be_read_is_refused_at_once(halden):
    from fullfunnel.journeys.questions.reading import QuestionError

    with pytest.raises(QuestionError):
        answering.ask_soon(put(halden, question={"kind": "funnel", "steps": []}))
    assert not Asking.objects.exists()


DIES = """
import os, sys, time
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from fullfunnel.analytics import answering
from fullfunnel.segments.dataset import dataset_of
from fullfunnel.workspaces.models import Workspace

def slow(question, world, *, deadline, kinds):
    for portion in range(100_000):
        time.sleep(0.01)
        deadline.reached(portion, 100_000)

answering.answer = slow
question = answering.Question({"kind": "funnel", "steps": [{"event": "page_viewed"}]}, dataset_of(Workspace.objects.get()), 9)
row = answering.ask_soon(question, 0.05)
print(row.pk, flush=True)
time.sleep(60)
"""


def test_another_process_joins_and_one_that_dies_is_noticed(halden, slow, data_dir):
    name = str(connections["default"].settings_dict["NAME"])
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "fullfunnel.config.settings"}
    with subprocess.Popen([sys.executable, "-c", DIES, name], env=environment, stdout=subprocess.PIPE) as other:
        try:
            assert other.stdout is not None
            row = Asking.objects.get(pk=int(other.stdout.readline()))
            world = slow(3)
            until(lambda: Asking.objects.get().done > 0)
            assert answering.ask_soon(put(halden, user_id=1)).pk == row.pk
            assert Asking.objects.get().askers == [9, 1]
            assert world.begun == []
        finally:
            other.kill()
    Asking.objects.update(heartbeat_at=clock.now() - timedelta(seconds=16))
    assert waiting_of(Asking.objects.get()).is_over
    # Asked again, it is counted here.
    assert answering.ask_soon(put(halden, user_id=1))["steps"] == [{"count": 7}]


def test_a_hundred_who_look_how_far_it_is_do_not_block(halden, slow, settings):
    from django.test import Client

    from tests.kit.cast import Member

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    slow(10_000)
    row = answering.ask_soon(put(halden), 0.05)
    alice = Member("alice@halden.example", "Alice").joins(halden, "owner")
    cookie = alice.client.cookies[settings.SESSION_COOKIE_NAME].value

    def look(_):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = cookie
        status = client.get(f"/w/halden/asking/{row.pk}/").status_code
        connections.close_all()
        return status

    before = Asking.objects.get().done
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(look, range(100))) == {200}
    until(lambda: Asking.objects.get().done > before)


def test_answers_go_after_minutes_and_with_whoever_they_may_speak_of(halden, db):
    fields = {"version": "1", "state": "answered", "answer": b"{}", "answerer": "x"}
    old = clock.now() - askings.MAX_ANSWER_AGE - timedelta(seconds=1)
    Asking.objects.create(workspace=halden, key="old", heartbeat_at=old, **fields)
    fresh = Asking.objects.create(workspace=halden, key="fresh", **fields)
    forget_answers()
    assert [row.key for row in Asking.objects.all()] == ["fresh"]
    Erasure.objects.create(workspace=halden, identities=[1])
    assert askings.collect(fresh, "1", 1, keep=True) == b"{}"
    forget_answers()
    assert not Asking.objects.exists()


@pytest.mark.parametrize(
    ("done", "total", "seconds", "said"),
    [
        (12_400_000, 20_000_000, 1.4, "12,400,000 of 20,000,000 events · 8.9 million a second · about 1 s left"),
        (10, 20_000_000, 1.0, "10 of 20,000,000 events · 10 a second · about 556 h left"),
        (345_678, 1_000_000, 1.0, "345,678 of 1,000,000 events · 340,000 a second · about 2 s left"),
        (20_000_000, 20_000_000, 1.0, "20,000,000 of 20,000,000 events · 20 million a second · about 1 s left"),
        (0, 20_000_000, 1.0, "0 of 20,000,000 events"),
        (0, 0, 12.2, "Counting for 12 s."),
    ],
)
def test_how_far_it_is_in_words(done, total, seconds, said):
    assert progress_words(done, total, seconds) == said


def test_an_answer_that_names_people_goes_when_it_was_seen(halden, slow):
    world = slow(10_000)
    question = QUESTION | {"show": "people", "step": 1}
    row = answering.ask_soon(put(halden, question=question), 0.05)
    world.hurry.set()
    until(lambda: state(row) == "answered")
    assert answering.ask_soon(put(halden, question=question))["steps"] == [{"count": 7}]
    assert not Asking.objects.exists()
