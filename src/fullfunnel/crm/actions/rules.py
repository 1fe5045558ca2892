"""What may be done with the rules of sales: how leads are shared out, what is promised, which leads are whose."""

import re
from collections.abc import Mapping, Sequence

from django.db import transaction

from fullfunnel.core.numbers import number
from fullfunnel.core.refused import Refused
from fullfunnel.crm.assigning.giving import reschedule
from fullfunnel.crm.assigning.promises import rules_of
from fullfunnel.crm.assigning.territories import OPERATORS, read_postcodes
from fullfunnel.crm.held import reason_no_member
from fullfunnel.crm.models import HandOver, Outcome, SalesRules, Territory, WhenLate
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import User, Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act
from fullfunnel.workspaces.scope import ADMINS

MAX_MINUTES, MAX_DAYS, MAX_NUMBER = 100_000, 1_000, 1_000_000
MAX_CONDITIONS = 5
_COUNTRY = re.compile(r"[A-Z]{2}")


@transaction.atomic
def set_sales_rules(
    workspace: Workspace, *, by_turn: bool, when_late: str, answer_minutes: int, age_out_days: int,
    hand_overs_a_month: int | None, status_days: int | None, by: By,
) -> SalesRules | Refused:  # fmt: skip
    """Keep how leads are shared out and what is promised; what waits is due anew where the promise changed."""
    refused = reason_not_to_act(by, workspace.pk, ADMINS) or _wrong_rules(when_late, answer_minutes, age_out_days)
    if refused:
        return refused
    for name, value, most in (
        ("hand_overs_a_month", hand_overs_a_month, MAX_NUMBER),
        ("status_days", status_days, MAX_DAYS),
    ):
        if value is not None and not 1 <= value <= most:
            return Refused(f"Write a number from 1 to {number(most)}, or nothing.", name)
    before = rules_of(workspace)
    new = {
        "by_turn": by_turn, "when_late": when_late, "answer_minutes": answer_minutes, "age_out_days": age_out_days,
        "hand_overs_a_month": hand_overs_a_month, "status_days": status_days,
    }  # fmt: skip
    rules, _ = SalesRules.objects.update_or_create(workspace=workspace, defaults=new)
    record_audit(workspace, "set_sales_rules", by=by, **new)
    if (before.answer_minutes, before.age_out_days) != (answer_minutes, age_out_days):
        waiting = HandOver.objects.filter(workspace=workspace, outcome=Outcome.WAITING, is_kept_elsewhere=False)
        reschedule(workspace, waiting.select_related("workspace"), why="The promise changed", by=by)
    return rules


def _wrong_rules(when_late: str, answer_minutes: int, age_out_days: int) -> Refused | None:
    if when_late not in WhenLate.values:
        return Refused(f"Choose one of {', '.join(WhenLate.values)}.", "when_late")
    if not 1 <= answer_minutes <= MAX_MINUTES:
        return Refused(f"Promise from 1 to {number(MAX_MINUTES)} minutes of working time.", "answer_minutes")
    if not 1 <= age_out_days <= MAX_DAYS:
        return Refused(f"Write from 1 to {number(MAX_DAYS)} working days.", "age_out_days")
    return None


@transaction.atomic
def add_territory(
    workspace: Workspace, *, user: User, countries: Sequence[str], postcodes: str,
    conditions: Sequence[Mapping[str, str]], by: By,
) -> Territory | Refused:  # fmt: skip
    """Say which leads somebody looks after: all that is given must hold. conditions: {name, op, value} each."""
    refused = reason_not_to_act(by, workspace.pk, ADMINS) or reason_no_member(user, workspace.pk)
    if refused:
        return refused
    codes = sorted({code.strip().upper() for code in countries} - {""})
    if wrong := next((code for code in codes if not _COUNTRY.fullmatch(code)), None):
        return Refused(f"“{wrong[:20]}” is no country; write two letters each, like DE, AT.", "countries")
    ranges = read_postcodes(postcodes)
    if isinstance(ranges, Refused):
        return ranges
    kept = [{"name": each["name"].strip(), "op": each["op"], "value": each["value"].strip()} for each in conditions]
    if len(kept) > MAX_CONDITIONS or any(not each["name"] or each["op"] not in OPERATORS for each in kept):
        return Refused(f"A condition is a property, how it compares, and a value; at most {MAX_CONDITIONS}.", "name")
    if not (codes or ranges or kept):
        return Refused("Say where, or what must be known of them; who looks after all needs no territory.", "countries")
    record_audit(workspace, "add_territory", by=by, of=user.email, countries=codes, postcodes=ranges, conditions=kept)
    return Territory.objects.create(
        workspace=workspace, user=user, countries=codes, postcodes=ranges[:1000], conditions=kept
    )


@transaction.atomic
def remove_territory(territory: Territory, *, by: By) -> Territory | Refused:
    """Remove a territory; who has none left takes all leads."""
    if refused := reason_not_to_act(by, territory.workspace_id, ADMINS):
        return refused
    record_audit(territory.workspace, "remove_territory", by=by, of=territory.user.email)
    Territory.objects.filter(workspace_id=territory.workspace_id, pk=territory.pk).delete()
    return territory
