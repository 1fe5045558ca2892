"""What holds of every funnel, whatever the world."""

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.compare import told
from tests.engines.stream import Stream, microseconds
from tests.engines.worlds import random_pair

some = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def pair(seed):
    rng = random.Random(seed)
    return rng, *random_pair(rng)


def like(world, rows=None, **fields):
    """The same world with other rows, or kept otherwise."""
    given = {"until": world.data_until, "companies": world.companies} | fields
    return Stream(world.rows if rows is None else rows, world.traits, **given)


def all_steps(answer):
    return [answer["steps"], *(group["steps"] for group in answer.get("groups", []))]


@given(st.integers(min_value=0))
@some
def test_nobody_is_lost_between_two_required_steps(seed):
    _, world, question = pair(seed)
    required = [at for at, step in enumerate(question["steps"]) if not step.get("optional")]
    for steps in all_steps(world.ask(question)):
        for before, after in pairwise(required):
            step = steps[after]
            assert steps[before]["count"] == step["count"] + step["dropped"] + step["pending"]


@given(st.integers(min_value=0))
@some
def test_a_list_of_people_is_as_long_as_its_count(seed):
    _, world, question = pair(seed)
    answer = world.ask(question)
    for value, steps in [
        (..., answer["steps"]),
        *((group["value"], group["steps"]) for group in answer.get("groups", [])),
    ]:
        for at, step in enumerate(steps, 1):
            for outcome, count in [
                ("reached", step["count"]),
                ("dropped", step["dropped"]),
                ("pending", step["pending"]),
            ]:
                listed = (
                    question
                    | {"show": "people", "step": at, "outcome": outcome}
                    | ({} if value is ... else {"group": value})
                )
                found = world.ask(listed)
                assert (len(found["people"]), found["total"]) == (count, count)


@given(st.integers(min_value=0))
@some
def test_the_order_of_arrival_does_not_matter_to_counts(seed):
    rng, world, question = pair(seed)
    if question.get("breakdown", {}).get("attribution", "first") in ("first", "last") and "breakdown" in question:
        del question["breakdown"]
    # Changes of a trait at one moment are told apart by their arrival alone.
    rows = [row for row in world.rows if row.event != "trait_changed"]
    shuffled = rng.sample(rows, len(rows))
    assert told(like(world, rows).ask(question)) == told(like(world, shuffled).ask(question))


@given(st.integers(min_value=0), st.integers(-(10**15), 10**15))
@some
def test_a_shift_of_all_times_does_not_matter(seed, shift):
    _, world, question = pair(seed)
    question.pop("period", None)
    rows = [replace(row, at=row.at + shift) for row in world.rows]
    shifted = like(world, rows, until=world.data_until + shift)
    assert told(world.ask(question)) == told(shifted.ask(question))


@given(st.integers(min_value=0))
@some
def test_how_people_are_portioned_does_not_matter(seed):
    _, world, question = pair(seed)
    assert told(like(world, chunk=1).ask(question)) == told(like(world).ask(question))


@given(st.integers(min_value=0))
@some
def test_whoever_was_several_identities_and_became_one_was_always_one(seed):
    _, world, question = pair(seed)
    assert told(like(world, identities=3).ask(question)) == told(like(world, identities=1).ask(question))


@given(st.integers(min_value=0))
@some
def test_the_zone_does_not_matter_to_windows(seed):
    _, world, question = pair(seed)
    answers = []
    for zone in ("UTC", "Europe/Berlin", "Asia/Kathmandu"):
        answers.append(told(world.ask(question | {"period": {"timezone": zone}})))
    assert answers[0] == answers[1] == answers[2]


@given(st.integers(min_value=0), st.sampled_from(["hour", "day", "week", "month"]))
@some
def test_the_buckets_of_a_trend_add_up_to_the_funnel(seed, by):
    _, world, question = pair(seed)
    question.pop("breakdown", None)
    rows, answer = world.ask(question | {"show": "trend", "by": by})["rows"], world.ask(question)
    assert sum(row["units"] for row in rows) == answer["units"]
    for at, step in enumerate(answer["steps"]):
        for name in ("count", "dropped", "pending"):
            assert sum(row["steps"][at][name] for row in rows) == step[name]


@given(st.integers(min_value=0))
@some
def test_to_hold_a_value_never_wins_a_conversion(seed):
    _, world, question = pair(seed)
    question = {key: question[key] for key in ("kind", "steps", "count", "window", "period") if key in question}
    question["count"] = question["count"] if question["count"] in ("companies", "deals") else "people"
    for step in question["steps"]:
        step.pop("optional", None)
        step.pop("within", None)
    free, held = world.counts(question), world.counts(question | {"hold": ["p"]})
    assert all(a >= b for a, b in zip(free, held, strict=True))


@given(st.integers(min_value=0))
@some
def test_a_wider_window_never_loses_a_conversion(seed):
    _, world, question = pair(seed)
    question = {key: question[key] for key in ("kind", "steps", "order", "period") if key in question}
    for step in question["steps"]:
        step.pop("optional", None)
    counts = [world.counts(question | {"window": {"value": value, "unit": "second"}}) for value in (1, 5, 60)]
    assert all(a <= b for less, more in pairwise(counts) for a, b in zip(less, more, strict=True))


@pytest.mark.parametrize("order", ["ordered", "strict", "any"])
@pytest.mark.parametrize("count", ["people", "entries"])
def test_one_person_with_very_many_events_does_not_hurt(order, count):
    base = microseconds("2026-01-01T00:00:00Z")
    rng = random.Random(1)
    world = Big([rng.randrange(4) for _ in range(300_000)], base)
    question = {
        "kind": "funnel",
        "steps": [{"event": name} for name in "abcd"],
        "order": order,
        "count": count,
        "window": None,
    }
    answer = world.ask(question)
    assert answer["steps"][0]["count"] >= 1


class Big(Stream):
    """One person with an event a second."""

    def __init__(self, codes, base):
        super().__init__([], until=base + len(codes) * 1_000_000)
        self.names, self.codes, self.base = ["ada"], codes, base

    def index(self, count="people"):
        import numpy as np

        from fullfunnel.events.store.journeys import Index, Part, no_part

        n, none = len(self.codes), np.zeros(1, np.int64)
        time, seq = self.base + np.arange(n) * 1_000_000, np.arange(n)
        part = Part(time, seq, np.array(self.codes, np.uint16), np.zeros(n, np.uint8), np.zeros(n, np.int64))
        slices = (np.array([0, 1]), none, none + n, none.astype(np.uint8))
        return Index((part, no_part()), ["a", "b", "c", "d"], none, *slices, none, lambda name: None)
