"""A kind of question of a room above: how many people did something. Its engine and its page, for test_a_kind_from_above.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from fullfunnel.analytics.forms.declared import DeclaredForm
from fullfunnel.analytics.forms.form import Part
from fullfunnel.analytics.kinds.page import PeopleList, QuestionPage
from fullfunnel.analytics.presenters.people_links import who
from fullfunnel.analytics.presenters.table import Linked, Table
from fullfunnel.core import clock
from fullfunnel.journeys.answers.people_lists import people_json
from fullfunnel.journeys.kind import Answerer, Kind
from fullfunnel.journeys.questions.fields import Fields
from fullfunnel.journeys.questions.people_lists import lists_people, read_piece
from fullfunnel.journeys.questions.shapes import Listed, Question
from fullfunnel.journeys.questions.steps import read_step


@dataclass(frozen=True)
class Count(Question):
    kind: ClassVar[str] = "count"

    events: tuple[str, ...]
    people_list: Listed | None


def read_count(given: Mapping[str, Any], canonical: Any, timezone: str) -> Count:
    fields = Fields(given, "", ("kind", "event", "breakdown", "period", "show", "limit", "offset", "outcome"))
    event = read_step(given.get("event"), "event", canonical)
    return Count(event.events, Listed(**read_piece(fields)) if lists_people(fields) else None)


def answer_count(question: Count, dataset: Any, watch: Any) -> dict[str, Any]:
    names = ", ".join("?" for _ in question.events)
    rows = dataset.sql(
        lambda d: (
            f"SELECT unit_id AS unit, min(occurred_at) AS first_at FROM events JOIN units USING (identity_id) "
            f"WHERE workspace_id = {dataset.facts.workspace_id:d} AND name IN ({names}) GROUP BY unit_id"
        ),
        question.events,
        units=dataset.facts.people,
        watch=watch,
    )
    if question.people_list is None:
        return {"kind": "count", "people": len(rows)}
    units = np.array([row["unit"] for row in rows], np.int64)
    moments = [row["first_at"].replace(tzinfo=clock.EPOCH.tzinfo) for row in rows]
    entered = np.array([clock.to_us(moment) for moment in moments], np.int64)
    return people_json("count", "people", units, entered, question.people_list, dataset)


KIND = Kind("count", read_count, lambda: Answerer(answer_count))

COUNT = DeclaredForm(name="count", parts=(Part("e", "event", "What they did"),), breakdown_owners=())


def present(fields: Any, question: dict[str, Any], answer: dict[str, Any], beside: list[Any]) -> dict[str, Any]:
    number = str(answer["people"])
    return {
        "is_nothing": not answer["people"],
        "sentence": f"{number} people did it.",
        "table": Table([("Who", False), ("People", True)], [["all", Linked(number, who({}))]]),
    }


PAGE = QuestionPage(
    form=COUNT,
    picture="analytics/_question_said.html",
    suggest=lambda seen: COUNT.fields(e=sorted(seen)[:1]),
    present=present,
    rows=lambda question, answer: [["people"], [answer["people"]]],
    hint="Choose what they did.",
    people_list=PeopleList(title=lambda question: "Who did it", entered="First then", back="the count"),
)
