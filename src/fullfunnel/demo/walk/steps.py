"""The eight steps of the walk, which of them are done, and where the dot stands in the picture. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

# (what is done, stage that it reaches, the name of that stage). The last has no stage: the walker is gone.
STEPS: tuple[tuple[str, str, str], ...] = (
    ("Arrive from an advert", "awareness", "Awareness"),
    ("Read two guides", "interest", "Interest"),
    ("Look at the price, and come back to it", "consideration", "Consideration"),
    ("Ask for a demo", "handed_over", "Handed over"),
    ("Bob accepts", "accepted", "Accepted"),
    ("He confirms the need", "opportunity", "Opportunity"),
    ("Won, and the advert is credited", "customer", "Customer"),
    ("Vanish: every number as before", "", ""),
)
# Stage -> what made somebody reach it, as "What just happened" says it.
HAPPENED = {
    "awareness": ("Awareness", "a click on a LinkedIn advert"),
    "interest": ("Interest", "two pages of content"),
    "consideration": ("Consideration", "the price page in two sessions"),
    "prospect": ("Prospect", "a work e-mail became known"),
    "handed_over": ("Handed over", "asked for a demo"),
    "accepted": ("Accepted", "Bob took the lead"),
    "opportunity": ("Opportunity", "the need is confirmed, a deal is open"),
    "customer": ("Customer", "the deal is won"),
}
# Stage -> column of the picture (stages/picture.py), left to right.
COLUMNS = {
    "awareness": 0, "interest": 1, "consideration": 2, "prospect": 3, "handed_over": 4, "accepted": 4, "opportunity": 5,
    "customer": 6,
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """number: from 1; is_next: this is what to do now."""

    number: int
    words: str
    stage: str
    is_done: bool
    is_next: bool


@dataclass(frozen=True)
class Happened:
    at: datetime
    title: str
    words: str
    stage: str


def steps_of(reached: Collection[str]) -> list[Step]:
    """Return the steps, given which stages were reached. A later one may come first: a price page before the second guide."""
    done = [stage in reached for _, stage, _ in STEPS]
    following = done.index(False)
    return [
        Step(place + 1, words, title, done[place], place == following) for place, (words, _, title) in enumerate(STEPS)
    ]


def what_happened(reached: Mapping[str, datetime]) -> list[Happened]:
    """Return what the walker reached, newest first; of the same moment the later stage first."""
    order = list(HAPPENED)
    known = [(at, order.index(stage), stage) for stage, at in reached.items() if stage in HAPPENED]
    return [Happened(at, *HAPPENED[stage], stage) for at, _, stage in sorted(known, reverse=True)]


def dots(reached: Collection[str], xs: Mapping[int, float]) -> Sequence[tuple[float, float]]:
    """Return the points of the walker's way through the picture, left to right, given the middle of each column's block (px)."""
    columns = sorted({COLUMNS[stage] for stage in reached if stage in COLUMNS})
    # In the joint's panel the dot stands beside the row of what waits, or of what was accepted.
    height = {4: 50.0 if "accepted" in reached else 152.0}
    return [(xs[column], height.get(column, 100.0)) for column in columns if column in xs]
