"""What a funnel question means, said once more: plain Python, one unit after the other, everything tried out.

Kept simple on purpose and never fast. It shares no code with the fold: it reads the question's JSON itself. Semantics:
../shared/spec/questions.md, and docs/adr/0010-funnel-semantics.md where that leaves room.
"""

from dataclasses import replace

from tests.engines.oracle_entries import entry_at
from tests.engines.oracle_matching import Asked, bucket_of

NOT_OPEN = 127


def answer(world, question):
    """The answer, with the parts that the contract names: steps, groups, and for `show: people` the list."""
    asked = Asked(question)
    whole = standing(world, asked)
    groups = None
    if "breakdown" in question:
        groups = grouped(world, asked, question["breakdown"])
    if question.get("show") == "people":
        rows = whole if "group" not in question else dict(groups).get(question["group"], [])
        order = unit_names(world, asked)
        rows = sorted(
            (row for row in rows if outcome(asked, row, question)),
            key=lambda row: (row.entered, order.index(row.person)),
        )
        first, limit = question.get("offset", 0), question.get("limit", 100)
        return {"people": [(row.person, row.entered) for row in rows[first : first + limit]], "total": len(rows)}
    if question.get("show") == "trend":
        return by_time(world, asked, question.get("by", "day"), [(None, whole)] if groups is None else groups)
    found = {"steps": steps_of(asked, whole), "units": len(whole)}
    if groups is not None:
        found["groups"] = [{"value": value, "steps": steps_of(asked, rows)} for value, rows in groups]
    return found


def by_time(world, asked, by, groups):
    """{(group, bucket): what is counted of the entries that began in it}, of buckets in which any did."""
    found = {}
    for group, rows in groups:
        cells = {}
        for row in rows:
            cells.setdefault(bucket_of(row.entered, by, asked.zone), []).append(row)
        for at, entered in cells.items():
            steps = [{k: v for k, v in step.items() if k != "seconds"} for step in steps_of(asked, entered)]
            found[group, at] = {"units": len(entered), "steps": steps}
    return found


def company_of(world, row):
    """The company that the event names, else the person's company today."""
    return row.company or world.traits.get(row.person, {}).get("company") or None


def unit_names(world, asked):
    """The units in the order in which a list names those of one moment."""
    if asked.count == "companies":
        return sorted({company_of(world, row) for row in world.rows} - {None})
    return sorted({row.deal for row in world.rows} - {None}) if asked.count == "deals" else world.names


def rows_of_unit(world, asked, name):
    if asked.count == "companies":
        return [row for row in world.rows if company_of(world, row) == name]
    if asked.count != "deals":
        return [row for row in world.rows if row.person == name]
    people = {row.person for row in world.rows if row.deal == name}
    ends = [row.at for row in world.rows if row.deal == name and row.event in ("deal_won", "deal_lost")]
    own = [row for row in world.rows if row.person in people and row.deal in (None, name)]
    return [row for row in own if not ends or row.at <= min(ends)]


def units_of(world, asked):
    """(who it is, key of the unit, its events, all events that "ever" speaks of): events by time, then arrival."""
    for name in unit_names(world, asked):
        # sorted keeps the order of arrival where times are equal.
        journey = sorted(rows_of_unit(world, asked, name), key=lambda row: row.at)
        if asked.count != "sessions":
            yield name, name, journey, journey
            continue
        for session in sorted({row.session for row in journey if row.session is not None}):
            yield name, (name, session), [row for row in journey if row.session == session], journey


def standing(world, asked, keep=lambda row: True, carried=None):
    """The entries that stand for their units: with `keep`, over some events only; `carried` is (step, value of a row, wanted)."""
    found = []
    for person, key, events, journey in units_of(world, asked):
        entries = stand_of_unit(world, asked, person, [row for row in events if keep(row)], journey, carried)
        for entry in entries:
            entry.unit = key
        found += entries
    return found


def stand_of_unit(world, asked, person, events, journey, carried):
    def entries_from(moment, used=()):
        """Those that begin at a moment: one, or one for each value that is held."""
        values = sorted({asked.held_by(row) for row in events if row.at == moment})
        found = [entry_at(world, asked, person, events, journey, moment, used, carried, held) for held in values]
        return [entry for entry in found if entry is not None]

    moments = [
        m for m in sorted({row.at for row in events}) if asked.start <= m and (asked.end is None or m < asked.end)
    ]
    if asked.count == "entries":
        return each(entries_from, moments)
    begun = [entries for moment in moments if (entries := entries_from(moment))]
    if asked.entries == "first":
        begun = begun[:1]
    entries = [entry for together in begun for entry in together]
    if any(entry.verdict == "remove" for entry in entries):
        return []
    kept = [entry for entry in entries if entry.verdict != "drop"]
    if not kept:
        return []
    best = min(kept, key=lambda entry: (*(-w for w in entry.weight), -entry.entered, *entry.times))
    still_open = [entry.open_at for entry in kept if entry.open_at is not None]
    best.open_at = min(still_open, default=None)
    return [best]


