"""Random worlds and random questions, from a seed. Small on purpose: few moments, so that events of equal times are the rule."""

import random

from tests.engines.stream import Row, Stream

SECOND = 1_000_000
START = 1_767_225_600 * SECOND  # 2026-01-01
# Worlds of this step last days, around the night in which Berlin's clock loses an hour.
LONG = 18_000 * SECOND
SPRING = 1_774_642_500 * SECOND  # 2026-03-27, 20:15 UTC
NAMES = ["a", "b", "c"]
COMPANIES, DEALS = ["acme", "brix"], ["d1", "d2"]
VALUES = ["x", "y", "1", "10", ""]
BROWSERS = ["x", "y", "z"]


def random_world(rng: random.Random, step: int | None = None) -> Stream:
    """One to four people with up to nine events each, over 3 to 40 seconds."""
    last, rows = rng.choice([3, 8, 40]), []
    step = step or rng.choice([SECOND, SECOND, 1])
    start = SPRING if step == LONG else START
    for person in range(rng.randint(1, 4)):
        most = rng.choice([2, 5, 9])
        crowd = {}
        for _ in range(rng.randint(1, most)):
            at = start + rng.randint(0, last) * step
            # A moment holds few events: the oracle tries every order of them.
            if crowd.setdefault(at, 0) < 3:
                crowd[at] += 1
                rows.append(random_row(rng, f"p{person}", at))
    rng.shuffle(rows)
    traits = {f"p{person}": random_traits(rng) for person in range(4) if rng.random() < 0.8}
    until = max((row.at for row in rows), default=start) + rng.choice([0, 0, 1, 5, 60]) * step
    companies = {name: {"size": rng.choice(VALUES)} for name in COMPANIES if rng.random() < 0.8}
    portions, identities = rng.choice([1, 2, 100]), rng.choice([1, 2, 3])
    return Stream(rows, traits, until=until, chunk=portions, companies=companies, identities=identities)


def random_row(rng, person, at) -> Row:
    if rng.random() < 0.12:
        values = {"trait": "plan", "old": rng.choice(VALUES), "new": rng.choice(VALUES)}
        return Row(person, "trait_changed", at, values, actor="system")
    name = rng.choice([*NAMES, *NAMES, "mail"])
    deal = rng.choice([None, None, None, *DEALS])
    if deal and rng.random() < 0.15:
        name = rng.choice(["deal_won", "deal_lost"])
    actor = "us" if name == "mail" else rng.choice(["person", "person", "person", "us"])
    properties = {key: rng.choice(VALUES) for key in ("p", "q") if rng.random() < 0.8}
    session, company = rng.choice([None, "s1", "s1", "s2"]), rng.choice([None, None, *COMPANIES])
    return Row(person, name, at, properties, session=session, actor=actor, company=company, deal=deal)


def random_traits(rng) -> dict[str, str]:
    found = {key: rng.choice(VALUES) for key in ("plan", "country") if rng.random() < 0.7}
    return found | ({"company": rng.choice(COMPANIES)} if rng.random() < 0.7 else {})


def random_event(rng):
    return rng.choice([*NAMES, *NAMES, rng.sample([*NAMES, "mail"], 2), "*", "mail", "deal_won"])


def random_where(rng, share):
    found = []
    while rng.random() < share:
        op = rng.choice(
            ["=", "!=", "in", "not_in", "contains", ">", "<=", "between", "is_set", "is_not_set", "starts_with"]
        )
        condition = {"property": rng.choice("pq"), "op": op}
        if op in ("in", "not_in"):
            condition["value"] = rng.sample([*VALUES[:4], 1, 10], 2)
        elif op == "between":
            condition["value"] = [1, rng.choice([5, 10])]
        elif op in (">", "<="):
            condition["value"] = rng.choice([0, 1, 5])
        elif op not in ("is_set", "is_not_set"):
            condition["value"] = rng.choice(VALUES[:4])
        if rng.random() < 0.3:
            condition |= {
                "of": rng.choice(["person", "person_then", "person_then"]),
                "property": rng.choice(["plan", "plan", "country"]),
            }
        found.append(condition)
    return found


def random_span(rng, step):
    if step == LONG:
        return {"value": rng.choice([0, 5, 10, 15, 24, 100]), "unit": "hour"}
    unit = rng.choice(["second", "second", "minute"]) if step == SECOND else "second"
    return {"value": rng.choice([0, 1, 2, 3, 5, 10, 20]) * (1 if step == SECOND else 1e-6), "unit": unit}


