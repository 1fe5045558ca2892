"""What is looked at: the names of properties, traits and behaviours. What the question itself demands of the step is left out."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.drop_off.behaviours import frequent_names
from fullfunnel.journeys.drop_off.first_touch import OF_A_TOUCH
from fullfunnel.journeys.questions.shapes import ANY, Funnel
from fullfunnel.journeys.why.question import FACTORS, DropOff, Factor

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset


@dataclass(frozen=True)
class Candidates:
    """Names: of properties of events, of those of the first touch, of traits of people and of companies, of behaviours' events."""

    properties: list[str]
    touches: list[str]
    people: list[str]
    companies: list[str]
    events: list[str]


def candidates_of(asked: DropOff, question: Funnel, k: int, index: Index, dataset: "Dataset") -> Candidates:
    """What is tried for step `k` (from 0); a deal has no traits."""
    names = sorted({name for step in question.steps for name in step.events if name != ANY})
    people, companies = dataset.traits.names() if question.count != "deals" else ([], [])
    properties = list(asked.properties) or dataset.names.event_properties(names)
    # Of companies only their own traits can be told: several people may belong to one.
    people = people if question.count != "companies" else []
    said = _demanded(question, k)
    touches = [name for name in properties if name in OF_A_TOUCH]
    properties = [name for name in properties if name not in OF_A_TOUCH]
    found = (properties, touches, people, companies, frequent_names(index))
    return Candidates(*([name for name in own if name not in left] for own, left in zip(found, said, strict=True)))


def candidates_for(factor: Factor) -> Candidates:
    """What one row needs."""
    return Candidates(*([factor.property] if factor.kind == kind else [] for kind in FACTORS))


def _demanded(question: Funnel, k: int) -> tuple[set[str], ...]:
    """Of each kind, what decides by definition who can reach the step: its conditions on people, those on properties that are held
    from the first step on, and, where only the first ever counts, having done it before."""
    step = question.steps[k]
    if question.order == "any":
        return set(), set(), set(), set(), set()
    held = {condition.property for condition in step.where if condition.of == "event"} & set(question.hold)
    people = {condition.property for condition in step.where if condition.of != "event"}
    return held, set(), people, set(), set(step.events) if step.first_ever else set()
