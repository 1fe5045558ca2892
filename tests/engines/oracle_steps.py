"""The oracles' reading of a plain step (`start`, `return`, `anchor`, `nodes`), of a group, of a period."""

from zoneinfo import ZoneInfo

from tests.engines.oracle_matching import holds, moment, names


def full(step, question):
    """A step as an object, with the conditions that the question has for all of them."""
    step = {"event": step} if isinstance(step, str) else step
    return step | {"where": [*step.get("where", []), *question.get("where", [])]}


def serves(world, row, step, steps):
    """Whether an event serves a step of the question's `steps`."""
    return is_kind(row, step, steps) and all(holds(one, value(world, row, one)) for one in step["where"])


def is_kind(row, step, steps):
    named = any(row.event in names(one) for one in steps)
    return row.event in names(step) or ("*" in names(step) and (row.actor == "person" or named))


def first_ever(own, step, steps):
    """Of a unit's events those that a step looks at: all, or the earliest of their kind, whatever its conditions say of them."""
    if not step.get("first_ever"):
        return own
    earliest = min((row.at for row in own if is_kind(row, step, steps)), default=None)
    return [row for row in own if row.at == earliest]


def value(world, row, condition):
    traits = world.traits.get(row.person, {}) if condition.get("of") == "person" else row.properties
    return traits.get(condition["property"]) or None


def units_of(world, question):
    """The names of what is counted: people, or the companies that an event or a person names."""
    if question.get("count") != "companies":
        return world.names
    return sorted({company_of(world, row) for row in world.rows} - {None})


def company_of(world, row):
    """The company that an event belongs to: the one it names, else the person's of today."""
    return row.company or world.traits.get(row.person, {}).get("company") or None


def journey(world, unit, question):
    """A unit's events by time, then arrival."""
    is_of_companies = question.get("count") == "companies"
    own = [
        (row.at, seq)
        for seq, row in enumerate(world.rows)
        if unit == (company_of(world, row) if is_of_companies else row.person)
    ]
    return [world.rows[seq] for _, seq in sorted(own)]


def period_of(question):
    """(zone, first moment or None, the moment after the last or None)."""
    period = question.get("period", {})
    zone = ZoneInfo(period.get("timezone", "UTC"))
    low = moment(period["from"], zone, is_end=False) if "from" in period else None
    high = moment(period["to"], zone, is_end=True) if "to" in period else None
    return zone, low, high


def grouped(found, breakdown, world):
    """[(value, those of `found`)] by size; each of `found` begins with its person and the event that tells its value."""
    name, of, by_value = breakdown["property"], breakdown.get("of", "event"), {}
    for one in found:
        traits = world.traits.get(one[0], {})
        company = world.companies.get(one[0] if one[0] not in world.names else traits.get("company"), {})
        trait = {"event": one[1].properties.get(name), "person": traits.get(name)}
        trait["company"] = traits.get(f"company.{name}") or company.get(name)
        by_value.setdefault(trait[of] or None, []).append(one)
    groups = sorted(by_value.items(), key=lambda group: (-len(group[1]), group[0] is not None, group[0] or ""))
    limit = breakdown.get("limit", 25)
    if len(groups) > limit:
        groups = [*groups[:limit], ("(other)", [one for _, rest in groups[limit:] for one in rest])]
    return groups
