"""What may be done with leaks: rows and audit entry in one transaction, or Refused."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.crm.actions import add_own_task, finish_task, remove_task
from fullfunnel.stages.leaks.models import Leak, LeakScan, LeakState
from fullfunnel.stages.leaks.telling import tell_given, tell_of
from fullfunnel.stages.leaks.words import price_words, title_of
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Membership, User, Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act, user_of
from fullfunnel.workspaces.scope import EDITORS

Json = dict[str, Any]
MAX_REASON = 300
# What stands in the rows of leaks is not kept a second time with the look.
OF_A_SCAN = ("win", "steps", "silent", "unproven", "tested", "data_until")


@transaction.atomic
def keep_leaks(
    workspace: Workspace, *, answer: Json, recovered: Mapping[str, Json | None], version: str, by: By
) -> LeakScan:
    """Keep what a look found, and tell members of what is new, has grown, or is back. The same look twice tells nobody twice.

    recovered: of mended leaks by their keys, before and after.
    """
    known = {leak.key: leak for leak in Leak.objects.select_for_update().filter(workspace=workspace)}
    there = {leak["key"]: leak for leak in answer["leaks"]}
    for key, found in there.items():
        known[key] = _seen(workspace, known.get(key), found)
    for key, leak in known.items():
        leak.is_there = key in there
        leak.recovered = recovered.get(key, leak.recovered)
        tell_of(leak, win=answer["win"])
        leak.save()
    kept = {"version": version, "scanned_at": clock.now(), "answer": {name: answer[name] for name in OF_A_SCAN}}
    return LeakScan.objects.update_or_create(workspace=workspace, defaults=kept)[0]


def _seen(workspace: Workspace, leak: Leak | None, found: Json) -> Leak:
    leak = leak or Leak(workspace=workspace, key=found["key"])
    price = found["per_month"]
    leak.evidence, leak.seen_at = found, clock.now()
    leak.per_month, leak.currency = (Decimal(price["amount"]), price["currency"] or "") if price else (None, "")
    return leak


@transaction.atomic
def give_leak(leak: Leak, *, to: User, due_on: date, by: By) -> Leak | Refused:
    """Give a leak to a member, by a day: they get a task with the evidence, and are told."""
    now = _leak_now(leak, by)
    if isinstance(now, Refused):
        return now
    member = Membership.objects.filter(workspace_id=now.workspace_id, user=to).select_related("workspace").first()
    if member is None:
        return Refused(f"{to} is no member of this workspace.", "to")
    end = datetime.combine(due_on, time(17), ZoneInfo(now.workspace.timezone))
    if end.date() < clock.now().date():
        return Refused("Choose a day that is still to come.", "due_on")
    if now.task is not None:
        remove_task(now.task, by=None)
    title = f"Mend a leak: {title_of(now.evidence)} ({price_words(now.evidence['per_month'])} a month)"
    task = add_own_task(now.workspace, title=title, due_at=end, owner=to, by=by)
    if isinstance(task, Refused):
        return task
    now.owner, now.due_on, now.task = to, due_on, task
    now.given_at, now.given_by, now.state = clock.now(), user_of(by), LeakState.OPEN
    now.save()
    record_audit(now.workspace, "give_leak", by=by, leak=now.key, to=to.public_id, due_on=due_on.isoformat())
    tell_given(now, member=member, by=by)
    return now


@transaction.atomic
def mend_leak(leak: Leak, *, on: date, by: By) -> Leak | Refused:
    """Say that a leak is mended since a day: from then on what is recovered is reckoned, and its task is done."""
    now = _leak_now(leak, by)
    if isinstance(now, Refused):
        return now
    if on > clock.now().astimezone(ZoneInfo(now.workspace.timezone)).date():
        return Refused("It cannot be mended later than today.", "on")
    now.state, now.mended_on, now.recovered = LeakState.MENDED, on, None
    now.save()
    if now.task is not None:
        finish_task(now.task, by=by)
    record_audit(now.workspace, "mend_leak", by=by, leak=now.key, on=on.isoformat())
    return now


@transaction.atomic
def close_leak(leak: Leak, *, reason: str, by: By) -> Leak | Refused:
    """Say that it is no leak, and why: nobody is told of it again."""
    now = _leak_now(leak, by)
    if isinstance(now, Refused):
        return now
    if not 0 < len(reason.strip()) <= MAX_REASON:
        return Refused(f"Say why it is no leak, in at most {MAX_REASON} characters.", "reason")
    if now.task is not None:
        remove_task(now.task, by=None)
    now.state, now.reason, now.task = LeakState.CLOSED, reason.strip(), None
    now.closed_at, now.closed_by = clock.now(), user_of(by)
    now.save()
    record_audit(now.workspace, "close_leak", by=by, leak=now.key)
    return now


@transaction.atomic
def reopen_leak(leak: Leak, *, by: By) -> Leak | Refused:
    """Take back that it is mended, or none."""
    now = _leak_now(leak, by)
    if isinstance(now, Refused):
        return now
    now.state, now.reason, now.closed_at, now.closed_by = LeakState.OPEN, "", None, None
    now.mended_on, now.recovered = None, None
    now.save()
    record_audit(now.workspace, "reopen_leak", by=by, leak=now.key)
    return now


def _leak_now(leak: Leak, by: By) -> Leak | Refused:
    if refused := reason_not_to_act(by, leak.workspace_id, EDITORS):
        return refused
    rows = Leak.objects.filter(workspace_id=leak.workspace_id, pk=leak.pk).select_related("workspace", "task")
    return rows.select_for_update(of=("self",)).get()
