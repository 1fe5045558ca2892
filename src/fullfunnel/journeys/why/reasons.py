"""Why an event was passed over, seen from the entry that the trace is about."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import numpy as np

from fullfunnel.journeys.folds.plan import ANY_ORDER, DROP, EACH, FIRST, FIRST_EXCLUSION, NEVER, STOP, STRICT, Plan
from fullfunnel.journeys.questions.shapes import Funnel, Matcher, Step
from fullfunnel.journeys.why.entries import Walked
from fullfunnel.journeys.why.facts import Facts
from fullfunnel.journeys.why.matchers import holds, matchers
from fullfunnel.journeys.why.voice import Voice, in_units, unit_of
from fullfunnel.journeys.why.walks import Entry

Reason = tuple[str, str]


@dataclass(frozen=True)
class Scene:
    """What reasons are given from. `focus`: the entry that the trace is about; `stood`: those that stand for the unit."""

    question: Funnel
    plan: Plan
    facts: Facts
    walked: Walked
    stood: list[Entry]
    focus: Entry | None
    voice: Voice

    def begun_at(self, moment: int, run: int) -> Entry | None:
        """The walked entry of a run that begins at a moment."""
        entries = self.walked.entries
        at = bisect_left(entries, (run, moment), key=lambda one: (one.run, one.entered))
        return entries[at] if at < len(entries) and (entries[at].run, entries[at].entered) == (run, moment) else None


def reason_of(scene: Scene, event: int) -> Reason:
    """(code, sentence) for an event that no entry that stands has taken."""
    focus, named = scene.focus, scene.facts.named[event]
    if focus is not None and (said := _of_the_entry(scene, focus, event)):
        return said
    steps = [s for s in range(scene.plan.steps) if named >> s & 1]
    if steps:
        return _of_step(scene, event, _likeliest(scene, event, steps))
    exclusions = [x for x in range(len(scene.plan.after)) if named >> (FIRST_EXCLUSION + x) & 1]
    return _of_exclusion(scene, event, exclusions[0]) if exclusions else _between(scene, event)


def _likeliest(scene: Scene, event: int, steps: list[int]) -> int:
    """The step to speak of: the one that the entry waited for at the time, if the event's name fits it."""
    if scene.focus is None or scene.plan.order == ANY_ORDER:
        fitting = [s for s in steps if scene.facts.fits[event] >> s & 1]
        return (fitting or steps)[0]
    reached = [place for place, g in scene.focus.at.items() if scene.focus.moments.times[g] <= scene.facts.time[event]]
    waited = max(reached, default=-1) + 1
    return min(steps, key=lambda s: (s < waited, s)) if waited else steps[0]


def _of_the_entry(scene: Scene, focus: Entry, event: int) -> Reason | None:
    """What the entry itself says of the event: it was barred by it, or took it and does not count."""
    voice = scene.voice
    for x, hit in focus.hits:
        if hit == event:
            done = {DROP: "so the entry does not count", STOP: "so the entry ends there"}
            effect = done.get(int(scene.plan.effect[x]), "so the whole journey leaves the funnel")
            return "exclusion", f"It is excluded after {voice.step(int(scene.plan.after[x]))}: {effect}."
    if event in focus.taken:
        hit = focus.hits[0][1]
        said = f"It would be {voice.step(focus.taken[event])}, but {voice.event(scene.facts.name[hit])} is excluded and came"
        return "entry_excluded", f"{said} on {voice.at(scene.facts.time[hit])}."
    return None


def _of_step(scene: Scene, event: int, step: int) -> Reason:
    return (
        _mismatch(scene, event, 1 << step, scene.question.steps[step])
        or _other_run(scene, event)
        or _other_value(scene, event)
        or _elsewhere(scene, event, step)
    )


