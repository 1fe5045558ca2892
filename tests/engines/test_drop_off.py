"""The drop-off analyst: what is planted is found, what is chance stays unsaid, and the figures are the ones of the field."""

import random
from math import comb, exp, log, sqrt

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from fullfunnel.journeys.ask import answer
from fullfunnel.journeys.drop_off.distinct_groups import Group, distinct_groups, marks_of
from fullfunnel.journeys.drop_off.odds import Tables, corrected, fisher, judge, odds_ratios
from tests.engines.stream import Row, Stream
from tests.engines.tell import ask, hours, told

HOUR = 3_600_000_000


def tables(*cells):
    return Tables(*(np.array(column, np.int64) for column in zip(*cells, strict=True)))


def drop_off(world, question, step=2, **more):
    return answer({"kind": "drop_off", "question": question, "step": step, **more}, world.dataset)


def told_of(found):
    return [(row["factor"], row["property"], row["value"]) for row in found["rows"] if row["q"] < 0.05]


# Figures


def test_an_odds_ratio_and_its_interval_are_those_of_the_textbook():
    ratio, low, high = (float(one[0]) for one in odds_ratios(tables((74, 166, 180, 110))))
    error = 1.959963984540054 * sqrt(1 / 74 + 1 / 166 + 1 / 180 + 1 / 110)
    assert (ratio, low, high) == pytest.approx((0.272423, exp(log(ratio) - error), exp(log(ratio) + error)), rel=1e-5)
    assert (round(low, 3), round(high, 3)) == (0.19, 0.391)


def test_where_a_cell_is_empty_half_a_unit_is_added_to_all_four():
    ratio, _, high = (float(one[0]) for one in odds_ratios(tables((0, 30, 20, 10))))
    assert ratio == pytest.approx(0.5 * 10.5 / (30.5 * 20.5))
    assert high < 1


def test_p_is_that_of_fishers_lady_tasting_tea():
    assert fisher(3, 1, 1, 3) == pytest.approx(2 * (comb(4, 3) * comb(4, 1) + 1) / comb(8, 4))


def test_q_is_what_benjamini_and_hochberg_computed_in_their_paper():
    # Their example of 1995: 15 tests, of which four are told at 0.05.
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1.0,
    ]
    found = corrected(np.array(p))
    assert int((found <= 0.05).sum()) == 4
    assert found[3] == pytest.approx(0.0095 * 15 / 4)
    assert found.tolist() == false_discovery_control(p).tolist()


def test_small_groups_and_small_expectations_are_silent_whatever_their_outcome():
    given = tables((0, 19, 100, 100), (10, 10, 100, 100), (0, 20, 4, 500), (200, 0, 19, 0))
    assert given.speaks().tolist() == [False, True, False, False]


# Found and not found


def planted(seed, units=4000, nulls=200):
    """Tables of one true factor and of many that mean nothing."""
    rng = np.random.default_rng(seed)
    true = rng.random(units) < 0.3
    went_on = rng.random(units) < np.where(true, 0.35, 0.55)
    has = np.column_stack([true, *(rng.random((units, 1)) < rng.uniform(0.1, 0.9) for _ in range(nulls))])
    return counted(has, went_on)


def counted(has, went_on):
    on, lost = has[went_on].sum(axis=0), has[~went_on].sum(axis=0)
    return Tables(on, lost, int(went_on.sum()) - on, int((~went_on).sum()) - lost)


def test_one_true_factor_among_two_hundred_is_found_and_few_others():
    found = judge(planted(1))
    assert found.q[0] < 1e-6
    assert 0.3 < found.odds_ratio[0] < 0.6
    assert int((found.q[1:] < 0.05).sum()) <= 1


def test_where_nothing_is_planted_seldom_anything_is_told():
    # Of equal sizes, so that few different tables come up and 40,000 exact tests take little time.
    discoveries = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        went_on = np.arange(400) < 200
        has = np.argsort(rng.random((400, 200)), axis=0) < 120
        discoveries += bool((judge(counted(has, went_on)).q < 0.05).any())
    # 5 % and what chance may add to it in 200 tries (three standard errors).
    assert discoveries / 200 <= 0.05 + 3 * sqrt(0.05 * 0.95 / 200)


