"""How an entry ended, and the whole trace in a sentence or two."""

from fullfunnel.journeys.folds.plan import EACH, NEVER, ORDERED, STRICT, Plan
from fullfunnel.journeys.why.changes import Change
from fullfunnel.journeys.why.reasons import Scene
from fullfunnel.journeys.why.standing import Row
from fullfunnel.journeys.why.voice import in_units, unit_of
from fullfunnel.journeys.why.walks import Entry

# Beyond the year 9999 there is no date to tell.
LATEST = 253_402_300_800_000_000


def ending(plan: Plan, entry: Entry, data_until: int) -> tuple[str, int | None]:
    """How an entry ended (converted, excluded, broken, open, within, period, window), and until when it could go on (µs; None: ever,
    or it could not)."""
    if entry.verdict is not None:
        return "excluded", entry.when
    if entry.last == plan.steps - 1:
        return "converted", entry.moments.times[entry.at[entry.last]]
    until = entry.until if entry.until < LATEST else None
    if entry.until > data_until:
        return "open", until
    if plan.order == STRICT and entry.until <= -NEVER:
        return "broken", None
    if entry.until < entry.end:
        return "within", until
    return ("period" if plan.latest < entry.entered + plan.window else "window"), until


def summary_of(scene: Scene, outcome: str, row: Row | None, changes: list[Change]) -> str:
    """What happened, in plain words."""
    voice, focus = scene.voice, scene.focus
    if focus is None:
        first = "any step" if scene.question.order == "any" else voice.step(0)
        return f"No entry began: no event fits {first}{_in_period(scene)}."
    if row is None:
        _, hit = focus.hits[0]
        said = f"It began on {voice.at(focus.entered)} and is not counted: {voice.event(scene.facts.name[hit])}"
        return f"{said} is excluded and came on {voice.at(scene.facts.time[hit])}."
    last = max(row.times)
    said = f"It began on {voice.at(row.entered)} and reached {voice.step(last)}"
    said += "." if last == 0 else f", on {voice.at(row.times[last])}."
    return f"{said} {_rest(scene, focus, outcome)}".rstrip()


def _in_period(scene: Scene) -> str:
    period = scene.question.period
    return "" if period.start is None and period.end is None else " in the period"


def _rest(scene: Scene, focus: Entry, outcome: str) -> str:
    if outcome == "reached":
        return ""
    voice, plan = scene.voice, scene.plan
    awaited = "The next step" if plan.order != ORDERED else _named(voice.step(_next(plan, focus)))
    if outcome == "pending":
        open_ones = [one for one in scene.walked.entries if one.verdict is None and one.until > plan.data_until]
        until = max((one.until for one in open_ones), default=NEVER)
        return "It can still go on." if until >= LATEST else f"It can still go on until {voice.at(until)}."
    ended, _ = ending(plan, focus, plan.data_until)
    if ended == "excluded":
        return f"There it ends: {voice.event(scene.facts.name[focus.hits[0][1]])} is excluded and came after it."
    if ended == "broken":
        return "Then something else came, and nothing may come between the steps."
    if ended == "within":
        within = int(plan.within[_next(plan, focus)])
        unit, size = unit_of(within)
        return f"{awaited}, did not come within {in_units(within / size, unit)} of it."
    if ended == "period":
        return f"{awaited}, did not come before the period ended."
    if plan.window >= NEVER or (plan.entries == EACH and ended == "open"):
        return f"{awaited}, did not come."
    unit, size = unit_of(plan.window)
    return f"{awaited}, did not come within {in_units(plan.window / size, unit)} of the beginning."


def _named(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _next(plan: Plan, focus: Entry) -> int:
    """The next required step after the last one reached."""
    return next(s for s in range(focus.last + 1, plan.steps) if s == plan.steps - 1 or not plan.optional >> s & 1)
