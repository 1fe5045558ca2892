"""What may be done with campaigns, spend and content: rows and audit entry in one transaction, or Refused."""

from fullfunnel.campaigns.actions.campaigns import create_campaign, edit_campaign, remove_campaign
from fullfunnel.campaigns.actions.content import create_piece, edit_piece, remove_piece
from fullfunnel.campaigns.actions.margin import set_margin
from fullfunnel.campaigns.actions.names import leave_out_name, match_name, release_name
from fullfunnel.campaigns.actions.reports import add_report, bring_report, map_report, undo_report
from fullfunnel.campaigns.actions.spending import add_spend

__all__ = [
    "add_report",
    "add_spend",
    "bring_report",
    "create_campaign",
    "create_piece",
    "edit_campaign",
    "edit_piece",
    "leave_out_name",
    "map_report",
    "match_name",
    "release_name",
    "remove_campaign",
    "remove_piece",
    "set_margin",
    "undo_report",
]