def random_pair(rng: random.Random) -> tuple[Stream, dict]:
    """A world, and a question whose spans are as long as the world's."""
    step = rng.choice([SECOND, SECOND, 1, LONG])
    world, question = random_world(rng, step), random_question(rng, step)
    aim = rng.choice(["", "", "", "hold", "owners"])
    if aim == "hold":
        aim_at_hold(rng, question)
    elif aim == "owners":
        aim_at_owners(rng, question)
    return world, question


def aim_at_hold(rng, question):
    """Steps that many events serve, so that the held value decides."""
    question["hold"] = rng.choice([["p"], ["q"], ["p", "q"], ["q", "p"]])
    question["window"] = rng.choice([None, question.get("window")])
    for step in question["steps"]:
        step |= {"event": rng.choice(["*", ["a", "b"], ["a", "b", "c"], ["b", "c"], "a"]), "where": []}
        step.pop("first_ever", None)


def aim_at_owners(rng, question):
    """Companies and deals, of whose people the steps want traits that change."""
    question["count"] = rng.choice(["companies", "deals"])
    question["window"] = rng.choice([None, question.get("window")])
    for step in question["steps"]:
        wanted = {"property": "plan", "op": rng.choice(["=", "!="]), "value": rng.choice(VALUES[:3])}
        of = rng.choice(["person", "person_then", "person_then", None])
        step |= {"event": rng.choice(["*", ["a", "b"], ["a", "c"], "b"]), "where": [wanted | {"of": of}] if of else []}
        step.pop("first_ever", None)


def random_question(rng: random.Random, step: int | None = None) -> dict:
    """A funnel question of any shape that the contract allows."""
    step = step or rng.choice([SECOND, SECOND, 1])
    order = rng.choice(["ordered", "ordered", "strict", "any"])
    steps = [{"event": random_event(rng), "where": random_where(rng, 0.25)} for _ in range(rng.randint(1, 4))]
    for at, one in enumerate(steps):
        if at and order != "any" and rng.random() < 0.2:
            one["optional"] = True
        if at and order != "any" and rng.random() < 0.2:
            one["within"] = random_span(rng, step)
        if rng.random() < 0.08:
            one["first_ever"] = True
    question = {"kind": "funnel", "steps": steps, "order": order}
    question["count"] = rng.choice(
        ["people", "people", "people", "sessions", "entries", "entries", "companies", "deals"]
    )
    question["entries"] = rng.choice(["best", "best", "best", "first"])
    if rng.random() < 0.85:
        question["window"] = rng.choice([None, random_span(rng, step), random_span(rng, step), random_span(rng, step)])
    if len(steps) > 1 and rng.random() < 0.4:
        question["exclude"] = [random_exclusion(rng, len(steps)) for _ in range(rng.randint(1, 2))]
    if rng.random() < 0.25:
        question["hold"] = rng.choice([["p"], ["p"], ["q"], ["p", "q"], ["q", "nothing", "p"]])
    if rng.random() < 0.4:
        question["breakdown"] = random_breakdown(rng, len(steps))
    if rng.random() < 0.4:
        question["period"] = random_long_period(rng) if step == LONG else random_period(rng)
        question["late_conversions"] = rng.random() < 0.5
    return question


def random_exclusion(rng, steps):
    first = rng.randint(1, steps - 1)
    return {
        "event": random_event(rng),
        "where": random_where(rng, 0.15),
        "from": first,
        "to": rng.randint(first + 1, steps),
        "effect": rng.choice(["drop", "drop", "remove", "stop"]),
    }


def random_breakdown(rng, steps):
    of = rng.choice(["event", "event", "event", "event", "person", "company"])
    name = {"event": "p", "person": "country", "company": "size"}[of]
    found = {
        "property": name,
        "of": of,
        "attribution": rng.choice(["first", "last", "all", "step"]),
        "step": rng.randint(1, steps),
    }
    return found | ({"limit": rng.choice([1, 2])} if rng.random() < 0.3 else {})


def random_period(rng):
    low = rng.randint(0, 20)
    period = {"from": f"2026-01-01T00:00:{low:02d}", "to": f"2026-01-01T00:00:{rng.randint(low, 45):02d}"}
    if rng.random() < 0.2:
        period = {"from": "2026-01-01", "timezone": rng.choice(["UTC", "Asia/Tokyo"])}
    return {key: value for key, value in period.items() if key == "timezone" or rng.random() < 0.8}


def random_long_period(rng):
    low = rng.randint(27, 30)
    zone = rng.choice(["UTC", "Europe/Berlin", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"])
    period = {"from": f"2026-03-{low}", "to": f"2026-03-{rng.choice([low, 31])}T{rng.choice(['00', '02', '23'])}:30"}
    return {key: value for key, value in period.items() if rng.random() < 0.8} | {"timezone": zone}
