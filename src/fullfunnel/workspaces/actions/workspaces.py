"""What may be done with a workspace: made, its settings changed, "How do you sell?" answered."""

import re
import zoneinfo
from collections.abc import Sequence

from django.db import transaction
from django.utils.text import slugify

from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.beginning import begin
from fullfunnel.workspaces.models import AttributionModel, BrowserMoney, Membership, Role, Sells, User, Workspace

SLUG_LENGTH = 50
MAX_HOSTS = 200
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]+(\.[a-z0-9_-]+)+")


@transaction.atomic
def create_workspace(
    name: str, *, owner: User, by: User | None, sells: str = "", timezone: str = "UTC", currency: str = "EUR"
) -> Workspace | Refused:
    """Make a workspace whose owner is `owner`. Its slug is made from the name and never changes, so that links hold."""
    wrong = _wrong_setting(name, timezone, currency, sells)
    if wrong is not None:
        return wrong
    workspace = Workspace.objects.create(
        name=name.strip(), slug=_free_slug(name), sells=sells, timezone=timezone, currency=currency
    )
    Membership.objects.create(workspace=workspace, user=owner, role=Role.OWNER)
    record_audit(workspace, "create_workspace", by=by, owner=owner.email, sells=sells)
    begin(workspace)
    return workspace


def _wrong_setting(name: str, timezone: str, currency: str, sells: str) -> Refused | None:
    """Return the first setting that a workspace could not have, with what would be right."""
    if not name.strip():
        return Refused("A workspace needs a name.", "name")
    if len(name.strip()) > 200:
        return Refused("A name has at most 200 characters.", "name")
    if timezone not in zoneinfo.available_timezones():
        return Refused(f"'{timezone}' is no time zone; write one like Europe/Berlin.", "timezone")
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()):
        return Refused(f"'{currency}' is no currency code; write three capital letters like EUR.", "currency")
    if sells and sells not in Sells.values:
        return Refused(f"'{sells}' is not one of {', '.join(Sells.values)}.", "sells")
    return None


def _free_slug(name: str) -> str:
    wanted = slugify(name)[:SLUG_LENGTH].strip("-") or "workspace"
    taken = set(Workspace.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(slug for slug in (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


@transaction.atomic
def change_settings(
    workspace: Workspace, *, name: str, timezone: str, currency: str, by: User | None
) -> Workspace | Refused:
    """Change name, zone and currency. Amounts already recorded keep the currency they came in."""
    wrong = _wrong_setting(name, timezone, currency, "")
    if wrong is not None:
        return wrong
    new = {"name": name.strip(), "timezone": timezone, "currency": currency}
    changed = {
        field: [getattr(workspace, field), value] for field, value in new.items() if getattr(workspace, field) != value
    }
    if changed:
        Workspace.objects.filter(pk=workspace.pk).update(**new)
        record_audit(workspace, "change_settings", by=by, **changed)
        workspace.refresh_from_db()
    return workspace


@transaction.atomic
def set_how_you_sell(workspace: Workspace, *, to: str, by: User | None) -> Workspace | Refused:
    """Keep the answer to "How do you sell?"; it is changeable in the settings."""
    if to not in Sells.values:
        return Refused("Choose how you sell.", "sells")
    if workspace.sells != to:
        record_audit(workspace, "set_how_you_sell", by=by, sells=[workspace.sells, to])
        Workspace.objects.filter(pk=workspace.pk).update(sells=to)
        workspace.refresh_from_db()
        begin(workspace)
    return workspace


@transaction.atomic
def set_what_counts(
    workspace: Workspace,
    *,
    browser_money: str,
    uncredited_hosts: Sequence[str],
    attribution_model: str,
    by: User | None,
) -> Workspace | Refused:
    """Keep whether a browser's money counts, which hosts a visit never came from, and the model with which attribution opens.

    Hosts hold for what comes from now on.
    """
    if browser_money and browser_money not in BrowserMoney.values:
        return Refused(f"'{browser_money}' is not one of {', '.join(BrowserMoney.values)}.", "browser_money")
    if attribution_model not in AttributionModel.values:
        return Refused(
            f"'{attribution_model[:100]}' is not one of {', '.join(AttributionModel.values)}.", "attribution_model"
        )
    hosts = sorted({host.strip().lower().removeprefix("www.") for host in uncredited_hosts} - {""})
    if len(hosts) > MAX_HOSTS:
        return Refused(f"At most {MAX_HOSTS} hosts.", "uncredited_hosts")
    wrong = next((host for host in hosts if not _HOST.fullmatch(host)), None)
    if wrong is not None:
        return Refused(f"'{wrong[:100]}' is no host; write one a line, like pay.example.com.", "uncredited_hosts")
    new = {"browser_money": browser_money, "uncredited_hosts": hosts, "attribution_model": attribution_model}
    changed = {
        field: [getattr(workspace, field), value] for field, value in new.items() if getattr(workspace, field) != value
    }
    if changed:
        Workspace.objects.filter(pk=workspace.pk).update(**new)
        record_audit(workspace, "set_what_counts", by=by, **changed)
        workspace.refresh_from_db()
    return workspace
