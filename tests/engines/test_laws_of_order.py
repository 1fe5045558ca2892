"""What holds of every retention and of all paths, whatever the world."""

import random
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.sliced import Sliced
from tests.engines.worlds_of_order import HOUR, random_paths, random_retention, random_world

some = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WEEK = 7 * 24 * HOUR
seeds = st.integers(min_value=0)


def pair(seed, kind):
    rng = random.Random(seed)
    by = rng.choice(["hour", "day", "week"])
    world = random_world(rng, by)
    return rng, world, random_retention(rng, world, by) if kind == "retention" else random_paths(rng, world)


def again(world, rows, shift=0):
    """The world with other rows, cut into other slices."""
    shifted = [replace(row, at=row.at + shift) for row in rows]
    until = world.data_until + shift
    return Sliced(shifted, world.traits, until=until, chunk=3, companies=world.companies, seed=len(rows))


def at_different_times(rng, rows):
    """The rows with no two at one moment, in any order."""
    rows = [replace(row, at=row.at + 2 * place) for place, row in enumerate(rows)]
    return rows, rng.sample(rows, len(rows))


@given(seeds)
@some
def test_on_or_after_never_increases_from_period_to_period(seed):
    _, world, question = pair(seed, "retention")
    cells = {}
    for row in world.ask(question | {"mode": "on_or_after"})["rows"]:
        cells.setdefault((row["cohort"], row.get("group")), [row["size"]]).append(row["count"])
    assert all(counts == sorted(counts, reverse=True) for counts in cells.values())


@given(seeds)
@some
def test_on_counts_nobody_that_on_or_after_does_not(seed):
    _, world, question = pair(seed, "retention")
    on, later = (world.ask(question | {"mode": mode})["rows"] for mode in ("on", "on_or_after"))
    assert [row["size"] for row in on] == [row["size"] for row in later]
    assert all(one["count"] <= two["count"] <= two["size"] for one, two in zip(on, later, strict=True))


@given(seeds, st.integers(-500, 500))
@some
def test_a_shift_by_whole_weeks_of_utc_changes_no_number(seed, weeks):
    _, world, question = pair(seed, "retention")
    question["period"] = {}
    found, moved = (one.ask(question) for one in (world, again(world, world.rows, weeks * WEEK)))
    numbers = [[{key: row[key] for key in row if key != "cohort"} for row in one["rows"]] for one in (found, moved)]
    assert (numbers[0], found["overall"]) == (numbers[1], moved["overall"])


@given(seeds)
@some
def test_the_order_of_arrival_does_not_matter_where_times_differ(seed):
    for kind in ("retention", "paths"):
        rng, world, question = pair(seed, kind)
        rows, shuffled = at_different_times(rng, world.rows)
        assert again(world, rows).ask(question) == again(world, shuffled).ask(question)


@given(seeds)
@some
def test_a_return_that_is_delivered_twice_is_one(seed):
    rng, world, question = pair(seed, "retention")
    rows, _ = at_different_times(rng, world.rows)
    found = again(world, rows).ask(question | {"return": "c", "start": "a"})
    twice = [*rows, *(row for row in rows if row.event == "c")]
    assert found == again(world, twice).ask(question | {"return": "c", "start": "a"})


@given(seeds)
@some
def test_each_depth_of_the_paths_adds_up(seed):
    _, world, question = pair(seed, "paths")
    answer = world.ask(question)
    for one in (answer, *answer.get("groups", [])):
        going_on = one["units"]
        for depth in range(question["depth"] + 1):
            nodes = {node["name"]: node["count"] for node in one["nodes"] if node["depth"] == depth}
            links = [link for link in one["links"] if link["depth"] == depth]
            far = "to" if question["direction"] == "after" else "from"
            assert sum(nodes.values()) == going_on
            assert depth == 0 or sum(link["count"] for link in links) == going_on
            for name, count in nodes.items() if depth else ():
                assert count == sum(link["count"] for link in links if link[far] == name)
            going_on -= nodes.get("(end)", 0) + nodes.get("(start)", 0)
    if "groups" in answer:
        assert sum(one["units"] for one in answer["groups"]) == answer["units"]
