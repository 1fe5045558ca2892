"""The answer to why: entries, events with what became of each, and what would have changed it."""

from typing import TYPE_CHECKING, Any

import numpy as np

from fullfunnel.events.conditions import QuestionError
from fullfunnel.journeys.answers.people_lists import moment_text
from fullfunnel.journeys.folds.plan import REMOVE, plan_of
from fullfunnel.journeys.questions.shapes import Funnel
from fullfunnel.journeys.watch import Watch
from fullfunnel.journeys.why.changes import changes_of
from fullfunnel.journeys.why.entries import entries_of
from fullfunnel.journeys.why.facts import facts_of
from fullfunnel.journeys.why.one import dataset_of_one, unit_called
from fullfunnel.journeys.why.question import Why
from fullfunnel.journeys.why.reasons import Scene, reason_of
from fullfunnel.journeys.why.standing import Row, matched, outcome_of, plain, rows_of
from fullfunnel.journeys.why.summary import ending, summary_of
from fullfunnel.journeys.why.voice import Voice
from fullfunnel.journeys.why.walks import Entry

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

Json = dict[str, Any]
MAX_ENTRIES, MAX_EVENTS = 50, 300


def answer_why(asked: Why, dataset: "Dataset", watch: Watch) -> Json:
    """The answer to a question why over a dataset, as JSON of docs/spec/questions.md."""
    question = plain(asked.question)
    unit = unit_called(dataset, asked.unit, question.count)
    if unit is None:
        raise QuestionError("unit", "is nobody known here; name the unit as a list of people of this funnel does")
    one = dataset_of_one(dataset, unit, question.count)
    if one is None:
        return _nothing(asked, question, dataset)
    rows = rows_of(question, one, watch)
    facts = facts_of(question, one)
    standing = [row.entered for row in rows]
    walked = entries_of(question, facts, dataset.facts.data_until, standing=standing, check=watch.check)
    stood = matched(rows, walked.entries)
    focus, row = _focus(asked, question, rows, stood, walked.entries)
    plan = plan_of(question, dataset.facts.data_until)
    scene = Scene(question, plan, facts, walked, stood, focus, Voice(question))
    outcome = outcome_of(question, row) if row else ("removed" if walked.entries else "no_entry")
    changes = [] if outcome == "reached" else changes_of(question, one, facts, row, watch)
    events, unlisted = _events(scene)
    entries = _nearest(walked.entries, focus, MAX_ENTRIES)
    return {
        "kind": "why",
        "unit": asked.unit,
        "outcome": outcome,
        "reached": max(row.times) + 1 if row else 0,
        "sentence": summary_of(scene, outcome, row, changes),
        "entries": [_entry(scene, entry, dataset.facts.data_until) for entry in entries],
        "entries_left_out": walked.left_out + len(walked.entries) - len(entries),
        "events": events,
        "events_left_out": unlisted,
        "would_have": [
            {"change": one.change, "value": one.value, "reached": one.reached + 1, "sentence": one.sentence}
            for one in changes
        ],
        "data_until": moment_text(dataset.facts.data_until),
    }


def _nothing(asked: Why, question: Funnel, dataset: "Dataset") -> Json:
    said = "No event of this unit is known."
    empty: Json = {"entries": [], "entries_left_out": 0, "events": [], "events_left_out": 0, "would_have": []}
    answer = {"kind": "why", "unit": asked.unit, "outcome": "no_entry", "reached": 0, "sentence": said}
    return answer | empty | {"data_until": moment_text(dataset.facts.data_until)}


def _focus(
    asked: Why, question: Funnel, rows: list[Row], stood: list[Entry], entries: list[Entry]
) -> tuple[Entry | None, Row | None]:
    """The entry that the trace is about: the one that was asked for, else the one that came furthest, standing ones first."""
    pairs = sorted(zip(stood, rows, strict=True), key=lambda pair: (pair[1].weight(question), pair[1].entered))
    wanted = [pair for pair in pairs if pair[1].entered == asked.entered_at]
    if pairs:
        return (wanted or pairs)[-1]
    others = [entry for entry in entries if entry.verdict == REMOVE] or entries
    return max(others, key=lambda one: (one.weight(), one.entered), default=None), None


def _nearest(entries: list[Entry], focus: Entry | None, most: int) -> list[Entry]:
    """So many entries, those around the one that the trace is about."""
    if len(entries) <= most or focus is None:
        return entries[:most]
    at = next(place for place, one in enumerate(entries) if one is focus)
    first = max(0, min(at - most // 2, len(entries) - most))
    return entries[first : first + most]


def _entry(scene: Scene, entry: Entry, data_until: int) -> Json:
    ended, until = ending(scene.plan, entry, data_until)
    return {
        "entered_at": moment_text(entry.entered),
        "reached": max(entry.times(), default=-1) + 1,
        "stands": any(entry is one for one in scene.stood),
        "ended": ended,
        "until": None if until is None else moment_text(until),
        "steps": [
            {
                "step": place + 1,
                "label": scene.voice.label(entry.serves[event]),
                "at": moment_text(scene.facts.time[event]),
                "event": scene.facts.name[event],
            }
            for event, place in sorted(entry.taken.items(), key=lambda pair: pair[1])
            if place <= entry.kept
        ],
    }


def _events(scene: Scene) -> tuple[list[Json], int]:
    """The events that bear a name of the question, by time, with what became of each; and how many more there are."""
    taken = {
        event: (entry, place) for entry in scene.stood for event, place in entry.taken.items() if place <= entry.kept
    }
    facts, focus = scene.facts, scene.focus
    listed = np.union1d(np.flatnonzero(facts.named), np.array(_broke(scene), np.int64))
    left_out = max(0, len(listed) - MAX_EVENTS)
    if left_out:
        told = set(taken) | (set(focus.taken) | {hit for _, hit in focus.hits} if focus else set())
        near = focus.entered if focus else 0
        order = np.lexsort((np.abs(facts.when[listed] - near), ~np.isin(listed, list(told))))
        listed = np.sort(listed[order[:MAX_EVENTS]])
    return [_event(scene, event, taken.get(event)) for event in listed.tolist()], left_out


def _broke(scene: Scene) -> list[int]:
    """With `strict`: the events of the moment that broke the entry."""
    focus = scene.focus
    if focus is None or scene.question.order != "strict" or focus.last == scene.plan.steps - 1:
        return []
    following = focus.moments.next_peopled(focus.at[focus.last])
    return [] if following is None else focus.moments.members(following)


def _event(scene: Scene, event: int, taken: tuple[Entry, int] | None) -> Json:
    facts = scene.facts
    found: Json = {
        "at": moment_text(facts.time[event]),
        "event": facts.name[event],
        "properties": {name: texts[event] for name, texts in facts.values.items() if texts[event] is not None},
    }
    if taken is not None:
        entry, place = taken
        said = f"Taken for {scene.voice.step(place)}."
        if scene.question.order == "any":
            said = f"Taken for “{scene.voice.label(entry.serves[event])}”, the {_nth(place + 1)} step completed."
        return found | {
            "verdict": "taken",
            "step": place + 1,
            "entered_at": moment_text(entry.entered),
            "sentence": said,
        }
    code, said = reason_of(scene, event)
    return found | {"verdict": "passed_over", "reason": code, "sentence": said}


def _nth(number: int) -> str:
    return f"{number}{'th' if number % 100 in (11, 12, 13) else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
