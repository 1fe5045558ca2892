"""Random worlds and questions for attribution, from a seed. Few moments, so that events of equal times are the rule."""

from tests.engines.oracle_attribution import MODELS, RULES
from tests.engines.stream import Row, Stream
from tests.engines.worlds import SECOND, START

CHANNELS = ["Direct", "Organic Search", "Paid Search", "Email", ""]
AMOUNTS = ["10", "99.99", "0.01", "100", "-5.5", "none", "33.3333"]


def random_world(rng):
    last, rows = rng.choice([3, 10, 60]), []
    for person in range(rng.randint(1, 6)):
        sessions = {}
        for _ in range(rng.randint(1, 12)):
            session = rng.choice(["s1", "s2", "s3", "s4", "s5"])
            at = sessions.setdefault(session, START + rng.randint(0, last) * SECOND) + rng.choice([0, 0, 1, 2]) * SECOND
            rows.append(random_row(rng, f"p{person}", at, f"{person}{session}"))
    rng.shuffle(rows)
    traits = {f"p{person}": {"plan": rng.choice("xy"), "company.size": rng.choice("12")} for person in range(6)}
    return Stream(rows, traits, chunk=rng.choice([1, 5, 100]))


def random_row(rng, person, at, session):
    name = rng.choice(["page_viewed", "page_viewed", "ad", "won", "won", "lead_captured", "deal_created", "note"])
    actor = "person" if name in ("page_viewed", "ad") else rng.choice(["person", "us", "system"])
    if rng.random() < 0.1:
        session = None
    properties = {"channel": rng.choice(CHANNELS), "path": rng.choice(["/", "/a", "/b", ""]), "q": rng.choice("xy")}
    if rng.random() < 0.5:
        properties |= {"source": rng.choice(["google", "(direct)", ""])}
    if name == "won":
        properties |= {"revenue": rng.choice(AMOUNTS), "currency": rng.choice(["EUR", "EUR", "USD", ""])}
    return Row(person, name, at, properties, session=session, actor=actor)


def random_question(rng):
    question = {"kind": "attribution", "conversion": {"event": rng.choice(["won", "won", ["won", "note"], "*"])}}
    question["bootstrap"] = 0
    if rng.random() < 0.7:
        question["conversion"]["value"] = "revenue"
    if rng.random() < 0.2:
        question["conversion"]["where"] = [{"property": "q", "value": rng.choice("xy")}]
    if rng.random() < 0.4:
        question["touches"] = {"event": rng.choice(["ad", ["ad", "page_viewed"], "*"])}
        if rng.random() < 0.3:
            question["touches"]["where"] = [random_condition(rng)]
    if rng.random() < 0.5:
        question["by"] = rng.choice(["channel", "source", "landing_page", "campaign"])
    question["models"] = rng.sample(MODELS, rng.randint(1, 5)) if rng.random() < 0.5 else list(RULES)
    if rng.random() < 0.7:
        question["lookback"] = rng.choice([None, *({"value": n, "unit": "second"} for n in (0, 1, 3, 10))])
    if rng.random() < 0.5:
        question["half_life"] = {"value": rng.choice([1, 2, 7]), "unit": rng.choice(["second", "minute", "day"])}
    if rng.random() < 0.3:
        question["milestones"] = {"lead": {"event": "ad"}, "opportunity": {"event": "lead_captured"}}
    if rng.random() < 0.3:
        question["limit"] = rng.choice([1, 2])
    if rng.random() < 0.3:
        question["where"] = [{"property": "plan", "value": "x", "of": "person"}]
    if rng.random() < 0.4:
        name, of = rng.choice([("q", "event"), ("plan", "person"), ("size", "company")])
        question["breakdown"] = {"property": name, "of": of, "limit": rng.choice([1, 25])}
    if rng.random() < 0.4:
        low = rng.randint(0, 20)
        question["period"] = {
            "from": f"2026-01-01T00:00:{low:02d}",
            "to": f"2026-01-01T00:00:{rng.randint(low, 45):02d}",
        }
    return question


def random_condition(rng):
    return rng.choice(
        [
            {"property": "q", "value": "x"},
            {"property": "plan", "value": "y", "of": "person"},
            {"property": "path", "value": "/a"},
        ]
    )
