"""What a funnel question means, said once more: plain Python, one unit after the other, everything tried out.

Kept simple on purpose and never fast. It shares no code with the fold: it reads the question's JSON itself. Semantics:
../shared/spec/questions.md, and docs/adr/0010-funnel-semantics.md where that leaves room.
"""

from tests.engines.oracle_entries import entry_at
from tests.engines.oracle_matching import Asked

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
        rows = sorted(
            (row for row in rows if outcome(asked, row, question)),
            key=lambda row: (row.entered, world.names.index(row.person)),
        )
        first, limit = question.get("offset", 0), question.get("limit", 100)
        return {"people": [(row.person, row.entered) for row in rows[first : first + limit]], "total": len(rows)}
    found = {"steps": steps_of(asked, whole), "units": len(whole)}
    if groups is not None:
        found["groups"] = [{"value": value, "steps": steps_of(asked, rows)} for value, rows in groups]
    return found


def units_of(world, asked):
    """(person, key of the unit, its events, all events of the person): events by time, then arrival."""
    for person in world.names:
        own = sorted((row.at, at, row) for at, row in enumerate(world.rows) if row.person == person)
        journey = [row for *_, row in own]
        if asked.count != "sessions":
            yield person, person, journey, journey
            continue
        for session in sorted({row.session for row in journey if row.session is not None}):
            yield person, (person, session), [row for row in journey if row.session == session], journey


def standing(world, asked, keep=lambda row: True, carried=None):
    """The entries that stand for their units: with `keep`, over some events only; `carried` is (step, property, value)."""
    found = []
    for person, key, events, journey in units_of(world, asked):
        entries = stand_of_unit(world, asked, person, [row for row in events if keep(row)], journey, carried)
        for entry in entries:
            entry.unit = key
        found += entries
    return found


def stand_of_unit(world, asked, person, events, journey, carried):
    def entry_from(moment, used=()):
        return entry_at(world, asked, person, events, journey, moment, used, carried)

    moments = [
        m for m in sorted({row.at for row in events}) if asked.start <= m and (asked.end is None or m < asked.end)
    ]
    if asked.count == "entries":
        return each(entry_from, moments, asked)
    entries = [entry for moment in moments if (entry := entry_from(moment)) is not None]
    if asked.entries == "first":
        entries = entries[:1]
    if any(entry.verdict == "remove" for entry in entries):
        return []
    kept = [entry for entry in entries if entry.verdict != "drop"]
    if not kept:
        return []
    best = max(kept, key=lambda entry: (*entry.weight, entry.entered))
    still_open = [entry.open_at for entry in kept if entry.open_at is not None]
    best.open_at = min(still_open, default=None)
    return [best]


def each(entry_from, moments, asked):
    """Every entry: the next begins after the last converted, timed out, was broken or excluded."""
    found, used, after, at = [], (), None, 0
    while at < len(moments):
        entry = None if after is not None and moments[at] < after else entry_from(moments[at], used)
        if entry is None:
            at += 1
            continue
        if entry.verdict == "remove":
            return []
        if entry.verdict != "drop":
            found.append(entry)
        after, used = entry.next_from, (*used, *entry.used)
    return found


def grouped(world, asked, breakdown):
    """[(value, rows)] by size, without a value first among equals; beyond the limit "(other)"."""
    name, of, how = breakdown["property"], breakdown.get("of", "event"), breakdown.get("attribution", "first")
    by_value = {}
    if of == "event" and how in ("all", "step"):
        for value in {row.properties.get(name) or None for row in world.rows}:
            if how == "all":
                rows = standing(world, asked, keep=lambda row, value=value: (row.properties.get(name) or None) == value)
            else:
                at = breakdown.get("step", 1) - 1
                rows = [row for row in standing(world, asked, carried=(at, name, value)) if at in row.at]
            by_value[value] = rows
    else:
        for row in standing(world, asked):
            by_value.setdefault(value_of_unit(world, asked, row, name, of, how), []).append(row)
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
    for row in rows:
        if row.unit not in best or (*row.weight, row.entered) > (*best[row.unit].weight, best[row.unit].entered):
            best[row.unit] = row
    return list(best.values())


def value_of_unit(world, asked, row, name, of, how):
    if of != "event":
        trait = name if of == "person" else f"company.{name}"
        return world.traits.get(row.person, {}).get(trait) or None
    (events, journey) = next((e, j) for p, key, e, j in units_of(world, asked) if key == row.unit)
    found = []
    for place, event in enumerate(events):
        moments = [None] if not asked.has_history else sorted({-(2**62), *(e.at for e in journey)})
        steps = {
            at
            for m in moments
            for at in range(len(asked.steps))
            if asked.matches_step(world, row.person, event, journey, at, m)
        }
        if steps and event.properties.get(name):
            found.append((event.at, min(steps), place, event.properties[name]))
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
