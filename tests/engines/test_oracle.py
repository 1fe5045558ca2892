"""The fold answers as the oracle does, over random worlds and random questions."""

import os
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.compare import difference, differences
from tests.engines.worlds import random_pair
from tests.kit.deep import mostly_deep

# FULLFUNNEL_PAIRS=20000 asks more; FULLFUNNEL_SEED makes it other ones.
PAIRS = int(os.environ.get("FULLFUNNEL_PAIRS", "2000"))
SEED = os.environ.get("FULLFUNNEL_SEED", "1")
PARTS = 8


@pytest.mark.parametrize("part", mostly_deep(range(PARTS)))
def test_no_random_question_of_a_random_world_is_answered_otherwise(part):
    assert list(differences(f"{SEED}/{part}", PAIRS // PARTS)) == []


@given(st.integers(min_value=0))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_hypothesis_finds_no_question_that_is_answered_otherwise(seed):
    rng = random.Random(seed)
    assert difference(*random_pair(rng), rng) is None