def _mismatch(scene: Scene, event: int, bit: int, matcher: Matcher) -> Reason | None:
    """Why the event is none of those that the step (or exclusion) means; None when it is one."""
    facts, voice = scene.facts, scene.voice
    if not facts.own[event] & bit:
        who = {"us": "by us", "system": "by the system"}.get(facts.actor[event], "by somebody else")
        return "not_by_person", f"It was done {who}; “any event” means what the person did."
    if isinstance(matcher, Step) and matcher.first_ever:
        first = int(np.argmax(facts.own & bit != 0))
        if facts.time[first] != facts.time[event]:
            return "not_first_ever", f"It is not the first ever: that came on {voice.at(facts.time[first])}."
    since = scene.focus.entered if scene.focus is not None and bit != 1 else facts.time[event]
    person = facts.people[facts.owner[event]]
    for condition in matcher.where:
        is_own = condition.of == "event"
        value = facts.value(event, condition.property) if is_own else person.value(condition, since)
        if not holds(condition, value):
            said = voice.condition(condition, value)
            return "condition", f"{said[:1].upper()}{said[1:]}."
    return None


def _other_run(scene: Scene, event: int) -> Reason | None:
    if scene.question.count != "sessions":
        return None
    facts = scene.facts
    if facts.session[event] < 0:
        return "no_session", "It belongs to no session, and whole sessions are counted."
    if scene.focus is not None and facts.session[event] != facts.session[scene.walked.runs[scene.focus.run][0]]:
        return "other_session", "It belongs to another session."
    return None


def _other_value(scene: Scene, event: int) -> Reason | None:
    """`hold`: the event carries another value than the entry began with."""
    focus, hold = scene.focus, scene.question.hold
    if not hold or focus is None or scene.facts.time[event] <= focus.entered:
        return None
    began = scene.facts.held(min(focus.taken, key=lambda one: (focus.taken[one], one)))
    for name, kept, value in zip(hold, began, scene.facts.held(event), strict=True):
        if kept != value:
            subject = name.replace("_", " ")
            said = f"{_capital(subject)} {_has(value)} here, and the entry began where it {_has(kept)}"
            return "held_value", f"{said}; it must stay the same."
    return None


def _has(value: str | None) -> str:
    return "has no value" if value is None else f"is {value}"


def _elsewhere(scene: Scene, event: int, step: int) -> Reason:
    """A fitting event that was not taken: too early, too late, or not needed."""
    plan, voice, focus, time = scene.plan, scene.voice, scene.focus, scene.facts.time[event]
    could_begin = step == 0 or plan.order == ANY_ORDER
    if could_begin and (said := _beginning(scene, event)):
        return said
    if focus is None:
        return "before_entry", f"No entry had begun before it: {voice.step(0)}, was not seen in time."
    if time < focus.entered:
        return "before_entry", f"It came before the entry began, on {voice.at(focus.entered)}."
    if plan.order == ANY_ORDER:
        return _late(scene, event, step, focus) or (
            "already_reached",
            f"“{voice.label(step)}” was completed before; one event of each is needed.",
        )
    return _in_order(scene, event, step, focus)


def _beginning(scene: Scene, event: int) -> Reason | None:
    """Why no entry that stands begins with the event; None when that is not the question."""
    plan, voice, focus, time = scene.plan, scene.voice, scene.focus, scene.facts.time[event]
    if time < plan.start:
        return "before_period", "It came before the period, and entries begin inside it."
    if time >= plan.end:
        return "after_period", "It came after the period, and entries begin inside it."
    if focus is None:
        return None
    if time == focus.entered:
        return "same_moment", "Another event of the same moment began the entry; one is needed."
    if plan.entries == EACH:
        return _running(scene, event)
    if plan.entries == FIRST and time > focus.entered:
        return "entry_not_first", f"Only the first entry counts: it began on {voice.at(focus.entered)}."
    own = scene.begun_at(time, focus.run)
    if own is None:
        return None if time > focus.entered else ("better_entry", _better(scene, focus))
    if own.verdict is not None and own.verdict == DROP:
        hit = own.hits[0][1]
        said = f"The entry that begins here does not count: {voice.event(scene.facts.name[hit])} is excluded"
        return "excluded", f"{said} and came on {voice.at(scene.facts.time[hit])}."
    if own.weight() < focus.weight():
        said = f"{_better(scene, focus)} From here it is step {max(own.times(), default=0) + 1}."
        return "better_entry", said
    return "later_entry", f"The entry of {voice.at(focus.entered)} came as far and is more recent."


def _better(scene: Scene, focus: Entry) -> str:
    reached = max(focus.times(), default=0) + 1
    return f"The entry of {scene.voice.at(focus.entered)} stands: it came to step {reached}."


