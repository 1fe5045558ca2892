"""What a retention question means, said once more: plain Python, one unit after the other. Never fast, and no code of the fold's.

Calendar buckets are found by walking through the time in small steps and looking at the clock of the zone.
"""

from datetime import timedelta

from tests.engines.oracle_matching import EPOCH
from tests.engines.oracle_steps import first_ever, full, grouped, journey, period_of, serves, units_of

STEPS = {
    "hour": timedelta(minutes=15),
    "day": timedelta(hours=6),
    "week": timedelta(hours=6),
    "month": timedelta(hours=6),
}
MOST = 10_000

LEAP = 6 * 3_600_000_000


def label(at, by, zone):
    """What the bucket of a moment (µs) is called."""
    local = (EPOCH + timedelta(microseconds=at)).astimezone(zone)
    if by == "hour":
        # The distance to UTC is the moment's own: the hour's beginning may have had another.
        return (local.strftime("%Y-%m-%dT%H:00:00") + local.isoformat()[-6:]).replace("+00:00", "Z")
    day = local.date()
    if by == "week":
        day -= timedelta(days=day.isoweekday() - 1)
    return (day.replace(day=1) if by == "month" else day).isoformat()


class Calendar:
    """The buckets from the one that holds `first` to the one after the one that holds `last`."""

    def __init__(self, first, last, by, zone):
        at, self.labels, self.begins = EPOCH + timedelta(microseconds=first), [], []
        # Buckets begin at quarters of an hour of UTC; days at halves.
        step = 15 if by == "hour" else 30
        at = at.replace(minute=at.minute - at.minute % step, second=0, microsecond=0)
        while not self.begins or self.begins[-1] <= last:
            micros = (at - EPOCH) // timedelta(microseconds=1)
            name = label(micros, by, zone)
            if not self.labels or self.labels[-1] != name:
                self.labels.append(name)
                self.begins.append(micros)
            far = micros + LEAP
            # Nothing begins on the way to a moment that has the same label.
            at += timedelta(microseconds=LEAP) if label(far, by, zone) == name else timedelta(minutes=step)

    def place(self, at):
        """The bucket that holds a moment."""
        return sum(begins <= at for begins in self.begins) - 1


def answer(world, question):
    """The `rows` and `overall` of the answer."""
    start = full(question["start"], question)
    # Without `return`, who began with a first comes back by doing it again.
    comeback = full(question.get("return") or start | {"first_ever": False}, question)
    by, periods = question.get("by", "week"), question.get("periods", 8)
    zone, low, high = period_of(question)
    found = [
        one for unit in units_of(world, question) if (one := member(world, unit, question, start, comeback, low, high))
    ]
    moments = [begins.at for _, begins, _ in found]
    first = low if low is not None else min(moments, default=None)
    until = max([world.data_until, *moments])
    last = until if high is None else min(until, high - 1)
    is_empty = first is None or first > last
    calendar = None if is_empty else Calendar(first, until, by, zone)
    rows, sums = [], []
    for value, members in grouped(found, question["breakdown"], world) if "breakdown" in question else [(None, found)]:
        group = {"group": value} if "breakdown" in question else {}
        mine = [] if is_empty else cells(members, calendar, last, periods, group, question, world.data_until)
        rows += mine
        sums += [overall(mine, k, group) for k in range(periods + 1)]
    return {"rows": rows, "overall": sums}


def cells(members, calendar, last, periods, group, question, data_until):
    rows = []
    for place, (name, begins) in enumerate(zip(calendar.labels, calendar.begins, strict=True)):
        if begins > last:
            break
        own = [one for one in members if calendar.place(one[1].at) == place]
        for k in range(periods + 1):
            # The last bucket of the calendar lies after everything.
            if place + k < len(calendar.begins) - 1:
                count = sum(came_back(calendar, returns, place + k, question) for *_, returns in own)
                row = {"cohort": name, **group, "size": len(own), "period": k, "count": count}
                row["share"] = count / len(own) if own else None
                rows.append(row | {"incomplete": calendar.begins[place + k + 1] - 1 > data_until})
    return rows


def overall(rows, k, group):
    over = [row for row in rows if row["period"] == k and not row["incomplete"]]
    size, count = sum(row["size"] for row in over), sum(row["count"] for row in over)
    return {"period": k, **group, "size": size, "count": count, "share": count / size if size else None}


def member(world, unit, question, start, comeback, low, high):
    """(unit, the event that put it into a cohort, the returns after it), or None."""
    own = journey(world, unit, question)
    steps = (start, comeback)
    starts = [row for row in first_ever(own, start, steps) if serves(world, row, start, steps)]
    starts = [row for row in starts if (low is None or row.at >= low) and (high is None or row.at < high)]
    if not starts:
        return None
    returns = [row for row in first_ever(own, comeback, steps) if serves(world, row, comeback, steps)]
    at = starts[0].at
    # At one moment the events may be taken in any order, but one of them cannot be both.
    same = [row for row in returns if row.at == at and any(one is not row for one in starts if one.at == at)]
    return unit, starts[0], same + [row for row in returns if row.at > at]


def came_back(calendar, returns, place, question):
    places = [calendar.place(row.at) for row in returns]
    return place in places if question.get("mode", "on") == "on" else any(one >= place for one in places)
