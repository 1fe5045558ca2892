"""What the addresses of the pages about money ask for: a period, a model, whose touches; and the question that this makes."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from fullfunnel.capture.models import load_rules
from fullfunnel.core import clock
from fullfunnel.journeys.attribution.models import ADD_UP
from fullfunnel.journeys.questions.periods import DEFAULT, PRESETS, days_of, previous_days, zone_of
from fullfunnel.workspaces.models import AttributionModel, Workspace

Json = dict[str, Any]
PERIODS = {key: words for key, words in PRESETS.items() if key != "custom"}
# Those beside which the page shows the workspace's own.
BESIDE = ("first_touch", "last_touch", "linear", "time_decay", "u_shaped", "markov")
MODELS = {str(value): str(label) for value, label in AttributionModel.choices if value in ADD_UP}
COUNTS = {"people": "A person", "companies": "A company"}


@dataclass(frozen=True)
class Shown:
    """model: "" the workspace's. compares: whether all models stand beside it."""

    period: str = DEFAULT
    model: str = ""
    count: str = "people"
    compares: bool = False

    def link(self, **changed: Any) -> str:
        """Return the query string, with something changed; defaults are left out."""
        shown, start = replace(self, **changed), vars(Shown())
        said = {key: value for key, value in vars(shown).items() if value != start[key]}
        return urlencode({key: 1 if value is True else value for key, value in said.items()})


def read_shown(query: QueryDict) -> Shown:
    """Return what an address asks for; strange values fall back to the defaults."""
    period, model, count = query.get("period", DEFAULT), query.get("model", ""), query.get("count", "people")
    known = (period if period in PERIODS else DEFAULT, model if model in MODELS else "")
    return Shown(*known, count if count in COUNTS else "people", query.get("compares") == "1")


def days_shown(shown: Shown, workspace: Workspace) -> tuple[date, date] | None:
    """Return the first and the last day; None: all time. The last 90 days are 90 whole days and today, as far as it is."""
    today = clock.now().astimezone(zone_of(workspace.timezone)).date()
    days = days_of(shown.period, today)
    return (days[0] - timedelta(days=1), days[1]) if days and shown.period.endswith("d") else days


def days_before(shown: Shown, days: tuple[date, date]) -> tuple[date, date]:
    """Return the days to compare with: as many whole ones just before."""
    first, last = days
    return previous_days(first, last - timedelta(days=1)) if shown.period.endswith("d") else previous_days(first, last)


def model_of(shown: Shown, workspace: Workspace) -> str:
    """Return the model that leads: the address's, else the workspace's, if its credits add up."""
    chosen = shown.model or workspace.attribution_model
    return chosen if chosen in MODELS else "first_touch"


def channels_of(workspace: Workspace) -> str:
    """Return what channels are told by: the workspace's own rules, where it has some."""
    return "channel_group" if load_rules(workspace.pk)[1] else "channel"


def period_json(days: tuple[date, date], workspace: Workspace) -> Json:
    return {"from": days[0].isoformat(), "to": days[1].isoformat(), "timezone": workspace.timezone}


def question_of(shown: Shown, workspace: Workspace, by: str) -> Json:
    """Return the question about returns, with the period before and the models beside."""
    question: Json = {"kind": "returns", "by": by, "model": model_of(shown, workspace), "models": list(BESIDE)}
    question["count"] = shown.count
    if days := days_shown(shown, workspace):
        question["period"] = period_json(days, workspace)
        question["compare"] = period_json(days_before(shown, days), workspace)
    return question


def list_question(shown: Shown, workspace: Workspace, by: str, query: QueryDict) -> Json:
    """Return the question of the people behind a figure: `stage`, `outcome`, and the row as `group`, or `nogroup`."""
    question: Json = {
        "kind": "returns",
        "by": by,
        "stage": query.get("stage", "awareness"),
        "outcome": query.get("outcome", "reached"),
    }
    if days := days_shown(shown, workspace):
        question["period"] = period_json(days, workspace)
    if query.get("nogroup"):
        question["group"] = None
    elif "group" in query:
        question["group"] = query["group"][:300]
    return question