def each(entries_from, moments):
    """Every entry: the next begins after the last converted, timed out, was broken or excluded."""
    found, used, after, at = [], (), None, 0
    while at < len(moments):
        entries = [] if after is not None and moments[at] < after else entries_from(moments[at], used)
        if not entries:
            at += 1
            continue
        ranks = {None: 0, "stop": 0, "drop": 1, "remove": 2}
        entry = min(entries, key=lambda one: (ranks[one.verdict], *(-w for w in one.weight), *one.times))
        if entry.verdict == "remove":
            return []
        if entry.verdict != "drop":
            found.append(entry)
        after, used = entry.next_from, (*used, *entry.used)
    return found


def value_of_row(world, asked, breakdown):
    """The value that an event has for a breakdown; None where units have it, not events."""
    name, of = breakdown["property"], breakdown.get("of", "event")
    if of == "event":
        return lambda row: row.properties.get(name) or None
    if asked.count in ("companies", "deals") and (of, asked.count) != ("company", "companies"):
        return lambda row: trait_of(world, row.person, name, of)
    return None


def trait_of(world, person, name, of):
    traits = world.traits.get(person, {})
    if of == "company":
        return traits.get(f"company.{name}") or world.companies.get(traits.get("company"), {}).get(name) or None
    return traits.get(name) or None


def grouped(world, asked, breakdown):
    """[(value, rows)] by size, without a value first among equals; beyond the limit "(other)"."""
    value_of, how = value_of_row(world, asked, breakdown), breakdown.get("attribution", "first")
    by_value = {}
    if value_of is not None and how in ("all", "step"):
        for value in {value_of(row) for row in world.rows}:
            if how == "all":
                rows = standing(world, asked, keep=lambda row, value=value: value_of(row) == value)
            else:
                at = breakdown.get("step", 1) - 1
                rows = [row for row in standing(world, asked, carried=(at, value_of, value)) if at in row.at]
            by_value[value] = rows
    else:
        for row in standing(world, asked):
            if value_of is not None:
                value = value_of_unit(world, asked, row, value_of, how)
            elif asked.count == "companies":
                value = world.companies.get(row.person, {}).get(breakdown["property"]) or None
            else:
                value = trait_of(world, row.person, breakdown["property"], breakdown["of"])
            by_value.setdefault(value, []).append(row)
    groups = sorted(
        ((value, rows) for value, rows in by_value.items() if rows),
        key=lambda g: (-len(g[1]), g[0] is not None, g[0] or ""),
    )
    limit = breakdown.get("limit", 25)
    if len(groups) > limit:
        rest = [row for _, rows in groups[limit:] for row in rows]
        groups = [*groups[:limit], ("(other)", rest if asked.count == "entries" else once(rest))]
    return groups


def once(rows):
    best = {}
    for row in sorted(rows, key=lambda row: (*(-w for w in row.weight), -row.entered, *row.times)):
        best.setdefault(row.unit, row)
    found = [replace(row) for row in best.values()]
    for one in found:
        one.open_at = min(
            (row.open_at for row in rows if row.unit == one.unit and row.open_at is not None), default=None
        )
    return found


def value_of_unit(world, asked, row, value_of, how):
    (events, journey) = next((e, j) for p, key, e, j in units_of(world, asked) if key == row.unit)
    found = []
    for place, event in enumerate(events):
        moments = [None] if not asked.has_history else sorted({-(2**62), *(e.at for e in world.rows)})
        steps = {
            at for m in moments for at in range(len(asked.steps)) if asked.matches_step(world, event, journey, at, m)
        }
        if steps and value_of(event):
            found.append((event.at, min(steps), place, value_of(event)))
    return (min(found) if how == "first" else max(found))[-1] if found else None


def outcome(asked, row, question):
    k = question.get("step", len(asked.steps)) - 1
    if question.get("outcome", "reached") == "reached":
        return k in row.at
    return lost(asked, row, k) == question["outcome"]


def lost(asked, row, k):
    base = next((at for at in range(k - 1, -1, -1) if not asked.steps[at].get("optional")), None)
    if base is None or base not in row.at or k in row.at:
        return None
    return "pending" if row.open_at is not None and row.open_at < k else "dropped"


def steps_of(asked, rows):
    found = []
    for k in range(len(asked.steps)):
        reached = [row for row in rows if k in row.at]
        spans = (
            [row.at[k] - max((row.at[at] for at in row.at if at < k), default=row.at[k]) for row in reached]
            if k
            else []
        )
        losses = [lost(asked, row, k) for row in rows]
        found.append(
            {
                "count": len(reached),
                "dropped": losses.count("dropped"),
                "pending": losses.count("pending"),
                "seconds": spread(spans),
            }
        )
    return found


def spread(spans):
    """Median, mean, p90 in seconds."""
    if not spans:
        return (None, None, None)

    def quantile(share):
        ordered, place = sorted(spans), share * (len(spans) - 1)
        low = int(place)
        high = min(low + 1, len(spans) - 1)
        return ordered[low] + (place - low) * (ordered[high] - ordered[low])

    return tuple(one / 1e6 for one in (quantile(0.5), sum(spans) / len(spans), quantile(0.9)))
