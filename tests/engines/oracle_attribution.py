"""What an attribution question means, said once more: plain Python and fractions, conversion by conversion, everything tried out.

Kept simple on purpose and never fast. It shares no code with the fold: it reads the question's JSON itself. Semantics:
../shared/reference/attribution.md, and docs/adr/0027 to 0029 where that leaves room.
"""

from collections import Counter
from fractions import Fraction

from tests.engines.oracle_credits import credits_of, markov, shapley, span
from tests.engines.stream import microseconds

RULES = """first_touch last_touch last_non_direct linear participation time_decay u_shaped j_shaped inverse_j w_shaped
z_shaped""".split()
MODELS = [*RULES, "markov", "shapley"]
COLUMN = {"referrer": "referrer_host", "landing_page": "path"}


def answer(world, question):
    """{"conversions", "unattributed", "totals", "rows": {(model, value): (conversions, amounts)}, "groups"?}."""
    conversions, away = journeys(world, question)
    conversions, away = named(question, conversions, away)
    found = credited(question, conversions, [path for _, path in away])
    if breakdown := question.get("breakdown"):
        found["groups"] = []
        for value, own in groups(world, breakdown, conversions):
            mine = [
                path for person, path in away if breakdown["of"] == "event" or trait(world, breakdown, person) in own
            ]
            these = [one for one in conversions if group_of(world, breakdown, one) in own]
            found["groups"].append({"value": value} | credited(question, these, mine))
    return found


def matches(world, row, step, names):
    """Whether an event serves a step. What no step names serves "*" only where the person did it."""
    step = {"event": step} if isinstance(step, str) else step
    events = step["event"] if isinstance(step["event"], list) else [step["event"]]
    if row.event not in events and not ("*" in events and (row.actor == "person" or row.event in names)):
        return False
    return all(holds(world, row, condition) for condition in step.get("where", []))


def holds(world, row, condition):
    about = world.traits.get(row.person, {}) if condition.get("of") == "person" else row.properties
    return about.get(condition["property"]) == condition["value"]


def steps_of(question):
    milestones = question.get("milestones", {})
    steps = {
        "conversion": {key: one for key, one in question["conversion"].items() if key != "value"},
        "lead": milestones.get("lead", {"event": ["lead_captured", "lead_handed_over"]}),
        "opportunity": milestones.get("opportunity", {"event": ["deal_created"]}),
        "touches": question.get("touches"),
    }
    given = [step for step in steps.values() if step is not None]
    named = {name for step in given for name in (step["event"] if isinstance(step["event"], list) else [step["event"]])}
    return steps, named


def journeys(world, question):
    """[conversion], [(person, path)] of those without one. A path is a list of (time, value, direct, place)."""
    steps, names = steps_of(question)
    lookback = span(question, "lookback", {"value": 90, "unit": "day"})
    start, end = bounds(question)
    conversions, away = [], []
    for person in world.names:
        if not all(world.traits.get(person, {}).get(c["property"]) == c["value"] for c in question.get("where", [])):
            continue
        own = sorted((row.at, at, row) for at, row in enumerate(world.rows) if row.person == person)
        events = [row for *_, row in own]
        touches = list(touches_of(world, question, events, steps["touches"], names))
        mine = []
        for place, row in enumerate(events):
            if matches(world, row, steps["conversion"], names) and start <= row.at < end:
                mine.append(conversion(world, question, events, place, touches, steps, names, lookback))
        conversions += mine
        path = [
            one for one in touches if start - (lookback or 0) <= one[0] < end or (lookback is None and one[0] < end)
        ]
        if not mine and path and asked_about(world, person, steps["touches"]):
            away.append((person, path))
    return conversions, away


def asked_about(world, person, step):
    conditions = [one for one in (step or {}).get("where", []) if one.get("of") == "person"]
    return all(world.traits.get(person, {}).get(one["property"]) == one["value"] for one in conditions)


def bounds(question):
    period = question.get("period", {})
    start = microseconds(period["from"] + "Z") if "from" in period else -(10**18)
    end = microseconds(period["to"] + "Z") + 1 if "to" in period else 10**18
    return start, end


