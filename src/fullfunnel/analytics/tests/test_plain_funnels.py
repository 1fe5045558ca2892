"""The plain way through a funnel and the general one say the same, whatever the portions and the slices are."""

import random
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest

from fullfunnel.events.store.journeys import Column
from fullfunnel.journeys.funnel import answer as answers
from fullfunnel.journeys.funnel import fold as funnel
from fullfunnel.journeys.funnel.fast import plain as tally
from fullfunnel.journeys.questions.reading import parse
from fullfunnel.journeys.watch import Cancelled, Watch
from tests.engines import sliced
from tests.engines.sliced import Sliced
from tests.engines.stream import Row, Stream
from tests.engines.worlds import START, random_period, random_span, random_where

NAMES = ["a", "b", "c", "d"]
SECOND = 1_000_000


def any_values(rng):
    return {key: rng.choice(["x", "y", "1", ""]) for key in "pq" if rng.random() < 0.8}


def any_stream(rng):
    """Up to twelve people, forty events each, many at the same moment; half of the rows in the delta."""
    rows = []
    for person in range(rng.randint(1, 12)):
        last = rng.choice([4, 30, 200])
        for _ in range(rng.randint(1, 40)):
            values = any_values(rng)
            at = START + rng.randint(0, last) * SECOND
            actor = rng.choice(["person", "person", "us"])
            rows.append(Row(f"p{person}", rng.choice(NAMES), at, values, actor=actor))
    rng.shuffle(rows)
    traits = {f"p{n}": {"plan": rng.choice("xy"), "country": rng.choice("xyz")} for n in range(9)}
    return Stream(rows, traits, until=max(row.at for row in rows) + rng.choice([0, 5, 60]) * SECOND)


def any_plain_question(rng):
    names = [*NAMES, ["a", "c"], ["b", "d"], "*"] if rng.random() < 0.5 else NAMES
    where = rng.choice([0.0, 0.0, 0.3])
    steps = [{"event": rng.choice(names), "where": plain_where(rng, where)} for _ in range(rng.randint(1, 5))]
    steps[0]["first_ever"] = rng.random() < 0.1
    question = {"kind": "funnel", "steps": steps, "entries": rng.choice(["best", "best", "first"])}
    question["window"] = rng.choice([None, random_span(rng, SECOND), {"value": 50, "unit": "second"}])
    if rng.random() < 0.4:
        question |= {"period": random_period(rng), "late_conversions": rng.random() < 0.5}
    if rng.random() < 0.5:
        of, name = rng.choice([("event", "p"), ("event", "q"), ("person", "country"), ("company", "size")])
        question["breakdown"] = {"property": name, "of": of, "attribution": rng.choice(["first", "last"]), "limit": 2}
    return question


def plain_where(rng, share):
    return [one | ({"of": "person"} if one.get("of") == "person_then" else {}) for one in random_where(rng, share)]


def standing(rows):
    """Rows as a set of plain values. What cannot be told apart by any answer is left out: whether a converted unit is open."""
    steps = rows.times.shape[1]
    found = []
    for at in range(len(rows.unit)):
        level = int(rows.reached[at]).bit_length() - 1
        is_open = level < steps - 1 and rows.open_at[at] <= level
        times = rows.times[at, : level + 1].tolist()
        found.append((int(rows.unit[at]), int(rows.reached[at]), is_open, times, int(rows.group[at])))
    return sorted(found)


@pytest.mark.parametrize("seed", range(250))
def test_both_ways_find_the_same_entries(seed):
    rng = random.Random(seed)
    stream, question = any_stream(rng), parse(any_plain_question(rng))
    assert tally.is_plain(question)
    with patch.object(tally, "PORTION", rng.choice([1, 7, 50, 10_000])):
        plain, _ = funnel.fold_funnel(question, stream.dataset)
    with patch.object(funnel, "ROWS_AT_ONCE", rng.choice([1, 20, 10_000])):
        general, _ = funnel.fold_entries(question, stream.dataset, Watch())
    assert standing(plain) == standing(general)


def any_straight_question(rng):
    """One in which each name serves one step, whatever else is asked of the event; what the fastest loop folds."""
    names, share = rng.sample(NAMES, rng.randint(1, len(NAMES))), rng.choice([0.0, 0.2, 0.5])
    steps = [{"event": name, "where": plain_where(rng, share)} for name in names]
    return any_plain_question(rng) | {"steps": steps}


@pytest.mark.parametrize("seed", range(300))
def test_the_fastest_loop_finds_the_same_entries(seed):
    rng = random.Random(2_000 + seed)
    rows = any_stream(rng)
    # One slice a person; or one to three identities, and nothing, a third or everything in the delta.
    stream = Sliced(rows.rows, rows.traits, until=rows.data_until, seed=seed, apart=seed % 3 > 0)
    question = parse(any_straight_question(rng))
    with (
        patch.object(tally, "FAST_PATH_PORTION", rng.choice([1, 7, 10_000])),
        patch.object(tally, "fold_fast_path", side_effect=tally.fold_fast_path) as loop,
        patch.object(sliced, "_column", coded_with_empty_texts),
    ):
        plain, _ = funnel.fold_funnel(question, stream.dataset)
        general, _ = funnel.fold_entries(question, stream.dataset, Watch())
    assert loop.called
    assert standing(plain) == standing(general)