# Questions


def leak(seed=3, people=600):
    """Phones go on less; who had looked at the price before goes on more; noise means nothing."""
    rng, rows, traits = random.Random(seed), [], {}
    for number in range(people):
        name, at = f"p{number}", number * 24 * HOUR
        device = rng.choice(["phone", "desktop"])
        looked, noisy = rng.random() < 0.4, rng.random() < 0.5
        chance = (0.3 if device == "phone" else 0.6) + (0.25 if looked else 0)
        traits[name] = {"plan": rng.choice(["free", "pro"])}
        if looked:
            rows.append(Row(name, "price_seen", at - HOUR))
        if noisy:
            rows.append(Row(name, "noise_made", at - 2 * HOUR))
        rows.append(Row(name, "form_started", at, {"device": device, "shirt": rng.choice("abc")}))
        if rng.random() < chance:
            rows += [Row(name, "form_sent", at + HOUR, {"device": device}), Row(name, "thanked", at + 2 * HOUR)]
    return Stream(rows, traits, until=(people + 100) * 24 * HOUR)


def test_what_separates_is_told_and_what_came_after_is_not_looked_at():
    found = drop_off(leak(), ask("form_started", "form_sent"))
    assert sorted(told_of(found)) == [("behaviour", "price_seen", "before the entry"), ("property", "device", "phone")]
    assert (found["went_on"] + found["dropped"], found["tested"], found["silent"]) == (600, 7, 0)
    phone = next(row for row in found["rows"] if row["property"] == "device")
    assert phone["odds_ratio"] < 0.5 < 1 > phone["high"]
    on, lost = phone["with"]["went_on"], phone["with"]["dropped"]
    assert phone["sentence"].startswith(f"Where device is phone: {on} of {on + lost} (")
    # A thanked one had gone on: it would explain everything, and nothing.
    assert "thanked" not in {row["property"] for row in found["rows"]}


def test_both_sides_are_looked_at_until_the_step_before_only():
    rows = []
    for number in range(80):
        at = number * 24 * HOUR
        rows += [Row(f"p{number}", "a", at), Row(f"p{number}", "b", at + 2 * HOUR)]
        if number % 2:
            rows += [Row(f"p{number}", "helped", at + HOUR), Row(f"p{number}", "c", at + 4 * HOUR)]
        rows.append(Row(f"p{number}", "late", at + 3 * HOUR))
    found = drop_off(Stream(rows, until=10**4 * 24 * HOUR), ask("a", "b", "c"), step=3)
    assert told_of(found) == [("behaviour", "helped", "since the entry")]
    assert [row["property"] for row in found["rows"]] == ["helped"]


def test_a_trait_counts_as_it_was_and_not_as_the_step_itself_taught_it():
    rows, traits = [], {}
    for number in range(120):
        name, at, plan = f"p{number}", number * 24 * HOUR, "pro" if number % 3 else "free"
        rows.append(Row(name, "a", at))
        traits[name] = {"plan": plan}
        if number % 2:
            # Only who sends the form says a title; half of them changed their plan by it.
            taught = {"trait": "title", "old": "", "new": "nurse"}
            rows += [Row(name, "b", at + HOUR), Row(name, "trait_changed", at + HOUR, taught, actor="system")]
            changed = {"trait": "plan", "old": "free", "new": "pro"}
            rows += [Row(name, "trait_changed", at + HOUR, changed, actor="system")] if plan == "pro" else []
            traits[name] |= {"title": "nurse"}
    found = drop_off(Stream(rows, traits, until=10**15), ask("a", "b"))
    told = {(row["property"], row["value"]): row["with"] for row in found["rows"]}
    assert told == {("plan", "pro"): {"went_on": 0, "dropped": 40}}
    assert "plan was pro by then" in found["rows"][0]["sentence"]


def test_pending_ones_are_on_no_side():
    world = told("ada a 0", "ada b 1", "ben a 0", "cleo a 400", until=401)
    found = drop_off(world, ask("a", "b", window=hours(24)))
    assert (found["went_on"], found["dropped"], found["rows"]) == (1, 1, [])


