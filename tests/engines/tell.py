"""Tiny worlds and questions, written so that they can be counted by hand."""

from tests.engines.stream import Row, Stream, microseconds

HOUR = 3_600_000_000
NOON = microseconds("2026-03-02T12:00:00Z")


def told(*happened, people=None, until=None):
    """A world from texts "ada price 0 device=phone by=us in=s1": who, what, hours after noon, properties."""
    rows = []
    for one in happened:
        who, what, hours, *rest = one.split()
        given = dict(part.split("=") for part in rest)
        actor, session = given.pop("by", "person"), given.pop("in", None)
        rows.append(Row(who, what, NOON + round(float(hours) * HOUR), given, session, actor))
    return Stream(rows, people, until=None if until is None else NOON + round(until * HOUR))


def ask(*steps, **fields):
    return {"kind": "funnel", "steps": [{"event": step} if isinstance(step, str) else step for step in steps], **fields}


def hours(value):
    return {"value": value, "unit": "hour"}


def groups(world, question):
    return [(one["value"], [step["count"] for step in one["steps"]]) for one in world.ask(question)["groups"]]


def listed(world, question, **fields):
    return [one["person"] for one in world.ask(question | {"show": "people"} | fields)["people"]]
