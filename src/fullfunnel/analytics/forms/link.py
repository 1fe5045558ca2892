"""The builder as a query string and back. Defaults are left out, so that a link stays short."""

from collections.abc import Callable
from dataclasses import fields as fields_of
from typing import TypeVar
from urllib.parse import urlencode

from django.http import QueryDict

from fullfunnel.analytics.forms.state import (
    MAX_PARTS,
    MAX_STEPS,
    BreakdownFields,
    ConditionFields,
    ExclusionFields,
    FunnelFields,
    StepFields,
)
from fullfunnel.journeys.questions.periods import DEFAULT, PRESETS, PeriodFields

Pairs = list[tuple[str, str]]
Part = TypeVar("Part")
MAX_TEXT_LENGTH = 2000


def read_fields(query: QueryDict) -> FunnelFields | None:
    """What a query string says, also half typed; None when it names no step. Anything strange is kept for the reader to refuse."""
    steps = numbered(query, "s", MAX_STEPS, _read_step)
    if not steps:
        return None

    def text(key: str, default: str = "") -> str:
        return query.get(key, default).strip()[:MAX_TEXT_LENGTH]

    start = FunnelFields()
    return FunnelFields(
        steps=tuple(steps),
        exclusions=tuple(numbered(query, "x", MAX_PARTS, _read_exclusion)),
        order=text("order", start.order),
        count=text("count", start.count),
        entries=text("entries", start.entries),
        window=text("window", start.window),
        window_unit=text("unit", start.window_unit),
        breakdown=read_breakdown(query),
        period=read_period(query),
        late_conversions=query.get("late") != "0",
        hold=text("hold"),
    )


BREAKDOWN = {"": "", ".of": "event", ".how": "first", ".step": "1", ".limit": "25"}


def read_breakdown(query: QueryDict) -> BreakdownFields:
    """The breakdown of a query string."""
    said = (query.get(f"by{suffix}", default) for suffix, default in BREAKDOWN.items())
    return BreakdownFields(*(value.strip()[:MAX_TEXT_LENGTH] for value in said))


def write_breakdown(breakdown: BreakdownFields) -> Pairs:
    if not breakdown.property:
        return []
    values = (getattr(breakdown, item.name) for item in fields_of(BreakdownFields))
    return [(f"by{s}", value) for (s, d), value in zip(BREAKDOWN.items(), values, strict=True) if value != d]


def read_period(query: QueryDict) -> PeriodFields:
    """The period of a query string; an unknown preset is the default one."""
    preset = query.get("period", DEFAULT)
    return PeriodFields(
        preset=preset if preset in PRESETS else DEFAULT,
        start=query.get("from", "").strip()[:MAX_TEXT_LENGTH],
        end=query.get("to", "").strip()[:MAX_TEXT_LENGTH],
        zone=query.get("tz", "").strip()[:MAX_TEXT_LENGTH],
    )


def write_period(period: PeriodFields) -> Pairs:
    pairs = [("period", "" if period.preset == DEFAULT else period.preset), ("tz", period.zone)]
    if period.preset == "custom":
        pairs += [("from", period.start), ("to", period.end)]
    return [pair for pair in pairs if pair[1]]


def write_fields(fields: FunnelFields) -> str:
    """The shortest query string that reads as the same question. Parts that are still empty are left out."""
    pairs: Pairs = []
    for number, position in enumerate(fields.asked_steps(), 1):
        pairs += _write_step(f"s{number}", fields.steps[position])
    for number, position in enumerate(fields.asked_exclusions(), 1):
        pairs += _write_exclusion(f"x{number}", fields.exclusions[position])
    start = FunnelFields()
    for key, name in (
        ("order", "order"),
        ("count", "count"),
        ("entries", "entries"),
        ("window", "window"),
        ("unit", "window_unit"),
        ("hold", "hold"),
    ):
        value = getattr(fields, name)
        if value != getattr(start, name):
            pairs.append((key, value))
    pairs += write_breakdown(fields.breakdown)
    if not fields.late_conversions:
        pairs.append(("late", "0"))
    return urlencode(pairs + write_period(fields.period), safe="/,:*")


