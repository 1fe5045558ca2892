"""Attribution with a breakdown: beside each value what the models give it in each group, from the least to the most. Pure."""

from dataclasses import dataclass
from typing import Any

from fullfunnel.analytics.kinds.attribution_models import MODEL_NAMES
from fullfunnel.analytics.kinds.credits import Credits, name_of
from fullfunnel.analytics.pictures import MAX_GROUPS, NO_VALUE
from fullfunnel.core.numbers import number
from fullfunnel.journeys.questions.words import short_label

Json = dict[str, Any]
ALL = "all"
# What capture adds to events that come from a browser or an app.
OF_A_BROWSER = ("device", "os", "browser")
SAID = 3


@dataclass(frozen=True)
class GroupCell:
    """What the models give a value in a group; `said` names the models."""

    text: str
    said: str


@dataclass(frozen=True)
class GroupRow:
    """A value. A cell is None where the group says nothing of it."""

    name: str
    cells: list[GroupCell | None]


def group_answers(answer: Json) -> list[tuple[str, Json]]:
    """All together, then each group, as answers of their own with their names."""
    groups = answer.get("groups", [])
    named = [(NO_VALUE if one["value"] is None else str(one["value"]), answer | one) for one in groups]
    return [(ALL, answer), *named]


def shown_groups(question: Json, answer: Json, found: Credits) -> Json:
    """What the template reads of the groups: `group_heads` (name, conversions), `group_rows`, `more_groups`, and what is said where no
    conversion has a value. Nothing of it without a breakdown."""
    if "groups" not in answer:
        return {}
    what = _property(question)
    if _is_without(answer):
        return {"group_what": what, "group_silence": _silence(question, what)}
    parts = [(name, Credits(one, found.show)) for name, one in group_answers(answer)[1:]]
    shown = parts[:MAX_GROUPS]
    return {
        "group_what": what,
        "group_heads": [(name, one.whole) for name, one in shown],
        "group_rows": [GroupRow(name_of(value), [_cell(one, value) for _, one in shown]) for value in found.values],
        "more_groups": len(parts) - len(shown),
    }


def groups_words(question: Json, answer: Json) -> str:
    """ " By device: desktop 24, mobile 7."."""
    if not answer.get("groups") or not answer["conversions"]:
        return ""
    what = _property(question)
    if _is_without(answer):
        return f" None of them has a value for “{what}”."
    said = [f"{name} {number(one['conversions'])}" for name, one in group_answers(answer)[1:]]
    return f" By {what}: {', '.join(said[:SAID])}" + (" and others." if len(said) > SAID else ".")


def _silence(question: Json, what: str) -> str:
    """Why there is nothing to see, as far as it can be known."""
    breakdown = question["breakdown"]
    if breakdown.get("of", "event") == "event" and breakdown["property"] in OF_A_BROWSER:
        given = question["conversion"]
        label = short_label({"event": given} if isinstance(given, str) else given)
        return f"No “{label}” has a value for “{what}”: a browser or an app tells it, and these were sent by a server or written here."
    return f"No conversion has a value for “{what}”."


def _property(question: Json) -> str:
    return str(question["breakdown"]["property"]).replace("_", " ")


def _is_without(answer: Json) -> bool:
    return all(one["value"] is None for one in answer["groups"])


def _cell(found: Credits, value: str | None) -> GroupCell | None:
    ends = found.ends(value)
    if ends is None or not found.whole:
        return None
    least, most = (found.text(row) for row in ends)
    if least == most:
        return GroupCell(most, f"{most} in every model" if len(found.adding) > 1 else MODEL_NAMES[ends[1]["model"]])
    return GroupCell(
        f"{least} to {most}", f"{least} ({MODEL_NAMES[ends[0]['model']]}) to {most} ({MODEL_NAMES[ends[1]['model']]})"
    )
