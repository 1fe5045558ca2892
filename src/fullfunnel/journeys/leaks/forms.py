"""Forms as steps: who began one, who sent it, and at which field the others stopped."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fullfunnel.events.names import FORM_FIELD_ABANDONED, FORM_STARTED, FORM_SUBMITTED
from fullfunnel.events.store.journeys import Column, Index
from fullfunnel.journeys.folds.gather import Longs, codes_at
from fullfunnel.journeys.leaks.compare import Table, chance_of
from fullfunnel.journeys.leaks.firsts import Firsts, without_empty
from fullfunnel.journeys.leaks.step import Bools, Dimension, Goal, Share, Step, months_between
from fullfunnel.journeys.leaks.told import Told, texts, told
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

NAMES = (FORM_STARTED, FORM_SUBMITTED, FORM_FIELD_ABANDONED)
BEGAN, SENT, LEFT = range(3)
HOUR = 3_600_000_000
OF_START = ("device", "browser", "country")
# Forms that fewer began are no step; of many, those that most began.
LEAST_BEGUN, MOST_FORMS = 30, 20
SURE = 0.01


@dataclass(frozen=True)
class FormSteps:
    """steps: of each form; fields: of a step's key, the field at which each thing stopped, "" where it did not or nobody knows."""

    steps: list[Step]
    fields: dict[str, list[str]]


@dataclass(frozen=True)
class Field:
    """Where those of a group stop who do not send: so many of it, and so many of the others."""

    name: str
    stopped: int
    others_stopped: int


def form_steps(
    index: Index, dataset: "Dataset", firsts: Firsts, period: tuple[int, int], goal: Goal, watch: Watch,
) -> FormSteps:  # fmt: skip
    """Return a step for each form that enough people began in the period (start, end: µs)."""
    events = told(index, NAMES, dataset, watch)
    ids, titles = texts(index, "form_id", events.row), texts(index, "form", events.row)
    keys = np.array([one or title for one, title in zip(ids, titles, strict=True)], object)
    labels = {key: title for key, title in zip(keys.tolist(), titles, strict=True) if title}
    found = FormSteps([], {})
    begun = Counter(keys[events.name == BEGAN].tolist())
    fields = texts(index, "field", events.row)
    until = min(period[1], dataset.facts.data_until - HOUR)
    for key, many in begun.most_common(MOST_FORMS):
        if not key or many < LEAST_BEGUN:
            continue
        own = np.flatnonzero(keys == key)
        step, stopped = _form(index, _taken(events, own), [fields[at] for at in own.tolist()], firsts, period[0], until)
        if len(step.unit) < LEAST_BEGUN:
            continue
        sent = step.unit[step.went_on]
        reached = Share(int(np.isin(sent, goal.units).sum()), len(sent))
        name = f"form:{key}"
        found.steps.append(
            Step(
                name, "sent", step.unit, step.at, step.went_on, step.is_decided, step.dimensions,
                goal.from_here(reached), step.months, labels.get(key) or key,
            )
        )  # fmt: skip
        found.fields[name] = stopped
    return found


def _taken(events: Told, rows: Longs) -> Told:
    return Told(*(column[rows] for column in events))


def _form(
    index: Index, events: Told, fields: list[str], firsts: Firsts, start: int, until: int
) -> tuple[Step, list[str]]:
    """Return the step of one form's events, by time; things begun later than `until` are left out, they may still be sent."""
    began = np.flatnonzero(events.name == BEGAN)
    units, first = np.unique(events.unit[began], return_index=True)
    at = events.time[began][first]
    place = firsts.places(units)
    kept = (at >= start) & (at < until) & (place >= 0)
    units, at, row, place = units[kept], at[kept], events.row[began][first][kept], place[kept]
    sent_at = dict(zip(*(column[events.name == SENT].tolist() for column in (events.unit, events.time)), strict=True))
    went_on = np.array(
        [sent_at.get(unit, -1) >= when for unit, when in zip(units.tolist(), at.tolist(), strict=True)], np.bool_
    )
    left = {
        unit: field
        for unit, name, field in zip(events.unit.tolist(), events.name.tolist(), fields, strict=True)
        if name == LEFT
    }
    stopped = [
        "" if is_sent else left.get(unit, "") for unit, is_sent in zip(units.tolist(), went_on.tolist(), strict=True)
    ]
    dimensions = [one for one in firsts.of(place) if one.name not in OF_START] + [
        Dimension(name, _at(index, name, row)) for name in OF_START
    ]
    everybody = np.ones(len(units), np.bool_)
    months = months_between(start, until)
    return Step("", "", units, at, went_on, everybody, tuple(dimensions), (), months), stopped


def _at(index: Index, name: str, row: Longs) -> Column:
    column = index.column(name)
    return without_empty(Column(codes_at(column, row), column[0].values))


def field_of(step: Step, stopped: list[str], in_group: Bools) -> Field | None:
    """Return the field at which the group stops most beyond what the others do, where that is no chance."""
    counts = [Counter(name for name, is_in in zip(stopped, side, strict=True) if is_in and name) for side in (in_group.tolist(), (~in_group).tolist())]  # fmt: skip
    sizes = int(in_group.sum()), int((~in_group).sum())
    if not all(sizes):
        return None
    judged = []
    for name, many in counts[0].items():
        table = Table(sizes[0], sizes[0] - many, sizes[1], sizes[1] - counts[1][name])
        judged.append((table.missing, chance_of(table)[0], name))
    missing, chance, name = max(judged, default=(0.0, 1.0, ""))
    return Field(name, counts[0][name], counts[1][name]) if chance * len(judged) < SURE and missing > 0 else None