def _running(scene: Scene, event: int) -> Reason | None:
    time = scene.facts.time[event]
    at = bisect_right(scene.walked.entries, time, key=lambda one: one.entered)
    if at and scene.walked.entries[at - 1].moments.has(event):
        began = scene.voice.at(scene.walked.entries[at - 1].entered)
        return "entry_running", f"The entry of {began} had not ended; the next begins after it."
    return None


def _in_order(scene: Scene, event: int, step: int, focus: Entry) -> Reason:
    plan, voice, time = scene.plan, scene.voice, scene.facts.time[event]
    reached = {place: focus.moments.times[g] for place, g in focus.at.items()}
    if step in reached and reached[step] < time:
        said = f"{_capital(voice.step(step))}, had been reached"
        return "already_reached", f"{said} on {voice.at(reached[step])}; the first possible event counts."
    if step in reached and reached[step] == time:
        return "same_moment", "Another event of the same moment was taken; one is needed."
    passed = [place for place, moment in reached.items() if place > step and moment <= time]
    if passed:
        return "passed_by", f"{_capital(voice.step(min(passed)))}, had been reached: the optional step was past."
    if (missing := _missing(plan, reached, step, time)) is not None:
        return "too_early", f"{_capital(voice.step(missing))}, had not been reached before it."
    if focus.verdict == STOP and time >= focus.when:
        return "entry_ended", "An excluded event had ended the entry."
    if late := _late(scene, event, step, focus):
        return late
    if plan.order == STRICT:
        return _between(scene, event)
    return "same_moment", "Another event of the same moment was taken; one event never serves two steps."


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _missing(plan: Plan, reached: dict[int, int], step: int, time: int) -> int | None:
    """The required step before `step` that had not been reached at `time`."""
    for place in range(step):
        if not plan.optional >> place & 1 and reached.get(place, NEVER) > time:
            return place
    return None


def _late(scene: Scene, event: int, step: int, focus: Entry) -> Reason | None:
    """Too late for the window, the end of the period, or the step's own limit."""
    plan, voice, time = scene.plan, scene.voice, scene.facts.time[event]
    if time - focus.entered > plan.window:
        unit, size = unit_of(plan.window)
        said = f"It came {voice.span(time - focus.entered)} after the entry began"
        return "outside_window", f"{said}; the window is {in_units(plan.window / size, unit)}."
    if time > plan.latest:
        return "after_period", "It came after the period, and late conversions do not count."
    before = [focus.moments.times[g] for place, g in focus.at.items() if place < step]
    within = int(plan.within[step])
    if before and plan.order != ANY_ORDER and time - max(before) > within:
        unit, size = unit_of(within)
        said = f"It came {voice.span(time - max(before))} after the step before"
        return "later_than_within", f"{said}; this step must follow within {in_units(within / size, unit)}."
    return None


def _between(scene: Scene, event: int) -> Reason:
    """With `strict`: an event that came where a step should have."""
    focus, voice = scene.focus, scene.voice
    if focus is None or scene.facts.time[event] < focus.entered:
        return "before_entry", "It came before any entry began."
    ended = focus.moments.times[focus.at[focus.last]]
    following = focus.moments.next_peopled(focus.at[focus.last])
    is_next = following is not None and scene.facts.time[event] <= focus.moments.times[following]
    if focus.last < scene.plan.steps - 1 and is_next:
        return "came_between", f"It came directly after {voice.step(focus.last)}, and nothing else may come between."
    return (
        "entry_ended",
        f"The entry had ended: its last step was on {voice.at(ended)}, and something else came after it.",
    )


def _of_exclusion(scene: Scene, event: int, x: int) -> Reason:
    """An excluded event that did no harm."""
    plan, focus, time = scene.plan, scene.focus, scene.facts.time[event]
    bit = 1 << (FIRST_EXCLUSION + x)
    matcher = next(one for known, one in matchers(scene.question) if known == bit)
    if said := _mismatch(scene, event, bit, matcher) or _other_run(scene, event):
        return said
    between = f"between step {int(plan.after[x]) + 1} and step {int(plan.before[x]) + 1}"
    if focus is not None and any(one == x for one, _ in focus.hits) and time > focus.when:
        return "exclusion_elsewhere", "An excluded event had come before it."
    return "exclusion_elsewhere", f"It is excluded only {between}, and came elsewhere: it cost nothing."
