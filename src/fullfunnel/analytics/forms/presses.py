"""What a press of a declared form changes: `do` is "letter-verb:place[:part]", such as "e-add" or "a-remove-condition:0:1". Pure."""

from collections.abc import Mapping
from dataclasses import replace

from fullfunnel.analytics.forms.form import EventFields, Part, QuestionFields
from fullfunnel.analytics.forms.state import MAX_PARTS, PART_EDITS, without


def edited(
    fields: QuestionFields, do: str, parts: Mapping[str, tuple[Part, EventFields]]
) -> tuple[QuestionFields, str]:
    """The fields after a press, and the id of the control that then has the focus. A press that means nothing changes nothing."""
    letter, _, press = do.partition("-")
    verb, _, rest = press.partition(":")
    places = [int(place) for place in rest.split(":") if place.isdecimal() and len(place) < 9]
    if letter not in parts:
        return fields, ""
    part, empty = parts[letter]
    steps = fields.parts[letter]
    if verb == "add" and len(steps) < part.most:
        steps, focus = (*steps, empty), f"{letter}{len(steps) + 1}-e0"
    elif verb == "remove" and places:
        steps = without(steps, places[0]) or (empty,)
        focus = f"{letter}{min(places[0] + 1, len(steps))}-e0"
    elif verb in PART_EDITS and places and places[0] < len(steps):
        steps, focus = _step_edited(steps, letter, verb, places)
    else:
        return fields, ""
    return replace(fields, parts=fields.parts | {letter: steps}), focus


def _step_edited(
    steps: tuple[EventFields, ...], letter: str, verb: str, places: list[int]
) -> tuple[tuple[EventFields, ...], str]:
    at, place = places[0], places[1] if len(places) > 1 else 0
    step = replace(steps[at], **PART_EDITS[verb](steps[at], place))
    focus = f"{letter}{at + 1}-e{len(step.events) - 1 if verb == 'add-name' else 0}"
    if verb == "add-condition":
        focus = f"{letter}{at + 1}-{min(len(step.conditions), MAX_PARTS) - 1}-p"
    return (*steps[:at], step, *steps[at + 1 :]), focus