def test_asked_about_no_step_the_one_that_loses_most_is_meant_and_of_equals_the_first():
    most = ["ada a 0", "ada b 1", "ada c 2", "ben a 0", "ben b 1", "cleo a 0", "cleo b 1", "dan a 0", "eve a 0"]
    question = {"kind": "drop_off", "question": ask("a", "b", "c", window=hours(9))}
    found = answer(question, told(*most, "eve b 1", until=900).dataset)
    assert (found["step"], found["went_on"], found["dropped"]) == (3, 1, 3)
    found = answer(question, told(*most, until=900).dataset)
    assert (found["step"], found["went_on"], found["dropped"]) == (2, 3, 2)
    # Nobody is lost by passing an optional step by.
    question["question"]["steps"][1]["optional"] = True
    assert answer(question, told("ada a 0", "ada c 2", "ben a 0", "ben c 2", until=900).dataset)["step"] == 3
    question["question"]["steps"][2]["optional"] = True
    assert answer(question, told("ada a 0", "ada b 2", "ben a 0", "ben c 2", until=900).dataset)["step"] == 2


def test_figures_have_six_digits():
    (row, *_) = drop_off(leak(), ask("form_started", "form_sent"))["rows"]
    figures = [row[name] for name in ("odds_ratio", "low", "high", "p", "q")]
    assert figures == [float(f"{one:.6g}") for one in figures]
    assert 0 < row["p"] < 1e-6


def test_of_several_entries_of_one_person_the_latest_counts():
    world = told("ada a 0", "ada b 1", "ada a 10", "ben a 0", until=900)
    found = drop_off(world, ask("a", "b", count="entries", window=hours(2)))
    assert (found["went_on"], found["dropped"]) == (0, 2)


def test_small_groups_are_silent_and_counted():
    rows = []
    for number in range(100):
        country = "es" if number < 19 else "de"
        rows.append(Row(f"p{number}", "a", number, {"country": country}))
        if number >= 50:
            rows.append(Row(f"p{number}", "b", number + HOUR))
    found = drop_off(Stream(rows, until=10**15), ask("a", "b"))
    assert (found["rows"], found["tested"], found["silent"]) == ([], 0, 1)


# The people behind a row, and what is told once


def behind(world, question, **chosen):
    return answer({"kind": "drop_off", "question": question, "step": 2, "show": "people", **chosen}, world.dataset)


@pytest.mark.parametrize("count", ["people", "entries"])
def test_each_number_of_a_row_is_the_length_of_its_list(count):
    world, question = leak(), ask("form_started", "form_sent", count=count)
    found = drop_off(world, question)
    assert len(found["rows"]) == found["tested"] > 5
    for row in found["rows"]:
        named = {name: row[name] for name in ("factor", "property", "value")}
        seen = set()
        for side, having in (("with", True), ("without", False)):
            for outcome, number in row[side].items():
                listed = behind(world, question, **named, **{"with": having}, outcome=outcome, limit=1_000)
                assert (listed["total"], len(listed["people"])) == (number, number)
                seen |= {one["person"] for one in listed["people"]}
        assert len(seen) == 600
    assert behind(world, question)["total"] == found["dropped"]
    assert behind(world, question, outcome="went_on")["total"] == found["went_on"]


def test_a_list_names_those_who_carry_the_value_and_no_others():
    world = told("ada a 0", "ben a 1", "cleo a 2", "cleo b 3", "ada x -1", "cleo x 1", until=9_000)
    did = {"factor": "behaviour", "property": "x", "value": "before the entry"}
    names = [
        [one["person"] for one in behind(world, ask("a", "b"), **did, **{"with": w})["people"]] for w in (True, False)
    ]
    assert names == [["ada"], ["ben"]]
    assert [one["person"] for one in behind(world, ask("a", "b"), outcome="went_on", **did)["people"]] == ["cleo"]
    # A value that nobody has is nobody, as a page beyond the last.
    assert behind(world, ask("a", "b"), factor="property", property="shape", value="round")["total"] == 0
    assert behind(world, ask("a", "b"), factor="property", property="shape", value=None)["total"] == 2


