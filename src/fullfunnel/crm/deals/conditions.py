"""Which deals a clause is true of: what a deal says itself, else what is true of somebody on it."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from pkgutil import resolve_name
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from fullfunnel.core import clock
from fullfunnel.core.sql import these
from fullfunnel.crm.models import Deal, DealPerson
from fullfunnel.events.conditions import Clause, Condition, Dated, Group, bound, start_of, truths
from fullfunnel.workspaces.models import Workspace


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


# What a clause says of a deal -> the column, and how a value of it reads in a condition. An owner is an address.
FIELDS: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "deal": ("name", str),
    "amount": ("amount", _plain),
    "currency": ("currency", str),
    "pipeline": ("pipeline__name", str),
    "stage": ("stage__name", str),
    "state": ("state", str),
    "owner": ("owner__email", str),
    "deal_company": ("company__name", str),
    "need": ("need", str),
    "next_step": ("next_step", str),
    "lost_reason": ("lost_reason__name", str),
    "competitor": ("competitor", str),
}
MOMENTS = {"opened": "opened_at", "decided": "decided_at", "in_stage": "stage_since"}
DAYS = {"closes": "closes_on", "next_step_due": "next_step_on"}
NAMES = (*FIELDS, *MOMENTS, *DAYS)
# A column with at most so many values is asked for by them.
FEW = 200


def deals_meant(workspace: Workspace, clause: Clause, *, me: str) -> Q:
    """Return the condition on deals of this workspace that a clause is. `me`: what @me stands for.

    QuestionError where it cannot be judged; QuestionTimeout after a minute.
    """
    today = clock.now().astimezone(ZoneInfo(workspace.timezone)).date()
    return _Judge(workspace, me).meant(bound(clause, me=me, today=today))


class _Judge:
    def __init__(self, workspace: Workspace, me: str) -> None:
        self.workspace, self.me, self.zone = workspace, me, ZoneInfo(workspace.timezone)

    def meant(self, clause: Clause) -> Q:
        if isinstance(clause, Group):
            joined = reduce(and_ if clause.op == "all" else or_, [self.meant(one) for one in clause.of])
            return ~joined if clause.op == "none" else joined
        if isinstance(clause, Condition) and clause.property in FIELDS:
            return self._says(clause)
        if isinstance(clause, Dated) and clause.property in (*MOMENTS, *DAYS):
            return self._then(clause)
        return self._of_somebody(clause)

    def _says(self, condition: Condition) -> Q:
        column, text = FIELDS[condition.property]
        rows = Deal.objects.filter(workspace=self.workspace).order_by()
        values = list(rows.values_list(column, flat=True).distinct()[: FEW + 1])
        if len(values) <= FEW:
            known = [value for value in values if value is not None]
            *true, of_none = truths(condition, [text(value) for value in known]).tolist()
            named = Q(**{f"{column}__in": [value for value, is_so in zip(known, true, strict=True) if is_so]})
            return named | Q(**{f"{column}__isnull": True}) if of_none else named
        pairs = list(rows.values_list("pk", column))
        texts = ["" if value is None else text(value) for _, value in pairs]
        found = truths(condition, texts)[:-1].tolist()
        return Q(pk__in=these([pk for (pk, _), is_so in zip(pairs, found, strict=True) if is_so]))

    def _then(self, clause: Dated) -> Q:
        way = "lt" if clause.op == "before" else "gte"
        if clause.property in DAYS:
            return Q(**{f"{DAYS[clause.property]}__{way}": date.fromisoformat(str(clause.day))})
        begins = clock.from_us(start_of(str(clause.day), self.zone))
        return Q(**{f"{MOMENTS[clause.property]}__{way}": begins})

    def _of_somebody(self, clause: Clause) -> Q:
        """Return the deals with somebody of whom it is true: the person of the hand-over, or one with a part in it."""
        people = these(resolve_name(settings.PEOPLE_WHO)(self.workspace, clause, me=self.me))
        roles = DealPerson.objects.filter(workspace=self.workspace, person__in=people).values("deal")
        return Q(hand_over__person__in=people) | Q(pk__in=roles)
