"""The form of a kind of question, declared: which events it asks for, and with which controls."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.http import QueryDict

from fullfunnel.analytics.forms.parts import Json
from fullfunnel.analytics.forms.state import BreakdownFields, ConditionFields
from fullfunnel.journeys.questions.periods import PeriodFields

Options = tuple[tuple[str, str], ...]
OWNERS = (("event", "of the event"), ("person", "of the person, today"))
BREAKDOWN_OWNERS = (("event", "of events"), ("person", "of the person"), ("company", "of the company"))


@dataclass(frozen=True)
class Control:
    """One control. `key`: its name in the link, and its id. `field`: where its value stands in the question's JSON (dots lead
    inwards); "" for what concerns the view alone.

    form: choice (of `options`), flag ("1" or "0", with two options), number, text, property, event, span (a second control
    `key`.unit has its unit; "none" is no limit) or many (of `options`; the values joined by a comma; "" is all).
    An empty value is left out of the question.
    """

    key: str
    field: str
    words: str
    default: str = ""
    form: str = "choice"
    options: Options = ()
    unit: str = "day"
    after: str = ""
    is_folded: bool = False


@dataclass(frozen=True)
class Part:
    """Events that the question asks for, as a step of the contract at `field`, or, with `most` above 1, a list of steps.

    `letter` with a number names one of them in the link (e1, e2). `controls` stand with each; their fields are the step's.
    """

    letter: str
    field: str
    title: str
    most: int = 1
    is_needed: bool = True
    hint: str = "event, or * for any"
    add: str = "Add another"
    controls: tuple[Control, ...] = ()

    @property
    def prefix(self) -> str:
        """What stands before the verb of a press: forms/presses.py."""
        return f"{self.letter}-"

    @property
    def has_folded(self) -> bool:
        return any(control.is_folded for control in self.controls)


@dataclass(frozen=True)
class EventFields:
    """What stands in the controls of one step of a Part, as texts. `own`: the values of its own controls, by key."""

    events: tuple[str, ...] = ("",)
    conditions: tuple[ConditionFields, ...] = ()
    own: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.events)


@dataclass(frozen=True)
class QuestionFields:
    """What stands in all controls, also half typed: the steps of each part by its letter, values by their control's key."""

    parts: dict[str, tuple[EventFields, ...]]
    values: dict[str, str] = field(default_factory=dict)
    breakdown: BreakdownFields = field(default_factory=BreakdownFields)
    period: PeriodFields = field(default_factory=PeriodFields)


class Form(Protocol):
    """A kind of question as its page, its link and its saved form know it. `fields` are the kind's own dataclass, which has a
    `period` (PeriodFields) and a `breakdown` (BreakdownFields)."""

    @property
    def name(self) -> str:
        """The contract's `kind`, and the name of the page's URL in the room `analytics`."""

    def read(self, query: QueryDict) -> Any:
        """The fields that a query string says; None when it says no question."""

    def write(self, fields: Any) -> str:
        """The shortest query string that reads as the same fields."""

    def to_question(self, fields: Any, now: datetime, zone: str) -> Json:
        """The question that stands in the fields; `zone` is the workspace's."""

    def from_question(self, question: Json, preset: str, zone: str, view: str = "") -> Any:
        """The fields that ask this question. `preset` keeps a period that moves with the day; `view` is what `view_of` gave."""

    def view_of(self, fields: Any) -> str:
        """What the fields say that no question holds (a comparison, how it is drawn), as a query string."""

    def is_complete(self, fields: Any) -> bool:
        """Whether there is something to ask."""

    def control_of(self, field: str, fields: Any) -> str:
        """The id of the control that a refusal's field path speaks of; "" when there is none."""

    def edited(self, fields: Any, do: str) -> tuple[Any, str]:
        """The fields after a press, and the id of the control that has the focus then ("": none)."""

    def words(self, question: Json) -> str:
        """The question in a few words, without its period, for lists."""
