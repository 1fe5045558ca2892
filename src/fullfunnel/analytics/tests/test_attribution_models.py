"""The attribution models, as shared/reference/attribution.md defines them (its vectors D6.1 to D6.4).

MTA's own cases: tests/cases/attribution.py.
"""

import random
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest

from fullfunnel.journeys.attribution.markov import markov_shares, removal_effects
from fullfunnel.journeys.attribution.models import RULES
from fullfunnel.journeys.attribution.shapley import over_subsets, rates, shapley_shares, shapley_values
from fullfunnel.journeys.attribution.shares import divided, money_text, places_of
from tests.cases.attribution import earned, weights

# D6.2: path, how often, converted?
GOLDEN = [("ABC", 3, 1), ("AC", 2, 1), ("B", 1, 1), ("C", 4, 1), ("A", 4, 0), ("BC", 2, 0), ("C", 4, 0)]


def transitions(journeys, values):
    """Counts as markov takes them: the start and the values to the values, NULL, and the conversion."""
    found = np.zeros((len(values) + 1, len(values) + 2))
    for path, count, converted in journeys:
        states = [0, *(values.index(value) + 1 for value in path)]
        for at, after in zip(states, [*states[1:], None], strict=True):
            found[at, len(values) + converted if after is None else after - 1] += count
    return found


def by_set(journeys, values):
    """Conversions and journeys by their set of values."""
    conversions, all_of_them = np.zeros((2, 2 ** len(values)))
    for path, count, converted in journeys:
        mask = sum(1 << values.index(value) for value in set(path))
        conversions[mask] += count * converted
        all_of_them[mask] += count
    return conversions, all_of_them


@pytest.mark.parametrize(
    ("model", "cents"),
    [
        ("first_touch", [1200000, 0, 0, 0, 0]),
        ("last_touch", [0, 0, 0, 0, 1200000]),
        ("last_non_direct", [0, 0, 0, 1200000, 0]),
        ("linear", [240000] * 5),
        ("time_decay", [17520, 28744, 57488, 341704, 754545]),
        ("u_shaped", [480000, 80000, 80000, 80000, 480000]),
        ("j_shaped", [240000, 80000, 80000, 80000, 720000]),
        ("inverse_j", [720000, 80000, 80000, 80000, 240000]),
    ],
)
def test_the_worked_journey_is_divided_to_the_cent(model, cents):
    """D6.1: touches on the days 0, 5, 12, 30 and 38, the last of them direct; 12,000.00 to divide."""
    shares = weights(model, 5, ages=[38, 33, 26, 8, 0], direct=(4,))
    assert [round(share * 1200000) for share in shares] == cents
    # Rounded one by one, the decay of the vector is a cent too much; divided, nothing is.
    assert sum(divided(1200000, [Fraction(share) for share in shares])) == 1200000


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("first_touch", {"A": 5, "B": 1, "C": 4}),
        ("last_touch", {"A": 0, "B": 1, "C": 9}),
        ("linear", {"A": 2, "B": 2, "C": 6}),
        ("u_shaped", {"A": 2.2, "B": 1.6, "C": 6.2}),
    ],
)
def test_the_golden_corpus_is_credited_by_rules_as_its_table_says(model, expected):
    """D6.2."""
    assert earned(model, GOLDEN) == pytest.approx(expected, rel=0, abs=1e-12)


def test_the_golden_corpus_is_credited_by_markov_exactly():
    """D6.3."""
    effects = removal_effects(transitions(GOLDEN, "ABC"))
    assert effects.tolist() == pytest.approx([8 / 25, 2 / 5, 9 / 10], rel=0, abs=1e-14)
    credits = markov_shares(transitions(GOLDEN, "ABC")) * 10
    assert credits.tolist() == pytest.approx([160 / 81, 200 / 81, 50 / 9], rel=0, abs=1e-13)


def test_shapley_over_counts_is_linear_over_distinct_values():
    """D6.4, the golden corpus and the theorem: what v(S) counts is a sum of unanimity games."""
    conversions, _ = by_set(GOLDEN, "ABC")
    assert shapley_values(over_subsets(conversions)).tolist() == pytest.approx([2, 2, 6], rel=0, abs=1e-13)
    rng = random.Random(7)
    for _ in range(50):
        journeys = [("".join(rng.choices("ABCDE", k=rng.randint(1, 6))), rng.randint(1, 9), 1) for _ in range(8)]
        found = shapley_values(over_subsets(by_set(journeys, "ABCDE")[0]))
        linear = earned("linear", [(sorted(set(path)), count, 1) for path, count, _ in journeys])
        assert found.tolist() == pytest.approx([linear.get(value, 0) for value in "ABCDE"], rel=0, abs=1e-12)


