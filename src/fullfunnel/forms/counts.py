"""A form's own funnel: viewed, begun, at which field they stopped, sent; phones and others apart. Asked of the stream."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fullfunnel.core import clock
from fullfunnel.events.names import FORM_FIELD_ABANDONED, FORM_STARTED, FORM_SUBMITTED, FORM_VIEWED
from fullfunnel.forms.fields import Content
from fullfunnel.forms.models import Form, FormVersion
from fullfunnel.journeys.ask import answer
from fullfunnel.segments.dataset import dataset_of

PHONES = ("mobile", "tablet")
DAYS = 90
# Below these a loss is no leak yet: so many people, and this share of those who were there.
LEAST_LOST, LEAST_SHARE = 5, 0.2


@dataclass(frozen=True)
class Step:
    """A pair of bars: how many came past it on phones and on other devices. lost: how many of each stopped there."""

    label: str
    phone: int
    desktop: int
    lost_phone: int = 0
    lost_desktop: int = 0
    is_leak: bool = False

    @property
    def reached(self) -> tuple[int, int]:
        return self.phone + self.lost_phone, self.desktop + self.lost_desktop


@dataclass(frozen=True)
class FormFunnel:
    """Of one version, over DAYS days. steps: begun, each field, sent."""

    viewed: tuple[int, int]
    started: tuple[int, int]
    sent: tuple[int, int]
    steps: list[Step]

    @property
    def is_empty(self) -> bool:
        return not any((*self.viewed, *self.started, *self.sent))

    @property
    def most(self) -> int:
        return max([1, *(max(step.phone, step.desktop) for step in self.steps)])

    @property
    def leak(self) -> Step | None:
        return next((step for step in self.steps if step.is_leak), None)


def funnel_of(form: Form, version: FormVersion, content: Content) -> FormFunnel:
    """Ask how far people came in this version in the last days, today included."""
    dataset = dataset_of(form.workspace)
    asked = [_count(form, version, of_phones) for of_phones in (True, False)]
    counts = [answer(question, dataset)["rows"] for question in asked]
    viewed, started, sent = ((_sum(counts[0], n), _sum(counts[1], n)) for n in (1, 2, 3))
    lost = [_by_field(answer(_left(form, version, phones), dataset)["rows"]) for phones in (True, False)]
    return FormFunnel(viewed, started, sent, steps_of(content, started, sent, lost))


def steps_of(
    content: Content, started: tuple[int, int], sent: tuple[int, int], lost: list[dict[str, int]]
) -> list[Step]:
    """Return the pairs of bars. lost: of phones, of others: field key -> how many stopped there. Pure."""
    phone, desktop = started
    steps = [Step("Began", phone, desktop)]
    for field in content.fields:
        if not field.is_shown:
            continue
        gone = min(lost[0].get(field.key, 0), phone), min(lost[1].get(field.key, 0), desktop)
        phone, desktop = phone - gone[0], desktop - gone[1]
        steps.append(Step(field.label, phone, desktop, gone[0], gone[1]))
    return [*_with_leak(steps), Step("Sent", *sent)]


def _with_leak(steps: list[Step]) -> list[Step]:
    """Mark the field at which most of those who reached it stop, where that is enough to be one."""

    def share(step: Step) -> float:
        return (step.lost_phone + step.lost_desktop) / max(sum(step.reached), 1)

    worst = max(steps, key=share)
    if worst.lost_phone + worst.lost_desktop < LEAST_LOST or share(worst) < LEAST_SHARE:
        return steps
    return [Step(**{**vars(step), "is_leak": step is worst}) for step in steps]


def _where(form: Form, version: FormVersion, phones: bool) -> list[dict[str, Any]]:
    return [
        {"property": "form_id", "op": "=", "value": form.public_id},
        {"property": "form_version", "op": "=", "value": str(version.number)},
        {"property": "device", "op": "in" if phones else "not_in", "value": list(PHONES)},
    ]


def _period(form: Form) -> dict[str, str]:
    today = clock.now().date()
    days = (today - timedelta(days=DAYS), today + timedelta(days=1))
    return {"from": days[0].isoformat(), "to": days[1].isoformat(), "timezone": form.workspace.timezone}


def _count(form: Form, version: FormVersion, phones: bool) -> dict[str, Any]:
    where = _where(form, version, phones)
    names = (FORM_VIEWED, FORM_STARTED, FORM_SUBMITTED)
    series = [{"event": name, "measure": "people", "where": where} for name in names]
    return {"kind": "trend", "series": series, "by": "month", "period": _period(form)}


def _left(form: Form, version: FormVersion, phones: bool) -> dict[str, Any]:
    series = [{"event": FORM_FIELD_ABANDONED, "measure": "people", "where": _where(form, version, phones)}]
    breakdown = {"property": "field", "of": "event", "limit": 50}
    return {"kind": "trend", "series": series, "by": "month", "period": _period(form), "breakdown": breakdown}


def _sum(rows: list[dict[str, Any]], series: int) -> int:
    return sum(int(row["value"] or 0) for row in rows if row["series"] == series)


def _by_field(rows: list[dict[str, Any]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[str(row["group"])] = found.get(str(row["group"]), 0) + int(row["value"] or 0)
    return found
