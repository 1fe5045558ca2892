"""How a trace speaks: events, steps, moments and spans as people say them; never a name of ours or a code."""

from contextlib import suppress
from datetime import timedelta
from zoneinfo import ZoneInfo

from fullfunnel.core import clock
from fullfunnel.core.numbers import duration
from fullfunnel.core.texts import dates, locales
from fullfunnel.events.conditions import OPERATORS, Condition, text_of
from fullfunnel.journeys.questions.shapes import Funnel
from fullfunnel.journeys.questions.steps import label_of
from fullfunnel.journeys.questions.words import event_words, name_words

UNITS = (("day", 86_400_000_000), ("hour", 3_600_000_000), ("minute", 60_000_000), ("second", 1_000_000))
ACTED = {"us": "us", "system": "the system", "person": "the person"}


class Voice:
    """Words for one question."""

    def __init__(self, question: Funnel) -> None:
        self.question = question
        self._zone = ZoneInfo(question.period.timezone)

    def event(self, name: str) -> str:
        """ "“Form submitted”"."""
        return f"“{name_words(name)}”"

    def step(self, place: int) -> str:
        """ "step 2, “Form submitted”"; with steps in any order, the number completed alone."""
        if self.question.order == "any":
            return f"step {place + 1} completed"
        return f"step {place + 1}, “{self.label(place)}”"

    def label(self, step: int) -> str:
        """What a step is called."""
        asked = self.question.steps[step]
        return event_words(list(asked.events)) if asked.label == label_of(asked.events) else asked.label

    def exclusion(self, at: int) -> str:
        return f"“{event_words(list(self.question.exclude[at].events))}”"

    def at(self, moment: int) -> str:
        """ "3 Mar 2026, 14:05" in the reader's time zone; in the question's for a program."""
        known = clock.EPOCH + timedelta(microseconds=moment)
        with suppress(OverflowError):
            known = known.astimezone(locales.own_zone() or self._zone)
        return f"{dates.day(known)}, {dates.clock_time(known)}"

    def span(self, microseconds: int) -> str:
        """ "8 d 4 h"."""
        return duration(microseconds / 1_000_000)

    def condition(self, condition: Condition, value: str | None) -> str:
        """ "plan is free, not pro"."""
        owner = "the person’s " if condition.of != "event" else ""
        then = " when the entry began" if condition.of == "person_then" else ""
        subject = f"{owner}{condition.property.replace('_', ' ')}{then}"
        wanted = [one if isinstance(one, str) else text_of(one) for one in condition.operands]
        if condition.op == "is_set":
            return f"{subject} has no value"
        is_what = f"{subject} has no value" if value is None else f"{subject} is {value}"
        if condition.op in ("=", "in"):
            return f"{is_what}, not {' or '.join(wanted)}"
        joined = (" and " if condition.op == "between" else ", ").join(wanted)
        asked = f"{OPERATORS[condition.op]} {joined}".rstrip()
        return f"{is_what}, where “{asked}” is asked for"


def unit_of(span: int) -> tuple[str, int]:
    """The largest unit of which a span is a whole number: (name, µs); below a second, the second."""
    return next(((name, size) for name, size in UNITS if span % size == 0 and span), UNITS[-1] if span else UNITS[0])


def in_units(count: float, unit: str) -> str:
    """ "1 day", "9 days"."""
    return f"{count:g} {unit}" if count == 1 else f"{count:g} {unit}s"
