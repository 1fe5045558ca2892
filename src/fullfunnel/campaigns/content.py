"""Questions about content: who read a piece and what became of them, pages that are no piece, landing pages, what people say."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pkgutil import resolve_name
from typing import Any

from django.conf import settings

from fullfunnel.campaigns.models import Piece
from fullfunnel.people.models import Person
from fullfunnel.segments.touches import touches_of
from fullfunnel.workspaces.models import Sells, Workspace

Json = dict[str, Any]
PAGE = "page_viewed"
YEAR = {"value": 365, "unit": "day"}
# What a landing page is to bring about, in the stream's words.
BEGUN, SENT = "form_started", "form_submitted"
MOST_SAID = 500


def steps_of(workspace: Workspace) -> tuple[str, ...]:
    """Return what reading is to lead to."""
    return ("order_completed",) if workspace.sells == Sells.ONLINE else ("lead_handed_over", "deal_created", "deal_won")


def readers_question(piece: Piece, workspace: Workspace, period: Json | None) -> Json:
    """Return the funnel from a piece to what was won after it, within a year."""
    steps = [{"event": PAGE, "where": [condition_of(piece)]}, *({"event": name} for name in steps_of(workspace))]
    question: Json = {"kind": "funnel", "steps": steps, "window": YEAR}
    return question | ({"period": period} if period else {})


def condition_of(piece: Piece) -> Json:
    """Return what a page view must meet to be of this piece."""
    if piece.kind == Piece.Kind.POST:
        return {"property": "content", "op": "=", "value": piece.tag}
    if piece.pattern.endswith("*"):
        return {"property": "path", "op": "starts_with", "value": piece.pattern[:-1]}
    return {"property": "path", "op": "=", "value": piece.pattern}


def counts_of(answer: Json) -> list[int]:
    """Return how many people reached each step of a funnel."""
    return [step["reached"] if "reached" in step else step["count"] for step in answer["steps"]]


def pages_question(period: Json | None) -> Json:
    """Return the funnel of pages that people see, and of what they do after it: each person in the page they saw first."""
    steps = [{"event": PAGE}, {"event": BEGUN}, {"event": SENT}]
    question: Json = {"kind": "funnel", "steps": steps, "window": {"value": 1, "unit": "day"}}
    question["breakdown"] = {"property": "path", "limit": 60}
    return question | ({"period": period} if period else {})


@dataclass(frozen=True)
class Landing:
    """A page that visits begin on: people who came, began a form within a day, sent one."""

    path: str
    visits: int
    begun: int
    sent: int


def landings_of(answer: Json) -> list[Landing]:
    found = []
    for group in answer.get("groups", []):
        counts = counts_of(group)
        if group["value"] and group["value"] != "(other)" and counts[0]:
            found.append(Landing(group["value"], *counts[:3]))
    return sorted(found, key=lambda one: -one.visits)


def without_piece(landings: Iterable[Landing], pieces: Iterable[Piece]) -> list[Landing]:
    """Return the pages that belong to no piece; the home page is none."""
    patterns = [piece.pattern for piece in pieces if piece.pattern]

    def is_piece(path: str) -> bool:
        return any(path == one or (one.endswith("*") and path.startswith(one[:-1])) for one in patterns)

    return [one for one in landings if one.path != "/" and not is_piece(one.path)]


@dataclass(frozen=True)
class Said:
    """What people answered to "How did you hear of us?", beside the channel of their first visit. cells: as `channels`."""

    channels: list[str]
    rows: list[tuple[str, list[int], int]]
    total: int


def said_of(workspace: Workspace, days: tuple[date, date] | None) -> Said:
    """Return the table of the latest answers of people who have visits."""
    heard: Mapping[str, str] = resolve_name(settings.HEARD)(workspace, days, MOST_SAID)
    people = dict(Person.objects.filter(workspace=workspace, public_id__in=heard).values_list("pk", "public_id"))
    first: dict[int, str] = {}
    for touch in touches_of(workspace.pk, people):
        first.setdefault(touch.person_id, touch.channel)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for person, channel in first.items():
        counts[heard[people[person]]][channel] += 1
    sums = sum(counts.values(), Counter[str]())
    channels = [name for name, _ in sums.most_common()]
    rows = sorted(counts.items(), key=lambda one: -one[1].total())
    return Said(channels, [(answer, [of[name] for name in channels], of.total()) for answer, of in rows], sums.total())
