"""The fold and the oracle, asked the same."""

import random

from tests.engines import oracle
from tests.engines.stream import microseconds
from tests.engines.worlds import random_pair

TIMES = ("median", "mean", "p90")


def told(answer):
    """An answer of the fold in the shape of the oracle's."""
    found = {"steps": steps_of(answer["steps"]), "units": answer["units"]}
    if "groups" in answer:
        found["groups"] = [{"value": one["value"], "steps": steps_of(one["steps"])} for one in answer["groups"]]
    return found


def steps_of(steps):
    return [
        {
            "count": step["count"],
            "dropped": step["dropped"],
            "pending": step["pending"],
            "seconds": tuple(
                None if (v := step["seconds_from_previous"][name]) is None else round(v, 6) for name in TIMES
            ),
        }
        for step in steps
    ]


def rounded(answer):
    for steps in (answer["steps"], *(group["steps"] for group in answer.get("groups", []))):
        for step in steps:
            step["seconds"] = tuple(None if v is None else round(v, 6) for v in step["seconds"])
    return answer


def difference(world, question, rng):
    """What fold and oracle say differently of a question and of one of its lists of people; None when they agree."""
    said, meant = told(world.ask(question)), rounded(oracle.answer(world, question))
    if said != meant:
        return described(world, question, said, meant)
    if rng.random() < 0.5 and (found := trend_difference(world, question, rng)) is not None:
        return found
    listed = question | {"show": "people", "step": rng.randint(1, len(question["steps"]))}
    listed |= {
        "outcome": rng.choice(["reached", "dropped", "pending"]),
        "limit": rng.choice([2, 100]),
        "offset": rng.choice([0, 0, 1]),
    }
    if said.get("groups") and rng.random() < 0.7:
        listed["group"] = rng.choice(said["groups"])["value"]
    said, meant = world.ask(listed), oracle.answer(world, listed)
    noun = {"companies": "company", "deals": "deal"}.get(question["count"], "person")
    people = [(one[noun], microseconds(one["entered_at"])) for one in said["people"]]
    if (people, said["total"]) != (meant["people"], meant["total"]):
        return described(world, listed, said, meant)
    return None


def trend_difference(world, question, rng):
    """What they say differently of the question's trend. Empty buckets are checked for what must hold of them anyhow."""
    asked = question | {"show": "trend", "by": rng.choice(["hour", "day", "day", "week", "month"])}
    rows, meant, found = world.ask(asked)["rows"], oracle.answer(world, asked), {}
    for row in rows:
        steps = [{name: step[name] for name in ("count", "dropped", "pending")} for step in row["steps"]]
        if row["units"] or any(any(step.values()) for step in steps):
            found[row.get("group"), row["at"]] = {"units": row["units"], "steps": steps}
    places = [(row.get("group"), row["at"]) for row in rows]
    by_group = {group: [at for one, at in places if one == group] for group, _ in places}
    gapless = len(set(places)) == len(places) and len({tuple(ats) for ats in by_group.values()}) <= 1
    return None if found == meant and gapless else described(world, asked, found, meant)


def described(world, question, said, meant):
    return {
        "question": question,
        "fold": said,
        "oracle": meant,
        "rows": world.rows,
        "traits": world.traits,
        "companies": world.companies,
        "until": world.data_until,
    }


def differences(seed, pairs):
    """Asks so many random questions of random worlds; yields (seed, difference) for each that is answered differently."""
    for at in range(pairs):
        rng = random.Random(f"{seed}/{at}")
        found = difference(*random_pair(rng), rng)
        if found is not None:
            yield f"{seed}/{at}", found
