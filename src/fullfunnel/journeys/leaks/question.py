"""Read a question about leaks: its JSON (docs/spec/questions.md) into a `Leaks`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fullfunnel.journeys.questions.fields import Canonical, Fields, read_period
from fullfunnel.journeys.questions.people_lists import PIECE, lists_people, read_piece
from fullfunnel.journeys.questions.shapes import Listed, Period, Question
from fullfunnel.journeys.questions.steps import refuse_segment
from fullfunnel.journeys.stages.rules import RULES

FIELDS = ("kind", "sells", "period", "people", "leak", "outcome", "since")
HIT, ALL, LOST = OUTCOMES = ("hit", "all", "lost")
LONGEST_KEY = 400


@dataclass(frozen=True)
class LeakList(Listed):
    """The people behind a leak, named by its key. outcome: who was hit by it, all of its group, or those who did not go on."""

    leak: str = ""
    outcome: str = HIT


@dataclass(frozen=True)
class Leaks(Question):
    """Where people are lost in a period. sells: "" as the dataset does.

    leak: a key; with it only that leak is answered, also where it is none any more; since: compared before and after (µs).
    """

    kind = "leaks"

    sells: str = ""
    period: Period = field(default_factory=Period)
    leak: str = ""
    since: int | None = None
    people_list: LeakList | None = None


def read_leaks(given: Mapping[str, Any], canonical: Canonical, timezone: str) -> Leaks:
    """Return the question that `given` asks; QuestionError where it cannot be read."""
    fields = Fields(given, "", FIELDS + PIECE)
    refuse_segment(fields)
    if fields.has("group"):
        raise fields.refuse("group", "is not known here; `leak` names the leak whose people are listed")
    is_list, key = lists_people(fields), _key(fields)
    if is_list and not key:
        raise fields.refuse("leak", "must be the key of a leak, as the answer's `leaks` have it")
    if not is_list and fields.has("outcome"):
        raise fields.refuse("outcome", 'is not known here; it says which people "show": "people" lists')
    return Leaks(
        sells=fields.choice("sells", ("", *RULES), ""),
        period=read_period(fields, timezone),
        leak=key,
        since=_since(fields, timezone, key),
        people_list=LeakList(**read_piece(fields), leak=key, outcome=fields.choice("outcome", OUTCOMES, HIT))
        if is_list
        else None,
    )


def _key(fields: Fields) -> str:
    value = fields.given.get("leak", "")
    if not isinstance(value, str) or len(value) > LONGEST_KEY:
        raise fields.refuse("leak", f"must be a text of at most {LONGEST_KEY} characters")
    return value


def _since(fields: Fields, timezone: str, key: str) -> int | None:
    if not fields.has("since"):
        return None
    if not key:
        raise fields.refuse("since", "compares one leak before and after; name it in `leak`")
    period = {"from": fields.given["since"], "timezone": timezone}
    return read_period(Fields({"period": period}, "", ("period",)), timezone).start
