"""Retention is answered as the oracle does, over random worlds of many slices and random questions."""

import os
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines import oracle_retention
from tests.engines.worlds_of_order import random_retention, random_world
from tests.kit.deep import mostly_deep

# FULLFUNNEL_PAIRS=20000 asks a quarter of it here; FULLFUNNEL_SEED makes it other ones.
PAIRS = int(os.environ.get("FULLFUNNEL_PAIRS", "1200")) // 4
SEED = os.environ.get("FULLFUNNEL_SEED", "1")
BY = ("hour", "day", "week", "month")


def difference(seed, by):
    """What fold and oracle say differently of a random question of a random world; None when they agree."""
    rng = random.Random(seed)
    world = random_world(rng, by)
    question = random_retention(rng, world, by)
    said, meant = world.ask(question), oracle_retention.answer(world, question)
    if (said["rows"], said["overall"]) == (meant["rows"], meant["overall"]):
        return None
    return {"question": question, "fold": said, "oracle": meant, "rows": world.rows, "until": world.data_until}


@pytest.mark.parametrize("by", mostly_deep(BY))
def test_no_random_question_is_answered_otherwise(by):
    found = (difference(f"{SEED}/{by}/{at}", by) for at in range(PAIRS // 4))
    assert [one for one in found if one] == []


@given(st.integers(min_value=0), st.sampled_from(BY))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_hypothesis_finds_no_question_that_is_answered_otherwise(seed, by):
    assert difference(seed, by) is None
