"""What a leak's page shows: evidence, the price, where it comes from, what happened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from fullfunnel.core.numbers import number, percent
from fullfunnel.core.texts import dates
from fullfunnel.crm.models import HandOver, Outcome
from fullfunnel.stages.leaks import words
from fullfunnel.stages.leaks.models import Leak, LeakState
from fullfunnel.stages.leaks.showing import Row, Side, field_words, scan_of, side
from fullfunnel.workspaces.models import Membership
from fullfunnel.workspaces.scope import EDITORS

Json = dict[str, Any]
BANDS = {"within_4_hours": "within 4 working hours", "later": "later, within 24 h"}
WIDE, HIGH = 600.0, 96.0


@dataclass(frozen=True)
class Line:
    """Weeks as a line: points of the group and of the others, the first week and the last."""

    group: str
    others: str
    first: str
    last: str


def page_of(row: Row) -> Json:
    """Return the context of a leak's page."""
    leak, evidence = row.leak, row.leak.evidence
    scan = scan_of(leak.workspace)
    win = scan.answer["win"] if scan else None
    return {
        "row": row,
        "leak": leak,
        "sides": row.sides + [side(BANDS[one["name"]], one, "band") for one in evidence["bands"]],
        "from": [_from(one) for one in evidence["comes_from"]],
        "field": field_words(leak),
        "why": words.why_words(evidence, win),
        "tested": words.tested_words(evidence),
        "same": [words.title_of(one) for one in evidence["same"]][:5],
        "line": line_of(evidence["weeks"]),
        "units": words.units(evidence),
        "goes_on": words.goes_on(evidence),
        "waiting": _waiting(leak),
        "happened": happened(leak),
        "after": _after(leak),
        "is_mended": leak.state == LeakState.MENDED,
        "is_closed": leak.state == LeakState.CLOSED,
    }


def _from(one: Json) -> Side:
    group, others = one["group"], one["others"]
    label = one["value"] if one["dimension"] == "seller" else f"handed over on {one['value']}s"
    counts = {"people": group["people"], "went_on": group["hit"], "rate": group["hit"] / group["people"]}
    rest = others["hit"] / others["people"] if others["people"] else 0.0
    found = side(label, counts, "leak")
    return Side(found.label, found.rate, f"{found.counts}, others {percent(rest)}", found.width, "leak")


def _waiting(leak: Leak) -> list[tuple[str, int]]:
    """Return with whom how many wait now, where the leak is that they wait."""
    if leak.evidence["dimension"] not in words.WAITED:
        return []
    rows = HandOver.objects.filter(workspace=leak.workspace_id, outcome=Outcome.WAITING)
    counted = rows.values_list("owner__name").annotate(many=Count("pk")).order_by("-many")
    return [(name or "nobody", many) for name, many in counted]


def happened(leak: Leak) -> list[tuple[str, Any]]:
    """Return what happened to a leak, the latest first."""
    found: list[tuple[str, Any]] = []
    if leak.state == LeakState.MENDED:
        found.append(("Mended", leak.mended_on))
    if leak.closed_at:
        found.append((f"Closed as not a leak by {leak.closed_by or 'somebody'}: {leak.reason}", leak.closed_at))
    if leak.given_at and leak.owner:
        found.append((f"Given to {leak.owner} by {leak.given_by or 'the program'}", leak.given_at))
    if leak.told_at:
        found.append(("Told, with this evidence", leak.told_at))
    return [*found, ("First seen", leak.first_seen_at)]


def _after(leak: Leak) -> list[Side]:
    """Return before, since, and the others since, of a mended leak."""
    found = leak.recovered
    if not found:
        return []
    called = words.side_of(leak.evidence)
    return [
        side(f"{called}, before", found["before"], "leak"),
        side(f"{called}, since", found["after"], "good"),
        side("the others, since", found["others"], "rest"),
    ]


def line_of(weeks: list[Json]) -> Line | None:
    """Return the share that goes on week by week; None for fewer than three weeks."""
    if len(weeks) < 3:
        return None
    step = WIDE / (len(weeks) - 1)

    def points(name: str) -> str:
        told = [(at, week[name]["rate"]) for at, week in enumerate(weeks) if week[name]["people"]]
        return " ".join(f"{at * step:.1f},{HIGH - rate * HIGH:.1f}" for at, rate in told)

    return Line(points("group"), points("others"), _day(weeks[0]["from"]), _day(weeks[-1]["from"]))


def _day(text: str) -> str:
    day = datetime.fromisoformat(text)
    return f"{dates.day(day, has_year=False)}"


def members_of(leak: Leak) -> list[tuple[int, str]]:
    """Return (id, name) of the members to whom a leak can be given."""
    rows = Membership.objects.filter(workspace=leak.workspace_id, role__in=EDITORS).select_related("user")
    return [(row.pk, str(row.user)) for row in rows.order_by("user__name", "pk")]


def csv_rows(rows: list[Row]) -> list[list[Any]]:
    """Return the table of leaks."""
    header = ["leak", "step", "dimension", "value", "group", "group went on", "others", "others went on", "q"]
    header += ["per month", "low", "high", "currency", "lost in all", "state", "owner", "due", "first seen"]
    found: list[list[Any]] = [header]
    for row in rows:
        leak, said = row.leak, row.leak.evidence
        price = said["per_month"] or {}
        counts = [
            said["group"]["people"],
            said["group"]["went_on"],
            said["others"]["people"],
            said["others"]["went_on"],
        ]
        cells = [row.title, said["step"], said["dimension"], said["value"], *counts, said["q"]]
        cells += [price.get(name, "") for name in ("amount", "low", "high", "currency")]
        cells += [said["total"]["lost"], leak.get_state_display(), str(leak.owner or ""), str(leak.due_on or "")]
        found.append([*cells, leak.first_seen_at.date().isoformat()])
    return found


def sentence_of(rows: list[Row], mended: list[Row]) -> str:
    """Return what the list says first."""
    if mended and not rows:
        return f"No leak is open; {number(len(mended))} mended."
    if not rows:
        return "No group goes on less often than the others by more than chance."
    if len(rows) == 1:
        return f"One leak costs about {rows[0].price} a month."
    return f"Two leaks cost most, about {rows[0].price} and {rows[1].price} a month. They overlap; do not add them."
