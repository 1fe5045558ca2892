"""What must be true of a deal before it leaves a stage, and the tasks that a stage brings: as a stage keeps them. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """label: in the settings; missing: what a refusal says; button: what opens the field."""

    label: str
    missing: str
    button: str


@dataclass(frozen=True)
class StageTask:
    """A task that a deal gets on entering the stage, due after so many days."""

    title: str
    days: int


# Name of a fact, as pages call its field -> what is said of it.
NEEDS: Mapping[str, Need] = {
    "amount": Need("Amount", "It has no amount yet", "Set amount"),
    "closes_on": Need("Close date", "It has no close date yet", "Set close date"),
    "next_step": Need("Next step", "It has no next step yet", "Set next step"),
    "owner": Need("Owner", "Nobody looks after it yet", "Set owner"),
    "people": Need("Somebody on it", "Nobody is on it yet", "Add a person"),
    "decider": Need("Who decides", "Nobody on it is known to decide", "Say who decides"),
    "need": Need("What they need", "What they need is not known yet", "Say what they need"),
    "need_confirmed": Need("Need confirmed by them", "What they need is only assumed", "Confirm the need"),
    "bant": Need("Budget, authority or timing", "Neither budget, authority nor timing is known", "Say which is known"),
}
# Where a page opens what a need is about, if not in a field of that name.
FIELDS = {"decider": "people", "need_confirmed": "need"}
DECIDES = "decides"
MOST_TASKS, LONGEST, MOST_DAYS = 5, 300, 365


def lacking(needs: Iterable[str], known: Collection[str]) -> list[str]:
    """Return the needs that are not among what is known, in their order."""
    return [need for need in needs if need in NEEDS and need not in known]


def read_tasks(written: Iterable[Mapping[str, object]]) -> list[StageTask]:
    """Return the tasks that a stage keeps."""
    return [StageTask(str(each.get("title", "")), int(str(each.get("days", 0)))) for each in written]


def wrong_tasks(tasks: Collection[StageTask]) -> str:
    """Return why a stage cannot bring these; "" if it can."""
    if len(tasks) > MOST_TASKS:
        return f"A stage brings at most {MOST_TASKS} tasks."
    if any(not 0 < len(task.title.strip()) <= LONGEST for task in tasks):
        return f"A task says what to do, in at most {LONGEST} characters."
    if any(not 0 <= task.days <= MOST_DAYS for task in tasks):
        return f"A task is due after 0 to {MOST_DAYS} days."
    return ""
