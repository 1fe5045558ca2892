"""Paths are answered as the oracle does, over random worlds of many slices and random questions."""

import os
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines import oracle_paths
from tests.engines.worlds_of_order import random_paths, random_world
from tests.kit.deep import mostly_deep

# FULLFUNNEL_PAIRS=20000 asks a quarter of it here; FULLFUNNEL_SEED makes it other ones.
PAIRS = int(os.environ.get("FULLFUNNEL_PAIRS", "1600")) // 4
SEED = os.environ.get("FULLFUNNEL_SEED", "1")
PARTS = 4


def difference(seed):
    """What fold and oracle say differently of a random question of a random world; None when they agree."""
    rng = random.Random(seed)
    world = random_world(rng, rng.choice(["hour", "day"]))
    question = random_paths(rng, world)
    said, meant = world.ask(question), oracle_paths.answer(world, question)
    if {key: said.get(key) for key in meant} == meant:
        return None
    return {"question": question, "fold": said, "oracle": meant, "rows": world.rows}


@pytest.mark.parametrize("part", mostly_deep(range(PARTS)))
def test_no_random_question_is_answered_otherwise(part):
    found = (difference(f"{SEED}/{part}/{at}") for at in range(PAIRS // PARTS))
    assert [one for one in found if one] == []


@given(st.integers(min_value=0))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_hypothesis_finds_no_question_that_is_answered_otherwise(seed):
    assert difference(seed) is None
