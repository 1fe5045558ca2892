"""How far a role reaches: all, its team's, or its own, to see and to change. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Of(StrEnum):
    """The kinds of rows that are told apart."""

    PEOPLE = "people"
    COMPANIES = "companies"
    LEADS = "leads"
    DEALS = "deals"
    TASKS = "tasks"
    ACTIVITIES = "activities"


LABELS: Mapping[Of, str] = {
    Of.PEOPLE: "People",
    Of.COMPANIES: "Companies",
    Of.LEADS: "Leads",
    Of.DEALS: "Deals",
    Of.TASKS: "Tasks",
    Of.ACTIVITIES: "Activities and notes",
}
# What makes a row somebody's own, as the page of settings says it.
OWN: Mapping[Of, str] = {
    Of.PEOPLE: "you own their company, have a lead of theirs, have a deal they are part of, or an open task about them",
    Of.COMPANIES: "you own it, or have a lead or a deal there",
    Of.LEADS: "it was given to you, or you accepted it",
    Of.DEALS: "you own it",
    Of.TASKS: "it is for you to do",
    Of.ACTIVITIES: "you logged or wrote it",
}


class Reach(StrEnum):
    """Whose rows: everybody's, one's team's, one's own. Each holds those after it."""

    ALL = "all"
    TEAM = "team"
    OWN = "own"


REACHES: Mapping[Reach, str] = {Reach.ALL: "All", Reach.TEAM: "Their team's", Reach.OWN: "Their own"}
WIDE = tuple(Reach)


@dataclass(frozen=True)
class Rule:
    """How far a role sees rows of a kind, and how far it changes them."""

    see: Reach = Reach.ALL
    change: Reach = Reach.ALL


def narrower(one: Reach, other: Reach) -> Reach:
    """Return the reach that holds less."""
    return max(one, other, key=WIDE.index)


def wrong_rule(rule: Rule) -> str:
    """Return why a rule cannot be; "" where it can: nobody changes what they do not see."""
    if narrower(rule.see, rule.change) == rule.change:
        return ""
    return (
        f"Who sees {REACHES[rule.see].lower()} cannot change {REACHES[rule.change].lower()}: choose as much, or less."
    )
