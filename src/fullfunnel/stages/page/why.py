"""How a number of the page was counted: rule, base, what is left out. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fullfunnel.core.numbers import NO_DATA, duration, number
from fullfunnel.core.texts.dates import day
from fullfunnel.journeys.stages.rule import DAY, Rules
from fullfunnel.stages.page.explained import CUSTOMER, HANDED_OVER, OPPORTUNITY, Explained
from fullfunnel.stages.words import OUTCOMES, TITLES, amounts, people, rate

Json = dict[str, Any]
LEFT_OUT = (
    "bots",
    "your own people (members' addresses and their domains)",
    "visits only to app, sign-in, support or careers pages",
)


@dataclass(frozen=True)
class Asked:
    """Which number: of a stage, with an outcome. filters: what is chosen, by what; days: None for all time."""

    stage: Explained
    outcome: str
    days: tuple[date, date] | None
    zone: str
    filters: Mapping[str, str]

    @property
    def when(self) -> str:
        return f"from {day(self.days[0])} to {day(self.days[1])} ({self.zone})" if self.days else "in all time"


def lines_of(asked: Asked, figures: Json, rules: Rules) -> list[tuple[str, list[str]]]:
    """Return (title, sentences) of each part of the answer to *why?*. figures: of the answer, or of its group."""
    stage = asked.stage.stage
    said = {HANDED_OVER: _of_joint, OPPORTUNITY: _of_deals, CUSTOMER: _of_deals}.get(stage, _of_people)
    counted = said(asked, figures, rules)
    rule = [f"{words[:1].upper()}{words[1:]}" for words in asked.stage.rule]
    title = "The rule: one of" if len(rule) > 1 else "The rule"
    return [("How it is counted", counted), (title, rule), ("Left out", _left_out(asked)), *_chosen(asked)]


def _of_people(asked: Asked, figures: Json, rules: Rules) -> list[str]:
    stage, title = asked.stage.stage, asked.stage.title
    if stage == "prospect":
        many, aware = figures["prospects"], figures["marketing"][0]["people"]
        return [
            f"{people(many)} became prospects {asked.when}: the first moment in which the whole rule was true.",
            f"{rate(many, aware)} of Awareness: {number(many)} of {number(aware)} people who were found in the period.",
        ]
    rows = figures["marketing"]
    at = next(place for place, row in enumerate(rows) if row["stage"] == stage)
    row = rows[at]
    found = [f"{people(row['people'])} reached {title} {asked.when}, each counted once, on the first time."]
    if row["skipped"]:
        found.append(f"{number(row['skipped'])} of them reached a later stage first; who is further has been here too.")
    if at < len(rows) - 1:
        found += _going_on(row, TITLES[rows[at + 1]["stage"]], rules)
    found.append(
        f"{number(row['now'])} of them stand here now: it is the last stage they reached, and a stage lower for each "
        f"{rules.silence // DAY} days of silence."
    )
    if stage == "conversion":
        found.append(f"{number(figures['alone'])} of them bought alone: no hand-over and no deal is known of them.")
    return found


def _going_on(row: Json, following: str, rules: Rules) -> list[str]:
    limit = rules.silence // DAY
    time = row["seconds_to_next"]
    found = [
        f"{number(row['people'])} = {number(row['went_on'])} went on to {following} + {number(row['pending'])} still may "
        f"(did something in the last {limit} days) + {number(row['lost'])} have gone quiet.",
        f"The rate under the picture: {number(row['went_on'])} of {number(row['people'])} "
        f"({rate(row['went_on'], row['people'])}). Who still may is not lost.",
    ]
    if time:
        found.append(
            f"Median time to {following}: {duration(time['median'])}; nine of ten within {duration(time['p90'])}. "
            "Of those who were here and went on; who skipped the stage is in neither."
        )
    return found


def _of_joint(asked: Asked, figures: Json, rules: Rules) -> list[str]:
    joint = figures["hand_overs"]
    parts = " + ".join(f"{number(joint[name])} {words}" for name, words in OUTCOMES.items())
    found = [
        f"{number(joint['handed_over'])} hand-overs were made {asked.when}; each has one of five outcomes, as of now.",
        f"{number(joint['handed_over'])} = {parts}.",
        f"{number(joint['asked_again'])} asked again while they waited; that is no further hand-over.",
    ]
    time = joint["seconds_to_answer"]
    if time:
        found.append(
            f"First answer: median {duration(time['median'])}, nine of ten within {duration(time['p90'])}. "
            "It is the first activity or outcome of a seller, by the clock."
        )
    return found


def _of_deals(asked: Asked, figures: Json, rules: Rules) -> list[str]:
    deals, joint = figures["deals"], figures["hand_overs"]
    opened = deals["opportunities"]
    decided = deals["won"] + deals["lost"]
    found = [
        f"{number(opened)} deals were created {asked.when}: {number(deals['won'])} won + {number(deals['lost'])} lost + "
        f"{number(deals['open'])} open, as of now.",
        f"Worth: won {amounts(deals['won_value'])}, open {amounts(deals['open_value'])}; deals without an amount add nothing.",
        f"Won: {rate(deals['won'], opened)} of all {number(opened)}, {rate(deals['won'], decided)} of the "
        f"{number(decided)} that are decided. An open deal is not lost.",
        f"{rate(opened, joint['handed_over'])} of hand-overs: deals and hand-overs are different things; both are of "
        "the period, and a deal may come of an earlier hand-over.",
    ]
    time = deals["seconds_to_win"]
    said = f"median {duration(time['median'])}, nine of ten within {duration(time['p90'])}" if time else NO_DATA
    return [*found, f"From created to won: {said}."]


def _left_out(asked: Asked) -> list[str]:
    found = [f"{words[:1].upper()}{words[1:]}" for words in LEFT_OUT]
    if asked.stage.stage == "prospect":
        found.append("Competitors, by the flag on a company's page")
    if asked.stage.unit == "deals":
        found.append("Deals that were opened by mistake and taken back")
    return found


def _chosen(asked: Asked) -> Sequence[tuple[str, list[str]]]:
    if not asked.filters:
        return []
    of = {"seller": "by who owns the hand-over or the deal"}
    said = [
        f"{name.capitalize()}: {value} ({of.get(name, 'of the first session ever')})"
        for name, value in asked.filters.items()
    ]
    return [("Only those of", said)]
