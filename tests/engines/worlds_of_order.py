"""Random worlds and questions about retention and paths, from a seed: over days and weeks, across changes of the clock."""

import random

from tests.engines.sliced import Sliced
from tests.engines.stream import Row, microseconds
from tests.engines.worlds import VALUES, random_event, random_span, random_traits, random_where

HOUR = 3_600_000_000
# Clocks change in Berlin (29 March, 25 October) and on Lord Howe Island (5 April, by half an hour).
STARTS = ("2026-03-27T20:00:00Z", "2026-04-04T02:00:00Z", "2026-10-23T21:30:00Z", "2025-12-29T00:00:00Z")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
# How many quarters of an hour a world lasts; how its questions count.
LENGTHS = {"hour": 4 * 24, "day": 4 * 24 * 9, "week": 4 * 24 * 50, "month": 4 * 24 * 200}


def random_world(rng: random.Random, by: str) -> Sliced:
    """One to six people with up to twelve events each, over a few of the buckets `by`."""
    start, rows = microseconds(rng.choice(STARTS)), []
    for person in range(rng.randint(1, 6)):
        for _ in range(rng.randint(1, rng.choice([2, 6, 12]))):
            quarter = rng.randrange(LENGTHS[by])
            at = start + (quarter - quarter % rng.choice([1, 1, 8])) * HOUR // 4 + rng.choice([0, 0, 0, 1, -1])
            rows += [random_row(rng, f"p{person}", at) for _ in range(rng.choice([1, 1, 1, 2]))]
    rng.shuffle(rows)
    traits = {f"p{person}": random_traits(rng) for person in range(6) if rng.random() < 0.8}
    traits = {name: own | {"company": rng.choice(["k1", "k2", ""])} for name, own in traits.items()}
    companies = {"k1": {"size": rng.choice(VALUES)}, "k3": {"size": rng.choice(VALUES)}}
    until = max(row.at for row in rows) + rng.choice([0, 0, 1, HOUR, -3 * HOUR, 50 * HOUR])
    return Sliced(rows, traits, until=until, chunk=rng.choice([1, 5, 1000]), companies=companies, seed=rng.random())


def random_row(rng, person, at) -> Row:
    name = rng.choice(["a", "a", "b", "b", "c", "mail"])
    actor = "us" if name == "mail" else rng.choice(["person", "person", "person", "us"])
    properties = {key: rng.choice(VALUES) for key in ("p", "q") if rng.random() < 0.8}
    return Row(person, name, at, properties, actor=actor, company=rng.choice([None, None, "k1", "k3"]))


def random_step(rng):
    conditions = [one | {"of": "person"} if one.get("of") == "person_then" else one for one in random_where(rng, 0.25)]
    return {"event": random_event(rng), "where": conditions}


def random_breakdown(rng):
    of = rng.choice(["event", "event", "person", "company"])
    name = {"event": "p", "person": "country", "company": "size"}[of]
    return {"property": name, "of": of} | ({"limit": rng.choice([1, 2])} if rng.random() < 0.4 else {})


def random_period(rng, world):
    """Between two of the world's days, or with an end only."""
    days = sorted(rng.choice([row.at for row in world.rows]) + rng.choice([-1, 0, 1]) * 24 * HOUR for _ in range(2))
    texts = [_day(at) + rng.choice(["", "T06:30:00"]) for at in days]
    found = {"timezone": rng.choice(ZONES)}
    if rng.random() < 0.5:
        found["from"] = texts[0][:10]
    if rng.random() < 0.5:
        found["to"] = texts[1] if len(texts[1]) == 10 or days[1] - days[0] > 48 * HOUR else texts[1][:10]
    return found


def _day(at):
    from fullfunnel.core import clock

    return clock.from_us(at).date().isoformat()


def random_retention(rng: random.Random, world: Sliced, by: str) -> dict:
    question = {"kind": "retention", "start": random_step(rng), "by": by, "periods": rng.choice([1, 2, 5, 70])}
    question["mode"] = rng.choice(["on", "on_or_after"])
    if rng.random() < 0.8:
        question["return"] = random_step(rng)
    for name in ("start", "return"):
        if name in question and rng.random() < 0.2:
            step = question[name]
            question[name] = (step if isinstance(step, dict) else {"event": step}) | {"first_ever": True}
    if rng.random() < 0.3:
        question["count"] = "companies"
    if rng.random() < 0.4:
        question["breakdown"] = random_breakdown(rng)
        if question.get("count") and question["breakdown"]["of"] == "person":
            del question["breakdown"]
    if rng.random() < 0.7:
        question["period"] = random_period(rng, world)
    return question


def random_paths(rng: random.Random, world: Sliced) -> dict:
    question = {"kind": "paths", "anchor": random_step(rng), "direction": rng.choice(["after", "before"])}
    question |= {
        "depth": rng.choice([1, 2, 4, 10]),
        "top": rng.choice([1, 2, 6]),
        "collapse_repeats": rng.random() < 0.5,
    }
    if rng.random() < 0.6:
        question["by"] = rng.choice(["p", {"property": "p", "event": "a"}, {"property": "q", "event": ["b", "c"]}])
    if rng.random() < 0.3:
        question["nodes"] = random_step(rng)
    if rng.random() < 0.3:
        question["window"] = rng.choice([None, {"value": rng.choice([0, 1, 30]), "unit": "hour"}, random_span(rng, 1)])
    if rng.random() < 0.4:
        question["breakdown"] = random_breakdown(rng)
    if rng.random() < 0.5:
        question["period"] = random_period(rng, world)
    return question
