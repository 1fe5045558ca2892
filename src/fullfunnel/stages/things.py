"""The rows of sales behind a number of hand-overs or of deals: those that sellers work on, where there are such."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from fullfunnel.core.numbers import NO_DATA
from fullfunnel.crm.models import Deal, HandOver
from fullfunnel.people.models import Person
from fullfunnel.stages.words import amount
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.sight import hides, visible

Json = dict[str, Any]
RELATED_HAND_OVER = ("person", "company", "owner")
RELATED_DEAL = ("company", "owner", "stage")


def hand_overs_of(workspace: Workspace, listed: list[Json]) -> list[Json]:
    """Return what the list shows of an answer's rows: person, moment, and the hand-over, None where only the stream has it."""
    ids, people = {row["hand_over"] for row in listed} - {""}, {row["person"] for row in listed}
    rows = visible(HandOver.objects.filter(workspace=workspace)).select_related(*RELATED_HAND_OVER)
    named = _named(rows.filter(_called(ids)))
    # Without an id another program's is known by whom it is about, and when.
    unnamed = rows.filter(is_kept_elsewhere=True, external_id="", person__public_id__in=people)
    at = {(row.person.public_id, row.handed_over_at): row for row in unnamed}
    found = [
        one | {"hand_over": named.get(one["id"]) or at.get((one["key"], one["at"]))}
        for one in _listed(workspace, listed, "hand_over")
    ]
    return _seen(found, "hand_over")


def deals_of(workspace: Workspace, listed: list[Json]) -> list[Json]:
    """Return what the list shows of an answer's rows: person, moment, and the deal, None where only the stream has it."""
    ids = {row["deal"] for row in listed} - {""}
    named = _named(visible(Deal.objects.filter(_called(ids), workspace=workspace)).select_related(*RELATED_DEAL))
    found = [_with_deal(one, named.get(one["id"])) for one in _listed(workspace, listed, "deal")]
    return _seen(found, "deal")


def _seen(rows: list[Json], thing: str) -> list[Json]:
    """Leave out the rows of which whoever asks sees neither the thing nor the person."""
    return [row for row in rows if row[thing] or row["person"]] if hides() else rows


def _with_deal(one: Json, deal: Deal | None) -> Json:
    has_amount = deal is not None and deal.amount is not None
    return one | {"deal": deal, "amount": amount(vars(deal)) if deal and has_amount else NO_DATA}


def _called(ids: set[str]) -> Q:
    return Q(public_id__in=ids) | Q(external_id__in=ids)


def _named(rows: Iterable[HandOver] | Iterable[Deal]) -> dict[str, Any]:
    return {name: row for row in rows for name in (row.public_id, row.external_id) if name}


def _listed(workspace: Workspace, listed: list[Json], noun: str) -> list[Json]:
    keys = {row["person"] for row in listed}
    people = {
        person.public_id: person
        for person in visible(Person.objects.filter(workspace=workspace, public_id__in=keys)).select_related("company")
    }
    return [
        {
            "id": row[noun],
            "key": row["person"],
            "person": people.get(row["person"]),
            "at": datetime.fromisoformat(row["entered_at"]),
        }
        for row in listed
    ]