def numbered(query: QueryDict, letter: str, most: int, read: Callable[[QueryDict, str], Part]) -> list[Part]:
    found = {key.split(".")[0] for key in query}
    return [read(query, f"{letter}{n}") for n in range(1, most + 1) if f"{letter}{n}" in found]


def _read_step(query: QueryDict, name: str) -> StepFields:
    return StepFields(
        events=texts(query, name) or ("",),
        label=query.get(f"{name}.label", "").strip()[:MAX_TEXT_LENGTH],
        conditions=read_conditions(query, name),
        optional=bool(query.get(f"{name}.optional")),
        first_ever=bool(query.get(f"{name}.first")),
        within=query.get(f"{name}.within", "").strip()[:MAX_TEXT_LENGTH],
        within_unit=query.get(f"{name}.unit", "day"),
    )


def _write_step(name: str, step: StepFields) -> Pairs:
    pairs = [(name, event) for event in step.events if event]
    pairs += write_conditions(name, step.conditions)
    pairs += [(f"{name}.label", step.label), (f"{name}.optional", "1" if step.optional else "")]
    pairs += [(f"{name}.first", "1" if step.first_ever else ""), (f"{name}.within", step.within)]
    if step.within and step.within_unit != "day":
        pairs.append((f"{name}.unit", step.within_unit))
    return [pair for pair in pairs if pair[1] or pair[0].endswith(".v")]


def _read_exclusion(query: QueryDict, name: str) -> ExclusionFields:
    return ExclusionFields(
        events=texts(query, name) or ("",),
        conditions=read_conditions(query, name),
        start=query.get(f"{name}.from", "1").strip()[:MAX_TEXT_LENGTH],
        end=query.get(f"{name}.to", "").strip()[:MAX_TEXT_LENGTH],
        effect=query.get(f"{name}.effect", "drop"),
    )


def _write_exclusion(name: str, exclusion: ExclusionFields) -> Pairs:
    pairs = [(name, event) for event in exclusion.events if event]
    pairs += write_conditions(name, exclusion.conditions)
    pairs += [(f"{name}.from", "" if exclusion.start == "1" else exclusion.start), (f"{name}.to", exclusion.end)]
    pairs.append((f"{name}.effect", "" if exclusion.effect == "drop" else exclusion.effect))
    return [pair for pair in pairs if pair[1] or pair[0].endswith(".v")]


def read_conditions(query: QueryDict, name: str) -> tuple[ConditionFields, ...]:
    properties = texts(query, f"{name}.p")
    lists = [texts(query, f"{name}.{part}") for part in ("op", "v", "of")]

    def at(values: tuple[str, ...], place: int, default: str) -> str:
        return values[place] if place < len(values) else default

    return tuple(
        ConditionFields(text, at(lists[0], n, "="), at(lists[1], n, ""), at(lists[2], n, "event"))
        for n, text in enumerate(properties)
    )


def write_conditions(name: str, conditions: tuple[ConditionFields, ...]) -> Pairs:
    # Careful: the four lists are read side by side, so either every condition writes to one or none does.
    asked = [condition for condition in conditions if condition]
    pairs = [(f"{name}.p", condition.property) for condition in asked]
    if any(condition.op != "=" for condition in asked):
        pairs += [(f"{name}.op", condition.op) for condition in asked]
    pairs += [(f"{name}.v", condition.value) for condition in asked]
    if any(condition.of != "event" for condition in asked):
        pairs += [(f"{name}.of", condition.of) for condition in asked]
    return pairs


def texts(query: QueryDict, key: str) -> tuple[str, ...]:
    return tuple(value.strip()[:MAX_TEXT_LENGTH] for value in query.getlist(key)[:MAX_PARTS])