def touches_of(world, question, events, step, names):
    column = COLUMN.get(question.get("by", "channel"), question.get("by", "channel"))
    knows_channels = any(row.properties.get("channel") for row in world.rows)
    seen = set()
    for place, row in enumerate(events):
        value = row.properties.get(column) or None
        if step is not None:
            if not matches(world, row, step, names):
                continue
        else:
            if row.actor != "person" or row.session is None or row.session in seen:
                continue
            seen.add(row.session)
            lands = question.get("by") == "landing_page"
            if lands:
                pages = [
                    one
                    for one in events
                    if one.session == row.session and one.event == "page_viewed" and one.actor == "person"
                ]
                value = (pages[0].properties.get("path") or None) if pages else None
            if knows_channels and not row.properties.get("channel") and (lands or value is None):
                continue
        channel = row.properties.get("channel") or row.properties.get("source") or ""
        yield row.at, value or "(not set)", channel.lower() in ("direct", "(direct)"), place


def conversion(world, question, events, place, touches, steps, names, lookback):
    row = events[place]
    is_session = steps["touches"] is None
    before = [one for one in touches if one[3] < place or (is_session and one[3] == place)]
    path = [one for one in before if lookback is None or one[0] >= row.at - lookback]
    at = {}
    for name in ("opportunity", "lead"):
        last = at["opportunity_event"] if name == "lead" and at.get("opportunity_event") is not None else place
        own = [p for p in range(last + 1) if matches(world, events[p], steps[name], names)]
        at[f"{name}_event"] = own[-1] if own else None
        touched = [i for i, one in enumerate(path) if own and reaches(one[3], own[-1], is_session)]
        at[name] = touched[-1] if touched else None
    amount = row.properties.get(question["conversion"].get("value") or "", "")
    worth = Fraction(amount) if amount.lstrip("-").replace(".", "", 1).isdigit() else Fraction(0)
    return {
        "person": row.person, "row": row, "path": path, "lead": at["lead"], "opportunity": at["opportunity"],
        "amount": worth, "currency": row.properties.get("currency") or None,
    }  # fmt: skip


def reaches(touch, milestone, is_session):
    return touch < milestone or (is_session and touch == milestone)


def named(question, conversions, away):
    """Values beyond the limit, by the touches of conversions that have them, are "(other)"."""
    sizes = Counter(value for one in conversions for _, value, _, _ in one["path"])
    known = {value for one in conversions for _, value, _, _ in one["path"]}
    known |= {value for _, path in away for _, value, _, _ in path} | question.get("also", set())
    kept = sorted(known, key=lambda value: (-sizes[value], value))[: question.get("limit", 12)]

    def renamed(path):
        return [(at, value if value in kept else "(other)", direct, place) for at, value, direct, place in path]

    return [one | {"path": renamed(one["path"])} for one in conversions], [(p, renamed(path)) for p, path in away]


def group_of(world, breakdown, one):
    if breakdown["of"] == "event":
        return one["row"].properties.get(breakdown["property"]) or None
    return trait(world, breakdown, one["person"])


def trait(world, breakdown, person):
    name = breakdown["property"] if breakdown["of"] == "person" else f"company.{breakdown['property']}"
    return world.traits.get(person, {}).get(name) or None


def groups(world, breakdown, conversions):
    sizes = Counter(group_of(world, breakdown, one) for one in conversions)
    ordered = sorted(sizes, key=lambda value: (-sizes[value], value is not None, value or ""))
    limit = breakdown.get("limit", 25)
    yield from ((value, [value]) for value in ordered[:limit])
    if ordered[limit:]:
        yield "(other)", ordered[limit:]


def credited(question, conversions, away):
    """All models' conversions and exact amounts by value."""
    rows, total, worth = {}, len(conversions), Counter()
    for one in conversions:
        worth[one["currency"]] += one["amount"]
    touched = [one for one in conversions if one["path"]]
    for model in question.get("models", MODELS):
        earned, amounts = Counter(), Counter()
        for one in conversions:
            if not one["path"]:
                earned[None] += 1
                amounts[None, one["currency"]] += one["amount"]
            elif model in RULES:
                for value, part in credits_of(model, one, question):
                    earned[value] += part
                    amounts[value, one["currency"]] += part * one["amount"]
        if model not in RULES and touched:
            paths = [[value for _, value, _, _ in one["path"]] for one in touched]
            away_paths = [[value for _, value, _, _ in path] for path in away]
            for value, share in (markov if model == "markov" else shapley)(paths, away_paths).items():
                earned[value] += share * len(touched)
                for one in touched:
                    amounts[value, one["currency"]] += share * one["amount"]
        for value in {*earned} | {value for value, _ in amounts}:
            by_currency = {currency: amount for (own, currency), amount in amounts.items() if own == value}
            rows[model, value] = (earned[value], by_currency)
    return {"conversions": total, "unattributed": total - len(touched), "totals": dict(worth), "rows": rows}
