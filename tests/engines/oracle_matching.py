"""The oracle's reading of a question: which event matches which step."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

UNITS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800, "month": 2_592_000}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def span(given):
    return None if given is None else int(given["value"] * UNITS[given["unit"]] * 1_000_000)


def moment(text, zone, *, is_end):
    if len(text) == 10:
        day = date.fromisoformat(text) + timedelta(days=int(is_end))
        at = datetime(day.year, day.month, day.day, tzinfo=zone)
    else:
        at = datetime.fromisoformat(text)
        at = at if at.tzinfo else at.replace(tzinfo=zone)
        at += timedelta(microseconds=int(is_end))
    return (at.astimezone(UTC) - EPOCH) // timedelta(microseconds=1)


class Asked:
    """A question's JSON with its defaults."""

    def __init__(self, question):
        self.steps = question["steps"]
        self.exclude = question.get("exclude", [])
        self.order = question.get("order", "ordered")
        self.count = question.get("count", "people")
        self.entries = question.get("entries", "best")
        self.window = span(question.get("window", {"value": 14, "unit": "day"}))
        period = question.get("period", {})
        zone = ZoneInfo(period.get("timezone", "UTC"))
        self.start = moment(period["from"], zone, is_end=False) if "from" in period else -(2**62)
        self.end = moment(period["to"], zone, is_end=True) if "to" in period else None
        self.zone, self.hold = zone, question.get("hold", [])
        self.late = question.get("late_conversions", True)
        self.has_history = any(
            c.get("of") == "person_then" for part in (*self.steps, *self.exclude) for c in part.get("where", [])
        )

    def last_moment(self, entered):
        """The last moment at which a later step of an entry counts; None: no limit."""
        ends = [] if self.window is None else [entered + self.window]
        if not self.late and self.end is not None:
            ends.append(self.end - 1)
        return min(ends, default=None)

    def is_seen(self, row):
        """What `strict` and "*" look at."""
        return row.actor == "person" or any(row.event in names(step) for step in self.steps)

    def is_kind(self, row, part):
        return row.event in names(part) or ("*" in names(part) and self.is_seen(row))

    def held_by(self, row):
        """What an entry that begins with this event keeps."""
        return tuple(row.properties.get(name) or "" for name in self.hold)

    def matches(self, world, row, part, entered):
        return self.is_kind(row, part) and all(holds(c, value(c, world, row, entered)) for c in part.get("where", []))

    def matches_step(self, world, row, journey, at, entered):
        step = self.steps[at]
        if step.get("first_ever") and row.at != min((e.at for e in journey if self.is_kind(e, step)), default=None):
            return False
        return self.matches(world, row, step, entered)


def names(part):
    return [part["event"]] if isinstance(part["event"], str) else part["event"]


def bucket_of(at, by, zone):
    """The hour, day, week or month of a moment, as an answer names it."""
    local = (EPOCH + timedelta(microseconds=at)).astimezone(zone)
    if by == "hour":
        return local.replace(minute=0, second=0, microsecond=0).isoformat().replace("+00:00", "Z")
    day = local.date()
    return {"day": day, "week": day - timedelta(days=day.weekday()), "month": day.replace(day=1)}[by].isoformat()


def value(condition, world, row, entered):
    name, of = condition["property"], condition.get("of", "event")
    if of == "event":
        return row.properties.get(name) or None
    # Traits are of whoever did it, also where the unit is a company or a deal.
    today = world.traits.get(row.person, {}).get(name) or None
    if of == "person":
        return today
    own = sorted((e for e in world.rows if e.person == row.person), key=lambda e: e.at)
    changes = [e for e in own if e.event == "trait_changed" and e.properties.get("trait") == name]
    before = [e for e in changes if e.at <= entered]
    if before:
        return before[-1].properties.get("new") or None
    return (changes[0].properties.get("old") or None) if changes else today


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


def holds(condition, text):
    op, given = condition["op"], condition.get("value")
    if op in ("is_not_set", "!=", "not_in", "not_contains"):
        return not holds(
            condition | {"op": {"is_not_set": "is_set", "!=": "=", "not_in": "in", "not_contains": "contains"}[op]},
            text,
        )
    if text is None:
        return False
    if op == "is_set":
        return True
    if op in ("=", "in"):
        options = given if op == "in" else [given]
        return any(number(text) == one if isinstance(one, int | float) else text == one for one in options)
    if op == "contains":
        return given.lower() in text.lower()
    if op == "starts_with":
        return text.startswith(given)
    if op == "ends_with":
        return text.endswith(given)
    held = number(text)
    if held is None:
        return False
    if op == "between":
        return given[0] <= held <= given[1]
    return (
        {">": held > given, ">=": held >= given, "<": held < given, "<=": held <= given}[op]
        if op != "between"
        else None
    )
