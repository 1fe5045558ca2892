"""The fit and the engagement of a person of a workspace."""

from dataclasses import dataclass

from fullfunnel.core import clock
from fullfunnel.events.conditions import Happening
from fullfunnel.events.event import PERSON
from fullfunnel.journeys.questions.periods import zone_of
from fullfunnel.journeys.stages.score import DAY, Score, engagement, fit
from fullfunnel.journeys.stages.weights import Weights, with_addresses
from fullfunnel.people.models import Person
from fullfunnel.people.timeline import timeline_of
from fullfunnel.stages.page_kinds import pages_of
from fullfunnel.stages.rules.kept import kept_rules
from fullfunnel.workspaces.models import Workspace

# So many of the latest events are looked at: what is older than months is worth next to nothing.
LATEST = 2_000


@dataclass(frozen=True)
class Scores:
    fit: Score
    engagement: Score
    half_life_days: int


def scores_of(person: Person, workspace: Workspace) -> Scores | None:
    """Return the scores of a person as of now; None where nobody is scored."""
    rules = kept_rules(workspace).rules
    weights = Weights(rules.weights.fit, with_addresses(rules.weights.engagement, pages_of(workspace)))
    if not weights.fit:
        return None
    zone = zone_of(workspace.timezone)
    journey = journey_of(person)
    return Scores(
        fit(traits_of(person), weights.fit, zone),
        engagement(journey, weights.engagement, clock.now_us(), zone, rules.half_life),
        rules.half_life // DAY,
    )


def journey_of(person: Person) -> list[Happening]:
    """Return what the person did lately, in order of time."""
    lines = timeline_of(person, size=LATEST).lines
    done = [line for line in reversed(lines) if line.actor == PERSON]
    return [Happening(line.name, clock.to_us(line.at), -1, line.details) for line in done]


def traits_of(person: Person) -> dict[str, str]:
    """Return the traits of a person as texts, and what only their company has."""
    own = {"email": person.email, **person.traits}
    company = {} if person.company is None else person.company.traits
    return {name: str(value) for name, value in {**company, **own}.items() if value not in (None, "")}
