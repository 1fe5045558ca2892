"""Where somebody stands: their stage now, since when, the events that caused it, and whether silence made it lower."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import numpy as np

from fullfunnel.core import clock
from fullfunnel.core.numbers import number
from fullfunnel.events.conditions import Happening
from fullfunnel.events.event import PROMOTED
from fullfunnel.events.names import STAGE_ENTERED
from fullfunnel.events.sessions import MAX_PAUSE_US
from fullfunnel.journeys.folds.plan import NEVER
from fullfunnel.journeys.folds.subset import only, places_of
from fullfunnel.journeys.questions.periods import zone_of
from fullfunnel.journeys.stages.causes import causes_of
from fullfunnel.journeys.stages.figures import NOWHERE, Funnels, standing
from fullfunnel.journeys.stages.moves import Moves, Plan, moves_of, plan_of
from fullfunnel.journeys.stages.rule import DAY, LADDER, PROSPECT, Stage
from fullfunnel.journeys.watch import Watch
from fullfunnel.people.models import Person
from fullfunnel.people.sentences import sentence_of
from fullfunnel.people.timeline import latest_rows
from fullfunnel.segments.dataset import dataset_of
from fullfunnel.stages.rules.kept import kept_rules
from fullfunnel.stages.rules.words import TITLES
from fullfunnel.workspaces.models import Workspace

# So many of the latest events are looked through for causes.
LATEST = 5_000


@dataclass(frozen=True)
class Cause:
    sentence: str
    at: datetime


@dataclass(frozen=True)
class Step:
    """A stage that somebody reached. by: the stage that counts this one too, "" where its own rule was met."""

    stage: str
    at: datetime
    by: str
    causes: Sequence[Cause]

    @property
    def title(self) -> str:
        return TITLES[self.stage]


@dataclass(frozen=True)
class Where:
    """stage: where they stand now, "" nowhere; since: aware; lower: why not where they once were, "" else; steps: the latest first."""

    stage: str
    since: datetime | None
    lower: str
    steps: Sequence[Step]
    version: int

    @property
    def title(self) -> str:
        return TITLES[self.stage] if self.stage else "In no stage"

    @property
    def place(self) -> int:
        return LADDER.index(self.stage) if self.stage else NOWHERE


def where_are(workspace: Workspace, people: Sequence[Person]) -> dict[int, Where]:
    """Return where each of these people stands, by their id; who is in no stage, or one of our own, is not in it."""
    dataset, rules = dataset_of(workspace), kept_rules(workspace).rules
    selling, index = dataset.facts.selling, dataset.index()
    plan = plan_of(rules.rules, selling.pages, selling.own, selling.rivals)
    try:
        units = np.array([person.pk for person in people], np.int64)
        moves = moves_of(plan, only(index, places_of(index, units)), dataset, workspace.timezone, Watch())
    finally:
        index.release()
    whole = Funnels(moves, (), (), 0, NEVER, dataset.facts.data_until, rules.rules.silence, rules.rules.has_sales)
    stands = standing(whole)
    found = {}
    for at, person in enumerate(moves.unit.tolist()):
        if moves.reached[0, at] < NEVER or moves.prospect[at] < NEVER:
            found[person] = _where(whole, at, int(stands[at]), plan, workspace, rules.number)
    return found


def _where(whole: Funnels, at: int, stands: int, plan: Plan, workspace: Workspace, version: int) -> Where:
    moves = whole.moves
    journey, said = journey_of(workspace, int(moves.unit[at]))
    found = (_step(stage, moves, at, journey, said, zone_of(workspace.timezone)) for stage in plan.stages)
    steps = [step for step in found if step is not None]
    steps.sort(key=lambda step: (step.at, step.stage in LADDER and LADDER.index(step.stage)), reverse=True)
    furthest = int((moves.reached[:, at] < NEVER).sum()) - 1
    if stands == NOWHERE:
        ended = int(moves.ended[at])
        is_former = furthest >= 0 and ended <= whole.until
        lower = f"Customer no more; had come to {TITLES[LADDER[furthest]]}." if is_former else ""
        return Where("", clock.from_us(ended) if is_former else None, lower, steps, version)
    since, lower = int(moves.reached[stands, at]), ""
    if stands < furthest:
        last = max(int(moves.active[at]), int(moves.reached[:, at][moves.reached[:, at] < NEVER].max()))
        falls = furthest - stands
        since = last + falls * whole.silence
        days, limit = (whole.until - last) // DAY, whole.silence // DAY
        lower = f"Had come to {TITLES[LADDER[furthest]]}; {number(days)} days of silence, and a stage lower for each {number(limit)}."
    return Where(LADDER[stands], clock.from_us(since), lower, steps, version)


def _step(
    stage: Stage, moves: Moves, at: int, journey: Sequence[Happening], said: Sequence[str], zone: tzinfo
) -> Step | None:
    if stage.name == PROSPECT:
        reached = own = int(moves.prospect[at])
    else:
        place = LADDER.index(stage.name)
        reached, own = int(moves.reached[place, at]), int(moves.own[place, at])
    if reached >= NEVER:
        return None
    by = ""
    if own > reached:
        later = [
            name
            for k, name in enumerate(LADDER)
            if int(moves.own[k, at]) == reached and int(moves.reached[k, at]) == reached
        ]
        by = TITLES[later[-1]] if later else ""
    places = [] if by else causes_of(stage, journey, reached, zone)
    causes = [Cause(said[one], clock.from_us(journey[one].at)) for one in places]
    return Step(stage.name, clock.from_us(reached), by, causes)


def journey_of(workspace: Workspace, person: int) -> tuple[list[Happening], list[str]]:
    """Return the latest events of a person, in order of time, whoever did them, and a sentence for each."""
    rows = latest_rows(workspace.pk, person, most=LATEST, without=STAGE_ENTERED)
    told = [_told(row) for row in rows]
    return in_sessions([one for one, _ in told]), [sentence for _, sentence in told]


def in_sessions(journey: Sequence[Happening]) -> list[Happening]:
    """Return the same with sessions as pauses tell them, which is near enough to say which events made a rule true."""
    found: list[Happening] = []
    for one in journey:
        goes_on = bool(found) and one.at - found[-1].at <= MAX_PAUSE_US
        number = (found[-1].session + (not goes_on)) if found else 0
        found.append(one._replace(session=number))
    return found


def _told(row: Mapping[str, Any]) -> tuple[Happening, str]:
    properties = dict(row["properties"] or {})
    said = {name: str(row[name]) for name in PROMOTED if row[name] is not None}
    return Happening(row["name"], int(row["at"]), -1, said | properties), sentence_of(row["name"], said, properties)