def test_shapley_values_are_the_average_over_all_orders():
    rng = np.random.default_rng(3)
    worth = rng.random(16)
    expected = np.zeros(4)
    for order in permutations(range(4)):
        mask = 0
        for player in order:
            expected[player] += (worth[mask | 1 << player] - worth[mask]) / 24
            mask |= 1 << player
    assert shapley_values(worth).tolist() == pytest.approx(expected.tolist(), rel=0, abs=1e-14)


def test_rates_are_shrunk_and_never_fall_when_a_value_is_added():
    """Golden corpus: a conversion costs 2 journeys. v(A) = 0/(4+2), v(B) = 1/3, v(C) = 4/(8+2), v(ABC) = 10/(20+2).

    AC has 6/(14+2) and BC 5/(11+2), which is less than C alone; AB has 1/(5+2), which is less than B alone.
    """
    worth = rates(*by_set(GOLDEN, "ABC"))
    assert worth.tolist() == pytest.approx([0, 0, 1 / 3, 1 / 3, 4 / 10, 4 / 10, 4 / 10, 10 / 22], rel=0, abs=1e-14)
    assert shapley_shares(*by_set(GOLDEN, "ABC")).sum() == pytest.approx(1, abs=1e-14)


@pytest.mark.parametrize(
    ("model", "n", "places", "expected"),
    [
        ("w_shaped", 5, (1, 3), [0.3, 0.3, 0.05, 0.3, 0.05]),
        ("w_shaped", 3, (0, 0), [0.9, 0.05, 0.05]),
        ("w_shaped", 3, (1, 2), [1 / 3, 1 / 3, 1 / 3]),
        ("w_shaped", 3, (-1, -1), [0.75, 0.125, 0.125]),
        ("w_shaped", 1, (0, 0), [1]),
        ("z_shaped", 6, (1, 3), [0.225, 0.225, 0.05, 0.225, 0.05, 0.225]),
        ("z_shaped", 4, (1, 1), [0.225, 0.45, 0.1, 0.225]),
        ("z_shaped", 4, (1, 2), [0.25, 0.25, 0.25, 0.25]),
        ("z_shaped", 3, (-1, -1), [45 / 110, 20 / 110, 45 / 110]),
    ],
)
def test_milestones_are_rewarded_and_a_touch_that_serves_two_has_both_shares(model, n, places, expected):
    lead, opportunity = places
    assert weights(model, n, lead=lead, opportunity=opportunity) == pytest.approx(expected, rel=0, abs=1e-12)


@pytest.mark.parametrize("model", RULES)
def test_one_touch_alone_earns_the_whole(model):
    assert weights(model, 1) == [1.0]


@pytest.mark.parametrize(
    ("model", "expected"),
    [("u_shaped", [0.5, 0.5]), ("j_shaped", [0.25, 0.75]), ("inverse_j", [0.75, 0.25])],
)
def test_of_two_touches_there_is_no_middle(model, expected):
    assert weights(model, 2) == expected


def test_when_every_touch_is_direct_the_last_of_them_earns_it():
    assert weights("last_non_direct", 3, direct=(0, 1, 2)) == [0, 0, 1]


def test_a_touch_of_long_ago_never_makes_the_decay_nothing():
    assert weights("time_decay", 2, ages=[10**6 + 7, 10**6]) == pytest.approx([1 / 3, 2 / 3], abs=1e-12)


def test_what_rounding_leaves_goes_to_the_largest_remainders():
    assert divided(100, [1, 1, 1]) == [34, 33, 33]
    assert divided(10, [Fraction(1, 6), Fraction(2, 6), Fraction(3, 6)]) == [2, 3, 5]
    assert divided(-100, [1, 1, 1]) == [-33, -33, -34]
    assert sum(divided(999_999_999_999_999_999, [3, 7, 11, 13])) == 999_999_999_999_999_999


def test_money_is_told_with_two_places_or_with_four_where_it_has_them():
    assert [money_text(12_345_600, places_of(12_345_600)), money_text(-105, places_of(-105))] == ["1234.56", "-0.0105"]
