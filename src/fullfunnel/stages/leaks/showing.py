"""What the pages show of leaks: rows in order of money, marks of the picture, the words of a leak's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from fullfunnel.core.numbers import number, percent
from fullfunnel.core.texts.dates import day
from fullfunnel.forms.fields import read
from fullfunnel.forms.models import Form, FormVersion
from fullfunnel.stages.leaks import words
from fullfunnel.stages.leaks.models import Leak, LeakScan, LeakState
from fullfunnel.workspaces.models import Membership, Sells, Workspace

Json = dict[str, Any]
BAR, LARGEST, SMALLEST = 104.0, 15.0, 8.0
# So many stand on the page of both funnels, and so many are marked in the picture.
SHOWN, MARKED = 3, 5
RELATED = ("owner", "given_by", "closed_by", "workspace")


@dataclass(frozen=True)
class Side:
    """A bar of the evidence: what it is called, "15 %", "22 of 148", and how long (of BAR)."""

    label: str
    rate: str
    counts: str
    width: float
    hue: str


@dataclass(frozen=True)
class Row:
    """A leak as lists show it. place: counted from 1 by money; 0 where it is not open."""

    leak: Leak
    place: int
    radius: float = SMALLEST

    @property
    def title(self) -> str:
        return words.title_of(self.leak.evidence)

    @property
    def sentence(self) -> str:
        return words.sentence_of(self.leak.evidence)

    @property
    def price(self) -> str:
        return words.price_words(self.leak.evidence["per_month"])

    @property
    def has_price(self) -> bool:
        return self.leak.evidence["per_month"] is not None

    @property
    def range(self) -> str:
        return words.range_words(self.leak.evidence["per_month"])

    @property
    def lost(self) -> str:
        evidence = self.leak.evidence
        return f"{number(evidence['total']['lost'])} of {number(evidence['group']['people'])}"

    @property
    def hit(self) -> int:
        return int(self.leak.evidence["hit"])

    @property
    def sides(self) -> list[Side]:
        evidence = self.leak.evidence
        others = "other devices" if evidence["dimension"] == "device" else "the others"
        return [
            side(words.side_of(evidence), evidence["group"], "leak"),
            side(others, evidence["others"], "rest"),
        ]

    @property
    def field(self) -> str:
        return field_words(self.leak)

    @property
    def standing(self) -> str:
        """Return whose it is and until when: "Bob, by 4 Dec"."""
        leak = self.leak
        if leak.state == LeakState.CLOSED:
            return f"not a leak: {leak.reason}"
        if leak.state == LeakState.MENDED and leak.mended_on:
            return f"mended {day(leak.mended_on, has_year=False)}"
        if leak.owner is None:
            return "nobody yet"
        return f"{leak.owner}, by {day(leak.due_on, has_year=False)}" if leak.due_on else str(leak.owner)

    @property
    def recovered(self) -> str:
        return words.recovered_words(self.leak.evidence, self.leak.recovered)

    @property
    def url(self) -> str:
        return reverse("stages:leak", args=[self.leak.workspace.slug, self.leak.public_id])

    @property
    def who_url(self) -> str:
        return reverse("stages:leak-people", args=[self.leak.workspace.slug, self.leak.public_id])

    @property
    def mark(self) -> str:
        """Return what stands at the mark in the picture."""
        title = self.title
        return f"{title[:1].lower()}{title[1:]}" if title.startswith("Leads ") else title


def side(label: str, counts: Json, hue: str) -> Side:
    many, on = counts["people"], counts["went_on"]
    rate = counts["rate"] or 0.0
    return Side(label, percent(rate) if many else "–", f"{number(on)} of {number(many)}", round(rate * BAR, 1), hue)


def leaks_of(workspace: Workspace) -> list[Leak]:
    """Return the leaks of a workspace, the costliest first."""
    rows = Leak.objects.filter(workspace=workspace).select_related(*RELATED)
    return sorted(rows, key=lambda leak: (-(leak.per_month or 0), -leak.evidence["missing"]))


def said_open(member: Membership) -> str:
    """Return the number beside the menu's entry: how many leaks are open; "" for none."""
    many = Leak.objects.filter(workspace=member.workspace, state=LeakState.OPEN, is_there=True).count()
    return str(many) if many else ""


def rows_of(leaks: Sequence[Leak]) -> list[Row]:
    """Return the open ones, numbered and sized by money."""
    opened = [leak for leak in leaks if leak.is_open]
    most = float(opened[0].per_month or 0) if opened else 0.0
    found = []
    for place, leak in enumerate(opened, 1):
        share = float(leak.per_month or 0) / most if most else 0.0
        found.append(Row(leak, place, round(max(SMALLEST, LARGEST * share**0.5), 1)))
    return found


def others_of(leaks: Sequence[Leak]) -> tuple[list[Row], list[Row]]:
    """Return the mended ones, and those that are none or are gone."""
    mended = [Row(leak, 0) for leak in leaks if leak.state == LeakState.MENDED]
    closed = [
        Row(leak, 0)
        for leak in leaks
        if leak.state == LeakState.CLOSED or (leak.state == LeakState.OPEN and not leak.is_there)
    ]
    return mended, closed


def column_of(row: Row) -> int:
    """Return after which column of the picture its mark stands."""
    is_shop = row.leak.workspace.sells == Sells.ONLINE
    columns = words.COLUMNS_ALONE if is_shop else words.COLUMNS
    return columns.get(words.kind_of(row.leak.evidence), 0)


def scan_of(workspace: Workspace) -> LeakScan | None:
    return LeakScan.objects.filter(workspace=workspace).exclude(version="").first()


def footnotes(scan: LeakScan | None) -> list[str]:
    """Return what is no leak: groups too small to judge, and what is pending."""
    if scan is None:
        return []
    silent = [words.silent_words(group) for group in scan.answer["silent"][:3]]
    joint = next((step for step in scan.answer["steps"] if step["step"] == "handed_over"), None)
    pending = joint["pending"] if joint else 0
    return silent + ([f"{number(pending)} hand-overs of the last days (pending)"] if pending else [])


def field_words(leak: Leak) -> str:
    """Return where in a form the group stops, by the name that the form's page shows; "" where it stops nowhere more."""
    found, evidence = leak.evidence["field"], leak.evidence
    if not found:
        return ""
    label = _labels(leak).get(found["name"], found["name"])
    return (
        f"They stop at “{label}”: {number(found['stopped'])} of {number(evidence['group']['people'])}, "
        f"of the others {number(found['others_stopped'])} of {number(evidence['others']['people'])}."
    )


def _labels(leak: Leak) -> dict[str, str]:
    """Return the names of the fields of the form that a leak is in."""
    key = leak.evidence["step"].removeprefix("form:")
    form = Form.objects.filter(workspace_id=leak.workspace_id, public_id=key).first()
    versions = FormVersion.objects.filter(workspace_id=leak.workspace_id, form=form).order_by("-number")
    version = versions.first() if form else None
    return {field.key: field.label for field in read(version.content).fields} if version else {}
