"""Why a unit stands where it stands: the trace tells what the fold counted, and every claim is answered by the fold."""

import random
from collections import Counter
from dataclasses import replace

from fullfunnel.journeys.ask import answer
from fullfunnel.journeys.folds.plan import plan_of
from fullfunnel.journeys.questions.reading import parse
from fullfunnel.journeys.watch import Watch
from fullfunnel.journeys.why.changes import changes_of
from fullfunnel.journeys.why.entries import counted_entries, entries_of
from fullfunnel.journeys.why.facts import facts_of
from fullfunnel.journeys.why.one import NOT_PEOPLE, dataset_of_one
from fullfunnel.journeys.why.standing import plain, rows_of
from tests.engines.stream import microseconds
from tests.engines.worlds import random_question, random_world

SEEDS = 150
SECOND = 1_000_000


def one_of(seed):
    """A unit of a random world, a random question (as JSON and read), and where the fold says that it stands."""
    rng = random.Random(f"why/{seed}")
    world, given = random_world(rng), random_question(rng)
    if given["order"] != "any" and len(given["steps"]) > 1 and rng.random() < 0.4:
        given["steps"][-1]["within"] = {"value": rng.choice([0, 1, 2, 3]), "unit": "second"}
    question = plain(parse(given))
    units = world.index(question.count if question.count in NOT_PEOPLE else "people").units
    if not len(units):
        return one_of(f"{seed} again")
    unit = rng.choice(units.tolist())
    one = dataset_of_one(world.dataset, unit, question.count)
    name = world.units_named(question.count, [unit])[0]
    return world, given, name, question, one, rows_of(question, one, Watch())


def test_the_entries_walked_are_the_ones_that_the_fold_lets_stand():
    for seed in range(SEEDS):
        world, given, _, question, one, rows = one_of(seed)
        walked = entries_of(question, facts_of(question, one), world.data_until)
        told = [
            (entry.entered, entry.times()) for entry in counted_entries(plan_of(question, world.data_until), walked)
        ]
        meant = [(row.entered, row.times) for row in rows]
        assert sorted(told, key=str) == sorted(meant, key=str), (seed, given)


def test_the_events_taken_are_at_the_times_of_the_fold_and_every_named_event_has_its_verdict():
    for seed in range(SEEDS):
        world, given, name, _, one, rows = one_of(seed)
        told = answer({"kind": "why", "question": given, "unit": name}, world.dataset)
        taken = sorted(
            (microseconds(event["entered_at"]), event["step"] - 1, microseconds(event["at"]))
            for event in told["events"]
            if event["verdict"] == "taken"
        )
        assert taken == sorted((row.entered, step, at) for row in rows for step, at in row.times.items()), (seed, given)
        assert told["reached"] == max((max(row.times) + 1 for row in rows), default=0) or len(rows) > 1
        own = [(at, one.names[code]) for at, code in zip(one.part.time, one.part.name, strict=True)]
        named = {name for part in given["steps"] + given.get("exclude", []) for name in names_of(part)}
        expected = Counter((at, event) for at, event in own if "*" in named or event in named)
        found = Counter((microseconds(event["at"]), event["event"]) for event in told["events"])
        assert expected <= found, (seed, given)
        for event in told["events"]:
            assert event["verdict"] == "taken" or event["reason"], (seed, event)
            assert event["sentence"]


def names_of(part):
    return [part["event"]] if isinstance(part["event"], str) else part["event"]


def test_every_change_told_takes_the_unit_further_and_the_next_smaller_one_does_not():
    told = Counter()
    for seed in range(6 * SEEDS):
        _, given, _, question, one, rows = one_of(seed)
        if question.count in ("sessions", "entries") and len(rows) > 1:
            continue
        row = rows[0] if rows else None
        now = row.weight(question)[0] if row else 0
        for change in changes_of(question, one, facts_of(question, one), row, Watch()):
            told[change.change] += 1
            assert furthest(change.question, one) > now, (seed, given, change)
            for smaller in one_less(question, change):
                told["smaller"] += 1
                assert furthest(smaller, one) <= now, (seed, given, change)
    assert set(told) >= {"window", "within", "exclude", "where", "order", "period"}


def one_less(question, change):
    """The changed question with one unit, and with one microsecond, less than what is told to be enough."""
    value = change.value
    if change.change in ("window", "within"):
        size = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}[value["unit"]] * SECOND
        for span in (round((value["value"] - 1) * size), round(value["seconds"] * SECOND) - 1):
            if change.change == "window" and span >= question.window:
                yield replace(question, window=span)
            if change.change == "within" and span >= question.steps[value["step"] - 1].within:
                steps = list(question.steps)
                steps[value["step"] - 1] = replace(steps[value["step"] - 1], within=span)
                yield replace(question, steps=tuple(steps))
    if change.change == "period":
        period, day = change.question.period, 86_400 * SECOND
        if "from" in value:
            period = replace(period, start=min(period.start + day, question.period.start))
        else:
            period = replace(period, end=max(period.end - day, question.period.end))
        yield replace(question, period=period)


def furthest(question, one):
    return max((row.weight(question)[0] for row in rows_of(question, one, Watch())), default=0)
