"""Reading a retention question: its JSON (docs/spec/questions.md) into a `Retention`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fullfunnel.journeys.questions.fields import Canonical, Fields, read_breakdown, read_period
from fullfunnel.journeys.questions.people_lists import PIECE, lists_people, read_piece
from fullfunnel.journeys.questions.shapes import CohortList, Retention
from fullfunnel.journeys.questions.steps import read_step, refuse_segment

FIELDS = ("kind", "start", "return", "by", "periods", "mode", "count", "where", "breakdown", "period", "people")
LISTED = ("cohort", "after", "outcome")
OF = ("event", "person")
MAX_PERIODS = 100


def read_retention(given: Mapping[str, Any], canonical: Canonical, timezone: str) -> Retention:
    """The retention that `given` asks for; QuestionError where it cannot be read."""
    fields = Fields(given, "", FIELDS + PIECE + LISTED)
    refuse_segment(fields)
    if not fields.has("start"):
        raise fields.refuse("start", 'is needed: the event that begins it, such as "signed_up"')
    start = read_step(fields.given["start"], "start", canonical, of=OF, may_be_first=True)
    # Nobody does a first thing twice: who began so comes back by doing it again.
    comeback = replace(start, first_ever=False)
    if fields.given.get("return") is not None:
        comeback = read_step(fields.given["return"], "return", canonical, of=OF, may_be_first=True)
    where, count = fields.where(of=OF), fields.choice("count", ("people", "companies"), "people")
    # A company has many people: none of them tells its group.
    groups = ("event", "company") if count == "companies" else ("event", "person", "company")
    periods = fields.whole("periods", 8, 1, MAX_PERIODS)
    return Retention(
        start=replace(start, where=start.where + where),
        comeback=replace(comeback, where=comeback.where + where),
        by=fields.choice("by", ("hour", "day", "week", "month"), "week"),
        periods=periods,
        mode=fields.choice("mode", ("on", "on_or_after"), "on"),
        count=count,
        breakdown=read_breakdown(fields, groups, 0),
        period=read_period(fields, timezone),
        people_list=_people_list(fields, periods) if lists_people(fields) else None,
    )


def _people_list(fields: Fields, periods: int) -> CohortList:
    return CohortList(
        **read_piece(fields),
        cohort=fields.text("cohort") or None,
        after=fields.whole("after", 0, 0, periods),
        outcome=fields.choice("outcome", ("began", "returned", "stayed_away"), "returned"),
    )
