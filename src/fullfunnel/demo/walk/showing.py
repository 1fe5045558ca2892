"""What the walk's page shows of both funnels and of Bob's inbox, with the walker in them."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from fullfunnel.core import moments
from fullfunnel.core.numbers import number
from fullfunnel.crm.models import Outcome, StageKind
from fullfunnel.demo.walk.steps import COLUMNS, dots
from fullfunnel.demo.walk.way import Way
from fullfunnel.stages.picture import BLOCK, WIDTHS, picture_of
from fullfunnel.stages.words import amounts
from fullfunnel.workspaces.scope import MemberRequest

Json = dict[str, Any]
# The column whose panel lists what became of hand-overs.
JOINT = 4
# act -> what its button says; the order is that of the walk.
BUTTONS = {"accept": "Accept, as Bob", "confirm": "Confirm the need, as Bob", "win": "Win the deal, as Bob"}


@dataclass(frozen=True)
class You:
    """Where the walker stands in the picture. points: of the dotted line (px); x, y: of the dot; columns: those that count them, from 0."""

    columns: str
    points: str
    stops: list[tuple[float, float]]
    x: float
    y: float


def next_act(way: Way) -> tuple[str, str] | None:
    """Return the act that Bob would do now and its button; None where it is the visitor's turn, or all is done."""
    if way.hand_over is None or (way.deal and way.deal.state != StageKind.OPEN):
        return None
    if way.waits:
        name = "accept"
    elif way.hand_over.outcome != Outcome.ACCEPTED:
        return None
    else:
        name = "win" if way.deal else "confirm"
    return name, BUTTONS[name]


def seen(until: str, way: Way) -> str:
    """Return what changes whenever the page would show something else."""
    return f"{until[:19]}/{','.join(sorted(way.reached))}"


def of_answer(request: MemberRequest, answer: Json, way: Way) -> Json:
    """Return the sentence and the picture."""
    here = reverse("stages:people", args=[request.workspace.slug])

    def link(stage: str, outcome: str) -> str:
        return f"{here}?{urlencode({'stage': stage} | ({} if outcome == 'reached' else {'outcome': outcome}))}"

    worth = amounts(answer["deals"]["open_value"])
    return {"sentence": _sentence(answer, way), "picture": picture_of(answer, link), "open_value": worth}


def you_in(way: Way) -> You | None:
    """Return where the walker stands; None before the first step."""
    xs = {column: sum(WIDTHS[:column]) + (BLOCK / 2 if column != JOINT else -10.0) for column in range(len(WIDTHS))}
    points = dots(way.reached, xs)
    if not points:
        return None
    columns = " ".join(str(column) for column in sorted({COLUMNS[one] for one in way.reached if one in COLUMNS}))
    return You(columns, " ".join(f"{x:.1f},{y:.1f}" for x, y in points), list(points[:-1]), *points[-1])


def _sentence(answer: Json, way: Way) -> list[tuple[str, bool]]:
    """Return the sentence as pieces; those that are True stand out."""
    joint = answer["hand_overs"]
    if way.deal and way.deal.state == StageKind.WON:
        said = [("You are one of ", False), (number(answer["deals"]["won"]), True), (" deals won", False)]
        return [*said, (", and the LinkedIn advert has the credit.", False)]
    if way.deal:
        said = [("You are one of ", False), (number(answer["deals"]["opportunities"]), True)]
        return [*said, (" opportunities. Bob has your deal.", False)]
    if way.hand_over:
        since = moments.time_of_day(way.hand_over.handed_over_at)
        said = [("You are one of ", False), (number(joint["handed_over"]), True), (" leads handed over", False)]
        if way.waits:
            said += [(", and one of ", False), (number(joint["waiting"]), True), (" that wait", False)]
        return [*said, (f". Bob has you since {since}.", False)]
    people = number(answer["marketing"][0]["people"])
    if way.reached:
        return [("You are one of ", False), (people, True), (" people who found Halden.", False)]
    return [(people, True), (" people found Halden. You are not among them yet: follow the advert.", False)]