def mirrored():
    """A system and its browser are the same people; who has a gift is just who has no system of that name."""
    rows = []
    for number in range(120):
        system = "iOS" if number < 50 else ("Linux" if number < 90 else "Windows")
        own = {"os": system, "browser": f"of {system}", "both": "yes" if number % 3 else "no"}
        rows.append(Row(f"p{number}", "a", number, own | ({} if number < 50 else {"gift": "pen"})))
        if number % 4 == 0:
            rows.append(Row(f"p{number}", "b", number + HOUR))
    return Stream(rows, until=10**15)


def test_groups_of_the_same_people_and_mirror_images_are_tested_and_told_once():
    found = drop_off(mirrored(), ask("a", "b"))
    distinct_groups = {(row["property"], row["value"]): row for row in found["rows"]}
    # os, browser and gift say three things together, "both" one.
    assert (found["tested"], found["silent"], len(found["rows"])) == (4, 0, 4)
    names = lambda rows: [(one["property"], one["value"]) for one in rows]  # noqa: E731
    (ios,) = [row for row in found["rows"] if row["with"] == {"went_on": 13, "dropped": 37}]
    same = {(ios["property"], ios["value"]), *names(ios["also"])}
    assert same == {("os", "iOS"), ("browser", "of iOS"), ("gift", None)}
    assert ("both", "no") in distinct_groups
    assert all(row["opposite"] == [] for row in found["rows"])
    p = np.array([row["p"] for row in found["rows"]])
    assert [row["q"] for row in found["rows"]] == pytest.approx(false_discovery_control(p).tolist(), rel=1e-5)


def test_of_a_group_and_just_the_others_the_smaller_is_told_and_names_the_other():
    went_on = np.arange(10) < 4
    marks = marks_of(went_on)
    three, seven, again = (marks @ mask for mask in (np.arange(10) < 3, np.arange(10) >= 3, np.arange(10) < 3))
    other = marks @ (np.arange(10) % 3 == 0)
    groups = distinct_groups([seven, three, other, again], marks.sum(axis=1))
    assert groups == [Group(1, [3], [0]), Group(2, [], [])]


def test_what_the_step_itself_demands_is_not_looked_at():
    rows, traits = [], {}
    for number in range(120):
        traits[f"p{number}"] = {"plan": "pro" if number % 2 else "free", "size": "big" if number % 3 else "small"}
        rows.append(Row(f"p{number}", "a", number * HOUR))
        if number % 2:
            rows.append(Row(f"p{number}", "b", number * HOUR + 1))
    world, plan = Stream(rows, traits, until=10**15), {"property": "plan", "value": "pro", "of": "person"}
    assert [row["property"] for row in drop_off(world, ask("a", "b"))["rows"]] == ["plan", "size"]
    found = drop_off(world, ask("a", {"event": "b", "where": [plan]}))
    assert ([row["property"] for row in found["rows"]], found["tested"]) == (["size"], 1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"show": "rows of"}, "show"),
        ({"show": "people", "factor": "shape"}, "factor"),
        ({"show": "people", "property": "os", "value": "x"}, "factor"),
        ({"show": "people", "factor": "property", "value": "x"}, "property"),
        ({"show": "people", "factor": "property", "property": "os"}, "value"),
        ({"show": "people", "factor": "behaviour", "property": "a", "value": "later"}, "value"),
        ({"show": "people", "outcome": "pending"}, "outcome"),
        ({"step": 1}, "step"),
        ({"question": {"kind": "trend"}}, "question"),
        ({"question": {"kind": "funnel", "steps": []}}, "question.steps"),
        ({"question": {"kind": "funnel", "steps": ["a"]}}, "question.steps"),
        ({"question": {"kind": "funnel", "steps": ["a", {"event": ""}]}}, "question.steps[1].event"),
        ({"properties": [1]}, "properties"),
        ({"limit": 0}, "limit"),
    ],
)
def test_what_cannot_be_read_says_where(given, field):
    from fullfunnel.journeys.questions.reading import QuestionError

    with pytest.raises(QuestionError) as refused:
        answer({"kind": "drop_off", "question": ask("a", "b"), "step": 2} | given, told("ada a 0").dataset)
    assert refused.value.field == field
