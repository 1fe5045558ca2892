"""Whatever size a caller asks for, a question is answered or refused within its deadline and a small memory."""

import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fullfunnel.journeys.ask import answer
from fullfunnel.journeys.datasets.dataset import Dataset
from fullfunnel.journeys.datasets.file import dataset_of_rows
from fullfunnel.journeys.deadline import QuestionTimeout
from fullfunnel.journeys.kinds import KINDS
from fullfunnel.journeys.questions.reading import QuestionError
from fullfunnel.journeys.tests.extremes import BREAKDOWNS, EXTREMES, PERIODS

Json = dict[str, Any]
# Seconds. A slow machine may take a while from one look at the watch to the next.
DEADLINE, LATE = 5.0, 10.0
ROOM = 1_500_000_000
DAY, NOW = 86_400, 1_577_000_000


def events() -> Iterator[Json]:
    """Sixty people with a value each, of whom every third paid; one came ten years before."""
    yield {"person": "p1", "event": "came", "timestamp": NOW - 3_650 * DAY, "number": "x"}
    for at in range(60):
        said = {"person": f"p{at}", "number": str(at), "source": f"s{at}", "timestamp": NOW + at * 3_600}
        yield said | {"event": "seen"}
        if at % 3 == 0:
            yield said | {"event": "paid", "timestamp": said["timestamp"] + 60, "revenue": "5"}


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    made = dataset_of_rows(events())
    # The first question of a kind has its folds compiled, which may take a minute and is no question's time.
    for kind in EXTREMES:
        answer(next(EXTREMES[kind]()), made)
    return made


@pytest.fixture
def little_room(dataset: Dataset) -> Iterator[None]:
    """The process may take so many bytes more, once all is loaded and compiled."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    if sys.platform == "linux":
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + ROOM, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


def asked(question: Json, dataset: Dataset) -> Json | str:
    """The answer, or the sentence that refuses one. How long it took is asserted."""
    began = time.monotonic()
    try:
        return answer(question, dataset, deadline=began + DEADLINE)
    except (QuestionError, QuestionTimeout) as refused:
        return str(refused)
    finally:
        assert time.monotonic() - began < DEADLINE + LATE, question


def test_every_kind_has_its_extremes():
    assert set(EXTREMES) == set(KINDS)
    assert {"0001-01-01", "9999-12-30"} <= {day for period in PERIODS for day in period.values()}


@pytest.mark.parametrize("kind", EXTREMES)
def test_some_extreme_questions_are_answered_or_refused_in_time(kind, dataset, little_room):
    for question in list(EXTREMES[kind]())[::29]:
        assert asked(question, dataset), question


@pytest.mark.deep
@pytest.mark.parametrize("kind", EXTREMES)
def test_all_extreme_questions_are_answered_or_refused_in_time(kind, dataset, little_room):
    for question in EXTREMES[kind]():
        assert asked(question, dataset), question


def test_a_breakdown_that_finds_no_group_has_no_rows_however_long_the_period(dataset, little_room):
    question = {
        "kind": "trend",
        "by": "hour",
        "series": [{"event": "nothing"}],
        "breakdown": {"property": "revenue", "of": "event"},
        "period": {"from": "0001-01-01", "to": "2020-01-01"},
    }
    found = asked(question, dataset)
    assert isinstance(found, dict)
    assert found["rows"] == []
    listed = asked(question | {"show": "people", "at": "2019-01-01T00:00:00Z"}, dataset)
    assert "17,698,002 rows" in str(listed)


def test_a_funnel_over_time_counts_the_steps_of_its_rows(dataset, little_room):
    steps = [{"event": "seen"}, {"event": "paid"}] * 15
    question = {"kind": "funnel", "steps": steps, "show": "trend", "by": "month", "period": {"from": "0001-01-01"}}
    assert "726,840 steps of all rows, and 500,000 are the most" in str(asked(question, dataset))
    fewer = asked(question | {"steps": steps[:20]}, dataset)
    assert isinstance(fewer, dict)
    assert len(fewer["rows"]) == 24_228


def test_cohorts_before_the_first_take_no_room(dataset, little_room):
    """87,620 hours lie between the first event and the first cohort, of each of 40 groups."""
    people = range(20, 60)
    question = {
        "kind": "retention",
        "start": {"event": "seen"},
        "return": {"event": "paid"},
        "by": "hour",
        "periods": 100,
        "breakdown": BREAKDOWNS[3],
        "where": [{"property": "number", "op": "in", "value": [str(at) for at in people]}],
    }
    found = asked(question, dataset)
    assert isinstance(found, dict)
    rows = [(row["group"], row["count"]) for row in found["rows"] if row["size"] and row["period"] == 0]
    assert sorted(rows) == [(str(at), int(at % 3 == 0)) for at in people]
