"""What was spent, as a room of campaigns tells it by the wiring; without one, nothing is known."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pkgutil import resolve_name

from django.conf import settings

from fullfunnel.stages.asked import WITHOUT, Shown
from fullfunnel.stages.page.switch import Spend
from fullfunnel.workspaces.models import Workspace

# What spend is known by.
KNOWN_BY = ("channel", "campaign")


def spend_by(workspace: Workspace, days: tuple[date, date] | None, by: str) -> Mapping[str, Decimal] | None:
    """Return what was spent for each channel or campaign, in the workspace's currency; None where nobody tells."""
    for path in settings.SPEND:
        found: Mapping[str, Decimal] | None = resolve_name(path)(workspace, days, by)
        if found:
            return found
    return None


def spend_of(shown: Shown, workspace: Workspace, days: tuple[date, date] | None) -> Spend:
    """Return what was spent on what is shown. A device, a country, a seller have no spend of their own."""
    unknown = [name for name in shown.filters if name not in KNOWN_BY]
    if unknown or len(shown.filters) > 1:
        return Spend(None, workspace.currency, "Spend is known by channel or campaign alone.")
    by, value = next(iter(shown.filters.items()), ("channel", ""))
    found = spend_by(workspace, days, by)
    if not found:
        return Spend(None, workspace.currency, "No spend is known in this period.")
    if not value:
        return Spend(sum(found.values(), Decimal(0)), workspace.currency)
    return Spend(found.get("" if value == WITHOUT else value), workspace.currency, f"No spend is known of {value}.")
