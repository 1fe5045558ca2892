"""The form of a kind that is declared by its parts and controls: its link, its question, its presses. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.http import QueryDict

from fullfunnel.analytics.forms import presses, rows
from fullfunnel.analytics.forms.form import (
    BREAKDOWN_OWNERS,
    OWNERS,
    Control,
    EventFields,
    Options,
    Part,
    QuestionFields,
)
from fullfunnel.analytics.forms.link import (
    MAX_TEXT_LENGTH,
    Pairs,
    numbered,
    read_breakdown,
    read_conditions,
    read_period,
    texts,
    write_breakdown,
    write_conditions,
    write_period,
)
from fullfunnel.analytics.forms.parts import Json, breakdown_fields, breakdown_of, period_fields
from fullfunnel.events.conditions import condition_words
from fullfunnel.journeys.questions.periods import period_of
from fullfunnel.journeys.questions.words import step_label


@dataclass(frozen=True)
class DeclaredForm:
    """See form.Form. `owners`: whose properties a condition may name; `breakdown_owners`: the same of a breakdown (none: no breakdown)."""

    name: str
    parts: tuple[Part, ...]
    controls: tuple[Control, ...] = ()
    owners: Options = OWNERS
    breakdown_owners: Options = BREAKDOWN_OWNERS

    def read(self, query: QueryDict) -> QuestionFields | None:
        parts = {part.letter: tuple(numbered(query, part.letter, part.most, _reader(part))) for part in self.parts}
        if not any(parts.values()):
            return None
        return QuestionFields(
            parts={letter: steps or (self.empty(letter),) for letter, steps in parts.items()},
            values=read_values(query, self.controls),
            breakdown=read_breakdown(query),
            period=read_period(query),
        )

    def write(self, fields: QuestionFields) -> str:
        pairs: Pairs = []
        for part in self.parts:
            for number, step in enumerate(filter(None, fields.parts[part.letter]), 1):
                name = f"{part.letter}{number}"
                pairs += [(name, event) for event in step.events if event]
                pairs += write_conditions(name, step.conditions) + write_values(part.controls, step.own, f"{name}.")
        pairs += write_values(self.controls, fields.values)
        return urlencode(pairs + write_breakdown(fields.breakdown) + write_period(fields.period), safe="/,:*")

    def view_of(self, fields: QuestionFields) -> str:
        return urlencode(write_values(self._view_controls(), fields.values))

    def to_question(self, fields: QuestionFields, now: datetime, zone: str) -> Json:
        question: Json = {"kind": self.name}
        for part in self.parts:
            asked = [rows.step_of(step, part) for step in fields.parts[part.letter] if step]
            if asked:
                rows.put(question, part.field, asked if part.most > 1 else asked[0])
        rows.put_values(question, self.controls, fields.values)
        if fields.breakdown.property and self.breakdown_owners:
            wanted = breakdown_of(replace(fields.breakdown, attribution="first"))
            question["breakdown"] = {key: value for key, value in wanted.items() if key != "attribution"}
        if period := period_of(fields.period, now, zone):
            question["period"] = period
        return question

    def from_question(self, question: Json, preset: str, zone: str, view: str = "") -> QuestionFields:
        parts = {}
        for part in self.parts:
            given = rows.found(question, part.field)
            listed = given if isinstance(given, list) else [given] if given else []
            parts[part.letter] = tuple(rows.step_fields(step, part) for step in listed) or (self.empty(part.letter),)
        return QuestionFields(
            parts=parts,
            values=rows.values_of(question, self.controls) | read_values(QueryDict(view), self._view_controls()),
            breakdown=breakdown_fields(question.get("breakdown") or {}),
            period=period_fields(question.get("period") or {}, preset, zone),
        )

    def is_complete(self, fields: QuestionFields) -> bool:
        return all(any(fields.parts[part.letter]) for part in self.parts if part.is_needed)

    def control_of(self, field: str, fields: QuestionFields) -> str:
        return rows.control_of(field, self.parts, self.controls, fields)

    def edited(self, fields: QuestionFields, do: str) -> tuple[QuestionFields, str]:
        return presses.edited(fields, do, {part.letter: (part, self.empty(part.letter)) for part in self.parts})

    def words(self, question: Json) -> str:
        """ "Page viewed where path is /pricing; Deal won"."""
        said = []
        for part in self.parts:
            given = rows.found(question, part.field)
            for step in given if isinstance(given, list) else [given] if given else []:
                step = {"event": step} if isinstance(step, str) else step
                where = " and ".join(condition_words(condition) for condition in step.get("where") or [])
                first = ", the first ever" if step.get("first_ever") else ""
                said.append(step_label(step) + first + (f" where {where}" if where else ""))
        return "; ".join(said)

    def fields(self, **events: str | list[str]) -> QuestionFields:
        """Fields with defaults for all but the events of the parts, each named by its letter: kind.fields(a="signed_up")."""
        parts = {}
        for part in self.parts:
            named = events.get(part.letter) or [""]
            listed = [named] if isinstance(named, str) else named
            parts[part.letter] = tuple(replace(self.empty(part.letter), events=(name,)) for name in listed)
        return QuestionFields(parts, read_values(QueryDict(), self.controls))

    def empty(self, letter: str) -> EventFields:
        """A step of this part before anything was typed."""
        part = next(part for part in self.parts if part.letter == letter)
        return EventFields(own=read_values(QueryDict(), part.controls))

    def _view_controls(self) -> tuple[Control, ...]:
        return tuple(control for control in self.controls if not control.field)


def read_values(query: QueryDict, controls: tuple[Control, ...], prefix: str = "") -> dict[str, str]:
    """The value of each control, its default where the query says none."""
    values = {}
    for control in controls:
        key = prefix + control.key
        if control.form == "many":
            values[control.key] = ",".join(texts(query, key)) or control.default
            continue
        values[control.key] = query.get(key, control.default).strip()[:MAX_TEXT_LENGTH]
        if control.form == "span":
            values[f"{control.key}.unit"] = query.get(f"{key}.unit", control.unit).strip()[:MAX_TEXT_LENGTH]
    return values


def write_values(controls: tuple[Control, ...], values: dict[str, str], prefix: str = "") -> Pairs:
    """What is not default. A value that was emptied on purpose is said as empty."""
    pairs: Pairs = []
    for control in controls:
        wanted = [(control.key, control.default)]
        if control.form == "span":
            wanted.append((f"{control.key}.unit", control.unit))
        pairs += [(prefix + key, values[key]) for key, default in wanted if values[key] != default]
    return pairs


def _reader(part: Part):  # type: ignore[no-untyped-def]
    def read(query: QueryDict, name: str) -> EventFields:
        own = read_values(query, part.controls, f"{name}.")
        return EventFields(texts(query, name) or ("",), read_conditions(query, name), own)

    return read