def coded_with_empty_texts(texts):
    """As files have them; the lake knows no empty text."""
    values = sorted({text for text in texts if text is not None})
    return Column(np.array([-1 if text is None else values.index(text) for text in texts], np.int32), values)


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize(("way", "names", "group"), [("first", "cba", "y"), ("last", "acb", "x")])
def test_of_one_moment_the_value_of_the_step_nearest_the_edge_names_the_group(apart, way, names, group):
    at = dict(zip(names, (0, 0, 1) if way == "first" else (0, 1, 1), strict=True))
    said = {"a": "1", "b": "y", "c": "x"}
    rows = [Row("p0", name, START + at[name] * SECOND, {"p": said[name]}) for name in names]
    breakdown = {"property": "p", "attribution": way}
    question = parse({"kind": "funnel", "steps": [{"event": name} for name in "abc"], "breakdown": breakdown})
    rows, _ = funnel.fold_funnel(question, Sliced(rows, until=START + 9 * SECOND, seed=2, apart=apart).dataset)
    assert [rows.values[code] for code in rows.group] == [group]


def test_more_conditions_than_the_fastest_loop_takes_are_answered_too():
    rng = random.Random(3)
    stream = any_stream(rng)
    where = [{"property": "p", "op": "!=", "value": f"none {n}"} for n in range(9)]
    question = {"kind": "funnel", "steps": [{"event": "a"}, {"event": "b"}]}
    narrowed = question | {"steps": [{"event": "a", "where": where}, {"event": "b"}]}
    with patch.object(tally, "fold_fast_path", side_effect=tally.fold_fast_path) as loop:
        told = stream.ask(narrowed)["steps"]
        assert not loop.called
        assert told == stream.ask(question)["steps"]
    assert loop.called


@pytest.mark.parametrize("seed", range(100))
def test_who_has_many_events_stands_where_the_general_kernel_says(seed):
    rng = random.Random(7_000 + seed)
    lasts = rng.choice([1, 100, 3_000, 1_000_000])
    people, most = rng.choice([(5, 150), (5, 150), (90, 30)])
    rows = [
        Row(f"p{person}", rng.choice(NAMES), START + rng.randint(0, lasts) * SECOND, any_values(rng))
        for person in range(people)
        for _ in range(rng.randint(10, most))
    ]
    traits = {f"p{n}": {"plan": rng.choice("xy"), "country": rng.choice("xyz")} for n in range(4)}
    until = START + (lasts + rng.choice([0, 5, 600])) * SECOND
    stream = Sliced(rows, traits, until=until, seed=seed, apart=seed % 3 == 0)
    window = {"value": rng.choice([1, max(lasts // 50, 1), lasts]), "unit": "second"}
    question = parse(any_straight_question(rng) | {"window": window})
    with patch.object(tally, "fold_fast_path", side_effect=tally.fold_fast_path) as loop:
        plain, _ = funnel.fold_funnel(question, stream.dataset)
    assert loop.called
    general, _ = funnel.fold_entries(question, stream.dataset, Watch())
    assert standing(plain) == standing(general)
    told = answers.answer_funnel(replace(question, show="counts"), stream.dataset)["steps"]
    reached = [np.count_nonzero(general.reached >= 1 << k) for k in range(len(question.steps))]
    assert [step["count"] for step in told] == reached


@pytest.mark.parametrize("seed", range(60))
def test_both_ways_give_the_same_answer(seed):
    rng = random.Random(1_000 + seed)
    stream, question = any_stream(rng), any_plain_question(rng)
    with patch.object(tally, "PORTION", rng.choice([1, 7, 10_000])):
        said, counted = stream.ask(question), stream.ask(question | {"show": "counts"})
    with patch.object(answers, "is_plain", lambda _: False), patch.object(funnel, "is_plain", lambda _: False):
        assert said == stream.ask(question)
        assert counted == stream.ask(question | {"show": "counts"})
    assert [step["count"] for step in counted["steps"]] == [step["count"] for step in said["steps"]]
    assert all(step.keys() == {"label", "count", "from_previous", "from_first"} for step in counted["steps"])


def test_two_threads_give_what_one_gives():
    rng = random.Random(5)
    stream = Stream([Row(f"p{rng.randrange(500)}", rng.choice(NAMES), START + n * SECOND) for n in range(4_000)])
    question = parse({"kind": "funnel", "steps": [{"event": name} for name in "abc"], "window": None})
    alone = funnel.fold_funnel(question, stream.dataset)[0]
    with patch.multiple("fullfunnel.journeys.folds.gather", WORTH_THREADS=100, LEAST=100):
        together = funnel.fold_funnel(question, stream.dataset)[0]
    assert np.array_equal(alone.unit, together.unit)
    assert np.array_equal(alone.entered, together.entered)
    assert standing(alone) == standing(together)


def test_who_stops_waiting_ends_the_fold_between_portions():
    stream = Stream([Row(f"p{n}", "a", START + n) for n in range(100)])
    heard = []

    def told(done, total):
        heard.append((done, total))
        if done >= 30:
            raise Cancelled

    question = parse({"kind": "funnel", "steps": [{"event": "a"}]})
    with patch.object(tally, "FAST_PATH_PORTION", 10), pytest.raises(Cancelled):
        funnel.fold_funnel(question, stream.dataset, Watch(told=told))
    assert heard == [(0, 0), (10, 100), (20, 100), (30, 100)]
