"""The exchange rates that a workspace keeps."""

from fullfunnel.workspaces.exchange.rates import Rates, rates_into
from fullfunnel.workspaces.models import ExchangeRate, Workspace

MOST_BYTES = 4_000_000


def rates_of(workspace: Workspace) -> Rates:
    """Return the rates into the workspace's currency of today."""
    rows = ExchangeRate.objects.filter(workspace=workspace, into=workspace.currency)
    return rates_into(workspace.currency, rows.values_list("currency", "day", "rate"))
