"""What is the difference? Both funnels side by side, with this workspace's numbers. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fullfunnel.core.numbers import NO_DATA, money, number
from fullfunnel.stages.page.switch import Spend
from fullfunnel.stages.words import OUTCOMES, TITLES, amounts

Json = dict[str, Any]
MOST_CHANNELS = 5


@dataclass(frozen=True)
class Row:
    """A question, and what each funnel answers to it."""

    title: str
    marketing: str
    sales: str


@dataclass(frozen=True)
class Goals:
    """What was promised: hand-overs in the period (None: nothing), and the hours of working time to a first answer."""

    hand_overs: int | None
    answer: str


def rows_of(answer: Json, goals: Goals, spend: Spend) -> list[Row]:
    """Return the rows of the table; of a workspace without sales the second column is for who has it."""
    deals, joint = answer["deals"], answer["hand_overs"]
    people = {row["stage"]: row["people"] for row in answer["marketing"]}
    return [
        Row("Question", "Who finds us, and who grows interested?", "Who asks us, and who buys?"),
        Row("Goal", _goal(goals, joint), _sold(deals, goals)),
        Row("Counts", "people, each once", "hand-overs at the joint, then deals"),
        Row(
            "Stages",
            _road([(TITLES[name], people[name]) for name in ("awareness", "interest", "consideration")])
            + f" → {number(answer['alone'])} bought alone",
            _road(
                [
                    ("Prospects", answer["prospects"]),
                    ("Leads, handed over", joint["handed_over"]),
                    ("Opportunities", deals["opportunities"]),
                    ("Customers", deals["won"]),
                ]
            ),
        ),
        Row(
            "Also called",
            "attention, interest, desire, action (AIDA); TOFU and what comes before a name is known",
            "MQL when handed over, SAL once accepted, SQL as an opportunity; MOFU and BOFU",
        ),
        Row(
            "Tactics", _channels(answer), "first answer, call, demo, proposal, negotiation: one person speaks with one"
        ),
        Row("Costs so far", _cost(spend, people["awareness"], "visitor"), _costs_of_sales(spend, joint, deals)),
        Row("Loses", _lost(answer), f"{number(joint['rejected'])} rejected, {number(deals['lost'])} deals lost"),
        Row(
            "Who needs it",
            "whose customers find and choose by themselves, such as a shop",
            "who sells what needs advice: costly, rare or made to measure; most need both",
        ),
    ]


def joint_said(answer: Json) -> str:
    """Return where the two meet."""
    joint = answer["hand_overs"]
    parts = ", ".join(f"{number(joint[name])} {words}" for name, words in OUTCOMES.items())
    return f"Of {number(joint['handed_over'])} leads handed over: {parts}. People and deals are never added up."


def _goal(goals: Goals, joint: Json) -> str:
    made = number(joint["handed_over"])
    if goals.hand_overs is None:
        return f"no number promised; {made} handed over"
    return f"{number(goals.hand_overs)} leads handed over in the period: {made} were"


def _sold(deals: Json, goals: Goals) -> str:
    return f"{number(deals['won'])} deals won, {amounts(deals['won_value'])}; a first answer within {goals.answer}"


def _road(steps: list[tuple[str, int]]) -> str:
    return " → ".join(f"{title} {number(count)}" for title, count in steps)


def _channels(answer: Json) -> str:
    named = answer["values"]["channel"][:MOST_CHANNELS]
    return f"{', '.join(named)}: many are spoken to at once" if named else NO_DATA


def _cost(spend: Spend, many: int, unit: str) -> str:
    if spend.amount is None or not many:
        return spend.why or NO_DATA
    return f"{money(spend.amount / Decimal(many), spend.currency)} per {unit}"


def _costs_of_sales(spend: Spend, joint: Json, deals: Json) -> str:
    if spend.amount is None:
        return NO_DATA
    each = [(joint["handed_over"], "hand-over"), (deals["won"], "deal won")]
    return ", ".join(_cost(spend, many, unit) for many, unit in each if many) or NO_DATA


def _lost(answer: Json) -> str:
    rows = [row for row in answer["marketing"][:3] if row["lost"]]
    if not rows:
        return "nobody yet"
    worst = max(rows, key=lambda row: row["lost"])
    return f"most at {TITLES[worst['stage']]}: {number(worst['lost'])} have gone quiet"
