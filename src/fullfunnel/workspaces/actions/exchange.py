"""What may be done with exchange rates."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction

from fullfunnel.core.numbers import number
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.exchange.ecb import read_ecb
from fullfunnel.workspaces.models import ExchangeRate, Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act
from fullfunnel.workspaces.scope import ADMINS

MOST_RATES = 400_000


@transaction.atomic
def set_rate(workspace: Workspace, *, currency: str, day: date, rate: Decimal, by: By) -> ExchangeRate | Refused:
    """Keep what one unit of a currency is worth in the workspace's, from a day until the next rate."""
    if refused := reason_not_to_act(by, workspace.pk, ADMINS):
        return refused
    if not re.fullmatch("[A-Z]{3}", currency):
        return Refused(f"“{currency[:10]}” is no currency code; write three letters like USD.", "currency")
    if currency == workspace.currency:
        return Refused(f"{currency} is the workspace's own currency; it needs no rate.", "currency")
    if not (rate.is_finite() and Decimal("0.0000001") < rate < 10**9):
        return Refused("A rate is more than 0, like 0.9241.", "rate")
    kept, _ = ExchangeRate.objects.update_or_create(
        workspace=workspace, currency=currency, into=workspace.currency, day=day, defaults={"rate": rate}
    )
    record_audit(workspace, "set_rate", by=by, currency=currency, day=str(day), rate=str(rate))
    return kept


@transaction.atomic
def import_rates(
    workspace: Workspace, *, text: str, wanted: Sequence[str] = (), by: By
) -> tuple[ExchangeRate, ...] | Refused:
    """Keep the rates of a file of the ECB, all or of the currencies `wanted`. What was kept of its days is replaced."""
    if refused := reason_not_to_act(by, workspace.pk, ADMINS):
        return refused
    found = read_ecb(text, workspace.currency, wanted)
    if isinstance(found, Refused):
        return found
    if ExchangeRate.objects.filter(workspace=workspace).count() + len(found) > MOST_RATES:
        return Refused(f"At most {number(MOST_RATES)} rates are kept.", "file")
    rows = [
        ExchangeRate(workspace=workspace, currency=one.currency, into=workspace.currency, day=one.day, rate=one.rate)
        for one in {(one.currency, one.day): one for one in found}.values()
    ]
    ExchangeRate.objects.bulk_create(
        rows, batch_size=2_000, update_conflicts=True,
        unique_fields=["workspace", "currency", "into", "day"], update_fields=["rate"],
    )  # fmt: skip
    days = sorted({one.day for one in found})
    record_audit(workspace, "import_rates", by=by, rates=len(rows), first=str(days[0]), last=str(days[-1]))
    return tuple(rows)


@transaction.atomic
def remove_rate(rate: ExchangeRate, *, by: By) -> ExchangeRate | Refused:
    """Remove a rate; the one before it holds then."""
    if refused := reason_not_to_act(by, rate.workspace_id, ADMINS):
        return refused
    removed, _ = ExchangeRate.objects.filter(workspace_id=rate.workspace_id, pk=rate.pk).delete()
    if not removed:
        return Refused("This rate was removed already.")
    record_audit(rate.workspace, "remove_rate", by=by, currency=rate.currency, day=str(rate.day))
    return rate
