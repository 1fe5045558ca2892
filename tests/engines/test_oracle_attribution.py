"""Attribution answers as its oracle does, over random worlds and random questions."""

import os

import pytest

from tests.engines.compare_attribution import differences
from tests.kit.deep import mostly_deep

# FULLFUNNEL_PAIRS=20000, as make test-deep says it, asks 5,000.
PAIRS = int(os.environ.get("FULLFUNNEL_PAIRS", "1200")) // 4
SEED = os.environ.get("FULLFUNNEL_SEED", "1")
PARTS = 2


@pytest.mark.parametrize("part", mostly_deep(range(PARTS)))
def test_no_random_question_of_a_random_world_is_answered_otherwise(part):
    assert list(differences(f"{SEED}/{part}", PAIRS // PARTS)) == []
