"""Questions and answers in words: what a step counts, what a page says today. Pure."""

import re
from datetime import date
from typing import Any

from fullfunnel.core.numbers import NO_PERCENT_BELOW, number, percent
from fullfunnel.core.texts import dates
from fullfunnel.events.conditions import condition_words
from fullfunnel.journeys.questions.periods import PRESETS

Json = dict[str, Any]
ANY_EVENT = "any event"
MAX_LABEL_LENGTH = 40
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
COUNTED = {
    "people": ("person", "people"),
    "companies": ("company", "companies"),
    "deals": ("deal", "deals"),
    "sessions": ("session", "sessions"),
    "entries": ("entry", "entries"),
}


def counted(question: Json, count: int) -> str:
    """ "1 person", "1,204 people"."""
    one, many = COUNTED[question.get("count", "people")]
    return f"{number(count)} {one if count == 1 else many}"


def event_words(event: Any) -> str:
    """ "Page viewed or Form submitted" for the names of a step."""
    names = [event] if isinstance(event, str) else list(event)
    return " or ".join(ANY_EVENT if name == "*" else name_words(name) for name in names)


def name_words(name: str) -> str:
    """ "page_viewed" as people write it, "Page viewed"; a name that its sender wrote for people stays as it is."""
    if not SNAKE.fullmatch(name):
        return name
    words = name.replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}".replace("Nps ", "NPS ")


def step_label(step: Json) -> str:
    """What a step of a question is called: the label it was given, else its events in words."""
    return str(step.get("label") or event_words(step["event"]))


def short_label(step: Json) -> str:
    """The label as a sentence can hold it: an endless one ends after a word, with "…". Whoever needs all of it finds it in the form."""
    label = step_label(step)
    if len(label) <= MAX_LABEL_LENGTH:
        return label
    cut = label[: MAX_LABEL_LENGTH - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut[MAX_LABEL_LENGTH // 2 :] else cut}…"


def span_words(span: Json) -> str:
    value = span["value"]
    return f"{value} {span['unit']}" if value == 1 else f"{value} {span['unit']}s"


def step_words(question: Json, position: int) -> str:
    """What the number of a step counts: its definition as one sentence."""
    step = question["steps"][position]
    names = [step["event"]] if isinstance(step["event"], str) else step["event"]
    said = " or ".join(ANY_EVENT if name == "*" else f"“{name_words(name)}”" for name in names)
    if step.get("where"):
        said += " where " + " and ".join(condition_words(condition) for condition in step["where"])
    many = COUNTED[question.get("count", "people")][1]
    if question.get("order") == "any":
        parts = [f"Counts the {many} that completed {position + 1} of the steps, in whatever order."]
    elif position == 0:
        parts = [f"Counts the {many} that began with {said}."]
    else:
        how = "directly after" if question.get("order") == "strict" else "after"
        parts = [f"Counts the {many} that went on to {said}, {how} the step before."]
    if step.get("first_ever"):
        parts.append("Only the first event of that kind ever counts.")
    if step.get("optional"):
        parts.append("The step is counted, and never needed for the next.")
    if step.get("within"):
        parts.append(f"It must follow within {span_words(step['within'])}.")
    if position and question.get("hold"):
        parts.append(f"It has the same {' and the same '.join(question['hold'])} as the first.")
    window = question.get("window", {"value": 14, "unit": "day"})
    if position and window and question.get("count") != "sessions":
        parts.append(f"All steps lie within {span_words(window)} of the first.")
    return " ".join(parts)


def period_words(preset: str, question: Json) -> str:
    """ "in the last 90 days", "from 2026-01-01 to 2026-01-31"."""
    period = question.get("period") or {}
    if preset not in ("custom", "all"):
        name = PRESETS[preset]
        return "in the " + name.lower() if name.startswith("Last ") and name != "Last month" else name.lower()
    start, end = period.get("from"), period.get("to")
    if start and end:
        return f"from {day_words(start)} to {day_words(end)}"
    if start:
        return f"since {day_words(start)}"
    return f"until {day_words(end)}" if end else "so far"


def funnel_words(question: Json, preset: str) -> str:
    """What a funnel asks, for a page that has not its form: "People · Page viewed (path is /pricing) → Deal won · within 14 days · in
    the last 90 days (Europe/Berlin)"."""
    steps = []
    for step in question["steps"]:
        said = " and ".join(condition_words(condition) for condition in step.get("where", ()))
        steps.append(short_label(step) + (f" ({said})" if said and not step.get("label") else ""))
    order = question.get("order", "ordered")
    parts = [COUNTED[question.get("count", "people")][1].capitalize(), (" + " if order == "any" else " → ").join(steps)]
    parts += {"any": ["in any order"], "strict": ["nothing between"]}.get(order, [])
    parts += [f"same {' and '.join(question['hold'])}"] if question.get("hold") else []
    parts += [f"without {event_words(one['event'])}" for one in question.get("exclude", ())]
    window = question.get("window", {"value": 14, "unit": "day"})
    parts += [f"within {span_words(window)}"] if window and question.get("count") != "sessions" else []
    zone = (question.get("period") or {}).get("timezone")
    return " · ".join([*parts, period_words(preset, question) + (f" ({zone})" if zone else "")])


def day_words(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return dates.day(day)


def funnel_sentence(question: Json, answer: Json, preset: str) -> str:
    """The one sentence of a funnel: who began, who arrived, where most were lost, who still can."""
    steps, when = answer["steps"], period_words(preset, question)
    labels = [f"“{short_label(step)}”" for step in question["steps"]]
    first = steps[0]
    if not first["count"]:
        return f"Nobody began this funnel {when}: {labels[0]} was not seen."
    said = f"{counted(question, first['count'])} began with {labels[0]} {when}"
    if len(steps) == 1:
        return said + "."
    last = steps[-1]
    shown = last["count"] and first["count"] >= NO_PERCENT_BELOW
    share = f" ({percent(last['count'] / first['count'])})" if shown else ""
    said += f"; {number(last['count']) if last['count'] else 'nobody'}{share} reached {labels[-1]}."
    worst = max(range(1, len(steps)), key=lambda at: steps[at]["dropped"])
    if steps[worst]["dropped"]:
        between = f"between {labels[worst - 1]} and {labels[worst]}"
        said += f" Most were lost {between}: {number(steps[worst]['dropped'])}."
    pending = sum(step["pending"] for step in steps)
    return said + (f" {number(pending)} can still go on." if pending else "")
